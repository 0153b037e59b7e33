"""Four things that may be done with a card, each tried on records that it was not made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.jobs.evidence.asked import OFFERS, OfferName
from scoreline.jobs.evidence.totals import Totals
from scoreline.learn.evidence.cases import Cases
from scoreline.learn.evidence.judging import Judged, judge
from scoreline.learn.evidence.weighing import OPEN, Weighed, weigh
from scoreline.learn.measures import Ranked, fitted_intercept
from scoreline.learn.rates import Z90
from scoreline.learn.validation.figures import folds, later_rows

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
DIFFERS = ("too big", "too small", "contradicted")
"""Verdicts that ask for other points."""
TIMES = 1.0
"""Standard deviation of how many times its worth a point turns out to be: nothing to twice."""
MOST_CHANGED = 3
"""Criteria that the third offer changes at most."""


@dataclass(frozen=True)
class Weighing:
    """What some records say of a card.

    weighed: with as much freedom as the data ask for; open: with that at which criteria are judged;
    suggested: points to give.
    """

    weighed: Weighed
    open: Weighed
    judged: list[Judged]
    suggested: Floats


@dataclass(frozen=True)
class Bench:
    """Records whose outcome is known, and the card's points; terms: of each criterion."""

    totals: Totals
    met: Floats
    events: Floats
    points: Floats
    step: float

    @property
    def terms(self) -> list[int]:
        """The number of each criterion's term."""
        return [one.term for one in self.totals.criteria]

    def cases(self, rows: Rows) -> Cases:
        """These of the records, those that meet the same as one."""
        return Cases.of(self.met[rows], self.events[rows], self.terms)

    def weighing(self, rows: Rows) -> Weighing:
        """What these of the records say."""
        cases = self.cases(rows)
        weighed, open_ = weigh(cases, self.points), weigh(cases, self.points, OPEN)
        judged = judge(cases, self.points, open_, self.step)
        return Weighing(weighed, open_, judged, self._suggested(weighed, open_, judged))

    def _suggested(self, weighed: Weighed, open_: Weighed, judged: list[Judged]) -> Floats:
        """Points in the card's own step; those that nothing speaks against stay.

        By how much they change is said with as much freedom as the data ask for, which is less
        than that at which they are judged; but they go as far as what is likely by that begins, and
        one step at least.
        """
        likely = np.clip(weighed.points, open_.low, open_.high)
        whole = np.rint(likely / self.step) * self.step
        towards = np.sign((open_.low + open_.high) / 2 - self.points) * self.step
        stays = (whole - self.points) * towards <= 0
        whole = np.where(stays, self.points + towards, whole)
        return np.where([one.verdict in DIFFERS for one in judged], whole, self.points)

    def few(self, rows: Rows, found: Weighing) -> Floats:
        """The points with the few changes that the records ask for most."""
        cases = self.cases(rows)
        points = self.points.copy()
        best = _loss(cases, points * found.weighed.unit)
        for _ in range(MOST_CHANGED):
            tried = []
            for one in np.flatnonzero(found.suggested != points):
                changed = points.copy()
                changed[one] = found.suggested[one]
                away = found.weighed.unit * (changed[one] - self.points[one])
                price = 0.5 * (away / found.weighed.freedom) ** 2
                tried.append((_loss(cases, changed * found.weighed.unit) + price, int(one)))
            if not tried or min(tried)[0] >= best:
                break
            best, at = min(tried)
            points[at] = found.suggested[at]
        return points


@dataclass(frozen=True)
class Tried:
    """An offer on records that it was not made from: by rank and by what it says.

    losses, scores, events: of each of these records.
    """

    auc: float
    lift20: float
    losses: Floats
    scores: Floats
    events: Floats


def splits(
    events: Floats, times: npt.NDArray[np.int64] | None
) -> tuple[str, list[tuple[Rows, Rows]]]:
    """How offers are tried, in words, and the (seen, unseen) records of each trial."""
    if times is not None:
        seen, later = later_rows(times)
        if _both(events[seen]) and _both(events[later]):
            return "by time: made from the earlier records, tried on the later ones", [
                (seen, later)
            ]
    return "at random: made from four fifths of the records, tried on the rest", [
        (seen, rest) for seen, rest in folds(events) if _both(events[seen])
    ]


def _both(events: Floats) -> bool:
    return bool(0 < events.sum() < len(events))


def try_offers(
    bench: Bench,
    trials: list[tuple[Rows, Rows]],
    progress: Callable[[int], None] | None = None,
) -> dict[OfferName, Tried]:
    """Each offer, made from what is seen of each trial, on what is not.

    progress: told how many rows each trial weighed.
    """
    scores: dict[OfferName, list[Floats]] = {name: [] for name in OFFERS}
    losses: dict[OfferName, list[Floats]] = {name: [] for name in OFFERS}
    outcomes = [bench.events[rest] for _, rest in trials]
    for seen, rest in trials:
        found = bench.weighing(seen)
        if progress is not None:
            progress(len(seen))
        for name, points in offered(bench, seen, found).items():
            own = bench.totals.of(bench.met[seen], points)
            intercept, unit = fitted_line(own, bench.events[seen], found.weighed.unit)
            total = bench.totals.of(bench.met[rest], points)
            said = intercept + unit * total
            scores[name].append(total)
            losses[name].append(np.logaddexp(0.0, said) - bench.events[rest] * said)
    return {name: _tried(scores[name], outcomes, losses[name]) for name in OFFERS}


def fitted_line(scores: Floats, events: Floats, unit: float) -> tuple[float, float]:
    """The log-odds at a score of nothing, and of a point: those at which scores are likeliest.

    unit: of a point, as the card is worth it; how many times that it is, is known to one before
    anything is seen.

    >>> events = np.repeat([1.0, 0.0, 1.0, 0.0], [250, 750, 750, 250])
    >>> [round(one, 1) for one in fitted_line(np.repeat([0.0, 1.0], 1_000), events, 2.0)]
    [-1.1, 2.2]
    """
    design = np.column_stack((np.ones(len(scores)), unit * (scores - scores.mean())))
    firm = np.array([0.0, 1.0 / TIMES**2])
    beta = np.array([np.log(events.mean() / (1 - events.mean())), 1.0])
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -500, 500)))
        slope = design.T @ (events - chance) - firm * (beta - [0.0, 1.0])
        shape = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(firm + 1e-9)
        step = np.linalg.solve(shape, slope)
        beta = beta + step / max(1.0, float(np.abs(step).max()))
        if float(np.abs(step).max()) < 1e-9:
            break
    of_a_point = float(max(beta[1], 0.0)) * unit
    return float(beta[0]) - of_a_point * float(scores.mean()), of_a_point


def _tried(scores: list[Floats], outcomes: list[Floats], losses: list[Floats]) -> Tried:
    """The means of the figures of several trials; those without both outcomes rank nothing."""
    ranked = [Ranked.of(s, e) for s, e in zip(scores, outcomes, strict=True) if _both(e)]
    auc = float(np.mean([one.auc for one in ranked])) if ranked else float("nan")
    lift = float(np.mean([one.lift(0.2) for one in ranked])) if ranked else float("nan")
    together = (np.concatenate(parts) for parts in (losses, scores, outcomes))
    return Tried(auc, lift, *together)


def _loss(cases: Cases, effects: Floats) -> float:
    """Minus the log-likelihood of records at the best intercept."""
    sums = cases.met @ effects
    sums += fitted_intercept(sums, cases.events, cases.weight)
    return float(cases.weight @ np.logaddexp(0.0, sums) - cases.events @ sums)


def advised(tried: dict[OfferName, Tried]) -> OfferName:
    """The mildest offer that no bolder one beats by more than chance.

    One beats another if what it says of each record is better by more than 1.64 standard errors of
    the mean (19 in 20, to one side).
    """
    best: OfferName = "keep"
    for name in OFFERS:
        gains = tried[best].losses - tried[name].losses
        error = float(gains.std()) / np.sqrt(max(len(gains), 1))
        if float(gains.mean()) > Z90 * error > 0:
            best = name
    return best


def offered(bench: Bench, rows: Rows, found: Weighing) -> dict[OfferName, Floats]:
    """The points of each offer."""
    return {
        "keep": bench.points,
        "threshold": bench.points,
        "few": bench.few(rows, found),
        "refit": found.suggested,
    }
