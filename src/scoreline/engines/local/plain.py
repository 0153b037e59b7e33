"""Words -> results in plain Python: for the first rows, before compiling would pay.

The compiled decoder costs seconds on its first run on a machine and one second on every later one;
ten thousand rows cost less here. Both give the same columns, and the conformance suite runs both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.engines.local.results import Chances, result_series
from scoreline.engines.local.words import OPEN_BITS, OpenLayout
from scoreline.scorecard.interval import interval, next_question, unsettled
from scoreline.scorecard.layout import Layout, joined, places
from scoreline.scorecard.reasons import Lines, Reason, reasons_text

Words = npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]


class PlainDecoder:
    """The results of a card's words, row by row."""

    def __init__(
        self, layout: Layout, opened: OpenLayout, reasons: int, types: dict[str, pl.DataType]
    ) -> None:
        self.layout = layout
        self.opened = opened
        self.types = types
        self._chances = Chances(layout.card.probability)
        self._most = reasons
        self._lines = Lines(layout)
        self._ask = {name: place for place, name in enumerate(("", *opened.fields))}

    def decode(
        self, masks: Words, tallies: Words, happened: Flags, opened: Words, wanted: Sequence[str]
    ) -> list[pl.Series]:
        """The columns wanted.

        masks, opened: word x row; without an open word every record counts as complete. tallies:
        scaled points, event term x row; happened: whether it counted an event, likewise.
        """
        columns_of = (words.T.tolist() for words in (masks, tallies, happened, opened))
        rows = [
            self._row(self.layout.mask_of(mask), points, counted, joined(open_words, OPEN_BITS))
            for mask, points, counted, open_words in zip(*columns_of, strict=True)
        ]
        columns = dict(
            zip(
                ("score", "segment", "low", "high", "certain", "ask", "reasons"),
                zip(*rows, strict=True) if rows else [()] * 7,
                strict=True,
            )
        )
        return [self._series(name, columns) for name in wanted]

    def _series(self, name: str, columns: Mapping[str, Sequence[Any]]) -> pl.Series:
        """A column of what was found of each row."""
        if name == "reasons":
            return pl.Series(name, columns[name], dtype=pl.String)
        if name in self._chances.columns:
            return self._chances.series(name, np.array(columns["score"], np.int64))
        kind = np.bool_ if name == "certain" else np.int64
        return result_series(name, np.array(columns[name], kind), self.types[name])

    def _row(
        self, mask: int, tallies: list[int], happened: list[bool], open_word: int
    ) -> tuple[int, int, int, int, bool, int, str]:
        layout, card = self.layout, self.layout.card
        sums = layout.sums(mask, tallies)
        totals = low = high = layout.totals(sums)
        unknown: tuple[bool, ...] = ()
        certain, ask = True, ""
        if open_word:
            missing, open_terms = self._open(open_word)
            low, high = interval(layout, mask, sums, open_terms)
            unknown = layout.unknown(missing.__contains__, happened)
            unsure = unsettled(layout, low, high, unknown)
            certain = not any(unsure)
            if not certain:
                ask = next_question(
                    layout, mask, sums, open_terms, missing.__contains__, unsure, unknown
                )
        lines = [
            Reason(card.terms[place].name, "", points)
            for (place, _), points in zip(card.tallies, tallies, strict=True)
        ]
        text = reasons_text(self._lines.of(mask, sums, lines), self._most)
        place = card.segment_place(*totals, unknown=unknown)
        return sum(totals), place, sum(low), sum(high), certain, self._ask[ask], text

    def _open(self, word: int) -> tuple[list[str], int]:
        """The fields that are missing, and the terms that are open as a mask of their places."""
        fields, terms = self.opened.fields, self.opened.terms
        missing: list[str] = []
        found = 0
        for bit in places(word):
            if bit < len(fields):
                missing.append(fields[bit])
                found |= sum(1 << term for term in self.opened.opened_by[fields[bit]])
            else:
                found |= 1 << terms[bit - len(fields)]
        return missing, found
