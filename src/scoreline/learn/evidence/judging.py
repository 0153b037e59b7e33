"""What is said of each criterion of a hand-made card, once its points were weighed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from scoreline.learn.evidence.cases import Cases
from scoreline.learn.evidence.weighing import Weighed
from scoreline.learn.rates import Z90

Floats = npt.NDArray[np.float64]
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
    alike, measures = _alike(cases), cases.measures(points)
    found = [_judged(cases, points, weighed, one, alike[one], step) for one in range(len(points))]
    return [
        replace(said, verdict="the measure", needed=None) if one in measures else said
        for one, said in enumerate(found)
    ]


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

    near = max(abs(own) / 2, step)
    if count < FEWEST or other_hits + other_rest < FEWEST or like:
        return said("cannot be judged")
    low, high = float(weighed.low[one]), float(weighed.high[one])
    if own and wrong > SURE and marginal * own < 0:
        return said("contradicted")
    if error > UNMOVED * weighed.freedom:
        return said("no evidence yet", _needed(cases, met, weighed, near))
    middle = (low + high) / 2
    if not low <= own <= high and abs(middle - own) > step / 2:
        along = math.copysign(1.0, own) if own else math.copysign(1.0, middle)
        return said("too big" if along * own > along * middle else "too small")
    if (own and wrong < 1 - SURE) or (low >= own - near and high <= own + near):
        return said("confirmed")
    return said("no evidence yet", _needed(cases, met, weighed, near))


def _needed(cases: Cases, met: npt.NDArray[np.bool_], weighed: Weighed, near: float) -> int:
    """Records that must meet a criterion for its points to be known to so many, less those that do:
    the error of a log-odds is that of the two rates that it compares.
    """
    weight = cases.weight
    share = float(weight[met].sum() / weight.sum())
    rate = float(cases.events.sum() / weight.sum())
    wanted = (Z90 / (near * weighed.unit)) ** 2 / (rate * (1 - rate) * (1 - share))
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
