"""Hand-made points weighed against what happened.

What an expert says is where the fit begins: the log-odds of a criterion are those of its points, at
what a point of the card is worth, and a deviation that the data must pay for. So thirty outcomes
say something and do no harm: criteria of which little is known keep the expert's points by
themselves. How freely they may deviate is what makes the data likeliest (Laplace's approximation of
the evidence; MacKay, 1992).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.evidence.cases import Cases
from scoreline.learn.evidence.worth import worth_of_a_point
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
FREE = 3.0
"""The freedom of a criterion that says for itself what it is worth: its odds may be twentyfold."""
STILL = 1e-6
"""Standard deviation of what does not deviate."""
FLAT = 1e-6
"""Scores that differ by less are one: points have four decimals."""
_STEPS, _SMALL = 100, 1e-9


@dataclass(frozen=True)
class Weighed:
    """What the data make of points.

    given: the card's points; unit: the log-odds of a point as most of the card is worth it;
    intercept: at no points; effects, errors: log-odds of each
    criterion beside the others, and their standard errors; freedom: by how much they may deviate,
    which is their standard error before anything is seen.
    """

    given: Floats
    unit: float
    intercept: float
    effects: Floats
    errors: Floats
    freedom: float

    @property
    def points(self) -> Floats:
        """The effects in points of the card."""
        return self.effects / self.unit

    @property
    def low(self) -> Floats:
        """The least points that are likely (nine in ten lie between)."""
        return self.points - Z90 * self.errors / self.unit

    @property
    def high(self) -> Floats:
        """The most points that are likely."""
        return self.points + Z90 * self.errors / self.unit


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
    problem = _Problem(cases, points)
    unit = problem.worth()
    tried = []
    for each in FREEDOMS if freedom is None else (freedom,):
        fit = problem.fit(unit, each)
        weighed = Weighed(points, unit, fit.intercept, fit.effects, fit.errors, each)
        tried.append((weighed, fit.likelihood))
    best = max(likelihood for _, likelihood in tried)
    return next(weighed for weighed, likelihood in tried if likelihood >= best - DOUBT)


@dataclass(frozen=True)
class _Fit:
    """Log-odds of criteria, their standard errors, and how likely the data are by the freedom that
    they had: its logarithm.
    """

    intercept: float
    effects: Floats
    errors: Floats
    likelihood: float


class _Problem:
    """Records by an intercept, by the points of a card, and by what each criterion deviates."""

    def __init__(self, cases: Cases, points: Floats) -> None:
        self.cases, self.points = cases, points
        self.scores = cases.met @ points
        self.measures = cases.measures(points)
        self.design = Sparse.of(np.ones((len(self.scores), 1)), self.scores[:, None], cases.met)

    def worth(self) -> float:
        """What a point is worth by what each criterion says for itself."""
        alone = self.fit(0.0, FREE)
        beside = self.points.copy()
        for one in self.measures:
            own = np.array(self.cases.terms) == self.cases.terms[one]
            beside[own] -= self.points[one]
        told = np.array([one not in self.measures for one in range(len(self.points))])
        weight = self.cases.weight
        mean = float(np.average(self.scores, weights=weight))
        spread = math.sqrt(float(np.average((self.scores - mean) ** 2, weights=weight)))
        expected = SPREAD / spread if spread > FLAT else SPREAD
        return worth_of_a_point(alone.effects[told], alone.errors[told], beside[told], expected)

    def fit(self, unit: float, freedom: float) -> _Fit:
        """The likeliest deviations from a worth of a point that is given."""
        middle = np.zeros(self.design.width)
        middle[1] = unit
        own = [STILL if one in self.measures else freedom for one in range(len(self.points))]
        errors = np.concatenate(([WIDE, STILL], own))
        firm = 1.0 / errors**2
        beta, loss, shape = self._newton(middle, firm)
        covariance = np.linalg.inv(shape)
        likelihood = -loss - 0.5 * float(np.linalg.slogdet(shape)[1]) + 0.5 * np.log(firm).sum()
        return _Fit(
            float(beta[0]),
            beta[1] * self.points + beta[2:],
            np.sqrt(np.diag(covariance)[2:].clip(0)),
            float(likelihood),
        )

    def _newton(self, middle: Floats, firm: Floats) -> tuple[Floats, float, Floats]:
        """Where the penalised loss is least, that loss, and its curvature there."""

        def at(beta: Floats) -> tuple[float, Floats, Floats]:
            cases = self.cases
            loss, slope, shape = self.design.derivatives(cases.events, cases.weight, beta)
            away = beta - middle
            return loss + 0.5 * float(firm @ away**2), slope - firm * away, shape + np.diag(firm)

        beta = middle
        loss, slope, shape = at(beta)
        small = _SMALL * max(loss, 1.0)
        for _ in range(_STEPS):
            step, before, size = np.linalg.solve(shape, slope), loss, 1.0
            while (tried := at(beta + size * step))[0] > before + small:
                size /= 2
            beta = beta + size * step
            loss, slope, shape = tried
            if before - loss < small:
                break
        return beta, loss, shape
