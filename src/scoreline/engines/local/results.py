"""The result columns of a table: their names, types, and how numbers become them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from scoreline.engines.local.words import OpenLayout
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.probability import COLUMNS, Probability

RESULTS = ("score", "segment", "low", "high", "certain", "ask", "reasons")
"""Those of every card."""
INTERVAL = frozenset(("low", "high", "certain", "ask"))
EXACT = 2**53
"""Integers up to here are doubles exactly."""
POINTS = frozenset(("score", "low", "high"))


def results_of(card: Scorecard) -> tuple[str, ...]:
    """The result columns of a card: probabilities come last, where it has any."""
    return RESULTS if card.probability is None else (*RESULTS, *card.probability.columns)


def result_types(layout: Layout, opened: OpenLayout) -> dict[str, pl.DataType]:
    """The type of each result column of a card; points are integers where all points are."""
    points = pl.Int64() if layout.card.whole else pl.Float64()
    return {
        "score": points,
        "segment": pl.Enum([segment.name for segment in layout.card.segments]),
        "low": points,
        "high": points,
        "certain": pl.Boolean(),
        "ask": pl.Enum(["", *opened.fields]),
        "reasons": pl.String(),
        **dict.fromkeys(COLUMNS, pl.Float64()),
    }


class Chances:
    """The columns of probabilities, looked up by scaled scores; of a card without any, no column.

    columns: those that a table can have.
    """

    def __init__(self, probability: Probability | None) -> None:
        self.columns = COLUMNS if probability is not None else ()
        chances = probability.chances if probability is not None else ()
        self._cuts = np.array(probability.cuts if probability is not None else (), np.int64)
        values = [chance.values for chance in chances]
        self._tables = {
            name: pl.Series(name, [value[place] for value in values], pl.Float64())
            for place, name in enumerate(self.columns)
        }

    def series(self, name: str, scores: npt.NDArray[np.int64]) -> pl.Series:
        """The column of this name for these scaled scores; null where the card says nothing."""
        return self._tables[name].gather(np.searchsorted(self._cuts, scores, side="right"))


def exactly(name: str) -> pl.Expr:
    """The column of exactly this name: `pl.col` takes `*` and `^a$` for patterns."""
    return cs.by_name(name).as_expr()


def holds(place: int) -> pl.Expr:
    """Whether a row has the bit at a place of the mask; over `mask_0`, `mask_1`, ..."""
    word, bit = divmod(place, WORD_BITS)
    return (pl.col(f"mask_{word}") & (1 << bit)) != 0


def result_series(name: str, values: npt.NDArray[Any], dtype: pl.DataType) -> pl.Series:
    """A result column from scaled points, places of segments or fields, or truths.

    A segment's place beyond the last is null: the card has no segments.
    """
    if name in POINTS and dtype == pl.Int64:
        return pl.Series(name, values // SCALE)
    if name in POINTS:
        # numpy rounds an integer to a double before it divides; beyond 2^53 that is once too often.
        if len(values) and max(values.max(), -values.min()) >= EXACT:
            return pl.Series(name, [value / SCALE for value in values.tolist()])
        return pl.Series(name, values / SCALE)
    series = pl.Series(name, values)
    if name == "certain":
        return series
    if name == "segment" and isinstance(dtype, pl.Enum):
        series = series.set(series == len(dtype.categories), None)
    return series.cast(_physical(dtype)).cat.to(dtype)


def _physical(dtype: pl.DataType) -> type[pl.DataType]:
    """The integers that Polars keeps an Enum of so many names in."""
    size = len(dtype.categories) if isinstance(dtype, pl.Enum) else 0
    return pl.UInt8 if size < 2**8 else pl.UInt16 if size < 2**16 else pl.UInt32
