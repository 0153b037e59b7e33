"""Records that are one: which values survive, as changes that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoreline.errors import UsageError
from scoreline.quality.changes.acts import Act
from scoreline.quality.changes.change import STANDS, Cells, Change

Rank = Callable[[str, str], int]
"""How good a value of a field is: of (field, value), the least is the best."""


def survivor(field: str, values: Sequence[str | None], rank: Rank) -> str | None:
    """The value that survives of some records, the kept one first: the best; of equals the first.

    >>> survivor("email", [None, "a@x.ru", "b@x.ru"], lambda field, value: 0)
    'a@x.ru'
    """
    known = [value for value in values if value is not None]
    return min(known, key=lambda value: rank(field, value), default=None)


def merged(
    cells: Cells,
    kept: str,
    gone: Sequence[str],
    fields: Sequence[str],
    *,
    rank: Rank,
    step: int,
    act: Act,
) -> list[Change]:
    """The changes that join records into `kept`: its best values, and where the others went.

    What the others hold stays in the log and in their cells, so that taking the step back restores
    all of them. Raises UsageError for records that are not there any more, or named twice.
    """
    records = [kept, *gone]
    if len(set(records)) != len(records):
        raise UsageError("A record can't be joined with itself.", "Name each record once.")
    for record in records:
        into = cells.get((record, STANDS))
        if into is not None:
            raise UsageError(f"Record {record} is part of {into} already.", "Take that back first.")
    changes: list[Change] = []

    def change(record: str, field: str, new: str | None) -> None:
        old = cells.get((record, field))
        if old != new:
            changes.append(act.change(step, (record, field), old, new))

    for field in fields:
        values = [cells.get((record, field)) for record in records]
        change(kept, field, survivor(field, values, rank))
    for record in gone:
        change(record, STANDS, kept)
    return changes
