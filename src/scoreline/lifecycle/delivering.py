"""The outbox emptied: each message at least once, under one id, however often we are killed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
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
    """How many messages went out, failed for now, and failed for good."""

    sent: int = 0
    later: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(self.sent + other.sent, self.later + other.later, self.dead + other.dead)


def deliver_due(workspace: Workspace, now: dt.datetime) -> Delivered | None:
    """Send everything that is due, the oldest first; None if another worker is at it.

    A worker that is killed leaves nothing behind: what it had not settled is due still.
    """
    with workspace.database.sole_worker() as alone:
        if not alone:
            return None
        done = Delivered()
        while (step := _step(workspace, now)) is not None:
            done += step
        return done


def _step(workspace: Workspace, now: dt.datetime) -> Delivered | None:
    """One message; None if none is due.

    PostgreSQL holds its row for us while we send it. SQLite would keep all writers waiting: there
    the worker is alone.
    """
    database = workspace.database
    if not database.is_sqlite:
        return database.write(lambda connection: _held(workspace, connection, now))
    with database.reading() as connection:
        delivery = moves.next_due(connection, stored(now))
    if delivery is None:
        return None
    attempt = _attempt(workspace, delivery, now)
    database.write(lambda connection: attempt.settle(connection, delivery))
    return attempt.done


def _held(workspace: Workspace, connection: Connection, now: dt.datetime) -> Delivered | None:
    delivery = moves.next_due(connection, stored(now), hold=True)
    if delivery is None:
        return None
    attempt = _attempt(workspace, delivery, now)
    attempt.settle(connection, delivery)
    return attempt.done


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What sending a message came to: its state from now on, and when it is due again."""

    state: str
    due: int
    error: str = ""

    def settle(self, connection: Connection, delivery: StoredDelivery) -> None:
        moves.settle(connection, delivery.id, self.state, self.due, self.error)

    @property
    def done(self) -> Delivered:
        return Delivered(self.state == SENT, self.state == WAITING, self.state == DEAD)


def _attempt(workspace: Workspace, delivery: StoredDelivery, now: dt.datetime) -> _Attempt:
    try:
        _send(workspace.settings.handlers, delivery, now)
    except DeliveryError as error:
        wait = next_try(delivery.attempts + 1, delivery.key) if error.again else None
        if wait is None:
            return _Attempt(DEAD, stored(now), error.message)
        return _Attempt(WAITING, stored(now + wait), error.message)
    return _Attempt(SENT, stored(now))


def _send(handlers: Mapping[str, Handler], delivery: StoredDelivery, now: dt.datetime) -> None:
    handler = handlers.get(delivery.handler)
    if handler is None:
        raise DeliveryError(
            f"There is no handler `{delivery.handler}` any more.",
            "Add it to workspace.yaml again.",
            again=False,
        )
    deliver(handler, message_of(delivery.body), now)


def message_of(body: str) -> Message:
    """The message of a row of the outbox."""
    whole = json.loads(body)
    at = dt.datetime.fromisoformat(whole["timestamp"])
    return Message(whole["id"], whole["type"], at, whole["data"])
