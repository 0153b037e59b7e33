"""Which pairs to ask people about: those whose answers take most of the doubt out of all pairs.

Doubt is how far the probability of a pair may be off, squared and summed over all pairs that were
compared. An answer about one pair makes the weights of its levels better known, and with them every
pair that has these levels. (Optimal design for the mean squared error of predictions: Fedorov,
1972; for asking one thing after the other: Cohn, Ghahramani and Jordan, 1996.)
"""

from __future__ import annotations

import random
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.fitting import probability_of
from scoreline.quality.duplicates.pairs import Pairs
from scoreline.quality.duplicates.settling import Patterns
from scoreline.quality.duplicates.taught import Taught

Counts = npt.NDArray[np.int64]

CERTAIN = 1e-6
"""Pairs that are so certain are not asked about: nobody would answer so many."""


def most_telling(
    pairs: Pairs,
    patterns: Patterns,
    taught: Taught,
    answered: Collection[int],
    most: int,
    seed: int = 0,
) -> list[int]:
    """Places of at most so many pairs that are not yet answered, the most telling first.

    Which of the pairs of equal levels is asked about is drawn by lot.
    """
    left = patterns.counts.copy()
    np.subtract.at(left, patterns.of[list(answered)], 1)
    draw = random.Random(seed)  # noqa: S311 - not a secret
    by_pattern = np.argsort(patterns.of, kind="stable")
    starts = np.concatenate(([0], np.cumsum(patterns.counts)))
    chosen: list[int] = []
    taken = set(answered)
    for pattern in _patterns(patterns, left, taught, most):
        these = by_pattern[starts[pattern] : starts[pattern + 1]].tolist()
        place = draw.choice([one for one in these if one not in taken])
        taken.add(place)
        chosen.append(place)
    return chosen


def _patterns(patterns: Patterns, left: Counts, taught: Taught, most: int) -> list[int]:
    """The patterns to ask about, one after the other, as if each had been answered before."""
    said = taught.weights.said(patterns.levels)
    chances = probability_of(said @ taught.weights.values)
    spread = chances * (1 - chances)
    reach = (said * (patterns.counts * spread**2)[:, None]).T @ said
    rows = np.flatnonzero((spread > CERTAIN) & (left > 0))
    said, spread, left = said[rows], spread[rows], left[rows].copy()
    doubt = taught.doubt
    chosen: list[int] = []
    for _ in range(min(most, int(left.sum()))):
        moved = said @ doubt
        own = (moved * said).sum(axis=1)
        gain = spread * ((moved @ reach) * moved).sum(axis=1) / (1 + spread * own)
        best = int(np.argmax(np.where(left > 0, gain, -1.0)))
        chosen.append(int(rows[best]))
        left[best] -= 1
        doubt = doubt - np.outer(moved[best], moved[best]) * (
            spread[best] / (1 + spread[best] * own[best])
        )
    return chosen
