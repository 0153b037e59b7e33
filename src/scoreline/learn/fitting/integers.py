"""Effects -> whole points, and how much that costs at most.

Points are effects in a unit, rounded, and then moved by one up or down as long as the penalised
loss falls: near its optimum the loss is a bowl whose shape is known, so a move costs a few sums.
The optimum in reals over the same bins bounds the loss of any table of whole points from below, so
the gap that is printed is proved and not hoped for (the bound is that of a convex relaxation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.rules import Trend
from scoreline.learn.fitting.coded import Coded, Floats
from scoreline.learn.fitting.joining import keeps_to
from scoreline.learn.fitting.logistic import Fit, Penalty, penalised_loss
from scoreline.learn.measures import fitted_intercept

Points = npt.NDArray[np.int64]
DOUBLINGS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 100)
"""How many points may double the odds: the first that loses little is taken."""
LITTLE = 0.005
"""Share of what the fit gains over the common rate that whole points may lose."""


@dataclass(frozen=True)
class WholePoints:
    """Points of all bins, and what they cost.

    doubling: how many points double the odds; intercept: the log-odds at no points that fits best;
    loss: penalised; least: the loss that no table over these bins can undercut.
    """

    points: Points
    doubling: float
    intercept: float
    loss: float
    least: float

    @property
    def unit(self) -> float:
        """The log-odds of a point."""
        return float(np.log(2.0) / self.doubling)

    @property
    def gap(self) -> float:
        """By what share the loss lies above the least; the certificate."""
        return (self.loss - self.least) / self.least


def whole_points(
    rows: Coded,
    penalties: Sequence[Penalty],
    fit: Fit,
    doubling: float | None = None,
    trends: Sequence[Trend] = (),
) -> WholePoints:
    """The points of a fit: the fewest to double the odds that lose little, unless it is said.

    trends: that effects keep to, and so do the points; one a term, or none.

    >>> coded = Coded.of([np.arange(200) % 2], [2], (np.arange(200) % 4 == 1).astype(float))
    >>> from scoreline.learn.fitting.logistic import fit_effects
    >>> rule = [Penalty.of_levels(2)]
    >>> found = whole_points(coded, rule, fit_effects(coded, rule), doubling=10)
    >>> found.doubling, bool(0 <= found.gap < 0.001)
    (10, True)
    """
    events = float((rows.weights * rows.events).sum())
    all_ = float(rows.weights.sum())
    nothing = -(events * np.log(events / all_) + (all_ - events) * np.log1p(-events / all_))
    little = LITTLE * max(nothing - fit.loss, 0.0)
    found = None
    for each in DOUBLINGS if doubling is None else (doubling,):
        found = _rounded(rows, penalties, fit, each, trends)
        if found.loss - found.least <= little:
            break
    assert found is not None  # noqa: S101  there is one doubling at least
    return found


def _rounded(
    rows: Coded, penalties: Sequence[Penalty], fit: Fit, doubling: float, trends: Sequence[Trend]
) -> WholePoints:
    unit = float(np.log(2.0) / doubling)
    shape = _without_intercept(fit.curvature)
    locks = [(rows.place(term), trend) for term, trend in enumerate(trends) if trend != "any"]
    points = _moved(np.rint(fit.effects / unit), fit.effects, shape, unit, locks)
    effects = points * unit
    sums, hits = rows.sums(effects), rows.weights * rows.events
    intercept = fitted_intercept(sums, hits, rows.weights, fit.intercept)
    loss = penalised_loss(rows, penalties, fit.strengths, intercept, effects)
    return WholePoints(points.astype(np.int64), doubling, intercept, loss, fit.penalised)


def _without_intercept(curvature: Floats) -> Floats:
    """The curvature by the effects where the intercept follows them."""
    across = curvature[0, 1:]
    return np.asarray(curvature[1:, 1:] - np.outer(across, across) / curvature[0, 0])


def _moved(
    points: Floats,
    effects: Floats,
    shape: Floats,
    unit: float,
    locks: Sequence[tuple[slice, Trend]],
) -> Floats:
    """The points, each moved by one as long as the bowl's height falls; the best move first.

    locks: trends that the points of some places keep to, but the last of each, of missing values.
    """
    slope = shape @ (points * unit - effects)
    own = 0.5 * unit * unit * np.diag(shape)
    for _ in range(20 * len(points)):
        gains = unit * np.abs(slope) - own
        order = np.argsort(-gains, kind="stable")
        best = (int(at) for at in order[: int((gains > 1e-12).sum())])
        at = next((at for at in best if _kept(points, at, -np.sign(slope[at]), locks)), None)
        if at is None:
            break
        step = -np.sign(slope[at])
        points[at] += step
        slope = slope + shape[:, at] * (step * unit)
    return points


def _kept(points: Floats, at: int, step: float, locks: Sequence[tuple[slice, Trend]]) -> bool:
    """Whether a move leaves the trends that are asked for."""
    moved = points.copy()
    moved[at] += step
    return all(keeps_to(trend, moved[place][:-1]) for place, trend in locks)
