"""What labels teach: the weights that were learnt without them, moved to where the answers ask.

The pairs that people are asked about are no fair sample: they are chosen by their levels. But the
levels are all that the weights look at, and among pairs of equal levels the asked ones are drawn by
lot. What share of them is one customer stays what it is in the base, whichever levels are asked
about: a regression on the levels isn't bent by such a choice, and no answer needs to be reweighed.

Some answers are slips: each is wrong with one small probability, which is estimated with the
weights. What an answer teaches counts as far as it is none (expectation and maximisation: Dempster,
Laird and Rubin, 1977), so one that all others contradict moves no weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.fitting import (
    HOLD,
    Places,
    Weights,
    matrix_of,
    probability_of,
    regressed,
    tied_where_falling,
)
from scoreline.quality.duplicates.pairs import Pairs

HOLDS = tuple(HOLD * 4.0**power for power in range(-1, 5))
"""How firmly weights may be held where they are, in steps of a factor of two of their error.

The loosest holds nothing within a factor of 50 of the odds, the firmest all within one of 1.13."""

SLIPS = tuple(2.0**-power for power in range(9, 2, -1))
"""How often answers may be wrong: from one in 512 to one in eight, in steps of a factor of two."""
SLIPS_BEFORE, ANSWERS_BEFORE = 1, 20
"""How often they are is known before as if by so many answers: 95 in a hundred are right."""
HALF = 0.5
"""An answer that is rather a slip than none is a surprising one."""

_ROUNDS, _STILL = 100, 1e-3


@dataclass(frozen=True)
class Taught:
    """Weights after the answers; doubt: what is still unknown of them (covariances); hold: how
    firmly they were held where they were learnt without answers.

    slips: how often answers are wrong; slip: the probability that each answer is.
    """

    weights: Weights
    doubt: Floats
    hold: float
    slips: float = 0.0
    slip: Floats = field(default_factory=lambda: np.empty(0))


def untaught(weights: Weights) -> Taught:
    """The weights before anybody was asked."""
    return Taught(weights, _doubt(weights, HOLD), HOLD)


def taught(weights: Weights, pairs: Pairs, same: Floats) -> Taught:
    """The weights after answers about pairs; same: 1 where they are one customer.

    How firmly the weights are held, and how often answers are wrong, is what makes these answers
    the most likely (evidence, by Laplace's approximation: MacKay, 1992): right weights are left
    alone, wrong ones move. A level that would come to more than a stronger one is worth the same.
    """
    answers = _Answers(weights.said(pairs.levels), same)
    tied = np.arange(len(weights.values))
    found = _likeliest(one for hold in HOLDS for one in _held(weights, answers, hold, tied))
    while tied_where_falling(found.weights, tied):
        found = _likeliest(_held(weights, answers, found.hold, tied))
    return found


def _likeliest(found: Iterable[tuple[float, Taught]]) -> Taught:
    return max(found, key=lambda one: one[0])[1]


@dataclass(frozen=True)
class _Answers:
    """said: a row each answer, as `Weights.said` gives it; same: 1 where it is yes, 0 for no."""

    said: Floats
    same: Floats

    def likely(self, values: Floats, slips: float) -> Floats:
        """The probability that each pair is one customer, after what was answered about it."""
        chances = probability_of(self.said @ values)
        yes = np.where(self.same == 1, 1 - slips, slips)
        return np.asarray(chances * yes / (chances * yes + (1 - chances) * (1 - yes)))

    def fit(self, values: Floats, slips: float) -> float:
        """How likely the answers are, and so many slips, as a logarithm."""
        chances = probability_of(self.said @ values)
        right = np.where(self.same == 1, chances, 1 - chances)
        before = SLIPS_BEFORE * np.log(slips)
        before += (ANSWERS_BEFORE - SLIPS_BEFORE) * np.log(1 - slips)
        return float(np.log(slips + (1 - 2 * slips) * right).sum() + before)

    def known(self, values: Floats, slips: float) -> Floats:
        """How much such answers say about each weight, and each two (Fisher's information)."""
        chances = probability_of(self.said @ values)
        yes = slips + (1 - 2 * slips) * chances
        slope = (1 - 2 * slips) * chances * (1 - chances)
        return np.asarray((self.said * (slope**2 / (yes * (1 - yes)))[:, None]).T @ self.said)


def _held(
    weights: Weights, answers: _Answers, hold: float, tied: Places
) -> list[tuple[float, Taught]]:
    """The weights that fit the answers, where they are held so firmly, for each share of slips.

    Before each how likely the answers are with it, as a logarithm; tied: a number each weight;
    those of one number stay equal.
    """
    ties = matrix_of(tied)
    doubt = _doubt(weights, hold)
    before = np.linalg.inv(doubt)
    firm: Floats = np.asarray(ties.T @ before @ ties, dtype=np.float64)
    begin: Floats = np.asarray(np.linalg.solve(firm, ties.T @ before @ weights.values))
    of_ties = _Answers(answers.said @ ties, answers.same)
    found = []
    for values, slips in _by_slips(of_ties, begin, firm):
        known, moved = of_ties.known(values, slips) + firm, values - begin
        fit = of_ties.fit(values, slips) - 0.5 * float(moved @ firm @ moved)
        fit += 0.5 * float(np.linalg.slogdet(firm)[1] - np.linalg.slogdet(known)[1])
        left = np.asarray(ties @ np.linalg.inv(known) @ ties.T)
        slip = np.abs(answers.same - of_ties.likely(values, slips))
        found.append((fit, Taught(Weights(ties @ values, weights.sizes), left, hold, slips, slip)))
    return found


def _by_slips(answers: _Answers, begin: Floats, firm: Floats) -> list[tuple[Floats, float]]:
    """The weights that fit the answers for each share of slips, and these.

    There are two views: answers are believed, and weights that were wrong move; or weights are, and
    answers that contradict them are slips. So it is gone up from the first and down from the other.
    """
    counts, found = np.ones(len(answers.same)), []
    believed = regressed(answers.said, counts, answers.same, begin, firm)
    for values, shares in ((believed, SLIPS), (begin, SLIPS[::-1])):
        for slips in shares:
            values = _fitted(answers, begin, firm, values, slips)
            found.append((values, slips))
    return found


def _fitted(answers: _Answers, begin: Floats, firm: Floats, near: Floats, slips: float) -> Floats:
    """The weights near some that fit answers of which so many are slips."""
    counts = np.ones(len(answers.same))
    for _ in range(_ROUNDS):
        likely = answers.likely(near, slips)
        before, near = near, regressed(answers.said, counts, likely, begin, firm, near)
        if np.abs(near - before).max() < _STILL:
            break
    return near


def _doubt(weights: Weights, hold: float) -> Floats:
    """What is unknown of weights: each may be off, and all may be worth nothing, or twice."""
    values = weights.values
    return np.asarray(np.eye(len(values)) / hold + np.outer(values, values))
