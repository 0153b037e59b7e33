"""What the events of a record come to at later moments, if nothing else happens.

The events are looked at once; every later moment is answered from what was learnt then. Where the
condition of a term or feature reads the time, its events are chosen anew at each moment.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from scoreline.behaviour.features import feature_value, known_values, sums_from
from scoreline.behaviour.happened import Happened, chosen_events
from scoreline.behaviour.tallies import aged, counted_events
from scoreline.behaviour.worth import Worth
from scoreline.language.tree import Scalar, reads_time
from scoreline.scorecard.ageing import DAY, LONGEST
from scoreline.scorecard.events import Choice, Feature, Tally
from scoreline.scorecard.model import Clamp

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
SECOND = 1_000_000
OLDEST = 3 * LONGEST // DAY
"""Days beyond which no event grows older, as far as anybody looks ahead."""


def ticks(moment: dt.datetime) -> int:
    """A moment in whole microseconds, which compare and subtract fast.

    >>> ticks(dt.datetime(1970, 1, 2, tzinfo=dt.UTC))
    86400000000
    """
    return (moment - EPOCH) // MICROSECOND


def is_restless(choice: Choice) -> bool:
    """Whether the same events may be chosen at one moment, not at the next, and then again."""
    return choice.where is not None and reads_time(choice.where)


class LaterPoints:
    """The scaled points of an event term at moments from `as_of` on, after its own clamp.

    Unless it is restless, time only takes events and points away: from one moment to a later one
    the points move one way.
    """

    def __init__(
        self, tally: Tally, clamp: Clamp, events: Sequence[Happened], as_of: dt.datetime
    ) -> None:
        self.tally, self.clamp, self.events = tally, clamp, events
        self.restless = is_restless(tally)
        if not self.restless:
            moments = sorted(ticks(one.at) for one in counted_events(tally, events, as_of))
            self._at = np.array(moments, dtype=np.int64)
            days = self.spent() if moments else 0
            self._oldest = days
            self._worth = None if tally.ageing is None else Worth(tally.ageing, tally.points)
            ends = [] if tally.within is None else [tally.within * SECOND]
            ends += [] if days == OLDEST else [days * DAY * SECOND]
            self._lasts = min(ends, default=None)

    def at(self, moment: dt.datetime) -> int:
        """The points at a moment."""
        if self.restless:
            chosen = counted_events(self.tally, self.events, moment)
            return self.clamp.apply(sum(aged(self.tally, one, moment) for one in chosen))
        return self.clamp.apply(self._sum(ticks(moment)))

    def counts(self, moment: dt.datetime) -> bool:
        """Whether any event counts at a moment, be it worth nothing."""
        if self.restless:
            return bool(counted_events(self.tally, self.events, moment))
        return bool(len(self._at)) and (self.ends is None or moment < self.ends)

    @property
    def ends(self) -> dt.datetime | None:
        """When the last event falls out of the window; None if none ever does."""
        if self.restless or self.tally.within is None or not len(self._at):
            return None
        return EPOCH + (int(self._at[-1]) + self.tally.within * SECOND) * MICROSECOND

    def _sum(self, now: int) -> int:
        left = self._at
        if self._lasts is not None:
            left = left[np.searchsorted(left, now - self._lasts, side="right") :]
        if self._worth is None or not len(left):
            return len(left) * self.tally.points
        ages = np.minimum((now - left) // (DAY * SECOND), self._oldest)
        return int(self._worth.of(ages).sum())

    def spent(self) -> int:
        """The days after which an event is worth nothing, and stays so; OLDEST if it never is."""
        ageing, points = self.tally.ageing, self.tally.points
        if ageing is None or ageing.points(points, OLDEST):
            return OLDEST
        return bisect_right(range(OLDEST), False, key=lambda days: not ageing.points(points, days))


class LaterValue:
    """The value of a feature at moments from `as_of` on.

    Unless it is restless, its window only loses events, the oldest first; moments: of the events
    chosen at `as_of`, ascending.
    """

    def __init__(self, feature: Feature, events: Sequence[Happened], as_of: dt.datetime) -> None:
        self.feature, self.events = feature, events
        self.restless = is_restless(feature)
        self.moments: list[dt.datetime] = []
        if not self.restless:
            chosen = sorted(chosen_events(feature, events, as_of), key=lambda one: one.at)
            self.moments = [one.at for one in chosen]
            self._from = _from_each(feature, chosen)

    def at(self, moment: dt.datetime) -> Scalar | None:
        """The value at a moment."""
        if self.restless:
            chosen = chosen_events(self.feature, self.events, moment)
            return feature_value(self.feature, chosen, moment)
        value = self._from[self.first(moment)]
        if isinstance(value, dt.datetime) and self.feature.take.startswith("days"):
            return float((moment - value).days)
        return value

    def first(self, moment: dt.datetime) -> int:
        """The place of the first event that its window still holds."""
        if self.feature.within is None:
            return 0
        return bisect_right(self.moments, moment - dt.timedelta(seconds=self.feature.within))

    def pieces(self) -> list[tuple[Scalar | None, dt.datetime | None]]:
        """Each value in turn, and when the next one takes its place; None is never.

        For days since an event the value is the moment of that event.
        """
        if self.feature.within is None:
            return [(self._from[0], None)]
        window = dt.timedelta(seconds=self.feature.within)
        ends: list[dt.datetime | None] = [moment + window for moment in self.moments]
        return list(zip(self._from, [*ends, None], strict=True))


def _from_each(feature: Feature, chosen: Sequence[Happened]) -> list[Scalar | None]:
    """The value of the events from each place on, and of none; chosen: by their moments."""
    take, moments = feature.take, [one.at for one in chosen]
    if take == "count":
        return [float(number) for number in range(len(chosen), -1, -1)]
    if take == "days since first":
        return [*moments, None]
    if take == "days since last":
        return [*[moments[-1]] * len(moments), None] if moments else [None]
    known = known_values(feature, chosen)
    if take == "sum":
        return [*sums_from(known)]
    found: list[Scalar | None] = [feature.of_nothing]
    seen: set[Scalar] = set()
    for value in reversed(known):
        before = found[-1]
        if value is not None and take == "distinct":
            seen.add(value)
            before = float(len(seen))
        elif value is not None and (take == "first" or before is None):
            before = value
        found.append(before)
    return found[::-1]
