"""Raw events of records: only ever added to; the first of an id counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import Select, Text, bindparam, case, cast, func, literal, select

from scoreline.store import bulk
from scoreline.store.schema import events

if TYPE_CHECKING:
    from sqlalchemy import Connection

_encode = msgspec.json.encode


class StoredEvent(NamedTuple):
    """An event as it is kept: `properties` is JSON of raw texts by column."""

    id: int
    record: int
    event: str
    at: int
    properties: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way in."""

    record: int
    event: str
    at: int
    event_id: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of new events.

    events: those that are new, in their order; before: every event of these records that was known
    already has at most this number; repeats: how many were known by their id; differing: the ids
    under which something else is known.
    """

    events: list[NewEvent]
    before: int
    repeats: int
    differing: list[str]


def add(connection: Connection, new: Sequence[NewEvent], received_at: int) -> Added:
    """Keep the events that are not known by their id yet; the caller has locked their records."""
    before = int(connection.execute(select(func.coalesce(func.max(events.c.id), 0))).scalar_one())
    known = _by_event_id(connection, [one.event_id for one in new if one.event_id is not None])
    fresh: list[NewEvent] = []
    repeats, differing = 0, []
    for one in new:
        if one.event_id is not None and one.event_id in known:
            repeats += 1
            if known[one.event_id] != _text(one):
                differing.append(one.event_id)
            continue
        if one.event_id is not None:
            known[one.event_id] = _text(one)
        fresh.append(one)
    rows = [
        {
            "record": one.record,
            "event": one.event,
            "at": one.at,
            "event_id": one.event_id,
            "properties": _encode(dict(one.properties)).decode(),
            "received_at": received_at,
        }
        for one in fresh
    ]
    bulk.insert(connection, events, rows)
    return Added(fresh, before, repeats, differing)


def _text(one: NewEvent) -> tuple[int, str, int, str]:
    """What two events of one id are compared by."""
    return one.record, one.event, one.at, _encode(dict(sorted(one.properties.items()))).decode()


def _by_event_id(
    connection: Connection, ids: Sequence[str]
) -> dict[str, tuple[int, str, int, str]]:
    c = events.c
    found = {}
    for piece in bulk.chunks(sorted(set(ids))):
        asked = select(c.event_id, c.record, c.event, c.at, c.properties)
        for own, *rest, properties in connection.execute(asked.where(c.event_id.in_(piece))):
            text = _encode(dict(sorted(msgspec.json.decode(properties).items()))).decode()
            found[str(own)] = (*rest, text)
    return found


_OF_RECORDS = (
    select(*(events.c[name] for name in StoredEvent._fields))
    .where(events.c.record.in_(bindparam("ids", expanding=True)))
    .order_by(events.c.id)
)


def of_records(connection: Connection, ids: Sequence[int]) -> Iterator[StoredEvent]:
    """The events of records, those of one in the order in which they were recorded."""
    for piece in bulk.chunks(ids):
        yield from map(StoredEvent._make, connection.execute(_OF_RECORDS, {"ids": piece}).all())


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
    .where(events.c.record.in_(bindparam("ids", expanding=True)), events.c.at <= bindparam("now"))
    .group_by(events.c.record)
)


def latest(connection: Connection, ids: Sequence[int], now: int) -> dict[int, int]:
    """When the latest event of each record happened, up to a moment."""
    return {
        int(record): int(at)
        for piece in bulk.chunks(ids)
        for record, at in connection.execute(_LATEST, {"ids": piece, "now": now})
    }
