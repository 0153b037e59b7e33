"""Messages that did not arrive: those that wait, those that nobody took, and another try."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from scoreline.jobs.workspace.reading import MovesWanted, time_text
from scoreline.lifecycle.workspace import Workspace
from scoreline.store import moves
from scoreline.store.moments import stored
from scoreline.store.moves import DEAD, WAITING, StoredDelivery, StoredMove

if TYPE_CHECKING:
    from sqlalchemy import Connection

EVERYTHING = MovesWanted()


@dataclass(frozen=True)
class MessageRow:
    """A message that has not arrived, and the move that it is about.

    It waits for its next try, or it is dead: it will not be tried again by itself.
    """

    move: StoredMove
    delivery: StoredDelivery

    @cached_property
    def _said(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.delivery.body)["data"]
        return data

    @property
    def old(self) -> str | None:
        """The segment that the record came from, as the message says."""
        old: str | None = self._said["from"]
        return old

    @property
    def new(self) -> str | None:
        """The segment that it went to, as the message says."""
        new: str | None = self._said["to"]
        return new

    @property
    def error(self) -> str:
        """What went wrong last, also before it was sent again; empty where nothing did yet."""
        return self.delivery.error.partition("\n")[0]

    @property
    def hint(self) -> str:
        """What to do about it, where the handler knows."""
        return self.delivery.error.partition("\n")[2]

    def json(self) -> dict[str, object]:
        """The object that `moves --waiting` and `moves --dead` print."""
        due = "next_try" if self.delivery.state == WAITING else "last_try"
        return {
            "key": self.move.key,
            "card": self.move.card,
            "from": self.old,
            "to": self.new,
            "at": time_text(self.move.at),
            "handler": self.delivery.handler,
            "attempts": self.delivery.attempts,
            due: time_text(self.delivery.due),
            "error": self.error,
            "hint": self.hint,
            "id": self.delivery.key,
        }


@dataclass(frozen=True)
class Messages:
    """Messages that have not arrived; cut: further ones, beyond the limit."""

    rows: list[MessageRow]
    cut: int = 0


def waiting_messages(workspace: Workspace, wanted: MovesWanted = EVERYTHING) -> Messages:
    """The messages that wait about the moves that are asked for, the oldest first."""
    with workspace.database.reading() as connection:
        return _messages(connection, WAITING, wanted)


def dead_messages(workspace: Workspace, wanted: MovesWanted = EVERYTHING) -> Messages:
    """The messages that nobody took about the moves that are asked for, the oldest first."""
    with workspace.database.reading() as connection:
        return _messages(connection, DEAD, wanted)


def send_again(
    workspace: Workspace, now: dt.datetime, wanted: MovesWanted = EVERYTHING
) -> Messages:
    """Dead messages, which wait for the next round from now on, with all tries before them."""

    def revive(connection: Connection) -> Messages:
        found = _messages(connection, DEAD, wanted)
        moves.again(connection, [one.delivery.id for one in found.rows], stored(now))
        return found

    return workspace.database.write(revive)


def send_now(workspace: Workspace, now: dt.datetime, wanted: MovesWanted = EVERYTHING) -> Messages:
    """Messages that failed and wait for another try, which is due now.

    Those that were not tried yet are left: they wait for nothing, or for a minimum stay.
    """

    def hurry(connection: Connection) -> Messages:
        found = _messages(connection, WAITING, wanted, tried=True)
        moves.at_once(connection, [one.delivery.id for one in found.rows], stored(now))
        return found

    return workspace.database.write(hurry)


def _messages(
    connection: Connection, state: str, wanted: MovesWanted, *, tried: bool = False
) -> Messages:
    """The messages in a state; where a record came from goes by what they say.

    tried: only those that failed before.
    """
    asked = replace(wanted, old=None).stored(connection)
    found = (MessageRow(*one) for one in moves.undelivered(connection, state, asked))
    rows = [
        one
        for one in found
        if wanted.old in (None, one.old) and (one.delivery.attempts or not tried)
    ]
    shown = rows[: wanted.limit]
    return Messages(shown, len(rows) - len(shown))


def messages_table(messages: Sequence[MessageRow], due: str) -> pl.DataFrame:
    """The messages as a table to be written; due: `next_try` or `last_try`."""
    names = ("key", "card", "from", "to", "at", "handler", "attempts", due, "error", "hint")
    kinds = {name: pl.Int64 if name == "attempts" else pl.String for name in (*names, "id")}
    return pl.DataFrame([one.json() for one in messages], schema=kinds)
