"""Outcomes of records: won or lost, with their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from scoreline.store import bulk
from scoreline.store.schema import outcomes

if TYPE_CHECKING:
    from sqlalchemy import Connection

Outcome = tuple[int, str, int | None]
"""(record, won or lost, moment); without a moment it is the one at which we heard of it."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of outcomes: of records that had none, further ones, and those known before."""

    new: int = 0
    changed: int = 0
    same: int = 0


def add(connection: Connection, told: Sequence[Outcome], received_at: int) -> Added:
    """Keep the outcomes that are not known yet.

    One without a moment is known if the record has that outcome already, whenever it was.
    """
    c = outcomes.c
    known: set[Outcome] = set()
    for piece in bulk.chunks(sorted({record for record, _, _ in told})):
        asked = select(c.record, c.outcome, c.at).where(c.record.in_(piece))
        for record, outcome, at in connection.execute(asked):
            known |= {(record, outcome, at), (record, outcome, None)}
    fresh = [one for one in dict.fromkeys(told) if one not in known]
    rows = [
        {
            "record": record,
            "outcome": outcome,
            "at": received_at if at is None else at,
            "received_at": received_at,
        }
        for record, outcome, at in fresh
    ]
    bulk.insert(connection, outcomes, rows)
    first = {record for record, _, _ in fresh} - {record for record, _, _ in known}
    return Added(len(first), len(fresh) - len(first), len(told) - len(fresh))


def of_record(connection: Connection, record: int) -> list[tuple[str, int]]:
    """The outcomes of a record, the oldest first."""
    c = outcomes.c
    asked = select(c.outcome, c.at).where(c.record == record).order_by(c.at, c.id)
    return [(outcome, at) for outcome, at in connection.execute(asked)]
