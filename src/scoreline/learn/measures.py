"""How well scores tell events from others: figures of one number each, ties counted fairly.

Records of one score are one step of every curve: what stands among them is not known, so a share
that ends within them takes that share of their events. No figure depends on the order of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SHARES = (0.1, 0.2)
"""Shares of the records at which a lift is told."""


@dataclass(frozen=True)
class Ranked:
    """Records by score, best first: one entry a distinct score.

    scores: falling; events, others: of each score, by weight.
    """

    scores: Floats
    events: Floats
    others: Floats

    @classmethod
    def of(
        cls, scores: npt.ArrayLike, events: npt.ArrayLike, weights: Floats | None = None
    ) -> Ranked:
        """The same of records; events: 1 for an event, 0 for none; weights: one unless said."""
        values, hits = np.asarray(scores, dtype=np.float64), np.asarray(events, dtype=np.float64)
        weight = np.ones(len(values)) if weights is None else weights
        distinct, place = np.unique(-values, return_inverse=True)
        hit = np.bincount(place, weight * hits, len(distinct))
        all_ = np.bincount(place, weight, len(distinct))
        return cls(-distinct, hit.astype(np.float64), (all_ - hit).astype(np.float64))

    @property
    def rate(self) -> float:
        """The share of events."""
        events = float(self.events.sum())
        return events / (events + float(self.others.sum()))

    @property
    def auc(self) -> float:
        """The chance that an event scores higher than another record; ties are half a chance.

        NaN where there are no events, or nothing else. Source: Hanley and McNeil (1982).

        >>> Ranked.of([3, 2, 2, 1], [1, 1, 0, 0]).auc
        0.875
        """
        below = self.others.sum() - np.cumsum(self.others)
        won = float(self.events @ (below + self.others / 2))
        pairs = float(self.events.sum() * self.others.sum())
        return won / pairs if pairs else float("nan")

    @property
    def auc_deviation(self) -> float:
        """How far off the area may be, at one sigma, as a sample of records like these.

        NaN where there are fewer than two events or others. Source: DeLong, DeLong and
        Clarke-Pearson (1988).

        >>> round(Ranked.of([4, 3, 2, 1], [1, 0, 1, 0]).auc_deviation, 3)
        0.354
        """
        events, others = float(self.events.sum()), float(self.others.sum())
        if min(events, others) <= 1:
            return float("nan")
        below = (others - np.cumsum(self.others) + self.others / 2) / others
        above = (np.cumsum(self.events) - self.events / 2) / events
        spread = self.events @ (below - self.auc) ** 2 / (events - 1)
        across = self.others @ (above - self.auc) ** 2 / (others - 1)
        return math.sqrt(float(spread) / events + float(across) / others)

    @property
    def gini(self) -> float:
        """Twice the area above one half: 0 where scores tell nothing, 1 where they tell all."""
        return 2 * self.auc - 1

    @property
    def ks(self) -> float:
        """The furthest that the shares of events and of others lie apart at any score."""
        events, others = float(self.events.sum()), float(self.others.sum())
        if not events or not others:
            return float("nan")
        return float(
            np.abs(np.cumsum(self.events) / events - np.cumsum(self.others) / others).max()
        )

    @property
    def average_precision(self) -> float:
        """The mean share of events above each event (PR-AUC, by steps and without interpolation).

        >>> Ranked.of([3, 2, 1], [1, 0, 1]).average_precision.__round__(4)
        0.8333
        """
        events = float(self.events.sum())
        if not events:
            return float("nan")
        hit, all_ = np.cumsum(self.events), np.cumsum(self.events + self.others)
        return float(self.events @ (hit / np.maximum(all_, 1e-300))) / events

    def captured(self, share: float) -> float:
        """The share of all events among the best of the records; ties by their share.

        >>> Ranked.of([2, 1, 1], [1, 1, 0]).captured(2 / 3)
        0.75
        """
        counts = self.events + self.others
        wanted = share * float(counts.sum())
        taken = np.clip((wanted - (np.cumsum(counts) - counts)) / counts, 0.0, 1.0)
        return float(self.events @ taken) / float(self.events.sum())

    def lift(self, share: float) -> float:
        """How many times more events there are among the best than among as many drawn blindly."""
        return self.captured(share) / share


def brier(chances: Floats, events: Floats, weights: Floats | None = None) -> float:
    """The mean squared difference between chances and what happened (Brier, 1950).

    >>> brier(np.array([0.5, 1.0]), np.array([0.0, 1.0]))
    0.125
    """
    return float(np.average((chances - events) ** 2, weights=weights))


def calibration(
    log_odds: Floats, events: Floats, weights: Floats | None = None
) -> tuple[float, float]:
    """Intercept and slope of what happened on the log-odds that were said: 0 and 1 where they hold.

    A slope below one says that the scores promise more difference than there is. NaN where there
    are no events, nothing else, or one score. Source: Cox (1958).
    """
    weight = np.ones(len(events)) if weights is None else weights
    hits = float(weight @ events)
    if not 0 < hits < float(weight.sum()) or np.ptp(log_odds) == 0:
        return float("nan"), float("nan")
    beta = np.array([0.0, 1.0])
    design = np.column_stack((np.ones(len(events)), log_odds))
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -500, 500)))
        slope = design.T @ (weight * (events - chance))
        shape = (design * (weight * chance * (1 - chance))[:, None]).T @ design
        step = np.linalg.solve(shape + 1e-12 * np.eye(2), slope)
        beta = beta + step / max(1.0, float(np.abs(step).max()))
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(beta[0]), float(beta[1])


def fitted_intercept(
    sums: Floats, events: Floats, weights: Floats, start: float | None = None
) -> float:
    """What must be added to log-odds for them to say as many events as there were.

    events: weight of the events of each row, of both outcomes together some; start: about what it
    is, if that is known.

    >>> round(fitted_intercept(np.zeros(2), np.array([1.0, 0.0]), np.array([2.0, 2.0])), 4)
    -1.0986
    """
    hits, all_ = float(events.sum()), float(weights.sum())
    found = start
    if found is None:
        found = math.log(hits / (all_ - hits)) - float(sums @ weights) / all_
    for _ in range(200):
        chance = 1.0 / (1.0 + np.exp(-(sums + found).clip(-500, 500)))
        step = (hits - float(weights @ chance)) / max(
            float(weights @ (chance * (1 - chance))), 1e-9
        )
        found += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-9:
            break
    return found
