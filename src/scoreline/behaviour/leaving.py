"""When a score leaves its segment if nothing else happens: by ageing, windows and dates alone.

Two things change a score. What its terms read may jump at certain moments: where a window of a
feature loses an event, a date comes to a whole number of days from now, the day turns. These
moments are looked at in order, up to a century ahead. Between two of them only points of events
fade, each term one way, so that their sums at both ends bound all that lies between: a span whose
bounds lie in one segment is passed over, any other is halved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from scoreline.behaviour.bursts import without_bursts
from scoreline.behaviour.happened import Happened, without_repeats
from scoreline.behaviour.later import LaterPoints, LaterValue
from scoreline.behaviour.turns import DAY, FURTHEST, MICROSECOND, days_from, turns
from scoreline.engines.base import Result
from scoreline.language.tree import Ref, walk
from scoreline.scorecard.events import AT, Choice, Tally
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import NOTHING_COUNTED, Behaviour, Reason

Score = Callable[[Mapping[str, Any], dt.datetime, Behaviour], Result]
Points = tuple[int, ...]
"""Scaled points of each event term."""


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
    if not card.segments:
        return None
    as_of = as_of.astimezone(dt.UTC)
    past = without_repeats(events)
    kept, _ = without_bursts(card, past, as_of)
    return _Path(card, score, values, [one for one in kept if one.at <= as_of], as_of).leaving()


class _Path:
    """A record on its way through time."""

    def __init__(
        self,
        card: Scorecard,
        score: Score,
        values: Mapping[str, Any],
        events: Sequence[Happened],
        as_of: dt.datetime,
    ) -> None:
        self.card, self.score, self.values, self.as_of = card, score, values, as_of
        self.events = events
        self.layout = Layout(card)
        self.terms = [
            LaterPoints(tally, card.terms[place].clamp, events, as_of)
            for place, tally in card.tallies
        ]
        self.features = [LaterValue(feature, events, as_of) for feature in card.features]
        self.fades = any(not term.restless for term in self.terms)
        try:
            self.horizon = as_of + FURTHEST * DAY
        except OverflowError:
            self.horizon = dt.datetime.max.replace(tzinfo=dt.UTC)

    def leaving(self) -> Leaving | None:
        """The first moment at which the segment is another one."""
        at, result = self.as_of, self.result(self.as_of)
        now = result.segment
        for moment in self.jumps():
            if found := self.between(result.mask, at, moment - MICROSECOND):
                return found
            at, result = moment, self.result(moment)
            if result.segment != now:
                return Leaving(str(result.segment), moment)
        return self.between(result.mask, at, self.horizon)

    def result(self, moment: dt.datetime) -> Result:
        """What the record comes to at a moment."""
        lines = tuple(
            Reason(
                self.card.terms[place].name,
                "" if term.counts(moment) else NOTHING_COUNTED,
                term.at(moment),
            )
            for (place, _), term in zip(self.card.tallies, self.terms, strict=True)
        )
        features = {later.feature.name: later.at(moment) for later in self.features}
        return self.score(self.values, moment, Behaviour(lines, features))

    def points(self, moment: dt.datetime) -> Points:
        """The points of event terms at a moment."""
        return tuple(term.at(moment) for term in self.terms)

    # -- where points fade -----------------------------------------------------------------------

    def between(self, mask: int, start: dt.datetime, end: dt.datetime) -> Leaving | None:
        """The first moment after `start`, up to `end`, at which fading points leave the segment.

        mask: of the record at `start`, and up to `end`.
        """
        if not self.fades or end <= start:
            return None
        first, last = self.points(start), self.points(end)
        spans = [(start, first, end, last)]
        happened = [term.counts(start) for term in self.terms]
        unknown = self.layout.unknown(self.is_missing, happened)
        now = self.place(mask, first, unknown)
        while spans:
            start, first, end, last = spans.pop()
            low, high = (tuple(map(pick, first, last)) for pick in (min, max))
            if first == last or self.place(mask, low, unknown) == self.place(mask, high, unknown):
                continue
            if end - start <= MICROSECOND:
                if (place := self.place(mask, last, unknown)) != now:
                    return Leaving(self.card.segments[place].name, end)
                continue
            middle = start + (end - start) // 2
            half = self.points(middle)
            spans += [(middle, half, end, last), (start, first, middle, half)]
        return None

    def place(self, mask: int, points: Points, unknown: Sequence[bool]) -> int:
        """The place of the segment of a mask and points of event terms.

        unknown: the sides of a grid of which nothing is known.
        """
        totals = self.layout.totals(self.layout.sums(mask, points))
        return self.card.segment_place(*totals, unknown=unknown)

    def is_missing(self, field: str) -> bool:
        """Whether the record has no value of a field."""
        value = self.values.get(field)
        return value is None or value != value

    # -- where values jump -----------------------------------------------------------------------

    def jumps(self) -> Iterator[dt.datetime]:
        """The moments after `as_of` at which more may change than fading points, each once."""
        streams: list[Iterable[dt.datetime]] = []
        for term in self.terms:
            if term.restless:
                streams += self.of_restless(term.tally, term.spent())
        for feature in self.features:
            streams += self.of_restless(feature.feature) if feature.restless else []
            streams += [] if feature.restless else [self.of_feature(feature)]
        # What is known of a side of a grid changes when its last event no longer counts.
        streams += [[term.ends] for term in self.terms if term.ends is not None]
        streams += self.of_dates()
        last = self.as_of
        for moment in merge(*streams):
            if moment > self.horizon:
                return
            if moment > last:
                yield moment
                last = moment

    def of_restless(self, choice: Choice, spent: int = FURTHEST) -> Iterator[Iterable[dt.datetime]]:
        """When events may be chosen that were not, or be worth something else.

        spent: days after which an event is worth nothing.
        """
        for one in self.events:
            if one.event != choice.event.name:
                continue
            if choice.within is not None:
                yield [one.at + dt.timedelta(seconds=choice.within)]
            if choice.where is not None:
                moments = {AT.name: one.at, **one.properties}
                yield from turns(choice.where, [moments], self.as_of)
            if not isinstance(choice, Tally) or choice.ageing is not None:
                end = one.at + spent * DAY + MICROSECOND if spent < FURTHEST else None
                yield _until(days_from(one.at, self.as_of), end)

    def of_feature(self, later: LaterValue) -> Iterator[dt.datetime]:
        """When a feature has another value."""
        start, counts_days = self.as_of, later.feature.name in self.card.turning_days
        for value, end in later.pieces():
            if counts_days and isinstance(value, dt.datetime):
                turning = self.card.turning_days[later.feature.name]
                yield from _until(days_from(value, start, turning), end)
            if end is not None and end > start:
                yield end
                start = end

    def of_dates(self) -> Iterator[Iterable[dt.datetime]]:
        """When conditions that read the time may change."""
        terms = self.card.timed
        parts = (part for term in terms for part in walk(term.of))
        taken = {part.column for part in parts if isinstance(part, Ref)}
        values: list[Mapping[str, Any]] = [self.values]
        for later in self.features:
            name = later.feature.name
            if name in taken and later.restless:
                column = later.feature.of.column if later.feature.of else AT.name
                told = [{AT.name: one.at, **one.properties} for one in self.events]
                values += [{name: one.get(column)} for one in told]
            elif name in taken:
                values += [{name: value} for value, _ in later.pieces()]
        for term in terms:
            for node, edges in term.looks:
                yield from turns(node, values, self.as_of, edges)


def _until(moments: Iterable[dt.datetime], end: dt.datetime | None) -> Iterator[dt.datetime]:
    for moment in moments:
        if end is not None and moment >= end:
            return
        yield moment
