"""Scores in force, their history, and the findings in what was scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, tuple_

from scoreline.store import bulk, direct
from scoreline.store.direct import AMONG, Row
from scoreline.store.schema import findings, score_history, scores

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A record's score by a card, as of its own moment.

    typed: JSON of the typed values and facts that were scored; since: when it entered its segment;
    next_change: the first moment at which it can change if nothing happens.
    """

    card: str
    record: int
    version: int
    as_of: int
    score: int
    low: int
    high: int
    segment: str | None
    ask: str
    reasons: str
    typed: str
    facts_version: str
    since: int
    next_change: int | None


_COLUMNS = [scores.c[name] for name in StoredScore.__dataclass_fields__]
_SCORE = select(*_COLUMNS).order_by(scores.c.record)
_OF_RECORDS = _SCORE.where(scores.c.card == bindparam("of"), scores.c.record.in_(AMONG))
_HISTORY = [column.name for column in score_history.c if column.name not in ("id", "cause")]


def of_records(connection: Connection, card: str, records: Sequence[int]) -> dict[int, StoredScore]:
    """The scores of records by a card."""
    rows = bulk.find(connection, _OF_RECORDS, records, {"of": card})
    return {score.record: score for score in (StoredScore(*row) for row in rows)}


def may_be_in(connection: Connection, card: str, segment: str, moment: int) -> list[int]:
    """The records that may be in a segment at a moment, in their order.

    Those that are in it now, those whose change has come by then, and those scored after it.
    """
    there = scores.c.segment == segment
    there |= (scores.c.next_change <= moment) | (scores.c.as_of > moment)
    asked = select(scores.c.record).where(scores.c.card == card, there)
    return [int(n) for n in connection.execute(asked.order_by(scores.c.record)).scalars()]


Place = tuple[int, int]
"""Where a score stands among those that time changes: its next change, its record."""


def due(
    connection: Connection, card: str, until: int, after: Place | None, most: int
) -> list[Place]:
    """The next scores whose change has come, beyond a place, in their order."""
    place = tuple_(scores.c.next_change, scores.c.record)
    asked = (
        select(scores.c.next_change, scores.c.record)
        .where(scores.c.card == card, scores.c.next_change <= until)
        .order_by(scores.c.next_change, scores.c.record)
        .limit(most)
    )
    if after is not None:
        asked = asked.where(place > tuple_(*after))
    return [(int(moment), int(record)) for moment, record in connection.execute(asked)]


def count_due(connection: Connection, until: int) -> int:
    """How many scores' change has come."""
    asked = select(func.count()).select_from(scores).where(scores.c.next_change <= until)
    return int(connection.execute(asked).scalar_one())


def segments(connection: Connection, card: str) -> dict[str | None, int]:
    """How many records each segment holds."""
    asked = select(scores.c.segment, func.count()).where(scores.c.card == card)
    return {name: int(n) for name, n in connection.execute(asked.group_by(scores.c.segment))}


def put(connection: Connection, new: Sequence[StoredScore]) -> None:
    """These scores are in force from now on."""
    bulk.upsert(connection, scores, [bulk.row_of(score) for score in new])


def note(connection: Connection, new: Iterable[tuple[StoredScore, str]]) -> None:
    """What scores came to, with the cause of each."""
    rows = [
        {**{name: getattr(score, name) for name in _HISTORY}, "cause": cause}
        for score, cause in new
    ]
    bulk.insert(connection, score_history, rows)


@dataclass(frozen=True, slots=True)
class PastScore:
    """What a score was from a moment on, and why it came to it."""

    card: str
    version: int
    as_of: int
    score: int
    low: int
    high: int
    segment: str | None
    ask: str
    reasons: str
    cause: str


def history(connection: Connection, record: int, card: str | None = None) -> list[PastScore]:
    """What a record's scores were, the oldest first."""
    c = score_history.c
    asked = select(*(c[name] for name in PastScore.__dataclass_fields__)).where(c.record == record)
    if card is not None:
        asked = asked.where(c.card == card)
    return [PastScore(*row) for row in connection.execute(asked.order_by(c.id))]


def entered(past: Sequence[PastScore]) -> int:
    """When a record entered the segment that the last of its scores by a card is in."""
    last = past[-1]
    stays = takewhile(lambda one: one.segment == last.segment, reversed(past))
    return [one.as_of for one in stays][-1]


def remove(connection: Connection, records: Sequence[int], card: str | None = None) -> None:
    """Scores of records that are no longer scored: they were merged into another."""
    for piece in bulk.chunks(records):
        gone = delete(scores).where(scores.c.record.in_(piece))
        connection.execute(gone if card is None else gone.where(scores.c.card == card))


_FORGET_FINDINGS = delete(findings).where(
    findings.c.card == bindparam("of"), findings.c.record.in_(AMONG)
)


def put_findings(
    connection: Connection, card: str, records: Sequence[int], rows: Sequence[Row]
) -> None:
    """What is wrong with the values of records now, in place of what was."""
    for piece in bulk.chunks(records):
        direct.run(connection, _FORGET_FINDINGS, {"of": card}, piece)
    bulk.insert(connection, findings, [{"card": card, **row} for row in rows])


def findings_of(connection: Connection, record: int) -> list[tuple[str, str | None, str, str]]:
    """What is wrong with a record's values: card, field, code, message."""
    c = findings.c
    asked = select(c.card, c.field, c.code, c.message).where(c.record == record).order_by(c.id)
    return [tuple(row) for row in connection.execute(asked)]
