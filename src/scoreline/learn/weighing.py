"""Hand-made points weighed against what happened.

What an expert says is where the fit begins: the log-odds of a criterion are those of its points,
at a common rate of log-odds a point, and a deviation that the data must pay for. So thirty outcomes
say something and do no harm: criteria of which little is known keep the expert's points by
themselves. How freely they may deviate is what makes the data likeliest (Laplace's approximation of
the evidence; MacKay, 1992).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

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

Verdict = Literal[
    "confirmed",
    "too big",
    "too small",
    "contradicted",
    "no evidence yet",
    "cannot be judged",
    "the measure",
]
"""The measure is the bin that the others of a term are measured against, where every record has one
of them: the commonest of no points, else the commonest."""
FEWEST = 10
"""Records that meet a criterion, below which nothing is said of it."""
ALIKE = 0.9
"""Correlation of two criteria from which on their effects can't be told apart."""
UNMOVED = 0.8
"""Share of the width before, above which the data have hardly narrowed what is known."""
SURE = 0.95


@dataclass(frozen=True)
class Cases:
    """Records by what they meet; records that meet the same are one row.

    met: rows x criteria, 1 where one is met (how often, where that counts); events, others: how
    many records of each row had the event, and had not; terms: the number of each criterion's term.
    """

    met: Floats
    events: Floats
    others: Floats
    terms: tuple[int, ...]

    @classmethod
    def of(cls, met: Floats, events: Floats, terms: Sequence[int] | None = None) -> Cases:
        """The same of records.

        >>> Cases.of(np.array([[1.0], [1.0], [0.0]]), np.array([1.0, 0.0, 1.0])).events.tolist()
        [1.0, 1.0]
        """
        rows, place = np.unique(met, axis=0, return_inverse=True)
        hits = np.bincount(place.ravel(), events, len(rows))
        all_ = np.bincount(place.ravel(), minlength=len(rows))
        own = range(met.shape[1]) if terms is None else terms
        return cls(rows, hits.astype(np.float64), (all_ - hits).astype(np.float64), tuple(own))

    def measures(self, points: Floats) -> frozenset[int]:
        """Of each term of which every record meets exactly one criterion, the one that others are
        measured against: the commonest of no points, else the commonest of all.
        """
        count = self.weight @ self.met
        found = []
        for term in set(self.terms):
            own = [one for one, of in enumerate(self.terms) if of == term]
            if len(own) > 1 and bool((self.met[:, own].sum(axis=1) == 1).all()):
                found.append(max(own, key=lambda one: (points[one] == 0, count[one])))
        return frozenset(found)

    @property
    def weight(self) -> Floats:
        """Records of each row."""
        return self.events + self.others


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
    design = np.column_stack((np.ones(len(scores)), scores, cases.met))
    middle = np.zeros(design.shape[1])
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
    design: Floats,
    middle: Floats,
    errors: Floats,
    freedom: float,
    beta: Floats,
) -> tuple[Floats, Weighed, float]:
    """The fit at one freedom, and the logarithm of how likely the data are by it.

    beta: where to begin; it comes back where it ended.
    """
    firm = 1.0 / errors**2
    loss = _loss(cases, design, beta, middle, firm)
    small = _SMALL * max(loss, 1.0)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(design @ beta).clip(-500, 500)))
        slope = design.T @ (cases.events - cases.weight * chance) - firm * (beta - middle)
        shape = (design * (cases.weight * chance * (1 - chance))[:, None]).T @ design
        shape += np.diag(firm)
        step = np.linalg.solve(shape, slope)
        size = 1.0
        while (tried := _loss(cases, design, beta + size * step, middle, firm)) > loss + small:
            size /= 2
        beta, done = beta + size * step, loss - tried < small
        loss = tried
        if done:
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


def _loss(cases: Cases, design: Floats, beta: Floats, middle: Floats, firm: Floats) -> float:
    sums = design @ beta
    likely = cases.weight @ np.logaddexp(0.0, sums) - cases.events @ sums
    return float(likely + 0.5 * (firm * (beta - middle) ** 2).sum())


def normal_share(z: float) -> float:
    """The share of a normal distribution below so many standard deviations.

    >>> round(normal_share(1.96), 3)
    0.975
    """
    return 0.5 * math.erfc(-z / math.sqrt(2))


@dataclass(frozen=True)
class Judged:
    """What is said of a criterion.

    count, events: records that meet it, and those with the event; marginal: its log-odds by
    itself, beside all that do not meet it; wrong: the chance that its points have the wrong sign;
    verdict; needed: about how many more records must meet it before anything can be said, None
    where something is said; like: criteria that it can't be told apart from.
    """

    count: int
    events: int
    marginal: float
    wrong: float
    verdict: Verdict
    needed: int | None = None
    like: tuple[int, ...] = ()


def judge(cases: Cases, points: Floats, weighed: Weighed, step: float = 1.0) -> list[Judged]:
    """What is said of each criterion.

    weighed: with freedom OPEN, for else a criterion is judged by the others; step: in which the
    card gives points: what lies within half a step of what is likely fits.
    """
    alike = _alike(cases)
    return [_judged(cases, points, weighed, one, alike[one], step) for one in range(len(points))]


def _judged(
    cases: Cases,
    points: Floats,
    weighed: Weighed,
    one: int,
    like: tuple[int, ...],
    step: float,
) -> Judged:
    met = cases.met[:, one] != 0
    hits, rest = float(cases.events[met].sum()), float(cases.others[met].sum())
    other_hits, other_rest = float(cases.events[~met].sum()), float(cases.others[~met].sum())
    marginal = math.log((hits + 0.5) * (other_rest + 0.5) / ((rest + 0.5) * (other_hits + 0.5)))
    own, effect, error = float(points[one]), float(weighed.effects[one]), float(weighed.errors[one])
    wrong = normal_share(-math.copysign(1.0, own) * effect / error) if own else 0.5
    count = round(hits + rest)

    def said(verdict: Verdict, needed: int | None = None) -> Judged:
        return Judged(count, round(hits), marginal, wrong, verdict, needed, like)

    if one in cases.measures(points):
        return said("the measure")
    if count < FEWEST or other_hits + other_rest < FEWEST or like:
        return said("cannot be judged")
    low, high = float(weighed.low[one]), float(weighed.high[one])
    if own and wrong > SURE and marginal * own < 0:
        return said("contradicted")
    if error > UNMOVED * weighed.before[one]:
        return said("no evidence yet", _needed(cases, met, weighed))
    middle = (low + high) / 2
    if not low <= own <= high and abs(middle - own) > step / 2:
        return said("too big" if abs(own) > abs(middle) else "too small")
    near = max(abs(own) / 2, step)
    if (own and wrong < 1 - SURE) or (low >= own - near and high <= own + near):
        return said("confirmed")
    return said("no evidence yet", _needed(cases, met, weighed))


def _needed(cases: Cases, met: npt.NDArray[np.bool_], weighed: Weighed) -> int:
    """Records that must meet a criterion for its points to be known to half a point, less those
    that do: the error of a log-odds is that of the two rates that it compares.
    """
    weight = cases.weight
    share = float(weight[met].sum() / weight.sum())
    rate = float(cases.events.sum() / weight.sum())
    wanted = (Z90 / (0.5 * weighed.unit)) ** 2 / (rate * (1 - rate) * (1 - share))
    return max(math.ceil(wanted - float(weight[met].sum())), 1)


def _alike(cases: Cases) -> list[tuple[int, ...]]:
    """For each criterion those of other terms that nearly the same records meet, or nearly all
    others.
    """
    weight = cases.weight / cases.weight.sum()
    centred = cases.met - weight @ cases.met
    spread = np.sqrt(weight @ centred**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        likeness = (centred * weight[:, None]).T @ centred / np.outer(spread, spread)
    near = np.nan_to_num(np.abs(likeness)) > ALIKE
    own = np.array(cases.terms)
    near &= own[:, None] != own
    return [tuple(int(place) for place in np.flatnonzero(row)) for row in near]
