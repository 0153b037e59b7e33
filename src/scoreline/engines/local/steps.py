"""Terms of many bins: where a value falls is looked up, not asked bin by bin.

Polars asks every branch of a chain of conditions for every row; a thousand bins took 6 ms a row.
Beyond a few bins the value itself is handed to the decoder, where a binary search over the edges
(or, for text, a look-up in a dictionary) finds its cell, and a table the cell's bits.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.engines.local.expressions import DTYPES
from scoreline.scorecard.firstbin import FirstBin
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Missing, OneOf, Range, Term

Cells = npt.NDArray[np.int64]
MANY = 16
"""With so many bins and more, looking up is cheaper; with fewer, the chain is."""

LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)
NEXT: Mapping[str, Callable[[Any], Any]] = {
    "number": lambda value: math.nextafter(value, math.inf),
    "date": lambda value: value + dt.timedelta(days=1) if value < dt.date.max else None,
    "time": lambda value: value + dt.timedelta(microseconds=1) if value < LATEST else None,
}
"""The least value above a value, by kind."""


def has_many_bins(term: Term) -> bool:
    """Whether a term is better looked up."""
    return len(term.bins) >= MANY and not term.is_condition and term.of.kind != "yes/no"


class Steps:
    """The bits of a term of many bins."""

    def __init__(self, layout: Layout, place: int) -> None:
        self.term = layout.card.terms[place]
        self.texts = self.term.of.kind in ("text", "choice")
        points = _texts(self.term) if self.texts else _edges(self.term)
        self._points = pl.Series(points, dtype=DTYPES[self.term.of.kind])
        first = FirstBin(self.term)
        missing = (n for n, b in enumerate(self.term.bins) if isinstance(b.test, Missing))
        # The last two cells are those of no listed value (or below every edge), and of no value.
        held = [*(first(value) for value in points), first.below(), next(missing, None)]
        self._table = np.zeros((layout.words, len(held)), np.int64)
        for cell, number in enumerate(held):
            if number is not None:
                bit = layout.place[place, number]
                self._table[bit // WORD_BITS, cell] = 1 << bit % WORD_BITS

    def bits(self, values: pl.Series) -> Cells:
        """Word x row: the bit of the bin that each value falls into."""
        known = values.is_not_null().to_numpy()
        cells = self._listed(values) if self.texts else self._between(values)
        cells[~known] = len(self._points) + 1
        return self._table[:, cells]

    def _listed(self, values: pl.Series) -> Cells:
        places = values.cast(pl.Enum(self._points), strict=False).to_physical()
        return places.cast(pl.Int64).fill_null(len(self._points)).to_numpy().copy()

    def _between(self, values: pl.Series) -> Cells:
        edges = self._points.to_physical().to_numpy()
        reached = values.to_physical().fill_null(0).to_numpy()
        cells = np.searchsorted(edges, reached, side="right").astype(np.int64) - 1
        return np.where(cells < 0, len(edges), cells)


def _texts(term: Term) -> list[Any]:
    """The listed values, each once."""
    lists = (b.test.values for b in term.bins if isinstance(b.test, OneOf))
    return list(dict.fromkeys(value for values in lists for value in values))


def _edges(term: Term) -> list[Any]:
    """Where another bin may begin, ascending."""
    edges: set[Any] = set()
    for bin_ in term.bins:
        match bin_.test:
            case Range(lower, upper):
                edges |= {lower, upper}
            case OneOf(values):
                edges |= {edge for value in values for edge in (value, NEXT[term.of.kind](value))}
            case _:
                pass
    return sorted(edges - {None, math.inf})
