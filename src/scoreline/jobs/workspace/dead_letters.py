"""Messages that nobody took: what each was about, what went wrong, and another try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from scoreline.jobs.workspace.reading import MovesWanted, time_text
from scoreline.lifecycle.workspace import Workspace
from scoreline.store import moves
from scoreline.store.moments import stored
from scoreline.store.moves import StoredDelivery, StoredMove

if TYPE_CHECKING:
    from sqlalchemy import Connection

EVERYTHING = MovesWanted()


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that will not be tried again by itself, and the move that it is about."""

    move: StoredMove
    message: StoredDelivery

    @property
    def error(self) -> str:
        """What went wrong at the last try."""
        return self.message.error.partition("\n")[0]

    @property
    def hint(self) -> str:
        """What to do about it, where the handler knows."""
        return self.message.error.partition("\n")[2]

    def json(self) -> dict[str, object]:
        """The object that `moves --dead --format json` prints."""
        return {
            "key": self.move.key,
            "card": self.move.card,
            "from": self.move.old,
            "to": self.move.new,
            "at": time_text(self.move.at),
            "handler": self.message.handler,
            "attempts": self.message.attempts,
            "last_try": time_text(self.message.due),
            "error": self.error,
            "hint": self.hint,
            "id": self.message.key,
        }


def dead_letters(workspace: Workspace, wanted: MovesWanted = EVERYTHING) -> list[DeadLetter]:
    """The messages that nobody took about the moves that are asked for, the oldest first."""
    with workspace.database.reading() as connection:
        return [DeadLetter(*one) for one in moves.dead(connection, wanted.stored(connection))]


def send_again(
    workspace: Workspace, now: dt.datetime, wanted: MovesWanted = EVERYTHING
) -> list[DeadLetter]:
    """The same messages, which wait for the next round from now on, with all tries before them."""

    def revive(connection: Connection) -> list[DeadLetter]:
        found = [DeadLetter(*one) for one in moves.dead(connection, wanted.stored(connection))]
        moves.again(connection, [one.message.id for one in found], stored(now))
        return found

    return workspace.database.write(revive)


def letters_table(letters: Sequence[DeadLetter]) -> pl.DataFrame:
    """The messages as a table to be written."""
    names = ("key", "card", "from", "to", "at", "handler", "attempts", "last_try", "error", "hint")
    kinds = {name: pl.Int64 if name == "attempts" else pl.String for name in (*names, "id")}
    return pl.DataFrame([one.json() for one in letters], schema=kinds)
