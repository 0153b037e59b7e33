"""Records as places of bins: a row a record, a column a term; all that a fit looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    bins each term has; events: of each record, 1 for an event and 0 for none; weights: of the
    records.
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

    def part(self, rows: npt.NDArray[np.intp]) -> Coded:
        """Some of the records."""
        return Coded(self.codes[rows], self.sizes, self.events[rows], self.weights[rows])


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
