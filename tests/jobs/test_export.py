"""`fill` and `export`: a file typed here, scored by a database that knows nothing of Scoreline."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl
import psycopg
import pytest

import scoreline
from scoreline.cli.app import run
from scoreline.scorecard.file import load_card, parse_card
from tests.postgres import NoPostgresError, a_server, unavailable

DEMO = Path(scoreline.__file__).parent / "demo"
LEADS = DEMO / "leads.csv"
CARDS = {"leads": LEADS, "bank": DEMO / "bank.csv.gz"}
NO_TIME = "--as-of=2026-06-01"


def exported(capsys: pytest.CaptureFixture[str], card: Path | str, to: str, *options: str) -> str:
    capsys.readouterr()
    assert run(["export", str(card), "--to", to, *options]) == 0
    return capsys.readouterr().out


def scored(data: Path, card: Path, folder: Path) -> pl.DataFrame:
    out = folder / "scored.parquet"
    assert run(["score", str(data), "--card", str(card), "--out", str(out), NO_TIME]) in (0, 1)
    return pl.read_parquet(out).drop("fingerprint", "as_of")


def filled(data: Path, card: Path, folder: Path) -> Path:
    out = folder / "typed.parquet"
    assert run(["fill", str(data), "--card", str(card), "--out", str(out)]) in (0, 1)
    return out


@pytest.mark.parametrize("name", CARDS)
def test_duckdb_gives_what_score_gives(tmp_path: Path, capsys, name: str) -> None:
    card = DEMO / f"{name}.yaml"
    typed = filled(CARDS[name], card, tmp_path)
    sql = exported(capsys, card, "duckdb", NO_TIME)
    expected = scored(CARDS[name], card, tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW typed_records AS FROM '{typed}'")
        found = connection.sql(sql).pl()
    texts = [pl.col(pl.Enum).cast(pl.String), pl.col(pl.Categorical).cast(pl.String)]
    plain = expected.with_columns(texts)
    found = found.select(plain.columns) if load_card(card).key else found
    assert found.rows() == plain.select(found.columns).rows()


def test_a_view_in_postgres_scores_rows_as_they_come(tmp_path: Path, capsys) -> None:
    card = DEMO / "leads.yaml"
    options = (NO_TIME, "--table", "crm.typed leads", "--view", "crm.lead scores")
    sql = exported(capsys, card, "postgres", *options)
    types = {pl.String: "TEXT", pl.Float64: "DOUBLE PRECISION", pl.Boolean: "BOOLEAN"}
    typed = pl.read_parquet(filled(LEADS, card, tmp_path))
    columns = ", ".join(f'"{name}" {types[type(kind)]}' for name, kind in typed.schema.items())
    try:
        with (
            a_server() as server,
            server.database() as url,
            psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
        ):
            connection.execute("CREATE SCHEMA crm")
            connection.execute(f'CREATE TABLE crm."typed leads" ({columns})'.encode())
            connection.execute(sql.encode())
            with connection.cursor().copy('COPY crm."typed leads" FROM STDIN') as copy:
                for row in typed.rows():
                    copy.write_row(row)
            found = connection.execute('SELECT * FROM crm."lead scores"').fetchall()
    except NoPostgresError as error:
        unavailable(error)
    assert sorted(found) == sorted(scored(LEADS, card, tmp_path).rows())


def test_the_header_says_what_the_sql_reads(capsys) -> None:
    header = exported(capsys, DEMO / "leads.yaml", "postgres").partition("SELECT")[0]
    assert '"budget" DOUBLE PRECISION: money, RUB' in header
    assert '"email__kind" TEXT: fact, whose mailbox it is (corporate, free' in header
    assert f"Fingerprint {load_card(DEMO / 'leads.yaml').fingerprint}" in header
    assert "--as-of" not in header  # no term reads a date


def test_what_is_compared_with_dates_is_said(tmp_path: Path, capsys) -> None:
    card = tmp_path / "young.yaml"
    card.write_text(
        "scorecard: young\nfields: {joined: date}\nterms:\n"
        "  - {name: new, when: 'days_between(joined, as_of) < 30', points: 1}\n"
    )
    header = exported(capsys, card, "postgres", NO_TIME).partition("SELECT")[0]
    assert "Dates are compared with 2026-06-01T00:00:00Z" in header


def test_json_is_a_card_file_of_the_same_fingerprint(tmp_path: Path, capsys) -> None:
    for name in CARDS:
        text = exported(capsys, DEMO / f"{name}.yaml", "json")
        assert json.loads(text)["scorecard"]
        assert parse_card(text).fingerprint == load_card(DEMO / f"{name}.yaml").fingerprint
    file = tmp_path / "card.json"
    assert run(["export", str(DEMO / "leads.yaml"), "--to", "json", "--out", str(file)]) == 0
    assert run(["check", str(file)]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", str(DEMO / "leads.yaml"), "--to", "postgre"], "Did you mean postgres"),
        (["export", "nowhere.yaml", "--to", "json"], "nowhere.yaml"),
        (["fill", str(LEADS), "--card", str(DEMO / "leads.yaml"), "--out", "t.csv"], "parquet"),
        (["export", str(DEMO / "leads.yaml"), "--to", "json", "--out", "no/t.json"], "no"),
        (["export", "own.yaml", "--to", "json", "--out", "own.yaml"], "overwritten"),
        (["export", "own.yaml", "--to", "spark", "--table", ""], "no name of a table"),
        (["export", "own.yaml", "--to", "spark", "--view", "a."], "no name of a table"),
    ],
)
def test_wrong_use_is_said(tmp_path: Path, monkeypatch, capsys, arguments, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text((DEMO / "leads.yaml").read_text())
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "fault of Scoreline" not in told


def test_a_card_that_counts_events_is_refused_by_name(tmp_path: Path, capsys) -> None:
    card = tmp_path / "visits.yaml"
    card.write_text(
        "scorecard: visits\nfields: {}\nevents: {visit: {}}\nterms:\n"
        "  - {name: visits, event: visit, points: 1}\n"
    )
    assert run(["export", str(card), "--to", "postgres"]) == 2
    assert "`visits`" in capsys.readouterr().err


def test_a_grid_is_no_one_json(tmp_path: Path, capsys) -> None:
    for name in ("fit", "engagement"):
        (tmp_path / f"{name}.yaml").write_text(
            f"scorecard: {name}\nfields: {{{name}_x: number}}\n"
            f"terms: [{{name: a, when: {name}_x > 1, points: 1}}]\n"
        )
    grid = tmp_path / "grid.yaml"
    grid.write_text(
        "grid: g\nfit: {card: fit.yaml, A: {from: 1}, B: {}}\n"
        "engagement: {card: engagement.yaml, 1: {from: 1}, 2: {}}\n"
    )
    assert "A1" in exported(capsys, grid, "duckdb")
    assert run(["export", str(grid), "--to", "json"]) == 2
    assert "three files" in capsys.readouterr().err


def test_a_key_that_is_a_field_too_stands_beside_it(tmp_path: Path, capsys) -> None:
    """The key is handed through as it was read, whatever becomes of the field."""
    card = tmp_path / "mail.yaml"
    card.write_text(
        "scorecard: mail\nkey: email\nfields: {email: email}\nterms:\n"
        "  - {name: own, when: \"email.kind = 'corporate'\", points: 1}\n"
    )
    data = tmp_path / "mail.csv"
    data.write_text("email\nanna@acme.ru\nno address\n")
    typed = filled(data, card, tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW typed_records AS FROM '{typed}'")
        found = connection.sql(exported(capsys, card, "duckdb")).pl()
    assert found.select("input_email", "score").rows() == [("anna@acme.ru", 1), ("no address", 0)]
