"""What labels teach: the weights that were learnt without them, moved to where the answers ask.

The pairs that people are asked about are no fair sample: they are chosen by their levels. But the
levels are all that the weights look at, and among pairs of equal levels the asked ones are drawn by
lot. What share of them is one customer stays what it is in the base, whichever levels are asked
about: a regression on the levels isn't bent by such a choice, and no answer needs to be reweighed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.fitting import (
    HOLD,
    Places,
    Weights,
    bend,
    matrix_of,
    regressed,
    tied_where_falling,
)
from scoreline.quality.duplicates.pairs import Pairs

HOLDS = tuple(HOLD * 4.0**power for power in range(-1, 5))
"""How firmly weights may be held where they are, in steps of a factor of two of their error.

The loosest holds nothing within a factor of 50 of the odds, the firmest all within one of 1.13."""


@dataclass(frozen=True)
class Taught:
    """Weights after the answers; doubt: what is still unknown of them (covariances); hold: how
    firmly they were held where they were learnt without answers.
    """

    weights: Weights
    doubt: Floats
    hold: float


def untaught(weights: Weights) -> Taught:
    """The weights before anybody was asked."""
    return Taught(weights, _doubt(weights, HOLD), HOLD)


def taught(weights: Weights, pairs: Pairs, same: Floats) -> Taught:
    """The weights after answers about pairs; same: 1 where they are one customer.

    How firmly the weights are held is what makes these answers the most likely (evidence, by
    Laplace's approximation: MacKay, 1992): right weights are left alone, wrong ones move. A level
    that would come to more than a stronger one is worth the same.
    """
    said = weights.said(pairs.levels)
    hold = max(HOLDS, key=lambda one: _evidence(weights, said, same, one))
    tied = np.arange(len(weights.values))
    while True:
        found = _held(weights, said, same, hold, tied)
        if not tied_where_falling(found.weights, tied):
            return found


def _evidence(weights: Weights, said: Floats, same: Floats, hold: float) -> float:
    """How likely the answers are, as a logarithm, where weights are held so firmly."""
    found = _held(weights, said, same, hold, np.arange(len(weights.values)))
    values, firm = found.weights.values, np.linalg.inv(_doubt(weights, hold))
    total, moved = said @ values, values - weights.values
    loss = float((np.logaddexp(0.0, total) - same * total).sum() + 0.5 * moved @ firm @ moved)
    return 0.5 * float(np.linalg.slogdet(firm)[1] + np.linalg.slogdet(found.doubt)[1]) - loss


def _held(weights: Weights, said: Floats, same: Floats, hold: float, tied: Places) -> Taught:
    """The weights that fit the answers, where they are held so firmly."""
    ties = matrix_of(tied)
    firm = np.linalg.inv(_doubt(weights, hold))
    firm_of_ties: Floats = np.asarray(ties.T @ firm @ ties, dtype=np.float64)
    held = np.linalg.solve(firm_of_ties, ties.T @ firm @ weights.values)
    begin: Floats = np.asarray(held, dtype=np.float64)
    counts = np.ones(len(same))
    values = regressed(said @ ties, counts, same, begin, firm_of_ties)
    known = bend(said @ ties, counts, values) + firm_of_ties
    doubt = np.asarray(ties @ np.linalg.inv(known) @ ties.T)
    return Taught(Weights(ties @ values, weights.sizes), doubt, hold)


def _doubt(weights: Weights, hold: float) -> Floats:
    """What is unknown of weights: each may be off, and all may be worth nothing, or twice."""
    values = weights.values
    return np.asarray(np.eye(len(values)) / hold + np.outer(values, values))
