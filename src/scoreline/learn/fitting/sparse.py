"""Records by the few criteria that each of them meets: a fit looks at nothing else of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sparse:
    """The cells of a table that are not nothing, row by row.

    starts: where the cells of each row begin, and how many there are in all; columns, values: of
    the cells; width: how many columns the table has.
    """

    starts: Places
    columns: Places
    values: Floats
    width: int

    @classmethod
    def of(cls, *tables: Floats) -> Sparse:
        """The cells of tables that stand side by side.

        >>> found = Sparse.of(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 2.0]]), np.ones((3, 1)))
        >>> found.starts.tolist(), found.columns.tolist(), found.values.tolist()
        ([0, 2, 3, 5], [0, 2, 2, 1, 2], [1.0, 1.0, 1.0, 2.0, 1.0])
        """
        whole = np.column_stack(tables)
        rows, columns = np.nonzero(whole)
        starts = np.searchsorted(rows, np.arange(len(whole) + 1))
        return cls(starts, columns, whole[rows, columns], whole.shape[1])

    def derivatives(
        self, events: Floats, weights: Floats, beta: Floats
    ) -> tuple[float, Floats, Floats]:
        """Minus the log-likelihood of the rows, its slope downwards and its curvature.

        events, weights: the weight of each row's events, and of all; beta: an effect a column.
        """
        return _derivatives(self.starts, self.columns, self.values, events, weights, beta)


@compiled
def _derivatives(
    starts: Places, columns: Places, values: Floats, events: Floats, weights: Floats, beta: Floats
) -> tuple[float, Floats, Floats]:
    width = len(beta)
    loss = 0.0
    slope = np.zeros(width)
    curvature = np.zeros((width, width))
    for row in range(len(starts) - 1):
        total = 0.0
        for cell in range(starts[row], starts[row + 1]):
            total += beta[columns[cell]] * values[cell]
        small = math.exp(-abs(total))
        loss += weights[row] * (max(total, 0.0) + math.log1p(small)) - events[row] * total
        chance = 1.0 / (1.0 + small) if total >= 0.0 else small / (1.0 + small)
        rest = events[row] - weights[row] * chance
        bend = weights[row] * chance * (1.0 - chance)
        for one in range(starts[row], starts[row + 1]):
            line, pull = columns[one], bend * values[one]
            slope[line] += rest * values[one]
            for other in range(starts[row], one + 1):
                curvature[line, columns[other]] += pull * values[other]
    for line in range(width):
        for column in range(line):
            curvature[column, line] = curvature[line, column]
    return loss, slope, curvature
