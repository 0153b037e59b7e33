"""From probabilities of pairs to points that add up: a logistic regression on the levels.

Answers of one house come together (address, surname, phone), so their weights m/u would be added
as if each were news. Points are fitted to what the kinds of pairs say of every pattern instead;
they stay near the weights m/u where the pairs say nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.settling import MISSING, Learnt, Patterns

HOLD = 0.25
"""How firmly points are held at log m/u: as one pair holds them of which nothing is known."""
_STEPS, _HALVINGS = 50, 30
_EQUAL = 1e-9
Places = npt.NDArray[np.intp]
"""A number for each weight; weights of one number are tied: they stay equal."""


@dataclass(frozen=True)
class Weights:
    """What answers weigh, as natural logarithms of odds.

    values: of each comparison's levels, `other` first, one comparison after the other, and of any
    pair last; sizes: how many levels each comparison has.
    """

    values: Floats
    sizes: tuple[int, ...]

    @property
    def bits(self) -> tuple[list[Floats], float]:
        """Bits of each comparison's levels, `other` first, and of the base."""
        bits = self.values / np.log(2)
        return np.split(bits[:-1], np.cumsum(self.sizes)[:-1]), float(bits[-1])

    def said(self, levels: npt.NDArray[np.int8]) -> Floats:
        """A row for each row of levels, a column each weight: 1 where it counts."""
        starts = np.cumsum((0, *self.sizes))
        made = np.zeros((len(levels), len(self.values)))
        made[:, -1] = 1.0
        for column, start in zip(levels.T, starts[:-1].tolist(), strict=True):
            rows = np.flatnonzero(column != MISSING)
            made[rows, start + column[rows]] = 1.0
        return made


def fitted(patterns: Patterns, learnt: Learnt) -> Weights:
    """The weights that give what the kinds of pairs say of each pattern.

    Stronger levels are never worth less than weaker ones: levels that would be share one weight,
    and all are fitted again, until none is.
    """
    begin = np.concatenate(
        [np.log(m / u) for m, u in zip(learnt.m, learnt.u, strict=True)]
        + [np.log([learnt.prior / (1 - learnt.prior)])]
    )
    sizes = tuple(len(m) for m in learnt.m)
    said = Weights(begin, sizes).said(patterns.levels)
    counts, tied = patterns.counts.astype(np.float64), np.arange(len(begin))
    while True:
        ties = matrix_of(tied)
        firm = HOLD * ties.T @ ties
        start = np.linalg.solve(firm, HOLD * ties.T @ begin)
        values = regressed(said @ ties, counts, learnt.likely, start, firm)
        found = Weights(ties @ values, sizes)
        if not tied_where_falling(found, tied):
            return found


def matrix_of(tied: Places) -> Floats:
    """A row for each weight, a column for each number of `tied`: 1 where it has it."""
    return np.asarray(tied[:, None] == np.unique(tied)[None, :], dtype=np.float64)


def tied_where_falling(weights: Weights, tied: Places) -> bool:
    """Whether a level is worth more than the next stronger one; those get one number in `tied`."""
    values = weights.values
    ends = set((np.cumsum(weights.sizes) - 1).tolist())
    falls = [p for p in np.flatnonzero(values[:-1] > values[1:] + _EQUAL).tolist() if p not in ends]
    for place in falls:
        tied[tied == tied[place + 1]] = tied[place]
    return bool(falls)


def regressed(
    said: Floats,
    counts: Floats,
    likely: Floats,
    begin: Floats,
    firm: Floats,
    near: Floats | None = None,
) -> Floats:
    """The weights of least loss by Newton's method, held at `begin`.

    said: what `Weights.said` gives, for as many pairs as `counts` says, of which the share `likely`
    is one customer; firm: how firmly each weight, and each two, are held; near: where it is looked
    first, if not where they are held.
    """

    def loss(weights: Floats) -> float:
        total, moved = said @ weights, weights - begin
        told = counts * (np.logaddexp(0.0, total) - likely * total)
        return float(told.sum() + 0.5 * moved @ firm @ moved)

    weights = begin if near is None else near
    least = loss(weights)
    for _ in range(_STEPS):
        chances = probability_of(said @ weights)
        slope = said.T @ (counts * (chances - likely)) + firm @ (weights - begin)
        step = np.linalg.solve(bend(said, counts, weights) + firm, slope)
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


def bend(said: Floats, counts: Floats, weights: Floats) -> Floats:
    """How much so many answers would say about each weight, and each two (Fisher's information)."""
    chances = probability_of(said @ weights)
    return np.asarray((said * (counts * chances * (1 - chances))[:, None]).T @ said)


def probability_of(logs: Floats) -> Floats:
    """The probability that a logarithm of odds stands for."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logs, -500, 500))))
