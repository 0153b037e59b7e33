"""Many rows in and out: inserts by the thousand, look-ups by long lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ARRAY, Column, Dialect, Insert, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from scoreline.store import direct
from scoreline.store.direct import NO_VALUES, Row

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

T = TypeVar("T")

CHUNK = 5_000
"""Values in one statement: SQLite takes 32,766."""


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in pieces of at most `size`.

    >>> [list(piece) for piece in chunks([1, 2, 3], 2)]
    [[1, 2], [3]]
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]


def find(
    connection: Connection, asked: Select[Any], among: Sequence[Any], values: Row = NO_VALUES
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query whose parameter AMONG stands for each item of a long list in turn."""
    for piece in chunks(among):
        yield from direct.run(connection, asked, values, piece)


def row_of(one: Any) -> dict[str, Any]:
    """The values of a dataclass by column."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows; nothing for none."""
    if rows:
        direct.run_each(connection, _plain(table), rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, or overwrite those that have the same primary key; each row has every column."""
    if rows:
        overwriting = _overwriting(connection.dialect.name, table, tuple(rows[0]))
        direct.run_each(connection, overwriting, rows)


def insert_new(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    unique: str,
    wanted: tuple[Column[Any], ...],
) -> Sequence[Any]:
    """Add rows, but none whose value of a unique column is there already.

    Gives the wanted columns of those that were added, in any order.
    """
    if not rows:
        return []
    asked = _yielding(connection.dialect.name, table, unique, wanted)
    if len(rows) == 1:
        return direct.run(connection, asked, rows[0])
    return connection.execute(asked, rows).all()


def load(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Add many rows, given by column, in their order; several times faster than row by row."""
    if not any(map(len, columns.values())):
        return
    if connection.dialect.name == "sqlite":
        names = [column.name for column in table.c if column.name in columns]
        rows = list(zip(*(columns[name] for name in names), strict=True))
        text = _by_place(connection.dialect, table, tuple(names))
        direct.sent(connection, "executemany", text, rows)
    else:
        connection.execute(_by_column(table, tuple(columns)), dict(columns))


# A statement that is made once is compiled once; making it anew takes longer than running it.


@cache
def _plain(table: Table) -> Insert:
    return table.insert().inline()


@cache
def _by_place(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    return str(table.insert().compile(dialect=dialect, column_keys=list(names)))


@cache
def _by_column(table: Table, names: tuple[str, ...]) -> Insert:
    arrays = (bindparam(name, type_=ARRAY(table.c[name].type)) for name in names)
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return table.insert().from_select(list(names), select(rows))


@cache
def _overwriting(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    keys = [column.name for column in table.primary_key]
    made = _insert(dialect, table)
    rest = {name: made.excluded[name] for name in columns if name not in keys}
    return made.on_conflict_do_update(index_elements=keys, set_=rest)


@cache
def _yielding(dialect: str, table: Table, unique: str, wanted: tuple[Column[Any], ...]) -> Any:
    made = _insert(dialect, table).on_conflict_do_nothing(index_elements=[unique])
    return made.returning(*wanted)


def _insert(dialect: str, table: Table) -> Any:
    """The dialect's own insert, which knows conflicts; both are written alike."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
