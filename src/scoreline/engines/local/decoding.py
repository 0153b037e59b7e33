"""Words of a batch -> columns of results: gives the compiled decoder its tables and its room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nanoarrow
import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.engines.local import decoder
from scoreline.engines.local.results import Chances, result_series
from scoreline.engines.local.tables import (
    Bytes,
    Flags,
    Ints,
    OpenInts,
    labels_of,
    opens_of,
    sums_of,
)
from scoreline.engines.local.words import OpenLayout
from scoreline.scorecard.layout import Layout

FIRST_GUESS = 64.0
SPARE = 1.05
"""Room for texts is taken 5 % above the longest mean seen, so that growing stays rare."""


class Decoder:
    """The results of a card's words, by compiled code; types: those of the result columns."""

    def __init__(
        self, layout: Layout, opened: OpenLayout, reasons: int, types: dict[str, pl.DataType]
    ) -> None:
        self.types = types
        self._sums = sums_of(layout, opened)
        self._opens = opens_of(layout, opened)
        self._chances = Chances(layout.card.probability)
        self._labels = labels_of(layout, reasons)
        self._no_labels = self._labels._replace(most=0, room=-1)
        self._bytes_a_row = FIRST_GUESS

    def decode(
        self,
        masks: Ints,
        tallies: Ints,
        happened: Flags,
        opened: OpenInts,
        wanted: Sequence[str],
    ) -> list[pl.Series]:
        """The columns wanted.

        masks, opened: word x row; without an open word every record counts as complete. tallies:
        scaled points, event term x row; happened: whether it counted an event, likewise.
        """
        rows = masks.shape[1]
        masks, tallies, opened = _frozen(masks), _frozen(tallies), _frozen(opened)
        happened = _frozen(happened)
        if set(wanted) <= {"score", *self._chances.columns}:
            score = np.empty(rows, np.int64)
            decoder.scores(masks, tallies, self._sums, score)
            return [self._points(name, score) for name in wanted]
        found = decoder.Found(
            score=np.empty(rows, np.int64),
            segment=np.empty(rows, np.uint32),
            low=np.empty(rows, np.int64),
            high=np.empty(rows, np.int64),
            certain=np.empty(rows, np.bool_),
            ask=np.empty(rows, np.uint32),
        )
        text, start = self._run(masks, tallies, happened, opened, found, texts="reasons" in wanted)
        return [
            _texts(text, start)
            if name == "reasons"
            else self._points(name, found.score)
            if name in self._chances.columns
            else result_series(name, getattr(found, name), self.types[name])
            for name in wanted
        ]

    def _points(self, name: str, scores: Ints) -> pl.Series:
        """The score, or one of its probabilities, of scaled scores."""
        if name in self._chances.columns:
            return self._chances.series(name, scores)
        return result_series(name, scores, self.types[name])

    def _run(
        self,
        masks: Ints,
        tallies: Ints,
        happened: Flags,
        opened: OpenInts,
        found: decoder.Found,
        *,
        texts: bool,
    ) -> tuple[Bytes, Ints]:
        """Fill `found`; the bytes of the texts, and where each begins, come out."""
        rows, row = masks.shape[1], 0
        labels = self._labels if texts else self._no_labels
        room = int(rows * self._bytes_a_row * SPARE) + labels.room if texts else 0
        text, start = np.empty(room, np.uint8), np.zeros(rows + 1, np.int64)
        while True:
            row = decoder.decode(
                masks,
                tallies,
                happened,
                opened,
                self._sums,
                self._opens,
                labels,
                found,
                text,
                start,
                row,
            )
            if row == rows:
                break
            text = np.concatenate([text, np.empty(text.size, np.uint8)])
        if texts and rows:
            self._bytes_a_row = max(self._bytes_a_row, start[rows] / rows)
        return text[: start[rows]], start


def _frozen(words: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same array, not to be written: numba would compile anew for one that may be."""
    words = words.view()
    words.flags.writeable = False
    return words


def _texts(text: Bytes, start: Ints) -> pl.Series:
    """Texts from their bytes, without copying a text."""
    array = nanoarrow.c_array_from_buffers(
        nanoarrow.large_string(), start.size - 1, [None, start, text], null_count=0
    )
    return pl.Series(array).alias("reasons")
