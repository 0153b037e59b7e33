"""Hand-made points weighed against what happened.

What an expert says is where the fit begins: the log-odds of a criterion are those of its points,
at a common rate of log-odds a point, and a deviation that the data must pay for. So thirty outcomes
say something and do no harm: criteria of which little is known keep the expert's points by
themselves. How freely they may deviate is what makes the data likeliest (Laplace's approximation of
the evidence; MacKay, 1992).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.cases import Cases
from scoreline.learn.fitting.sparse import Sparse
from scoreline.learn.rates import Z90
from scoreline.learn.threads import on_one_thread

Floats = npt.NDArray[np.float64]
FREEDOMS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Standard deviations of a deviation that are tried: from the odds changed by a twentieth to
fivefold."""
OPEN = 0.8
"""The freedom at which a criterion is judged: its own records say what it is worth, and the other
criteria hardly do. Its odds may be more than double, or less than half."""
SPREAD = 0.8
"""What one standard deviation of the scores is worth before anything is seen, in log-odds: the odds
more than double. Anything from nothing to fivefold odds is likely beside it."""
WIDE = 5.0
"""Standard deviation of the log-odds at a score of nothing: any rate is likely."""
DOUBT = math.log(20)
"""The least freedom is taken that is not twenty times less likely than the best: the expert is
right until the data say otherwise."""
STILL = 1e-6
"""Standard deviation of what does not deviate."""
_STEPS, _SMALL = 100, 1e-9


@dataclass(frozen=True)
class Weighed:
    """What the data make of points.

    given: the card's points; unit: the log-odds of a point as the card as a whole is worth, and
    unit_error its standard error; intercept: at no points; effects, errors: log-odds of each
    criterion beside the others, and their standard errors; before: the standard error that each had
    before anything was seen; freedom: by how much they may deviate.
    """

    given: Floats
    unit: float
    unit_error: float
    intercept: float
    effects: Floats
    errors: Floats
    before: Floats
    freedom: float

    @property
    def points(self) -> Floats:
        """The effects in points of the card: what they deviate counts by as much as a point is
        worth at the most, so that a worth that is hardly known blows up nothing.
        """
        return self.given + self._away / self._worth

    @property
    def _away(self) -> Floats:
        return self.effects - self.unit * self.given

    @property
    def _worth(self) -> float:
        return self.unit + Z90 * self.unit_error

    @property
    def low(self) -> Floats:
        """The least points that are likely (nine in ten lie between)."""
        return self.given + (self._away - Z90 * self.errors) / self.unit

    @property
    def high(self) -> Floats:
        """The most points that are likely."""
        return self.given + (self._away + Z90 * self.errors) / self.unit


@on_one_thread
def weigh(cases: Cases, points: Floats, freedom: float | None = None) -> Weighed:
    """What the data make of the points of criteria.

    points: that the card gives for each criterion, once it is met; freedom: as much as the data ask
    for unless said.

    >>> met = np.array([[1.0], [0.0]] * 50)
    >>> bought = np.array([1.0, 0.0] * 30 + [0.0, 0.0] * 20)
    >>> bool(weigh(Cases.of(met, bought), np.array([1.0])).points[0] > 0.5)
    True
    """
    scores = cases.met @ points
    weight = cases.weight
    mean = float(np.average(scores, weights=weight))
    spread = math.sqrt(float(np.average((scores - mean) ** 2, weights=weight)))
    a_point = SPREAD / spread if spread > 0 else SPREAD
    design = Sparse.of(np.ones((len(scores), 1)), scores[:, None], cases.met)
    middle = np.zeros(design.width)
    middle[1] = a_point
    measures = cases.measures(points)
    tried: list[tuple[Weighed, float]] = []
    beta = middle
    for each in FREEDOMS if freedom is None else (freedom,):
        own = [STILL if one in measures else each for one in range(len(points))]
        errors = np.concatenate(([WIDE, a_point], own))
        beta, weighed, likelihood = _fitted(cases, points, design, middle, errors, each, beta)
        tried.append((weighed, likelihood))
    best = max(likelihood for _, likelihood in tried)
    return next(weighed for weighed, likelihood in tried if likelihood >= best - DOUBT)


def _fitted(
    cases: Cases,
    points: Floats,
    design: Sparse,
    middle: Floats,
    errors: Floats,
    freedom: float,
    beta: Floats,
) -> tuple[Floats, Weighed, float]:
    """The fit at one freedom, and the logarithm of how likely the data are by it.

    beta: where to begin; it comes back where it ended.
    """
    firm = 1.0 / errors**2

    def at(beta: Floats) -> tuple[float, Floats, Floats]:
        loss, slope, shape = design.derivatives(cases.events, cases.weight, beta)
        away = beta - middle
        return loss + 0.5 * float(firm @ away**2), slope - firm * away, shape + np.diag(firm)

    loss, slope, shape = at(beta)
    small = _SMALL * max(loss, 1.0)
    for _ in range(_STEPS):
        step, before = np.linalg.solve(shape, slope), loss
        size = 1.0
        while (tried := at(beta + size * step))[0] > before + small:
            size /= 2
        beta = beta + size * step
        loss, slope, shape = tried
        if before - loss < small:
            break
    covariance = np.linalg.inv(shape)
    likelihood = -loss - 0.5 * float(np.linalg.slogdet(shape)[1]) + 0.5 * float(np.log(firm).sum())
    own = np.hstack((np.zeros((len(points), 1)), points[:, None], np.eye(len(points))))
    unit = float(beta[1])
    weighed = Weighed(
        given=points,
        unit=unit if unit > 0.1 * middle[1] else float(middle[1]),
        unit_error=math.sqrt(float(covariance[1, 1])),
        intercept=float(beta[0]),
        effects=own @ beta,
        errors=np.sqrt(np.diag(own @ covariance @ own.T).clip(0)),
        before=np.sqrt((points * errors[1]) ** 2 + freedom**2),
        freedom=freedom,
    )
    return beta, weighed, likelihood
