"""What is known of one record, who moved, and whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from scoreline.jobs.workspace.telling import standing_json
from scoreline.lifecycle import reading
from scoreline.lifecycle.lines import points_by_line
from scoreline.lifecycle.reading import Chosen as Chosen
from scoreline.lifecycle.reading import Life, told_text
from scoreline.lifecycle.reading import second_text as second_text
from scoreline.lifecycle.reading import strongest as strongest
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.text import normal
from scoreline.scorecard.points import unscaled
from scoreline.scoring.moments import moment_text
from scoreline.store import moves, records, versions
from scoreline.store.moments import moment_of, stored
from scoreline.store.moves import StoredDelivery, StoredMove, Wanted
from scoreline.store.scores import PastScore

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class History:
    """A record's life, as `history` shows it."""

    life: Life

    def json(self) -> dict[str, object]:
        """The object that `history --format json` prints."""
        life = self.life
        return {
            "key": life.record.key,
            "merged_into": None if life.stands_for is None else life.stands_for.key,
            "owner": life.record.owner,
            "now": [standing_json(s, s.card.publication.number) for s in life.now],
            "then": [standing_json(s, s.card.publication.number) for s in life.then],
            "history": [self.past_json(past) for past in life.past],
            "moves": [
                {
                    **move_json(move, life.numbers),
                    "told": self.told(move),
                    "messages": messages_json(life.messages.get(move.id, ())),
                }
                for move in life.moves
            ],
            "facts": [{"at": time_text(at), "cause": cause} for at, cause in life.changes],
            "outcomes": [{"outcome": o, "at": time_text(at)} for o, at in life.outcomes],
            "findings": [
                {"card": card, "field": field, "code": code, "message": message}
                for card, field, code, message in life.findings
            ],
        }

    def told(self, move: StoredMove) -> str:
        """Who was told of a move by now, who was not, and why."""
        return told_text(move, self.life.messages.get(move.id, ()))

    def past_json(self, past: PastScore) -> dict[str, object]:
        """What a score was from a moment on."""
        return {
            "card": past.card,
            "version": self.life.numbers[past.version][1],
            "as_of": time_text(past.as_of),
            "score": unscaled(past.score),
            "segment": past.segment,
            "low": unscaled(past.low),
            "high": unscaled(past.high),
            "ask": past.ask,
            "reasons": [
                {"term": name, "points": unscaled(points)}
                for name, points in points_by_line(past.reasons).items()
            ],
            "cause": past.cause,
        }


def history(workspace: Workspace, key: str, as_of: dt.datetime, card: str | None = None) -> History:
    """The life of a record up to a moment; DataError for a key that nobody has."""
    return History(reading.life_of(workspace, normal(key), as_of, card))


def time_text(number: int) -> str:
    """A stored moment as files and JSON show it."""
    return moment_text(moment_of(number))


def move_json(move: StoredMove, numbers: dict[int, tuple[str, int]]) -> dict[str, object]:
    """A move as commands print it."""
    return {
        "key": move.key,
        "card": move.card,
        "from": move.old,
        "to": move.new,
        "at": time_text(move.at),
        "version": numbers[move.version][1],
        "by": move.line,
        "cause": move.cause,
        "handed": move.handed,
    }


def messages_json(messages: Sequence[StoredDelivery]) -> list[dict[str, object]]:
    """The messages about a move as commands print them; due: when the next try is, or the last was.

    They wait since the moment of the move.
    """
    return [
        {
            "handler": one.handler,
            "id": one.key,
            "state": one.state,
            "attempts": one.attempts,
            "due": time_text(one.due),
            "error": one.error,
        }
        for one in messages
    ]


@dataclass(frozen=True)
class MoveList:
    """Moves with the messages about them; cut: further ones, beyond the limit."""

    moves: tuple[StoredMove, ...]
    messages: dict[int, list[StoredDelivery]]
    numbers: dict[int, tuple[str, int]]
    cut: int = 0

    def json(self) -> list[dict[str, object]]:
        """The list that `moves --format json` prints."""
        return [
            {
                **move_json(move, self.numbers),
                "told": self.told(move),
                "messages": messages_json(self.messages.get(move.id, ())),
            }
            for move in self.moves
        ]

    def told(self, move: StoredMove) -> str:
        """Who was told of a move by now, who was not, and why."""
        return told_text(move, self.messages.get(move.id, ()))

    def table(self) -> pl.DataFrame:
        """The moves as a table to be written."""
        rows = [{**move_json(move, self.numbers), "told": self.told(move)} for move in self.moves]
        names = ("key", "card", "from", "to", "at", "version", "by", "cause", "handed", "told")
        kinds = {name: pl.Int64 if name == "version" else pl.String for name in names}
        return pl.DataFrame(rows, schema=kinds)


@dataclass(frozen=True, slots=True)
class MovesWanted:
    """Which moves are asked for; None asks for all. limit: how many, the oldest first."""

    key: str | None = None
    card: str | None = None
    old: str | None = None
    new: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    limit: int | None = None

    def stored(self, connection: Connection) -> Wanted:
        """The same as the store has it; raises DataError for a key that nobody has."""
        reading.check_card(connection, self.card)
        record = None
        if self.key is not None:
            record = records.existing(connection, [normal(self.key)])[0].id
        since, until = (None if at is None else stored(at) for at in (self.since, self.until))
        return Wanted(self.card, record, self.old, self.new, since, until)


def list_moves(workspace: Workspace, wanted: MovesWanted) -> MoveList:
    """Moves that are asked for, the oldest first; DataError for a key that nobody has."""
    with workspace.database.reading() as connection:
        asked = wanted.stored(connection)
        found = moves.find(connection, asked, wanted.limit)
        cut = 0 if wanted.limit is None else moves.count(connection, asked) - len(found)
        messages = moves.of_moves(connection, [move.id for move in found])
        return MoveList(tuple(found), messages, versions.numbers(connection), cut)


@dataclass(frozen=True)
class Worklist:
    """Whom to call, the best first.

    as_of: the moment, by what is known today; cut: records beyond the limit; tied: those of them
    that have the last one's score.
    """

    card: str
    segment: str
    entries: tuple[reading.Entry, ...]
    cut: int
    tied: int
    as_of: dt.datetime

    def json(self) -> dict[str, object]:
        """The object that `worklist --format json` prints."""
        return {
            "card": self.card,
            "segment": self.segment,
            "as_of": moment_text(self.as_of),
            "records": [self._entry(entry) for entry in self.entries],
            "cut": self.cut,
            "tied": self.tied,
        }

    @staticmethod
    def _entry(entry: reading.Entry) -> dict[str, object]:
        score = entry.score
        return {
            "key": entry.key,
            "score": unscaled(score.score),
            "owner": entry.owner,
            "since": time_text(score.since),
            "last_event": None if entry.last_event_at is None else time_text(entry.last_event_at),
            "ask": score.ask,
            "reasons": [
                {"term": name, "points": unscaled(points)}
                for name, points in points_by_line(score.reasons).items()
            ],
        }

    def table(self, key: str, reasons: int = 3) -> pl.DataFrame:
        """The list as a table to be written."""
        rows = [
            {
                key: entry.key,
                "score": unscaled(entry.score.score),
                "owner": entry.owner,
                "since": time_text(entry.score.since),
                "ask": entry.score.ask,
                "reasons": strongest(entry.score.reasons, reasons),
            }
            for entry in self.entries
        ]
        kinds = dict.fromkeys((key, "owner", "since", "ask", "reasons"), pl.String)
        names = (key, "score", "owner", "since", "ask", "reasons")
        schema = {name: kinds.get(name, pl.Float64) for name in names}
        return pl.DataFrame(rows, schema=schema, strict=False)


def worklist(
    workspace: Workspace,
    as_of: dt.datetime,
    wanted: Chosen,
    limit: int | None = None,
) -> Worklist:
    """The records of a segment as of a moment: by score, then latest activity, then key.

    limit: how many at most; the list says how many it cut, and how many of those were tied.
    """
    card, segment, entries = reading.worklist(workspace, as_of, wanted)
    shown = entries if limit is None else entries[:limit]
    cut = entries[len(shown) :]
    last = shown[-1].score.score if shown else None
    tied = sum(entry.score.score == last for entry in cut)
    return Worklist(card.name, segment, tuple(shown), len(cut), tied, as_of)
