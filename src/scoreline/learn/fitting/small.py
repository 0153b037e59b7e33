"""Effects of a few conditions -> whole points within a limit, and how much that costs at most.

The unit is part of the choice: of many the one whose whole points fit best. In each, effects are
rounded and moved by one as long as the loss falls, with the intercept fitted anew each time. The
optimum in reals over the same conditions bounds the loss from below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.fitting.patterns import Patterns

UNITS = 25
"""Units that are tried: from one that uses a third of the limit to one that goes beyond it by half,
where the strongest conditions stay at the limit."""
BEST = 3
"""Units, the best after rounding, whose points are moved."""


@dataclass(frozen=True)
class SmallPoints:
    """Whole points of conditions.

    doubling: points that double the odds; intercept: the log-odds at no points; loss: theirs.
    """

    patterns: Patterns
    points: npt.NDArray[np.int64]
    doubling: float
    intercept: float
    loss: float

    @property
    def unit(self) -> float:
        """The log-odds of a point."""
        return float(np.log(2.0) / self.doubling)

    @property
    def gap(self) -> float:
        """By what share the loss lies above the least of these conditions; the certificate."""
        least = self.patterns.fit.loss
        return max(self.loss - least, 0.0) / least


def small_points(patterns: Patterns, limit: int, doubling: float | None = None) -> SmallPoints:
    """The points of a set of conditions: none above the limit, in the unit that fits best.

    doubling: points that double the odds, if that is asked for.

    >>> all_ = Patterns.none(np.repeat([0.0, 1, 0, 1], [90, 10, 40, 60]), np.ones(200))
    >>> one = all_.with_one(0, np.arange(200) >= 100, np.repeat([0.0, 1, 0, 1], [90, 10, 40, 60]),
    ...                     np.ones(200))
    >>> found = small_points(one, 5)
    >>> found.points.tolist(), found.doubling, bool(found.gap < 1e-4)
    ([4], 1.1, True)
    """
    effects = patterns.fit.effects
    steepest = float(np.abs(effects).max(initial=0.0))
    if not steepest:
        return _priced(patterns, np.zeros(len(effects), dtype=np.int64), doubling or 1.0)
    whole = limit * np.log(2.0) / steepest
    units = np.linspace(whole / 3, whole * 1.5, UNITS) if doubling is None else [doubling]
    tried = dict.fromkeys(float(f"{unit:.2g}") if doubling is None else unit for unit in units)
    rounded = [
        _priced(patterns, _whole(effects * unit / np.log(2.0), limit), unit) for unit in tried
    ]
    first = sorted(rounded, key=lambda one: one.loss)[:BEST]
    return min((_moved(one, limit) for one in first), key=lambda one: one.loss)


def _whole(points: npt.NDArray[np.float64], limit: int) -> npt.NDArray[np.int64]:
    return np.rint(points).clip(-limit, limit).astype(np.int64)


def _priced(
    patterns: Patterns,
    points: npt.NDArray[np.int64],
    doubling: float,
    start: float | None = None,
) -> SmallPoints:
    effects = points * (np.log(2.0) / doubling)
    intercept = patterns.intercept(effects, start)
    return SmallPoints(patterns, points, doubling, intercept, patterns.loss(effects, intercept))


def _moved(best: SmallPoints, limit: int) -> SmallPoints:
    """The points, each moved by one as long as the loss falls."""
    better = True
    while better:
        better = False
        for place in range(len(best.points)):
            for step in (-1, 1):
                points = best.points.copy()
                points[place] += step
                if abs(points[place]) > limit:
                    continue
                found = _priced(best.patterns, points, best.doubling, best.intercept)
                if found.loss < best.loss - 1e-9 * abs(best.loss):
                    best, better = found, True
    return best
