"""What two columns say together beside what each says alone, by the cells that they make.

Effects of cells are fitted beside log-odds that are given, each drawn to nothing by one strength
that is part of the fit (empirical Bayes, as for terms). Rows that say the same are joined, and so
are columns, at the price that bins of terms are joined at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.fitting.coded import Floats
from scoreline.learn.fitting.joining import PRICE

Codes = npt.NDArray[np.int64]
_STEPS = 12
_FAINT, _FIRM = 1e-4, 1e6


@dataclass(frozen=True)
class Cells:
    """Effects of cells, as many as there are; weights: the curvature of the loss by each."""

    effects: Floats
    weights: Floats


def fit_cells(places: Codes, size: int, said: Floats, events: Floats, weights: Floats) -> Cells:
    """The effects of cells beside log-odds that are said already.

    places: the cell of each record; size: how many cells there are.

    >>> place = np.repeat([0, 1], 500)
    >>> events = np.concatenate([np.arange(500) % 10 < n for n in (2, 6)]).astype(float)
    >>> fit_cells(place, 2, np.zeros(1000), events, np.ones(1000)).effects.round(1).tolist()
    [-1.4, 0.4]
    """
    effects, strength = np.zeros(size), 1.0
    bend = np.ones(size)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(said + effects[places])))
        slope = np.bincount(places, weights * (events - chance), size) - strength * effects
        bend = np.bincount(places, weights * chance * (1.0 - chance), size).astype(np.float64)
        # Half the way at most: a cell of one outcome would leap.
        effects = effects + np.clip(slope / (bend + strength), -2.0, 2.0)
        free = float((bend / (bend + strength)).sum())
        spread = float(effects @ effects)
        strength = float(np.clip(max(free, 1e-3) / max(spread, 1e-12), _FAINT, _FIRM))
    return Cells(effects, bend)


def joined_axis(
    cells: Floats, weights: Floats, *, ordered: bool, most: int
) -> npt.NDArray[np.int32]:
    """Which rows of cells become one: the place of each among those that stay.

    cells, weights: rows x columns; the last row is that of missing values and stays alone; ordered:
    whether only neighbours are joined; most: rows that may stay beside the last.

    >>> joined_axis(np.array([[1.0, -1], [1.1, -1], [-1, 1], [0, 0]]), np.full((4, 2), 9.0),
    ...             ordered=True, most=4).tolist()
    [0, 0, 1, 2]
    """
    last = len(cells) - 1
    groups = [[row] for row in range(last)]
    means, held = [*cells[:last]], [*weights[:last]]
    while len(groups) > 1:
        pairs = [
            (one, other)
            for one in range(len(groups))
            for other in range(one + 1, len(groups))
            if not ordered or other == one + 1
        ]
        costs = [_cost(means[a], means[b], held[a], held[b]) for a, b in pairs]
        best = int(np.argmin(costs))
        if costs[best] > 1.0 and len(groups) <= most:
            break
        one, other = pairs[best]
        total = held[one] + held[other]
        mixed = held[one] * means[one] + held[other] * means[other]
        means[one] = np.where(total > 0, mixed / np.maximum(total, 1e-300), 0.0)
        held[one] = total
        groups[one] += groups.pop(other)
        del means[other], held[other]
    place = np.empty(last + 1, dtype=np.int32)
    for number, group in enumerate(groups):
        place[group] = number
    place[last] = len(groups)
    return place


def _cost(one: Floats, other: Floats, weight: Floats, beside: Floats) -> float:
    """What joining two rows loses, in prices of the bins that it saves."""
    total = weight + beside
    both = np.where(total > 0, weight * beside / np.maximum(total, 1e-300), 0.0)
    saved = max(int(((weight > 0) & (beside > 0)).sum()), 1)
    return float((both * (one - other) ** 2).sum() / 2 / (PRICE * saved))
