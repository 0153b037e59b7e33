"""The outbox emptied: each message at least once, under one id, however often we are killed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import Handler
from scoreline.lifecycle.handlers.message import Message
from scoreline.lifecycle.handlers.retries import next_try
from scoreline.lifecycle.workspace import Workspace
from scoreline.store import moves
from scoreline.store.moments import stored
from scoreline.store.moves import DEAD, SENT, WAITING, StoredDelivery

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages went out, failed for now, and failed for good.

    why: what went wrong last, by handler.
    """

    sent: int = 0
    later: int = 0
    dead: int = 0
    why: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.sent + other.sent,
            self.later + other.later,
            self.dead + other.dead,
            {**self.why, **other.why},
        )


def deliver_due(workspace: Workspace, until: dt.datetime) -> Delivered | None:
    """Send everything that is due by a moment, the oldest first; None if another worker is at it.

    A worker that is killed leaves nothing behind: what it had not settled is due still. A receiver
    that does not answer gets no more of this round, so that it holds up nobody else's messages.
    """
    with workspace.database.sole_worker() as alone:
        if not alone:
            return None
        done, silent = Delivered(), set[str]()
        while (step := _step(workspace, until, silent)) is not None:
            delivery, attempt = step
            done += attempt.done(delivery.handler)
            if attempt.state == WAITING:
                silent.add(delivery.handler)
        return done


def _step(
    workspace: Workspace, until: dt.datetime, silent: Collection[str]
) -> tuple[StoredDelivery, _Attempt] | None:
    """One message and what sending it came to; None if none is due.

    PostgreSQL holds its row for us while we send it: a transaction that fails after that is done
    again, and sends it once more under the same id. SQLite would keep all writers waiting: there
    the worker is alone.
    """
    database, due = workspace.database, stored(until)

    def held(connection: Connection) -> tuple[StoredDelivery, _Attempt] | None:
        delivery = moves.next_due(connection, due, silent, hold=True)
        if delivery is None:
            return None
        attempt = _attempt(workspace, delivery, until)
        attempt.settle(connection, delivery)
        return delivery, attempt

    if not database.is_sqlite:
        return database.write(held)
    with database.reading() as connection:
        delivery = moves.next_due(connection, due, silent)
    if delivery is None:
        return None
    attempt = _attempt(workspace, delivery, until)
    database.write(lambda connection: attempt.settle(connection, delivery))
    return delivery, attempt


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What sending a message came to: its state from now on, and when it is due again."""

    state: str
    due: int
    error: str = ""

    def settle(self, connection: Connection, delivery: StoredDelivery) -> None:
        moves.settle(connection, delivery.id, self.state, self.due, self.error)

    def done(self, handler: str) -> Delivered:
        why = {handler: self.error} if self.error else {}
        return Delivered(self.state == SENT, self.state == WAITING, self.state == DEAD, why)


def _attempt(workspace: Workspace, delivery: StoredDelivery, until: dt.datetime) -> _Attempt:
    try:
        _send(workspace.settings.handlers, delivery)
    except DeliveryError as error:
        wait = next_try(delivery.attempts + 1, delivery.key) if error.again else None
        if wait is None:
            return _Attempt(DEAD, stored(until), str(error))
        return _Attempt(WAITING, stored(until + wait), str(error))
    return _Attempt(SENT, stored(until))


def _send(handlers: Mapping[str, Handler], delivery: StoredDelivery) -> None:
    handler = handlers.get(delivery.handler)
    if handler is None:
        raise DeliveryError(
            f"There is no handler `{delivery.handler}` any more.",
            "Add it to workspace.yaml again.",
            again=False,
        )
    # Receivers refuse a message whose time is not theirs, so it is the clock's, at every try.
    deliver(handler, message_of(delivery.body), dt.datetime.now(dt.UTC))


def message_of(body: str) -> Message:
    """The message of a row of the outbox."""
    whole = json.loads(body)
    at = dt.datetime.fromisoformat(whole["timestamp"])
    return Message(whole["id"], whole["type"], at, whole["data"])
