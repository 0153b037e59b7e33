"""What a fit would gain by one candidate more, for all candidates at once and without fitting any.

A candidate is a column of a design that has a value for each bin of one term: 1 for the bins of a
condition, the weight of evidence of each bin. Its gain is that of one Newton step from the fit that
there is (the score test of Rao, 1948): sums over bins are enough, so it costs one pass over records
for all candidates together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled
from scoreline.learn.fitting.coded import Coded, Codes, Floats

_ALIKE = 1e-6
"""A candidate of which so little is left beside the columns chosen is one of them."""


@dataclass(frozen=True)
class Gains:
    """What one more candidate would bring.

    gains: of the log-likelihood, about, 0 for a candidate that is no more than those chosen;
    slopes: of the log-likelihood by its effect, whose sign is that of the effect.
    """

    gains: Floats
    slopes: Floats


def gains_of(
    rows: Coded,
    values: Sequence[Floats],
    sums: Floats,
    chosen: Floats,
) -> Gains:
    """The gains of candidates beside those chosen.

    values: of each term, candidates x bins; sums: the log-odds that the fit says of each record;
    chosen: records x columns chosen, those of the fit.

    >>> coded = Coded.of([np.arange(200) % 2], [2], (np.arange(200) % 4 == 1).astype(float))
    >>> found = gains_of(coded, [np.eye(2)], np.full(200, np.log(1 / 3)), np.empty((200, 0)))
    >>> found.gains.round(1).tolist(), np.sign(found.slopes).tolist()
    ([33.3, 33.3], [-1.0, 1.0])
    """
    chance = 1.0 / (1.0 + np.exp(-sums))
    bend = rows.weights * chance * (1.0 - chance)
    beside = np.column_stack((np.ones(len(sums)), chosen))
    pulled = np.column_stack((rows.weights * (rows.events - chance), bend[:, None] * beside))
    by_bin = _gathered(rows.codes, rows.starts, np.ascontiguousarray(pulled))
    inner = np.linalg.pinv(beside.T @ (bend[:, None] * beside), hermitian=True)
    gains, slopes = [], []
    for term, own in enumerate(values):
        part = by_bin[rows.place(term)]
        slope, across = own @ part[:, 0], own @ part[:, 1:]
        whole = (own * own) @ part[:, 1]
        alone = whole - np.einsum("cs,st,ct->c", across, inner, across)
        there = alone > _ALIKE * np.maximum(whole, 1e-300)
        gains.append(np.where(there, slope**2 / (2 * np.where(there, alone, 1.0)), 0.0))
        slopes.append(slope)
    return Gains(np.concatenate(gains), np.concatenate(slopes))


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
