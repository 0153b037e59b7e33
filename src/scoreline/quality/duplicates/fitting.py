"""From probabilities of pairs to points that add up: a logistic regression on the levels.

Answers of one house come together (address, surname, phone), so their weights m/u would be added
as if each were news. Points are fitted to what the kinds of pairs say of every pattern instead;
they stay near the weights m/u where the pairs say nothing else.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.settling import MISSING, Learnt, Patterns

_HOLD = 0.25
"""How firmly points are held at log m/u: as one pair holds them of which nothing is known."""
_STEPS, _HALVINGS = 50, 30


def fitted(patterns: Patterns, learnt: Learnt) -> tuple[list[Floats], float]:
    """Bits of each comparison's levels, `other` first, and of the base."""
    sizes = [len(m) for m in learnt.m]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    answers = _answers(patterns, starts)
    begin = np.concatenate(
        [np.log(m / u) for m, u in zip(learnt.m, learnt.u, strict=True)]
        + [np.log([learnt.prior / (1 - learnt.prior)])]
    )
    weights = _regressed(answers, patterns.counts.astype(np.float64), learnt.likely, begin)
    bits = weights / np.log(2)
    return [bits[a:b] for a, b in pairwise(starts)], float(bits[-1])


def _answers(patterns: Patterns, starts: Floats) -> Floats:
    """A row each pattern, a column each level, 1 where the pattern has it; the last is the base."""
    made = np.zeros((len(patterns.levels), int(starts[-1]) + 1))
    made[:, -1] = 1.0
    for place, start in enumerate(starts[:-1]):
        column = patterns.levels[:, place]
        rows = np.flatnonzero(column != MISSING)
        made[rows, int(start) + column[rows]] = 1.0
    return made


def _regressed(answers: Floats, counts: Floats, likely: Floats, begin: Floats) -> Floats:
    """The weights of least loss by Newton's method, held at where they begin."""

    def loss(weights: Floats) -> float:
        total = answers @ weights
        told = counts * (np.logaddexp(0.0, total) - likely * total)
        return float(told.sum() + 0.5 * _HOLD * ((weights - begin) ** 2).sum())

    weights, least = begin, loss(begin)
    for _ in range(_STEPS):
        odds = np.clip(answers @ weights, -500, 500)
        chances = 1.0 / (1.0 + np.exp(-odds))
        slope = answers.T @ (counts * (chances - likely)) + _HOLD * (weights - begin)
        bend = (answers * (counts * chances * (1 - chances))[:, None]).T @ answers
        step = np.linalg.solve(bend + _HOLD * np.eye(len(weights)), slope)
        for _ in range(_HALVINGS):
            if loss(weights - step) <= least:
                break
            step = step / 2
        else:
            break
        weights = weights - step
        before, least = least, loss(weights)
        if before - least < 1e-9 * max(1.0, before):
            break
    return weights
