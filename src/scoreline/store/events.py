"""Raw events of records: only ever added to; the first of an id counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
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


_Written = tuple[int, str, int, str]
"""Record, kind, moment and properties of an event, these as they are written."""
_Head = tuple[int, str, int]
_Members = frozenset[tuple[str, str]]
_FEW_KINDS = 100
"""Kinds up to which a database is asked for these alone."""
_AT_ONCE = 10_000
"""Stored events that are in memory at once while they are compared."""


def said_again(connection: Connection, new: NewEvents) -> int:
    """How many new events without an id say exactly what a stored one says, or one before them.

    Asked before they are added. Properties are compared as texts first: equal ones are mostly
    written alike. Memory is that of the new ones, however many are stored.
    """
    told = zip(new.records, new.events, new.moments, new.properties, new.ids, strict=True)
    counts = Counter(one[:4] for one in told if one[4] is None)
    if not counts:
        return 0
    known: set[_Written] = set()
    others = _Others(counts)
    for stored in _about(connection, counts):
        if stored in counts:
            known.add(stored)
        else:
            known.update(others.alike(stored))
    return sum(counts.values()) - len(counts) + len(known)


class _Others:
    """New events, to be found by what they say, however it is written."""

    def __init__(self, new: Collection[_Written]) -> None:
        self._new = new
        self._texts: dict[_Head, list[str]] = {}
        self._by_members: dict[_Head, dict[_Members, list[str]]] = {}

    def alike(self, stored: _Written) -> Iterator[_Written]:
        """Those that say what a stored one says."""
        if not self._texts:  # mostly nobody asks
            for record, event, at, text in self._new:
                self._texts.setdefault((record, event, at), []).append(text)
        record, event, at, told = stored
        head = (record, event, at)
        if head not in self._texts:
            return
        if head not in self._by_members:
            found: dict[_Members, list[str]] = {}
            for text in self._texts[head]:
                found.setdefault(_members(text), []).append(text)
            self._by_members[head] = found
        for text in self._by_members[head].get(_members(told), ()):
            yield record, event, at, text


def _members(properties: str) -> _Members:
    return frozenset(_decode(properties).items())


def _about(connection: Connection, new: Collection[_Written]) -> Iterator[_Written]:
    """Stored events of the records and kinds of new ones, from the first of their moments to the
    last; a few at a time.
    """
    kinds = {kind for _, kind, _, _ in new}
    asked = _between(tuple(sorted(kinds)) if len(kinds) <= _FEW_KINDS else ())
    moments = [at for _, _, at, _ in new]
    span = {"first": min(moments), "last": max(moments)}
    records = sorted({record for record, *_ in new})
    few = {"yield_per": _AT_ONCE}
    for piece in bulk.chunks(records):
        found = connection.execute(asked, {"ids": piece, **span}, execution_options=few)
        yield from ((record, event, at, told) for record, event, at, told in found)


@lru_cache(maxsize=100)
def _between(kinds: tuple[str, ...]) -> Select[Any]:
    """The events of records between two moments; of some kinds, if any are named."""
    c = events.c
    there = c.record.in_(bindparam("ids", expanding=True))
    then = c.at.between(bindparam("first"), bindparam("last"))
    asked = select(c.record, c.event, c.at, c.properties).where(there, then)
    return asked.where(c.event.in_(kinds)) if kinds else asked


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
