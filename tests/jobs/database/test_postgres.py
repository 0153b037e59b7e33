"""Records typed into PostgreSQL and scored there: as in a file; only what differs is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest

import scoreline
from scoreline.cli.app import run
from scoreline.jobs.database import filling
from tests.jobs.test_export import visits
from tests.postgres import NoPostgresError, a_server, unavailable

DEMO = Path(scoreline.__file__).parent / "demo"
CARD, LEADS = DEMO / "leads.yaml", DEMO / "leads.csv"
WHEN = ("--as-of", "2026-06-01")


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    try:
        with a_server() as found:
            yield found
    except NoPostgresError as error:
        unavailable(error)


@pytest.fixture
def crm(server) -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """The address of an empty database, and a connection to it."""
    with server.database() as url:
        address = url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            yield address, connection


def of_table(address: str, table: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}table={table}"


def fill(address: str, data: Path | str = LEADS) -> int:
    return run(["fill", str(data), "--card", str(CARD), "--out", of_table(address, "typed")])


def score(address: str, out: str, *more: str) -> int:
    data = of_table(address, "typed")
    return run(
        ["score", data, "--card", str(CARD), "--engine=postgres", "--out", out, *WHEN, *more]
    )


def test_in_the_database_scores_are_those_of_the_file(crm, tmp_path: Path) -> None:
    address, connection = crm
    assert fill(address) == 1, "rows are rejected as in every file"
    for name in ("here.parquet", "here.csv"):
        assert score(address, str(tmp_path / name)) == 0
        local = str(tmp_path / name.replace("here", "local"))
        assert run(["score", str(LEADS), "--card", str(CARD), "--out", local, *WHEN]) == 1
        found, expected = (
            pl.read_parquet(path) if path.endswith("parquet") else pl.read_csv(path)
            for path in (str(tmp_path / name), local)
        )
        plain = expected.with_columns(pl.col(pl.Enum).cast(pl.String))
        plain = plain.unique("lead_id", keep="last")
        assert found.sort("lead_id").rows() == plain.sort("lead_id").rows()
    assert score(address, of_table(address, "scores")) == 0
    kept = connection.execute("SELECT * FROM scores ORDER BY lead_id").fetchall()
    rows = (
        plain.sort("lead_id")
        .drop("as_of")
        .with_columns(pl.col("ask", "reasons").fill_null(""))
        .rows()
    )
    assert [row[:-1] for row in kept] == rows


def test_only_what_differs_is_written(crm, capsys) -> None:
    """Rows that stay as they are keep their place in the table, and since when they say so."""
    address, connection = crm
    assert fill(address) == 1
    scores = of_table(address, "scores")
    assert score(address, scores) == 0
    places = "SELECT lead_id, ctid::text, as_of FROM scores ORDER BY lead_id"
    before = connection.execute(places).fetchall()
    capsys.readouterr()
    assert fill(address) == 1
    assert "Added or changed in the table: 0 records." in capsys.readouterr().out
    connection.execute("UPDATE typed SET budget = NULL WHERE lead_id = 'L-0001'")
    assert score(address, scores, "--as-of=2027-01-01") == 0
    after = connection.execute(places).fetchall()
    assert [new for new, old in zip(after, before, strict=True) if new != old] == [
        row for row in after if row[0] == "L-0001"
    ]
    assert fill(address) == 1
    assert "Added or changed in the table: 1 record." in capsys.readouterr().out


def test_a_run_that_was_stopped_is_done_again(crm, monkeypatch) -> None:
    """What was committed stays; what is missing is written the next time; nothing twice."""
    address, connection = crm
    monkeypatch.setattr(filling, "BATCH", 50)
    real, batches = filling._put, iter(range(100))

    def stopped(link: psycopg.Connection[Any], *rest: Any) -> int:
        if next(batches) == 3:
            link.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(link, *rest)

    monkeypatch.setattr(filling, "_put", stopped)
    assert fill(address) == 2
    assert connection.execute("SELECT count(*) FROM typed").fetchone() == (150,)
    assert fill(address) == 1
    assert connection.execute("SELECT count(*) FROM typed").fetchone() == (296,)


def test_scoring_that_was_stopped_leaves_nothing_half(crm, monkeypatch) -> None:
    """The table of results is written in one transaction."""
    from scoreline.jobs.database import scoring

    address, connection = crm
    assert fill(address) == 1
    real = scoring.upsert
    monkeypatch.setattr(
        scoring, "upsert", lambda *a: f"{real(*a)}; SELECT pg_terminate_backend(pg_backend_pid())"
    )
    scores = of_table(address, "scores")
    assert score(address, scores) == 2
    assert connection.execute("SELECT to_regclass('scores')").fetchone() == (None,)
    monkeypatch.undo()
    assert score(address, scores) == 0
    assert connection.execute("SELECT count(*) FROM scores").fetchone() == (296,)


def test_who_may_only_read_can_score_into_a_file(crm, tmp_path: Path, capsys) -> None:
    address, connection = crm
    assert fill(address) == 1
    connection.execute("CREATE ROLE analyst LOGIN; GRANT SELECT ON typed TO analyst")
    reader = address.replace("//postgres@", "//analyst@").replace("user=postgres", "user=analyst")
    try:
        assert score(reader, str(tmp_path / "scores.csv")) == 0
        capsys.readouterr()
        assert score(reader, of_table(reader, "scores")) == 2
        assert "scores" in capsys.readouterr().err
    finally:
        connection.execute("DROP OWNED BY analyst; DROP ROLE analyst")


def test_bad_use_is_one_clear_error(crm, tmp_path: Path, capsys) -> None:
    address, connection = crm
    connection.execute("CREATE TABLE raw (lead_id text, phone text, email text)")
    connection.execute(
        "CREATE TABLE odd (lead_id text, phone text, phone__status text, email text, "
        "email__kind text, company text, position text, budget text, service text, has_spec bool)"
    )
    other = address.replace("scoreline_test", "other")
    cases = [
        (of_table(address, "raw"), None, "has no column `phone__status`"),
        (of_table(address, "odd"), None, "The column `budget` of odd of"),
        (of_table(address, "rwa"), None, "There is no table rwa"),
        (str(LEADS), None, "scores a table of PostgreSQL"),
        (of_table(address, "odd"), of_table(other, "scores"), "another database"),
    ]
    for data, out, message in cases:
        capsys.readouterr()
        out = out or str(tmp_path / "out.csv")
        command = ["score", data, "--card", str(CARD), "--engine", "postgres", "--out", out]
        assert run(command) == 2
        told = capsys.readouterr().err
        assert message in told, told
        assert "fault of Scoreline" not in told
    for option in (["--report", "page.html"], ["--won", "x=y"], ["--with-data"]):
        assert score(address, str(tmp_path / "out.csv"), *option) == 2
        assert f"there is no {option[0]}" in capsys.readouterr().err
    command = ["score", str(LEADS), "--card", str(CARD), "--out", of_table(address, "scores")]
    assert run(command) == 2
    assert "can't be written here" in capsys.readouterr().err


def test_of_records_with_one_key_the_last_is_kept(crm, tmp_path: Path, capsys) -> None:
    address, connection = crm
    path = tmp_path / "twice.csv"
    path.write_text(
        "lead_id,phone,email,company,position,budget,service,has_spec\n"
        "a,,,,,1,,\nb,,,,,2,,\na,,,,,3,,\n"
    )
    assert fill(address, path) == 0
    assert "1 record had the key of a later one" in capsys.readouterr().out
    found = connection.execute("SELECT lead_id, budget FROM typed ORDER BY 1").fetchall()
    assert found == [("a", 3.0), ("b", 2.0)]


def test_events_are_counted_in_the_database(crm, tmp_path: Path, capsys) -> None:
    address, connection = crm
    told = visits(tmp_path)
    typed, happened = of_table(address, "typed"), of_table(address, "happened")
    fill_both = ["fill", *told, "--out", typed, "--events-out", happened]
    assert run(fill_both) == 1
    assert "Added, changed or taken out of the table: 9 events." in capsys.readouterr().out
    local, here = tmp_path / "local.csv", tmp_path / "here.csv"
    assert run(["score", *told, "--out", str(local), *WHEN]) == 0
    there = ["score", typed, *told[1:3], "--engine=postgres", *WHEN, "--out", str(here)]
    assert run([*there, "--events", happened]) == 0
    found = pl.read_csv(here).sort("id")
    assert found.rows() == pl.read_csv(local).sort("id").rows()
    assert run([*there, "--events", "none"]) == 0
    assert pl.read_csv(here).sort("id")["score"].to_list() == [1, 0, 0, 1]
    # What is no longer in the file is no longer in the table.
    events = tmp_path / "events.csv"
    events.write_text("".join(events.read_text().splitlines(keepends=True)[:4]))
    capsys.readouterr()
    assert run(fill_both) == 0
    assert "taken out of the table: 7 events." in capsys.readouterr().out
    assert connection.execute("SELECT count(*) FROM happened").fetchone() == (2,)
    for wrong, message in (
        ([], "counts events"),
        (["--events", str(events)], "reads typed ones"),
        (["--events", of_table(address, "typed")], "has no column `event`"),
        (["--events", happened.replace("scoreline_test", "other")], "another database"),
    ):
        assert run([*there, *wrong]) == 2
        assert message in capsys.readouterr().err
    assert run([*there[:3], str(CARD), *there[4:], "--events", happened]) == 2
    assert "counts no events" in capsys.readouterr().err


def test_events_are_filled_wholly_or_not_at_all(crm, tmp_path: Path, monkeypatch) -> None:
    address, connection = crm
    told = visits(tmp_path)
    fill_both = ["fill", *told, "--out", of_table(address, "typed")]
    fill_both += ["--events-out", of_table(address, "happened")]
    real = filling.upsert

    def stopped(table: str, *rest: Any) -> str:
        kill = "SELECT pg_terminate_backend(pg_backend_pid())"
        return f"{real(table, *rest)}; {kill}" if "happened" in table else real(table, *rest)

    monkeypatch.setattr(filling, "upsert", stopped)
    assert run(fill_both) == 2
    assert connection.execute("SELECT to_regclass('happened')").fetchone() == (None,)
    monkeypatch.undo()
    assert run(fill_both) == 1
    assert connection.execute("SELECT count(*) FROM happened").fetchone() == (9,)


def test_json_says_what_came_of_it(crm, capsys) -> None:
    address, _ = crm
    command = ["fill", str(LEADS), "--card", str(CARD), "--out", of_table(address, "typed")]
    assert run([*command, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["rejected"], told["written"]) == (297, 3, 296)
    assert score(address, of_table(address, "scores"), "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == told["scored"] == 296
    assert sum(told["segments"].values()) == 296
