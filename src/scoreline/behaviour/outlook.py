"""The first moment at which a score must be looked at again if nothing happens.

A window that an event falls out of, a date that comes to a whole number of days and an event still
to come are known to the microsecond. What ages changes a little every day; it matters when the sum
of it can carry the score over the end of its segment. That day is estimated from the points alone,
always too early rather than too late: clamps only make changes smaller, and the rounding of each
event is reckoned with.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp2
from typing import Any

from scoreline.behaviour.bursts import without_bursts
from scoreline.behaviour.features import featured
from scoreline.behaviour.happened import Happened, chosen_events, without_repeats
from scoreline.behaviour.tallies import counted_events
from scoreline.language.tree import Node, Ref, reads_time, walk
from scoreline.scorecard.ageing import DAY as DAY_SECONDS
from scoreline.scorecard.ageing import HalfLife
from scoreline.scorecard.events import AT, Choice, Feature, Tally
from scoreline.scorecard.model import Scorecard

DAY = dt.timedelta(days=1)
FURTHEST = 36_525
"""Days ahead that are looked at: a century."""
_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Aged:
    """What an ageing term comes to: scaled points after its clamp, from so many events."""

    tally: Tally
    points: int
    events: int


def next_change(
    card: Scorecard,
    score: int,
    values: Mapping[str, Any],
    events: Iterable[Happened],
    as_of: dt.datetime,
) -> dt.datetime | None:
    """When the segment or a bin of a typed record can change first; None if nothing can.

    score: scaled, at `as_of`. events: all that are known, also those still to come.
    """
    known = without_repeats(events) if card.counts_events else []
    kinds = {choice.event.name for choice in card.choices}
    found: list[dt.datetime | None]
    found = [one.at for one in known if one.at > as_of and one.event in kinds]
    kept, _ = without_bursts(card, known, as_of)
    if card.features:
        values = {**values, **featured(card.features, kept, as_of)}
        for feature in card.features:
            found += _feature_turns(feature, kept, as_of)
    found += [date_turn(term.of, values, as_of) for term in card.terms]
    aged: list[Aged] = []
    ageing: list[tuple[Tally, Happened]] = []
    for place, tally in card.tallies:
        counted = counted_events(tally, kept, as_of)
        found += _choice_turns(tally, counted, kept, as_of)
        if tally.ageing is not None and counted:
            points = sum(tally.ageing.points(tally.points, (as_of - e.at) // DAY) for e in counted)
            aged.append(Aged(tally, card.terms[place].clamp.apply(points), len(counted)))
            ageing += [(tally, one) for one in counted]
    days = quiet_days(card, score, aged)
    if days:
        found.append(_later(as_of, days))
    elif days == 0:
        found += [worth_less(tally, one, as_of) for tally, one in ageing]
    return min((moment for moment in found if moment is not None), default=None)


def _choice_turns(
    choice: Choice, chosen: Sequence[Happened], kept: Sequence[Happened], as_of: dt.datetime
) -> list[dt.datetime | None]:
    """When an event falls out of a window, and when others may be chosen."""
    found: list[dt.datetime | None] = []
    if choice.within is not None:
        found += [one.at + dt.timedelta(seconds=choice.within) for one in chosen]
    if choice.where is not None and reads_time(choice.where):
        own = (one for one in kept if one.event == choice.event.name and one.at <= as_of)
        read = [{**one.properties, AT.name: one.at} for one in own]
        found += [date_turn(choice.where, values, as_of) for values in read]
    return found


def _feature_turns(
    feature: Feature, kept: Sequence[Happened], as_of: dt.datetime
) -> list[dt.datetime | None]:
    """When a feature may have another value."""
    chosen = chosen_events(feature, kept, as_of)
    found = _choice_turns(feature, chosen, kept, as_of)
    if chosen and feature.take.startswith("days"):
        moments = [one.at for one in chosen]
        since = min(moments) if feature.take == "days since first" else max(moments)
        found.append(since + ((as_of - since) // DAY + 1) * DAY)
    return found


def quiet_days(card: Scorecard, score: int, aged: Sequence[Aged]) -> int | None:
    """For how many whole days ageing alone can't carry a score over an end of its segment.

    None: it never can. score: scaled. The score of a grid does not say where its sides are, so that
    for one every day on which points age is looked at.
    """
    if card.parts:
        return 0 if aged else None
    cuts, _ = card.sides[0].steps
    place = bisect_right(cuts, score)
    down = score - cuts[place - 1] if place else None
    up = cuts[place] - score if place < len(cuts) else None

    def can_leave(days: int) -> bool:
        falls = rises = 0.0
        for one in aged:
            change = _most_lost(one, days)
            if one.points > 0:
                falls += change
            else:
                rises += change
        return (down is not None and falls > down) or (up is not None and rises >= up)

    if not aged or not can_leave(FURTHEST):
        return None
    quiet, reached = 0, 1
    while not can_leave(reached):
        quiet, reached = reached, reached * 2
    while reached - quiet > 1:
        middle = (quiet + reached) // 2
        quiet, reached = (quiet, middle) if can_leave(middle) else (middle, reached)
    return quiet


def _most_lost(one: Aged, days: int) -> float:
    """The most that the points of a term can lose, towards 0, in so many days.

    A clamp loses no more than what is under it; each event is rounded by less than one unit.
    """
    ageing, points = one.tally.ageing, abs(one.points)
    if ageing is None or not points:
        return 0.0
    if isinstance(ageing, HalfLife):
        lost = points * (1 - exp2(-days * DAY_SECONDS / ageing.seconds))
    else:
        a_day = abs(one.tally.points) * float(ageing.share) * DAY_SECONDS / ageing.seconds
        lost = one.events * a_day * days
    return min(float(points), lost + one.events)


def worth_less(tally: Tally, one: Happened, as_of: dt.datetime) -> dt.datetime | None:
    """The first moment at which an event that counts is worth something else by its age."""
    ageing = tally.ageing
    if ageing is None:
        return None
    age = (as_of - one.at) // DAY
    worth = ageing.points(tally.points, age)
    if not worth:
        return None
    while age < FURTHEST:
        age += 1
        if ageing.points(tally.points, age) != worth:
            return one.at + age * DAY
    return None


def date_turn(node: Node, values: Mapping[str, Any], as_of: dt.datetime) -> dt.datetime | None:
    """The first moment at which a condition that reads the time can change; None if it can't."""
    if not reads_time(node):
        return None
    read = (values.get(part.column) for part in walk(node) if isinstance(part, Ref))
    moments = [moment for value in read if (moment := _moment(value)) is not None]
    # Beside a date that stands in the card it is the day that turns, too.
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    turns = [moment + ((as_of - moment) // DAY + 1) * DAY for moment in (*moments, midnight)]
    turns += [later for m in moments for later in (m, m + _INSTANT) if later > as_of]
    return min(turns)


def _later(as_of: dt.datetime, days: int) -> dt.datetime | None:
    try:
        return as_of + days * DAY
    except OverflowError:
        return None


def _moment(value: object) -> dt.datetime | None:
    """The moment of a date or time of a record."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return None
