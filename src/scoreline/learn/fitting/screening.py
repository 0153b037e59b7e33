"""What a fit would gain by one candidate more, for all candidates at once and without fitting any.

A candidate is a column of a design that has a value for each bin of one term: 1 for the bins of a
condition, the weight of evidence of each bin. Its gain is that of one Newton step from the fit that
there is (the score test of Rao, 1948): sums over bins are enough, so it costs one pass over records
for all candidates together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled
from scoreline.learn.fitting.coded import Coded, Codes, Floats

_ALIKE = 1e-6
"""A candidate of which so little is left beside the columns chosen is one of them."""


class Screen:
    """Candidates beside a fit.

    rows: records by bins; sums: the log-odds that the fit says of each record; chosen: records x
    columns that the fit has already.

    >>> coded = Coded.of([np.arange(200) % 2], [2], (np.arange(200) % 4 == 1).astype(float))
    >>> screen = Screen(coded, np.full(200, np.log(1 / 3)), np.empty((200, 0)))
    >>> screen.gains(0, np.eye(2)).round(1).tolist(), np.sign(screen.pulls(0)).tolist()
    ([-33.3, 33.3], [-1.0, 1.0])
    """

    def __init__(self, rows: Coded, sums: Floats, chosen: Floats) -> None:
        chance = 1.0 / (1.0 + np.exp(-sums))
        bend = rows.weights * chance * (1.0 - chance)
        beside = np.column_stack((np.ones(len(sums)), chosen))
        pulled = np.column_stack((rows.weights * (rows.events - chance), bend[:, None] * beside))
        self._rows = rows
        self._sums = _gathered(rows.codes, rows.starts, np.ascontiguousarray(pulled))
        self._inner = np.linalg.pinv(beside.T @ (bend[:, None] * beside), hermitian=True)

    def gains(self, term: int, values: Floats) -> Floats:
        """What each candidate would add to the log-likelihood, about, with the sign of its effect;
        0 for one that is no more than those chosen.

        values: candidates x bins of the term.
        """
        part = self._sums[self._rows.place(term)]
        slope, across = values @ part[:, 0], values @ part[:, 1:]
        whole = (values * values) @ part[:, 1]
        alone = whole - np.einsum("cs,st,ct->c", across, self._inner, across)
        there = alone > _ALIKE * np.maximum(whole, 1e-300)
        return np.where(there, slope * np.abs(slope) / (2 * np.where(there, alone, 1.0)), 0.0)

    def pulls(self, term: int) -> Floats:
        """How far up the fit would have each bin of a term, in log-odds."""
        part = self._sums[self._rows.place(term)]
        return np.asarray(part[:, 0] / np.maximum(part[:, 1], 1e-300))


@compiled
def _gathered(codes: Codes, starts: npt.NDArray[np.int64], values: Floats) -> Floats:
    """The sums of several values of the records in each bin: bins x values."""
    rows, terms = codes.shape
    width = values.shape[1]
    found = np.zeros((starts[terms], width))
    for row in range(rows):
        for term in range(terms):
            at = starts[term] + codes[row, term]
            for one in range(width):
                found[at, one] += values[row, one]
    return found
