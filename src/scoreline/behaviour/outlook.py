"""The first moment at which a score must be looked at again if nothing happens.

A date that comes to a whole number of days and an event still to come are known to the microsecond.
What ages, and what falls out of a window, changes a little all the time; it matters when the sum of
it can carry the score over the end of its segment. That day is estimated from the points alone,
always too early rather than too late: clamps only make changes smaller, and the rounding of each
event is reckoned with.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp2
from typing import Any

from scoreline.behaviour.bursts import without_bursts
from scoreline.behaviour.features import featured
from scoreline.behaviour.happened import Happened, chosen_events, without_repeats
from scoreline.behaviour.tallies import counted_events
from scoreline.behaviour.turns import DAY, FURTHEST, days_from, turns
from scoreline.language.tree import Node, reads_time
from scoreline.scorecard.ageing import DAY as DAY_SECONDS
from scoreline.scorecard.ageing import HalfLife
from scoreline.scorecard.events import AT, Feature, Tally
from scoreline.scorecard.model import Clamp, Scorecard

Moments = list[dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Fading:
    """An event term whose points time takes away.

    points: the most that can go, scaled and without sign; events: when those happened that are
    worth something; ends: when each that counts falls out of the window, in order.
    """

    tally: Tally
    points: int
    events: Sequence[dt.datetime]
    ends: Sequence[dt.datetime]

    def lost(self, as_of: dt.datetime, days: int) -> float:
        """The most that it can lose within so many days."""
        share, each = losses(self.tally, days)
        until = later(as_of, days)
        ended = len(self.ends) if until is None else bisect_right(self.ends, until)
        lost = self.points * share + len(self.events) * each + ended * abs(self.tally.points)
        return min(float(self.points), lost)

    def step(self, after: dt.datetime) -> dt.datetime | None:
        """The first moment after another at which its points can change."""
        place = bisect_right(self.ends, after)
        found = list(self.ends[place : place + 1])
        if self.tally.ageing is not None:
            found += [at + ((after - at) // DAY + 1) * DAY for at in self.events]
        return min(found, default=None)


@lru_cache(maxsize=1_000)
def spent(tally: Tally) -> int | None:
    """The age in days at which an event is worth nothing; None if it never is."""
    ageing, points = tally.ageing, tally.points
    if ageing is None or ageing.points(points, FURTHEST):
        return None
    return bisect_left(range(FURTHEST), True, key=lambda days: not ageing.points(points, days))


def losses(tally: Tally, days: int) -> tuple[float, float]:
    """The share of its points and the points of each event that age can take within so many days.

    Each event is rounded by less than one unit.
    """
    ageing = tally.ageing
    if ageing is None:
        return 0.0, 0.0
    if isinstance(ageing, HalfLife):
        return 1 - exp2(-days * DAY_SECONDS / ageing.seconds), 1.0
    a_day = abs(tally.points) * float(ageing.share) * DAY_SECONDS / ageing.seconds
    return 0.0, a_day * days + 1


def next_change(
    card: Scorecard,
    score: int,
    values: Mapping[str, Any],
    events: Iterable[Happened],
    as_of: dt.datetime,
) -> dt.datetime | None:
    """When the segment or the bin of a term that reads the time can change first; None: never.

    score: scaled, at `as_of`. events: all that are known, also those still to come.
    """
    known = without_repeats(events) if card.counts_events else []
    kinds = {choice.event.name for choice in card.choices}
    found: Moments = [one.at for one in known if one.at > as_of and one.event in kinds]
    kept, _ = without_bursts(card, known, as_of)
    if card.features:
        values = {**values, **featured(card.features, kept, as_of)}
        for feature in card.features:
            found += _feature_turns(card, feature, kept, as_of)
    found += date_turns(card, values, as_of)
    fading: list[Fading] = []
    for place, tally in card.tallies:
        counted = counted_events(tally, kept, as_of)
        found += _condition_turns(tally, kept, as_of)
        if counted and fades(tally):
            one = _fading(tally, card.terms[place].clamp, counted, as_of)
            fading.append(one)
            # What is known of a side of a grid ends with the last event that counts.
            found += one.ends[-1:] if card.parts else []
    days = quiet_days(card, score, fading, as_of)
    if days is not None:
        quiet = later(as_of, days) or as_of
        found += [one.step(quiet) for one in fading]
    return min((moment for moment in found if moment is not None), default=None)


def fades(tally: Tally) -> bool:
    """Whether time takes away points of an event term."""
    return tally.ageing is not None or tally.within is not None


def most_to_lose(points: int, clamp: Clamp) -> int:
    """What time can take of a sum of points, without sign: a clamp holds back what is beyond it."""
    held = clamp.apply(points)
    same_way = 0 <= held <= points or points <= held <= 0
    return abs(held) if same_way else abs(points)


def _fading(tally: Tally, clamp: Clamp, counted: Sequence[Happened], as_of: dt.datetime) -> Fading:
    ageing = tally.ageing
    worth = [
        tally.points if ageing is None else ageing.points(tally.points, (as_of - one.at) // DAY)
        for one in counted
    ]
    ends: list[dt.datetime] = []
    if tally.within is not None:
        window = dt.timedelta(seconds=tally.within)
        ends = sorted(one.at + window for one in counted)
    events = [one.at for one, points in zip(counted, worth, strict=True) if points]
    return Fading(tally, most_to_lose(sum(worth), clamp), events, ends)


def _condition_turns(
    tally: Tally | Feature, kept: Sequence[Happened], as_of: dt.datetime
) -> Moments:
    """When other events may be chosen by a condition that reads the time."""
    if tally.where is None or not reads_time(tally.where):
        return []
    own = (one for one in kept if one.event == tally.event.name and one.at <= as_of)
    return [first_turn(tally.where, {**one.properties, AT.name: one.at}, as_of) for one in own]


def _feature_turns(
    card: Scorecard, feature: Feature, kept: Sequence[Happened], as_of: dt.datetime
) -> Moments:
    """When a feature may have another value that makes a difference."""
    chosen = chosen_events(feature, kept, as_of)
    found = _condition_turns(feature, kept, as_of)
    if feature.within is not None:
        found += [one.at + dt.timedelta(seconds=feature.within) for one in chosen]
    if chosen and feature.name in card.turning_days:
        moments = [one.at for one in chosen]
        since = min(moments) if feature.take == "days since first" else max(moments)
        found.append(next(days_from(since, as_of, card.turning_days[feature.name]), None))
    return found


def quiet_days(
    card: Scorecard, score: int, fading: Sequence[Fading], as_of: dt.datetime
) -> int | None:
    """For how many whole days fading points can't carry a score over an end of its segment.

    None: they never can. score: scaled. The score of a grid does not say where its sides are, so
    that for one every step of its points is looked at.
    """
    if card.parts:
        return 0 if fading else None
    down, up = margins(card, score)

    def can_leave(days: int) -> bool:
        falls = rises = 0.0
        for one in fading:
            if one.tally.points > 0:
                falls += one.lost(as_of, days)
            else:
                rises += one.lost(as_of, days)
        return (down is not None and falls > down) or (up is not None and rises >= up)

    if not fading or not can_leave(FURTHEST):
        return None
    quiet, reached = 0, 1
    while not can_leave(reached):
        quiet, reached = reached, reached * 2
    while reached - quiet > 1:
        middle = (quiet + reached) // 2
        quiet, reached = (quiet, middle) if can_leave(middle) else (middle, reached)
    return quiet


def margins(card: Scorecard, score: int) -> tuple[int | None, int | None]:
    """How far a scaled score lies above the lower end of its segment, and below the next one."""
    cuts, _ = card.sides[0].steps
    place = bisect_right(cuts, score)
    down = score - cuts[place - 1] if place else None
    up = cuts[place] - score if place < len(cuts) else None
    return down, up


def date_turns(card: Scorecard, values: Mapping[str, Any], as_of: dt.datetime) -> Moments:
    """When terms that read the time can fall into another bin first, each of them."""
    looks = [look for term in card.timed for look in term.looks]
    return [first_turn(node, values, as_of, edges) for node, edges in looks]


def first_turn(
    node: Node, values: Mapping[str, Any], as_of: dt.datetime, edges: Iterable[object] = ()
) -> dt.datetime | None:
    """The first moment at which an expression that reads the time can change; None: never."""
    ahead = (
        next((moment for moment in stream if moment > as_of), None)
        for stream in turns(node, [values], as_of, edges)
    )
    return min((moment for moment in ahead if moment is not None), default=None)


def later(as_of: dt.datetime, days: int) -> dt.datetime | None:
    """So many days later; None beyond the calendar."""
    try:
        return as_of + days * DAY
    except OverflowError:
        return None
