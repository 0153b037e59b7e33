"""Records as places of bins: a row a record, a column a term; all that a fit looks at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Coded:
    """Records by the bins that they are in.

    codes: records x terms, the place of a record's bin among those of its term; sizes: how many
    bins each term has; events: of each record, 1 for an event and 0 for none, or a share of its
    weight; weights: of the records.
    """

    codes: Codes
    sizes: tuple[int, ...]
    events: Floats
    weights: Floats

    @classmethod
    def of(
        cls,
        codes: Sequence[npt.ArrayLike],
        sizes: Sequence[int],
        events: Floats,
        weights: Floats | None = None,
    ) -> Coded:
        """The same from a column of places for each term; weights: all one unless said."""
        rows = len(events)
        table = np.empty((rows, len(sizes)), dtype=np.int32)
        for number, column in enumerate(codes):
            table[:, number] = column
        return cls(table, tuple(sizes), events, np.ones(rows) if weights is None else weights)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where the bins of each term begin among those of all, and how many these are."""
        return np.concatenate(([0], np.cumsum(self.sizes))).astype(np.int64)

    @property
    def width(self) -> int:
        """How many bins all terms have together."""
        return int(self.starts[-1])

    def place(self, term: int) -> slice:
        """The bins of a term among those of all."""
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    @cached_property
    def weight(self) -> Floats:
        """The weight of the records in each bin."""
        return gathered(self.codes, self.starts, self.weights)

    @cached_property
    def hits(self) -> Floats:
        """The weight of the events in each bin."""
        return gathered(self.codes, self.starts, self.weights * self.events)

    def sums(self, effects: Floats, intercept: float = 0.0) -> Floats:
        """The sum of the effects of each record's bins, and of the intercept.

        >>> rows = Coded.of([[0, 1], [1, 1]], [2, 2], np.zeros(2))
        >>> rows.sums(np.array([1.0, 2, 10, 20])).tolist()
        [21.0, 22.0]
        """
        return np.asarray(_sums(self.codes, self.starts, effects, intercept))

    def distinct(self) -> Coded:
        """Each combination of bins once, with the weight of its records: to a fit the same records.

        These very ones where hardly any two are alike, or there are too many bins to tell.

        >>> rows = Coded.of([[0, 1, 0], [1, 1, 1]], [2, 2], np.array([1.0, 0, 0])).distinct()
        >>> rows.codes.tolist(), rows.events.tolist(), rows.weights.tolist()
        ([[0, 1], [1, 1]], [0.5, 0.0], [2.0, 1.0])
        """
        if math.prod(self.sizes) >= 2**62:
            return self
        keys = _keys(self.codes, np.array(self.sizes, dtype=np.int64))
        order = np.argsort(keys)
        begins = np.flatnonzero(np.diff(keys[order], prepend=-1))
        if len(begins) > SPARED * len(keys):
            return self
        weights = np.add.reduceat(self.weights[order], begins)
        hits = np.add.reduceat((self.weights * self.events)[order], begins)
        events = np.divide(hits, weights, out=np.zeros(len(begins)), where=weights > 0)
        return Coded(self.codes[order[begins]], self.sizes, events, weights)

    def terms(self, kept: Sequence[int]) -> Coded:
        """The same records by some of the terms."""
        sizes = tuple(self.sizes[term] for term in kept)
        return Coded(self.codes[:, kept], sizes, self.events, self.weights)

    def joined(self, places: Mapping[int, Codes]) -> Coded:
        """The same records after bins were joined; places: by term, of its bins among joined ones.

        >>> rows = Coded.of([[0, 1, 2], [1, 0, 1]], [3, 2], np.zeros(3))
        >>> rows.joined({0: np.array([0, 1, 1], dtype=np.int32)}).codes.tolist()
        [[0, 1], [1, 0], [1, 1]]
        """
        codes, sizes = self.codes.copy(), list(self.sizes)
        for term, place in places.items():
            codes[:, term] = place[codes[:, term]]
            sizes[term] = int(place.max()) + 1
        return Coded(codes, tuple(sizes), self.events, self.weights)

    def beside(self, columns: Sequence[npt.ArrayLike], sizes: Sequence[int]) -> Coded:
        """The same records with further terms."""
        own = [self.codes[:, n] for n in range(len(self.sizes))]
        return Coded.of([*own, *columns], [*self.sizes, *sizes], self.events, self.weights)

    def part(self, rows: npt.NDArray[np.intp]) -> Coded:
        """Some of the records."""
        return Coded(self.codes[rows], self.sizes, self.events[rows], self.weights[rows])


SPARED = 0.7
"""Share of the records that may be left: putting together takes as long as three passes of many."""


@compiled
def _keys(codes: Codes, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number of each record that tells combinations of bins apart."""
    rows, terms = codes.shape
    found = np.empty(rows, dtype=np.int64)
    for row in range(rows):
        key = 0
        for term in range(terms):
            key = key * sizes[term] + codes[row, term]
        found[row] = key
    return found


@compiled
def _sums(codes: Codes, starts: npt.NDArray[np.int64], effects: Floats, intercept: float) -> Floats:
    rows, terms = codes.shape
    found = np.empty(rows)
    for row in range(rows):
        total = intercept
        for term in range(terms):
            total += effects[starts[term] + codes[row, term]]
        found[row] = total
    return found


@compiled
def gathered(codes: Codes, starts: npt.NDArray[np.int64], values: Floats) -> Floats:
    """The sum of a value of the records in each bin."""
    rows, terms = codes.shape
    found = np.zeros(starts[terms])
    for row in range(rows):
        for term in range(terms):
            found[starts[term] + codes[row, term]] += values[row]
    return found


@compiled
def derivatives(
    codes: Codes,
    starts: npt.NDArray[np.int64],
    events: Floats,
    weights: Floats,
    beta: Floats,
) -> tuple[float, Floats, Floats]:
    """Minus the log-likelihood of records, its slope downwards and its curvature.

    beta: the intercept, then the effects of all bins; so are slope and curvature.
    """
    rows, terms = codes.shape
    width = starts[terms] + 1
    loss = 0.0
    slope = np.zeros(width)
    curvature = np.zeros((width, width))
    place = np.empty(terms + 1, dtype=np.int64)
    place[0] = 0
    for row in range(rows):
        total = beta[0]
        for term in range(terms):
            at = starts[term] + codes[row, term] + 1
            place[term + 1] = at
            total += beta[at]
        small = math.exp(-abs(total))
        loss += weights[row] * (max(total, 0.0) + math.log1p(small) - events[row] * total)
        chance = 1.0 / (1.0 + small) if total >= 0.0 else small / (1.0 + small)
        rest = weights[row] * (events[row] - chance)
        bend = weights[row] * chance * (1.0 - chance)
        for one in range(terms + 1):
            line = place[one]
            slope[line] += rest
            for other in range(one + 1):
                curvature[line, place[other]] += bend
    for line in range(width):
        for column in range(line):
            curvature[column, line] = curvature[line, column]
    return loss, slope, curvature
