"""A table of PostgreSQL is read as a file of its own types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from tests.postgres import NoPostgresError, a_server, unavailable

import scoreline
from scoreline.cli.app import run
from scoreline.errors import DataError, UsageError
from scoreline.quality.reading.files import ReadOptions, open_table
from scoreline.quality.reading.postgres import address_of

DEMO = Path(scoreline.__file__).parent / "demo"


@pytest.fixture(scope="module")
def crm() -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """The address of a database, and a connection to it."""
    try:
        with a_server() as server, server.database() as url:
            address = url.replace("+psycopg", "")
            with psycopg.connect(address, autocommit=True) as connection:
                yield address, connection
    except NoPostgresError as error:
        unavailable(error)


def of_table(address: str, table: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}table={table}"


def read(address: str, table: str) -> pl.DataFrame:
    with open_table(of_table(address, table)) as found:
        return found.frame.collect().drop("__row__")


def test_values_keep_their_types(crm) -> None:
    address, connection = crm
    connection.execute(
        'CREATE TABLE typed ("Der Name" text, n int, big bigint, x float8, price numeric(12, 2), '
        "free numeric, yes boolean, day date, at timestamptz, local timestamp, other jsonb)"
    )
    connection.execute(
        "INSERT INTO typed VALUES "
        "('a \"quoted\",\nname', 7, 9007199254740993, 0.1, 1234.50, 2.5, true, '2026-02-28', "
        "'2026-01-01 00:00+03', '2026-01-01 12:30:00.000001', '{\"a\": 1}'), "
        "('', NULL, NULL, 'NaN', NULL, NULL, false, 'infinity', 'infinity', '-infinity', NULL), "
        "(NULL, -1, -1, '-Infinity', -0.01, 1e20, NULL, NULL, NULL, NULL, '[]')"
    )
    found = read(address, "typed")
    assert found.columns[0] == "Der Name"
    first, second, third = found.rows()
    utc = dt.UTC
    assert first == (
        *('a "quoted",\nname', 7, 9007199254740993, 0.1, Decimal("1234.50"), 2.5, True),
        dt.date(2026, 2, 28),
        dt.datetime(2025, 12, 31, 21, tzinfo=utc),
        dt.datetime(2026, 1, 1, 12, 30, 0, 1, tzinfo=utc),
        '{"a": 1}',
    )
    assert second[0] in ("", None)
    assert second[3] != second[3]
    assert second[6:10] == (False, None, None, None)
    assert third[3:7] == (float("-inf"), Decimal("-0.01"), 1e20, None)


def test_a_table_scores_as_its_file_does(crm, tmp_path: Path, capsys) -> None:
    """Every command that takes DATA takes a table, here one of texts, through a view."""
    address, connection = crm
    with open_table(DEMO / "leads.csv") as leads:
        rows = leads.frame.collect().drop("__row__")
    connection.execute("CREATE SCHEMA sales")
    columns = ", ".join(f'"{name}" text' for name in rows.columns)
    connection.execute(f'CREATE TABLE sales."all leads" ({columns})'.encode())
    with connection.cursor().copy('COPY sales."all leads" FROM STDIN') as copy:
        for row in rows.rows():
            copy.write_row(row)
    connection.execute('CREATE VIEW sales.leads AS SELECT * FROM sales."all leads"')
    card = str(DEMO / "leads.yaml")
    rows.write_parquet(tmp_path / "leads.parquet")
    scored = []
    for data in (str(tmp_path / "leads.parquet"), of_table(address, "sales.leads")):
        out = str(tmp_path / "out.parquet")
        assert run(["score", data, "--card", card, "--out", out, "--as-of", "2026-01-01"]) in (0, 1)
        scored.append(pl.read_parquet(out))
    assert scored[0].equals(scored[1])
    page = tmp_path / "page.html"
    data = of_table(address, 'sales."all leads"').replace("//postgres@", "//postgres:secret@")
    assert run(["score", data, "--card", card, "--report", str(page)]) in (0, 1)
    assert "sales.all leads of " in page.read_text()
    told = capsys.readouterr()
    assert "secret" not in page.read_text() + told.out + told.err


def test_a_role_that_may_only_read_is_enough(crm) -> None:
    address, connection = crm
    connection.execute("CREATE TABLE mine (a int); INSERT INTO mine VALUES (1)")
    connection.execute("CREATE TABLE secret (a int)")
    connection.execute("CREATE ROLE reader LOGIN; GRANT SELECT ON mine TO reader")
    as_reader = address.replace("//postgres@", "//reader@").replace("user=postgres", "user=reader")
    assert as_reader != address
    assert read(as_reader, "mine").rows() == [(1,)]
    with pytest.raises(DataError, match="we have no right to it"):
        read(as_reader, "secret")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("leds", "Did you mean"),
        ("nowhere.leads", "There is no table nowhere.leads"),
        ("'; DROP TABLE leads", "There is no table"),
    ],
)
def test_a_table_that_is_not_there_is_said_with_the_nearest(crm, table: str, told: str) -> None:
    address, connection = crm
    connection.execute("CREATE TABLE IF NOT EXISTS leads (a int)")
    with pytest.raises(DataError) as error:
        read(address, table)
    assert told in f"{error.value.message} {error.value.hint}"
    assert read(address, "leads").height == 0


def test_no_password_is_told(tmp_path: Path) -> None:
    nowhere = f"postgresql://anna:secret@/crm?host={tmp_path}&table=leads"
    with pytest.raises(DataError) as error:
        open_table(nowhere)
    assert "secret" not in str(error.value) + error.value.hint
    assert error.value.message == "leads of crm: the database does not answer."


@pytest.mark.parametrize(
    "address",
    ["postgresql://host/crm", "postgresql://host/crm?table=", "postgresql://h?table=a.b.c"],
)
def test_an_address_names_a_table(address: str) -> None:
    with pytest.raises(UsageError, match="names no table"):
        address_of(address)


def test_what_only_files_have_is_refused() -> None:
    with pytest.raises(UsageError, match="it has no separator"):
        open_table("postgresql://host/crm?table=leads", ReadOptions(separator=";"))
