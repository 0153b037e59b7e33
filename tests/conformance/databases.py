"""The databases that are here, each as a function that runs a SELECT over typed tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
import polars as pl
import psycopg

from tests.conformance.cards import Drawn
from tests.conformance.outcomes import typed_table
from tests.postgres import a_server

ROW = "number of the row"
Rows = list[dict[str, Any]]
Run = Callable[[str, Mapping[str, pl.DataFrame]], Rows]
"""Makes the tables, runs a SELECT from them, gives the rows in order of their number."""
TYPES: Mapping[type[Any], str] = {
    pl.String: "TEXT",
    pl.Float64: "DOUBLE PRECISION",
    pl.Int64: "BIGINT",
    pl.UInt32: "BIGINT",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
}


@contextmanager
def duckdb_here() -> Iterator[Run]:
    with duckdb.connect() as connection:

        def run(query: str, tables: Mapping[str, pl.DataFrame]) -> Rows:
            for name, table in tables.items():
                connection.register(name, table.to_arrow())
            found = connection.execute(query)  # half as long as a relation, which is bound twice
            names = [column[0] for column in found.description or ()]
            return ordered([dict(zip(names, row, strict=True)) for row in found.fetchall()])

        yield run


@contextmanager
def postgres_here() -> Iterator[Run]:
    with (
        a_server() as server,
        server.database() as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
    ):

        def run(query: str, tables: Mapping[str, pl.DataFrame]) -> Rows:
            for name, table in tables.items():
                keep(connection, name, table)
            cursor = connection.execute(query.encode())
            names = [column.name for column in cursor.description or ()]
            return ordered([dict(zip(names, row, strict=True)) for row in cursor])

        yield run


def keep(connection: psycopg.Connection[Any], name: str, table: pl.DataFrame) -> None:
    """Makes a table of PostgreSQL."""
    columns = ", ".join(
        f'"{column.replace(chr(34), chr(34) * 2)}" {TYPES[type(dtype)]}'
        for column, dtype in table.schema.items()
    )
    connection.execute(f"DROP TABLE IF EXISTS {name}".encode())
    connection.execute(f"CREATE TEMP TABLE {name} ({columns})".encode())
    with connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
        for row in table.rows():
            copy.write_row(row)


def ordered(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: int(row[ROW]))


DATABASES: Mapping[str, Callable[[], AbstractContextManager[Run]]] = {
    "duckdb": duckdb_here,
    "postgres": postgres_here,
}


def as_stored(drawn: Drawn, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed records as a database keeps them: moments are in UTC and say no zone."""
    table = typed_table(drawn, records)
    plain = pl.col(pl.Datetime).dt.replace_time_zone(None)
    return table.with_columns(plain).with_row_index(ROW)
