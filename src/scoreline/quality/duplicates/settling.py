"""What agreement is worth: the m of every level, by expectation and maximisation over all pairs.

Pairs that were not looked at count as different people, so blocking doesn't bend the estimate: what
a pair's answers say for or against it does not depend on how the pair was found, and the prior is
counted against all pairs of the base. Chance agreement is then cleared of the duplicates among the
pairs it was counted on. (Fellegi and Sunter, 1969; Winkler, 1988, on EM.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.chance import Chance, Floats

MISSING = -1
_ROUNDS, _STILL = 500, 1e-7


@dataclass(frozen=True)
class Patterns:
    """The different answers that pairs give, a row each, and how many pairs give them.

    levels: places of levels from the end, `other` is 0 and MISSING -1; of: the pattern of a pair.
    """

    levels: npt.NDArray[np.int8]
    counts: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]

    @classmethod
    def among(cls, levels: npt.NDArray[np.int8]) -> Patterns:
        """The patterns of the pairs' levels."""
        found, of, counts = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
        return cls(found, counts.astype(np.int64), of.ravel())


@dataclass(frozen=True)
class Learnt:
    """m and u of each comparison's levels, `other` first; prior: the duplicates among all pairs."""

    m: list[Floats]
    u: list[Floats]
    prior: float

    def bits(self, patterns: Patterns) -> Floats:
        """The weight of each pattern: log2 of the odds that such a pair is one customer."""
        total = np.full(len(patterns.levels), np.log2(self.prior / (1 - self.prior)))
        for place, (m, u) in enumerate(zip(self.m, self.u, strict=True)):
            levels = patterns.levels[:, place]
            total += np.where(levels == MISSING, 0.0, np.log2(m / u)[np.maximum(levels, 0)])
        return total


def probability(bits: Floats) -> Floats:
    """The probability that odds in bits stand for."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500))))


def settled(patterns: Patterns, chance: Sequence[Chance], all_pairs: float) -> Learnt:
    """m, u and prior that explain the patterns best.

    It begins with half of the duplicates' answers at `other`, the rest rising with strength, and as
    many duplicates as there are records: from there EM has the strong levels to hold on to.
    """
    looked_at = max(1.0, float(patterns.counts.sum()))
    prior = min(all_pairs**-0.5, 0.5 * looked_at / all_pairs)
    m = [_beginning(len(one.share)) for one in chance]
    u = [np.maximum(one.share, one.error) for one in chance]
    for _ in range(_ROUNDS):
        learnt = Learnt(m, u, prior)
        weight = probability(learnt.bits(patterns)) * patterns.counts
        prior = min(max(float(weight.sum()), 0.5) / all_pairs, 0.5)
        before, m, u = m, [], []
        for place, one in enumerate(chance):
            m.append(_share_of_levels(patterns.levels[:, place], weight, len(one.share)))
            cleared = np.maximum((one.share - prior * m[place]) / (1 - prior), one.error)
            u.append(cleared / cleared.sum())
        if max(np.abs(a - b).max() for a, b in zip(before, m, strict=True)) < _STILL:
            break
    return Learnt(m, u, prior)


def _beginning(levels: int) -> Floats:
    rising = np.linspace(1.0, 3.0, levels)
    rising[0] = rising[1:].sum() if levels > 1 else 1.0
    return np.asarray(rising / rising.sum())


def _share_of_levels(levels: npt.NDArray[np.int8], weight: Floats, size: int) -> Floats:
    """The weighted share of each level; half a pair is spread over all, so none is impossible."""
    there = levels != MISSING
    counts = np.bincount(levels[there], weights=weight[there], minlength=size)
    return np.asarray((counts + 0.5 / size) / (counts.sum() + 0.5))
