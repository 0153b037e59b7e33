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

    Stronger levels are never worth less than weaker ones.
    """
    begin = np.concatenate(
        [np.log(m / u) for m, u in zip(learnt.m, learnt.u, strict=True)]
        + [np.log([learnt.prior / (1 - learnt.prior)])]
    )
    weights = Weights(begin, tuple(len(m) for m in learnt.m))
    firm = HOLD * np.eye(len(begin))
    said = weights.said(patterns.levels)
    values = regressed(said, patterns.counts.astype(np.float64), learnt.likely, begin, firm)
    levels = np.split(values[:-1], np.cumsum(weights.sizes)[:-1])
    rising = [_rising(*parts) for parts in zip(levels, learnt.m, learnt.u, strict=True)]
    return Weights(np.concatenate([*rising, values[-1:]]), weights.sizes)


def _rising(values: Floats, m: Floats, u: Floats) -> Floats:
    """Weights by level that don't fall from weaker to stronger; neighbours that did share a mean.

    Each counts as much in the mean as it comes up.
    """
    often = m + u
    blocks: list[tuple[list[int], float, float]] = []
    for place, one in enumerate(values):
        block = ([place], float(one), float(often[place]))
        while blocks and blocks[-1][1] > block[1]:
            places, mean, weight = blocks.pop()
            total = weight + block[2]
            joined = (mean * weight + block[1] * block[2]) / total
            block = (places + block[0], joined, total)
        blocks.append(block)
    made = np.empty(len(values))
    for places, mean, _ in blocks:
        made[places] = mean
    return made


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
