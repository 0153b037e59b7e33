"""Many rows in and out: inserts by the thousand, look-ups by long lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")
Row = Mapping[str, Any]

CHUNK = 5_000
"""Values in one statement: SQLite takes 32,766."""


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in pieces of at most `size`.

    >>> [list(piece) for piece in chunks([1, 2, 3], 2)]
    [[1, 2], [3]]
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows; nothing for none."""
    if rows:
        connection.execute(table.insert(), rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, or overwrite those that have the same primary key; each row has every column."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    made = _insert(connection, table)
    rest = {name: made.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(made.on_conflict_do_update(index_elements=keys, set_=rest), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[Row], unique: str) -> None:
    """Add rows, but none whose value of a unique column is there already."""
    if rows:
        made = _insert(connection, table).on_conflict_do_nothing(index_elements=[unique])
        connection.execute(made, rows)


def _insert(connection: Connection, table: Table) -> Any:
    """The dialect's own insert, which knows conflicts; both are written alike."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
