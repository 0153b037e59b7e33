"""Raw events of records: only ever added to; the first of an id counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import Select, Text, bindparam, case, cast, func, literal, select

from scoreline.store import bulk, direct
from scoreline.store.direct import AMONG
from scoreline.store.schema import events

if TYPE_CHECKING:
    from sqlalchemy import Connection

_decode = msgspec.json.Decoder(dict[str, str]).decode
Told = tuple[int, str, int, dict[str, str]]
"""Record, kind, moment and properties of an event."""
_LAST = select(func.coalesce(func.max(events.c.id), 0))
_BY_EVENT_ID = select(
    events.c.event_id, events.c.record, events.c.event, events.c.at, events.c.properties
).where(events.c.event_id.in_(AMONG))


class StoredEvent(NamedTuple):
    """An event as it is kept: `properties` is JSON of raw texts by column."""

    id: int
    record: int
    event: str
    at: int
    properties: str


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Events on their way in, by column: `properties` is JSON of raw texts by column."""

    records: Sequence[int]
    events: Sequence[str]
    moments: Sequence[int]
    ids: Sequence[str | None]
    properties: Sequence[str]

    def at(self, places: Sequence[int]) -> NewEvents:
        """Those at some places."""
        if len(places) == len(self.ids):
            return self
        return NewEvents(
            [self.records[place] for place in places],
            [self.events[place] for place in places],
            [self.moments[place] for place in places],
            [self.ids[place] for place in places],
            [self.properties[place] for place in places],
        )

    def told(self, place: int) -> Told:
        """What two events of one id are compared by."""
        told = _decode(self.properties[place])
        return self.records[place], self.events[place], self.moments[place], told


@dataclass(frozen=True, slots=True)
class Added:
    """What became of new events.

    new: those that were not known, in their order; before: every event of these records that was
    known already has at most this number; repeats: how many were known by their id; differing: the
    ids under which something else is known.
    """

    new: NewEvents
    before: int
    repeats: int
    differing: list[str]


def add(connection: Connection, new: NewEvents, received_at: int) -> Added:
    """Keep the events that are not known by their id yet; the caller has locked their records."""
    [(before,)] = direct.run(connection, _LAST)
    known = _by_event_id(connection, [own for own in new.ids if own is not None])
    here: dict[str, int] = {}
    fresh: list[int] = []
    repeats, differing = 0, []
    for place, own in enumerate(new.ids):
        if own is None or (own not in known and own not in here):
            fresh.append(place)
            if own is not None:
                here[own] = place
            continue
        repeats += 1
        first = known[own] if own in known else new.told(here[own])
        if first != new.told(place):
            differing.append(own)
    kept = new.at(fresh)
    columns = {
        "record": kept.records,
        "event": kept.events,
        "at": kept.moments,
        "event_id": kept.ids,
        "properties": kept.properties,
        "received_at": [received_at] * len(fresh),
    }
    bulk.load(connection, events, columns)
    return Added(kept, before, repeats, differing)


_TOLD = select(events.c.record, events.c.event, events.c.at, events.c.properties).where(
    events.c.record.in_(AMONG), events.c.at.between(bindparam("first"), bindparam("last"))
)


def said_again(connection: Connection, new: NewEvents) -> int:
    """How many new events without an id say exactly what a stored one says, or one before them.

    Asked before they are added. Properties are compared as texts first: equal ones are mostly
    written alike.
    """
    told = zip(new.records, new.events, new.moments, new.properties, new.ids, strict=True)
    counts = Counter(one[:4] for one in told if one[4] is None)
    if not counts:
        return 0
    moments = [at for _, _, at, _ in counts]
    span = {"first": min(moments), "last": max(moments)}
    records = sorted({record for record, *_ in counts})
    stored = set(bulk.find(connection, _TOLD, records, span))
    known = stored & counts.keys()
    if stored > known:
        heads: dict[tuple[int, str, int], list[str]] = {}
        for record, event, at, properties in counts.keys() - known:
            heads.setdefault((record, event, at), []).append(properties)
        for record, event, at, properties in stored - known:
            for other in heads.get((record, event, at), ()):
                if _decode(other) == _decode(properties):
                    known.add((record, event, at, other))
    return sum(counts.values()) - len(counts) + len(known)


def _by_event_id(connection: Connection, ids: Sequence[str]) -> dict[str, Told]:
    rows = bulk.find(connection, _BY_EVENT_ID, sorted(set(ids)))
    return {
        own: (record, event, at, _decode(properties)) for own, record, event, at, properties in rows
    }


_OF_RECORDS = (
    select(*(events.c[name] for name in StoredEvent._fields))
    .where(events.c.record.in_(AMONG))
    .order_by(events.c.id)
)


def of_records(connection: Connection, ids: Sequence[int]) -> Iterator[StoredEvent]:
    """The events of records, those of one in the order in which they were recorded."""
    return map(StoredEvent._make, bulk.find(connection, _OF_RECORDS, ids))


def known_by(connection: Connection, ids: Sequence[int], moment: int) -> list[StoredEvent]:
    """The events of records that had arrived by a moment, in the order of recording."""
    there = events.c.record.in_(AMONG) & (events.c.received_at <= moment)
    asked = select(*(events.c[name] for name in StoredEvent._fields)).where(there)
    found = map(StoredEvent._make, bulk.find(connection, asked, ids))
    return sorted(found, key=lambda one: one.id)


class Bundle(NamedTuple):
    """The events of one record as four lists, each in one text with commas between: the numbers of
    the events, the places of their kinds among those asked for, their moments, their properties.

      A database makes such texts in half the time in which it hands over rows.
    """

    record: int
    ids: str
    kinds: str
    moments: str
    properties: str

    @property
    def size(self) -> int:
        """How many events it holds."""
        return self.ids.count(",") + 1


def bundles(
    connection: Connection, ids: Sequence[int], kinds: Sequence[str], *, properties: bool = True
) -> Iterator[Bundle]:
    """The events of some kinds of many records; no bundle where nothing happened.

    properties: whether they are wanted; blank where not.
    """
    asked = _bundled(tuple(kinds), properties)
    for piece in bulk.chunks(ids):
        yield from map(Bundle._make, connection.execute(asked, {"ids": piece}).all())


@cache
def _bundled(kinds: tuple[str, ...], properties: bool) -> Select[Any]:
    c = events.c
    place = case({kind: str(n) for n, kind in enumerate(kinds)}, value=c.event)
    texts: list[Any] = [
        func.aggregate_strings(x, ",") for x in (cast(c.id, Text), place, cast(c.at, Text))
    ]
    texts.append(
        func.aggregate_strings(c.properties, ",") if properties else literal("").label("p")
    )
    there = c.record.in_(bindparam("ids", expanding=True)) & c.event.in_(kinds)
    return select(c.record, *texts).where(there).group_by(c.record)


def since(connection: Connection, ids: Sequence[int], before: int) -> Iterator[tuple[int, int]]:
    """(number, record) of the events of records beyond a number, in the order of recording."""
    c = events.c
    for piece in bulk.chunks(ids):
        asked = select(c.id, c.record).where(c.record.in_(piece), c.id > before).order_by(c.id)
        yield from ((int(number), int(record)) for number, record in connection.execute(asked))


_LATEST = (
    select(events.c.record, func.max(events.c.at))
    .where(events.c.record.in_(AMONG), events.c.at <= bindparam("now"))
    .group_by(events.c.record)
)


def latest(connection: Connection, ids: Sequence[int], now: int) -> dict[int, int]:
    """When the latest event of each record happened, up to a moment."""
    return dict(bulk.find(connection, _LATEST, ids, {"now": now}))
