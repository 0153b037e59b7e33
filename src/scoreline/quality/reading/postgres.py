"""A table or view of PostgreSQL as a table: its own types, as one moment has it.

One statement reads it all, so what is written meanwhile is not there, or not yet. A role that may
only read is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import polars as pl

from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.quality.reading.parquet import read_parquet
from scoreline.quality.table import Scratch, Table

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
EXAMPLE = "Write 'postgresql://user@host/database?table=schema.name'."
PATIENCE = 10
"""Seconds that a database may take to answer at all."""
MOST_DIGITS = 38
"""Of numbers that are kept to the last one; with more, or with no number said, they are doubles."""
_PART = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class Address:
    """Where a table is: how to connect, the parts of its name, and both in words for people."""

    connect: str
    table: tuple[str, ...]
    words: str


def is_postgres(source: object) -> bool:
    """Whether a source names a table of PostgreSQL.

    >>> is_postgres("postgresql://host/crm?table=leads"), is_postgres("leads.csv")
    (True, False)
    """
    return isinstance(source, str) and source.startswith(SCHEMES)


def address_of(text: str) -> Address:
    """What an address says; raises UsageError where it names no table.

    >>> found = address_of("postgresql://anna:secret@host/crm?table=sales.leads")
    >>> found.table, found.words, found.connect
    (('sales', 'leads'), 'sales.leads of crm', 'postgresql://anna:secret@host/crm')
    """
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise UsageError("This is no address of a table of PostgreSQL.", EXAMPLE) from None
    table = options.pop("table", "")
    names = tuple((a or b).replace('""', '"') for a, b in _PART.findall(table))
    if not 1 <= len(names) <= 2:
        raise UsageError("The address names no table of PostgreSQL.", EXAMPLE)
    connect = urlunsplit(parts._replace(query=urlencode(options)))
    database = parts.path.strip("/")
    words = ".".join(names)
    return Address(connect, names, f"{words} of {database}" if database else words)


def read_postgres(source: str, scratch: Scratch) -> Table:
    """The table that an address names.

    Numbers, dates, moments (in UTC) and truths keep their types; all else is text.
    """
    where = address_of(source)
    with connected(where) as connection:
        return read_query(connection, where, f"SELECT * FROM {quoted(where)}", scratch)  # noqa: S608


def quoted(where: Address) -> str:
    """The name of the table as a statement has it."""
    from psycopg import sql

    return sql.Identifier(*where.table).as_string(None)


def read_query(connection: Connection[Any], where: Address, query: str, scratch: Scratch) -> Table:
    """What a SELECT gives, as a table; where: what it reads, for messages."""
    cells, kept = scratch.path(".csv"), scratch.path(".parquet")
    columns = columns_of(connection, where, query)
    _copy(connection, query, columns, cells)
    names = [str(number) for number in range(len(columns))]
    schema = dict.fromkeys(names, pl.String)
    rows = pl.scan_csv(cells, has_header=False, schema=schema, quote_char='"', encoding="utf8")
    rows.select(
        column.typed(pl.col(number)).alias(column.name)
        for number, column in zip(names, columns, strict=True)
    ).sink_parquet(kept)
    cells.unlink()
    table = read_parquet(where.words, kept, scratch)
    table.format = "postgres"
    return table


@contextmanager
def connected(where: Address, *, writes: bool = False) -> Iterator[Connection[Any]]:
    """A connection in UTC; what goes wrong on it is one DataError. It only reads unless said."""
    try:
        import psycopg
    except ModuleNotFoundError:
        raise UsageError(
            "Reading from PostgreSQL needs psycopg.", "pip install 'scoreline[postgres]'"
        ) from None
    with (
        telling(where),
        psycopg.connect(where.connect, connect_timeout=PATIENCE) as connection,
    ):
        connection.read_only = not writes
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET extra_float_digits = 1")
        yield connection


@contextmanager
def telling(where: Address) -> Iterator[None]:
    """Inside it, what a database says is one DataError about a table."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise _refusal(where, error) from None


_WHY: Mapping[str, tuple[str, str]] = {
    "28": ("it does not let us in", "Check user and password."),
    "3D000": ("there is no such database", "Check the name after the host."),
    "42501": (
        "we have no right to it",
        "Ask for SELECT to read it; INSERT and UPDATE to write it; CREATE to make it.",
    ),
    "57": ("the database went away", "Do it again once it is back."),
}


_TOLD = (
    *(("authentication failed", "28"), ("no password supplied", "28")),
    *(('role "', "28"), ('" does not exist', "3D000")),
)
"""What is said where a connection fails, which has no code, in its order."""


def _refusal(where: Address, error: Exception) -> DataError:
    """A failure of the database in words; never the address, which may hold a password."""
    code = str(getattr(error, "sqlstate", None) or "")
    for start, (what, hint) in _WHY.items():
        if code.startswith(start):
            return DataError(f"{where.words}: {what}.", hint)
    if not code:
        told = str(error).lower()
        for words, start in _TOLD:
            if words in told:
                return DataError(f"{where.words}: {_WHY[start][0]}.", _WHY[start][1])
        return DataError(
            f"{where.words}: the database does not answer.",
            "Check host and port, and that it runs.",
        )
    return DataError(f"{where.words} can't be read (SQLSTATE {code}).", EXAMPLE)


# -- columns ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table: its name, the name of its type, digits and decimals of a number."""

    name: str
    type: str
    digits: int | None
    decimals: int | None

    @property
    def is_exact(self) -> bool:
        """Whether it is of decimal numbers that are kept to the last digit."""
        return self.type == "numeric" and self.digits is not None and self.digits <= MOST_DIGITS

    def sent(self, quoted: str) -> str:
        """What is asked for: a text that says one thing only."""
        if self.type in ("timestamp", "timestamptz"):
            whole = f"(extract(epoch FROM {quoted}) * 1000000)::bigint::text"
            return f"CASE WHEN isfinite({quoted}) THEN {whole} END"
        if self.type == "date":
            return f"CASE WHEN isfinite({quoted}) THEN ({quoted} - DATE '1970-01-01')::text END"
        if self.type == "bool":
            return f"{quoted}::int::text"
        if self.type in ("float4", "float8") or (self.type == "numeric" and not self.is_exact):
            return f"{quoted}::float8::text"
        return f"{quoted}::text"

    def typed(self, sent: pl.Expr) -> pl.Expr:
        """The values of what was sent."""
        if self.type in ("timestamp", "timestamptz"):
            return sent.cast(pl.Int64).cast(pl.Datetime("us", "UTC"))
        if self.type == "date":
            return sent.cast(pl.Int32).cast(pl.Date)
        if self.type == "bool":
            return sent == "1"
        if self.type in ("int2", "int4", "int8"):
            return sent.cast(pl.Int64)
        if self.is_exact:
            return sent.str.to_decimal(scale=self.decimals or 0)
        if self.type in ("float4", "float8", "numeric"):
            plain = sent.str.replace("Infinity", "inf", literal=True)
            return plain.cast(pl.Float64)
        return sent


def columns_of(connection: Connection[Any], where: Address, query: str) -> list[TableColumn]:
    """The columns that a SELECT gives; raises DataError where there is no such table."""
    from psycopg import errors

    try:
        cursor = connection.execute(f"SELECT * FROM ({query}) AS q LIMIT 0".encode())  # noqa: S608
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        connection.rollback()
        raise DataError(
            f"There is no table {where.words}.",
            did_you_mean(".".join(where.table), _known(connection)),
        ) from None
    types = connection.adapters.types
    found = [
        TableColumn(
            column.name,
            info.name if (info := types.get(column.type_code)) is not None else "",
            column.precision,
            column.scale,
        )
        for column in cursor.description or ()
    ]
    if not found:
        raise DataError(f"{where.words} has no columns.", "")
    return found


def _known(connection: Connection[Any]) -> list[str]:
    """The tables and views that we may know of, those of `public` also without their schema."""
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2 LIMIT 1000"
    ).fetchall()
    return [name for schema, table in rows for name in (f"{schema}.{table}", table)]


def _copy(connection: Connection[Any], query: str, columns: list[TableColumn], path: Path) -> None:
    from psycopg import sql

    names = [sql.Identifier(column.name).as_string(connection) for column in columns]
    wanted = ", ".join(column.sent(name) for column, name in zip(columns, names, strict=True))
    statement = f"COPY (SELECT {wanted} FROM ({query}) AS q) TO STDOUT (FORMAT csv)"  # noqa: S608
    with path.open("wb") as file, connection.cursor().copy(statement.encode()) as copy:
        for data in copy:
            file.write(data)
