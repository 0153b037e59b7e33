"""Records by which of a few conditions they meet: all records of one pattern are one row.

Ten conditions make a few hundred patterns of tens of thousands of records, so that a fit over them
takes no longer for many records than for few.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scoreline.learn.fitting.coded import Floats
from scoreline.learn.measures import fitted_intercept

SPREAD = 3.0
"""Log-odds of an effect at one sigma before anything is known: it holds the effect of a condition
that only events meet, and no other."""
_STEPS, _SMALL = 50, 1e-9
Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Patterns:
    """Patterns of conditions met, and who has them.

    support: the conditions, by number; of: the pattern of each record; met: patterns x conditions,
    1 where met; events, weights: of the records of each pattern.
    """

    support: tuple[int, ...]
    of: npt.NDArray[np.int32]
    met: Floats
    events: Floats
    weights: Floats

    @classmethod
    def none(cls, events: Floats, weights: Floats) -> Patterns:
        """The one pattern of no conditions."""
        hits = np.array([float(weights @ events)])
        place = np.zeros(len(events), dtype=np.int32)
        return cls((), place, np.empty((1, 0)), hits, np.array([float(weights.sum())]))

    def with_one(self, number: int, bits: Bits, events: Floats, weights: Floats) -> Patterns:
        """The patterns of one condition more; bits: whether each record meets it."""
        code = 2 * self.of + bits
        size = 2 * len(self.weights)
        weight = np.bincount(code, weights, size).astype(np.float64)
        hits = np.bincount(code, weights * events, size).astype(np.float64)
        there = np.flatnonzero(np.bincount(code, minlength=size))
        place = np.zeros(size, dtype=np.int32)
        place[there] = np.arange(len(there))
        met = np.column_stack((self.met[there // 2], there % 2)).astype(np.float64)
        return Patterns((*self.support, number), place[code], met, hits[there], weight[there])

    def loss(self, effects: Floats, intercept: float) -> float:
        """Minus the log-likelihood of effects, and what draws them to nothing."""
        sums = self.met @ effects + intercept
        likely = self.weights @ np.logaddexp(0.0, sums) - self.events @ sums
        return float(likely + effects @ effects / (2 * SPREAD**2))

    def intercept(self, effects: Floats, start: float | None = None) -> float:
        """What fits best beside effects."""
        return fitted_intercept(self.met @ effects, self.events, self.weights, start)

    @cached_property
    def fit(self) -> PatternFit:
        """The best effects of the conditions."""
        design = np.column_stack((np.ones(len(self.weights)), self.met))
        prior = np.full(design.shape[1], SPREAD**-2)
        prior[0] = 0.0
        beta = np.zeros(design.shape[1])
        beta[0] = np.log(self.events.sum() / (self.weights.sum() - self.events.sum()))
        loss = self.loss(beta[1:], float(beta[0]))
        for _ in range(_STEPS):
            chance = 1.0 / (1.0 + np.exp(-(design @ beta)))
            slope = design.T @ (self.events - self.weights * chance) - prior * beta
            bend = (design * (self.weights * chance * (1 - chance))[:, None]).T @ design
            bend += np.diag(prior)
            step = np.linalg.solve(bend, slope)
            gain = float(slope @ step)
            size = 1.0
            while True:
                tried = beta + size * step
                lower = self.loss(tried[1:], float(tried[0]))
                if lower <= loss or size < 1e-6:
                    break
                size /= 2
            beta, loss = tried, lower
            if gain < _SMALL * max(1.0, abs(loss)):
                break
        return PatternFit(float(beta[0]), beta[1:], loss, bend)


@dataclass(frozen=True)
class PatternFit:
    """The best effects; loss: theirs; curvature: of the loss by intercept and effects."""

    intercept: float
    effects: Floats
    loss: float
    curvature: Floats
