"""When a score leaves its segment if nothing else happens: by ageing, windows and dates alone.

A score can only change at certain moments: where an event grows a day older or falls out of its
window, and where a date or moment of the record comes to a whole number of days from now. These are
looked at in order, up to a century ahead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.engines.base import Result
from scoreline.language.tree import Node, Ref, reads_time, walk
from scoreline.scorecard.events import AT, Tally
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Behaviour

DAY = dt.timedelta(days=1)
FURTHEST = 36_525
"""Days ahead that are looked at: a century."""

Score = Callable[[Mapping[str, Any], dt.datetime, Behaviour], Result]


@dataclass(frozen=True, slots=True)
class Leaving:
    """The first moment at which the segment is another one, and the segment entered."""

    segment: str
    at: dt.datetime


def leaving(
    card: Scorecard,
    score: Score,
    values: Mapping[str, Any],
    events: Iterable[Happened],
    as_of: dt.datetime,
) -> Leaving | None:
    """When a typed record leaves the segment that it is in at `as_of`; None if it never does.

    score: the record engine's; events: those dated after `as_of` don't count.
    """
    past = [one for one in events if one.at <= as_of]

    def segment(moment: dt.datetime) -> str | None:
        return score(values, moment, behaviour_of(card, past, moment)).segment

    now = segment(as_of)
    if now is None:
        return None
    for moment in _changes(card, values, past, as_of):
        if (then := segment(moment)) not in (now, None):
            return Leaving(str(then), moment)
    return None


def _changes(
    card: Scorecard, values: Mapping[str, Any], events: Sequence[Happened], as_of: dt.datetime
) -> Iterator[dt.datetime]:
    """The moments after `as_of` at which a term may change, in order, each once."""
    streams: list[Iterable[dt.datetime]] = []
    for _, tally in card.tallies:
        for one in events:
            if one.event == tally.event.name:
                streams += _of_event(tally, one, as_of)
    for term in card.terms:
        streams += _of_dates(term.of, values, as_of)
    last = as_of
    for moment in merge(*streams):
        if moment > last:
            yield moment
            last = moment


def _of_event(tally: Tally, one: Happened, as_of: dt.datetime) -> Iterator[Iterable[dt.datetime]]:
    """When an event falls out of its window, and when it is worth something else."""
    end = None
    if tally.within is not None:
        end = one.at + dt.timedelta(seconds=tally.within)
        yield [end]
    if tally.where is not None and reads_time(tally.where):
        yield from _of_dates(tally.where, {**one.properties, AT.name: one.at}, as_of)
    if tally.ageing is not None:
        yield _worth_less(tally, one, as_of, end)


def _worth_less(
    tally: Tally, one: Happened, as_of: dt.datetime, end: dt.datetime | None
) -> Iterator[dt.datetime]:
    """Each day on which the points of an event are others than the day before."""
    ageing = tally.ageing
    age = (as_of - one.at) // DAY
    worth = tally.points if ageing is None else ageing.points(tally.points, age)
    while worth and ageing is not None and age < FURTHEST:
        age += 1
        if end is not None and one.at + age * DAY >= end:
            return
        less = ageing.points(tally.points, age)
        if less != worth:
            yield one.at + age * DAY
        worth = less


def _of_dates(
    node: Node, values: Mapping[str, Any], as_of: dt.datetime
) -> Iterator[Iterable[dt.datetime]]:
    """The moments at which a condition that reads the time may change, for each date it reads."""
    if not reads_time(node):
        return
    moments = {_moment(values.get(part.column)) for part in walk(node) if isinstance(part, Ref)}
    # Beside a date that stands in the card it is the day that turns, too.
    yield from (_days_from(moment, as_of) for moment in {*moments - {None}, _midnight(as_of)})
    yield sorted(m for m in moments if m is not None)
    yield sorted(m + dt.timedelta(microseconds=1) for m in moments if m is not None)


def _days_from(moment: dt.datetime | None, as_of: dt.datetime) -> Iterator[dt.datetime]:
    """Whole days from a moment, after `as_of`."""
    if moment is None:
        return
    first = moment + ((as_of - moment) // DAY + 1) * DAY
    for day in range(FURTHEST):
        try:
            yield first + day * DAY
        except OverflowError:
            return


def _moment(value: object) -> dt.datetime | None:
    """The moment of a date or time of a record."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return None


def _midnight(as_of: dt.datetime) -> dt.datetime:
    utc = as_of.astimezone(dt.UTC)
    return dt.datetime(utc.year, utc.month, utc.day, tzinfo=dt.UTC)
