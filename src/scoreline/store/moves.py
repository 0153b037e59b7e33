"""Moves from one segment to another, and the outbox of messages about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from scoreline.store import bulk, direct
from scoreline.store.direct import AMONG
from scoreline.store.schema import deliveries, moves, records

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

WAITING, SENT, CANCELLED, DEAD = "waiting", "sent", "cancelled", "dead"
"""States of a delivery."""
FEW = 8
"""Moves that are added one by one: one statement for many is put together anew each time."""


@dataclass(frozen=True, slots=True)
class NewMove:
    """A move on its way in; handed: what became of it."""

    card: str
    record: int
    old: str | None
    new: str | None
    at: int
    version: int
    line: str
    cause: str
    handed: str


@dataclass(frozen=True, slots=True)
class StoredMove:
    """A move as it is kept, with the key of its record."""

    id: int
    key: str
    card: str
    record: int
    old: str | None
    new: str | None
    at: int
    version: int
    line: str
    cause: str
    handed: str


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to be sent.

    key: the same for every attempt, for ever; stays_until: the end of the minimum stay that it
    waits for, None if it waits for none.
    """

    move: int
    handler: str
    rule: str
    key: str
    body: str
    due: int
    stays_until: int | None


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """A message of the outbox."""

    id: int
    move: int
    handler: str
    key: str
    body: str
    state: str
    due: int
    attempts: int
    error: str


_MOVE = [
    records.c.key if name == "key" else moves.c[name] for name in StoredMove.__dataclass_fields__
]
_DELIVERY = [deliveries.c[name] for name in StoredDelivery.__dataclass_fields__]


_ADDED = insert(moves).returning(moves.c.id, sort_by_parameter_order=True)


def add(connection: Connection, new: Sequence[NewMove]) -> None:
    """Keep moves."""
    bulk.insert(connection, moves, [bulk.row_of(one) for one in new])


def add_numbered(connection: Connection, new: Sequence[NewMove]) -> list[int]:
    """Keep moves; their numbers, in their order."""
    rows = [bulk.row_of(one) for one in new]
    if len(rows) <= FEW:
        return [direct.run(connection, _ADDED, row)[0][0] for row in rows]
    return [int(number) for number in connection.execute(_ADDED, rows).scalars()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which moves are asked for; None asks for all."""

    card: str | None = None
    record: int | None = None
    old: str | None = None
    new: str | None = None
    since: int | None = None
    until: int | None = None


def _tests(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = moves.c
    equal = {c.card: wanted.card, c.record: wanted.record, c.old: wanted.old, c.new: wanted.new}
    tests = [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        tests.append(c.at >= wanted.since)
    if wanted.until is not None:
        tests.append(c.at <= wanted.until)
    return tests


def find(connection: Connection, wanted: Wanted, most: int | None = None) -> list[StoredMove]:
    """Moves, the oldest first; those of one moment in the order in which they were kept."""
    asked = select(*_MOVE).join(records, records.c.id == moves.c.record)
    asked = asked.order_by(moves.c.at, moves.c.id).limit(most)
    return [StoredMove(*row) for row in connection.execute(asked.where(*_tests(wanted)))]


def count(connection: Connection, wanted: Wanted) -> int:
    """How many moves there are."""
    asked = select(func.count()).select_from(moves).where(*_tests(wanted))
    return int(connection.execute(asked).scalar_one())


def undelivered(
    connection: Connection, state: str, wanted: Wanted
) -> list[tuple[StoredMove, StoredDelivery]]:
    """The messages that wait, or that nobody took, each with its move, the oldest first."""
    asked = (
        select(*_MOVE, *_DELIVERY)
        .join_from(moves, deliveries, deliveries.c.move == moves.c.id)
        .join(records, records.c.id == moves.c.record)
        .where(deliveries.c.state == state, *_tests(wanted))
        .order_by(deliveries.c.id)
    )
    ends = len(_MOVE)
    return [
        (StoredMove(*row[:ends]), StoredDelivery(*row[ends:]))
        for row in connection.execute(asked).all()
    ]


def queue(connection: Connection, new: Sequence[NewDelivery]) -> None:
    """Put messages into the outbox."""
    rows = [{**bulk.row_of(one), "state": WAITING, "attempts": 0, "error": ""} for one in new]
    bulk.insert(connection, deliveries, rows)


_LAST_HANDED = (
    select(moves.c.record, func.max(moves.c.at))
    .join(deliveries, deliveries.c.move == moves.c.id)
    .where(moves.c.record.in_(AMONG), moves.c.card == bindparam("of"))
    .where(deliveries.c.handler == bindparam("to"), deliveries.c.rule == bindparam("about"))
    .where(deliveries.c.state.in_([WAITING, SENT]))
    .group_by(moves.c.record)
)
# A state that is joined to nothing is found by no index: SQLite would go through all that waits.
_HELD = (
    select(deliveries.c.id, moves.c.record, deliveries.c.stays_until)
    .join_from(moves, deliveries, deliveries.c.move == moves.c.id)
    .where(moves.c.record.in_(AMONG), moves.c.card == bindparam("of"))
    .where(deliveries.c.state + "" == WAITING, deliveries.c.attempts == 0)
    .where(deliveries.c.stays_until.is_not(None))
)
_OF_RECORD = deliveries.c.move.in_(select(moves.c.id).where(moves.c.record == bindparam("who")))
LEFT_EARLY = "left again before its minimum stay was over"
MERGED = "merged into another record before its minimum stay was over"
"""Why a message that waited was cancelled."""


def last_handed(
    connection: Connection, card: str, handler: str, rule: str, ids: Sequence[int]
) -> dict[int, int]:
    """When records last were handed over to somebody under a rule, by record.

    What was cancelled before it went, and what nobody took, does not count.
    """
    asked = {"of": card, "to": handler, "about": rule}
    return dict(bulk.find(connection, _LAST_HANDED, ids, asked))


def held(connection: Connection, card: str, ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """What waits for the end of a minimum stay of records: its number, the record, that moment."""
    return [tuple(row) for row in bulk.find(connection, _HELD, ids, {"of": card})]


def cancel(connection: Connection, ids: Sequence[int], why: str) -> None:
    """Messages, by their numbers, are not sent any more."""
    for piece in bulk.chunks(ids):
        waiting = deliveries.c.id.in_(piece) & (deliveries.c.state == WAITING)
        connection.execute(update(deliveries).where(waiting).values(state=CANCELLED, error=why))


def set_aside(connection: Connection, record: int, now: int) -> None:
    """What still waits for a minimum stay of a record is not sent while it is merged."""
    waiting = (deliveries.c.state == WAITING) & (deliveries.c.attempts == 0)
    early = update(deliveries).where(_OF_RECORD, waiting, deliveries.c.stays_until > now)
    connection.execute(early.values(state=CANCELLED, error=MERGED), {"who": record})


def take_up(connection: Connection, record: int) -> None:
    """What was set aside waits again."""
    aside = (deliveries.c.state == CANCELLED) & (deliveries.c.error == MERGED)
    again = update(deliveries).where(_OF_RECORD, aside)
    connection.execute(again.values(state=WAITING, error=""), {"who": record})


def next_due(
    connection: Connection, now: int, silent: Collection[str] = (), *, hold: bool = False
) -> StoredDelivery | None:
    """The message that has been due for longest.

    silent: handlers that are left alone; hold: nobody else gets it before our transaction ends.
    """
    asked = (
        select(*_DELIVERY)
        .where(deliveries.c.state == WAITING, deliveries.c.due <= now)
        .where(deliveries.c.handler.not_in(silent))
        .order_by(deliveries.c.due, deliveries.c.id)
        .limit(1)
    )
    found = connection.execute(asked.with_for_update(skip_locked=True) if hold else asked).first()
    return None if found is None else StoredDelivery(*found)


def count_due(connection: Connection, now: int) -> dict[str, int]:
    """How many messages are due, by handler."""
    asked = (
        select(deliveries.c.handler, func.count())
        .where(deliveries.c.state == WAITING, deliveries.c.due <= now)
        .group_by(deliveries.c.handler)
        .order_by(deliveries.c.handler)
    )
    return {handler: int(n) for handler, n in connection.execute(asked)}


def settle(connection: Connection, delivery: int, state: str, due: int, error: str) -> None:
    """What an attempt came to."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery, deliveries.c.state == WAITING)
        .values(
            state=state,
            due=due,
            error=error,
            attempts=deliveries.c.attempts + 1,
        )
    )


def of_moves(connection: Connection, ids: Sequence[int]) -> dict[int, list[StoredDelivery]]:
    """The messages about each of some moves."""
    found: dict[int, list[StoredDelivery]] = {}
    for piece in bulk.chunks(ids):
        asked = select(*_DELIVERY).where(deliveries.c.move.in_(piece))
        for row in connection.execute(asked.order_by(deliveries.c.id)):
            found.setdefault(row.move, []).append(StoredDelivery(*row))
    return found


def again(connection: Connection, ids: Sequence[int], now: int) -> None:
    """Dead letters, by their numbers, wait again with all their attempts before them."""
    for piece in bulk.chunks(ids):
        revived = update(deliveries).where(deliveries.c.id.in_(piece), deliveries.c.state == DEAD)
        connection.execute(revived.values(state=WAITING, due=now, attempts=0))


def at_once(connection: Connection, ids: Sequence[int], now: int) -> None:
    """Messages that wait, by their numbers, are due now; the tries before them are as they were."""
    for piece in bulk.chunks(ids):
        due = update(deliveries).where(deliveries.c.id.in_(piece), deliveries.c.state == WAITING)
        connection.execute(due.values(due=now))
