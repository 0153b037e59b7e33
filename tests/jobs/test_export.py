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
    assert "It scores as of 2026-06-01T00:00:00Z" in header


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
        (
            ["fill", str(LEADS), "--card", "own.yaml", "--out", "a.parquet", "--events=e.csv"],
            "-out",
        ),
        (["fill", "a.csv", "--card=own.yaml", "--out=a.parquet", "--events-out=a.parquet"], "--ev"),
    ],
)
def test_wrong_use_is_said(tmp_path: Path, monkeypatch, capsys, arguments, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text((DEMO / "leads.yaml").read_text())
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "fault of Scoreline" not in told


VISITS = """
scorecard: visits
key: id
fields: {age: number}
events:
  visit: {minutes: number, page: choice, ignore: {burst: 3 in 2 seconds}}
  order: {worth: {type: money, currency: RUB}, minutes: choice}
features:
  worth: {event: order, take: sum(worth)}
  last_page: {event: visit, take: last(page)}
terms:
  - {name: pages, event: visit, where: minutes >= 2, count: distinct(page), points: 2}
  - {name: visits, event: visit, count: each, points: 4, half_life: 30 days, cap: 9}
  - {name: quick orders, event: order, where: "minutes = 'few'", count: once, points: 1.5}
  - {name: worth, of: worth, bins: [{below: 100, points: 0}, {from: 100, points: 3}]}
  - {name: prices, when: "last_page = 'prices'", points: 5}
  - {name: grown up, when: age >= 18, points: 1}
segments: [{name: warm, from: 8}, {name: cold}]
"""


def visits(folder: Path) -> list[str]:
    """A card that counts events, records and what they did: the arguments of `fill` and `score`."""
    (folder / "visits.yaml").write_text(VISITS)
    (folder / "people.csv").write_text("id,age\na,30\nb,\nc,17\nd,50\n")
    (folder / "events.csv").write_text(
        "id,event,at,event_id,minutes,page,worth\n"
        "a,visit,2026-05-01,1,3,Prices,\n"
        "a,visit,2026-05-30T10:00:00Z,2,2.5,start,\n"
        "a,visit,2026-05-30T10:00:00Z,2,2.5,start,\n"
        "a,visit,2026-05-31,3,1,prices,\n"
        "b,order,2026-01-01,4,few,,150\n"
        "b,order,2027-01-01,5,few,,1000\n"
        "c,visit,2026-05-31T10:00:00Z,6,9,start,\n"
        "c,visit,2026-05-31T10:00:01Z,7,9,prices,\n"
        "c,visit,2026-05-31T10:00:02Z,8,9,start,\n"
        "nobody,visit,2026-05-31,9,9,start,\n"
        "b,visit,no moment,10,9,start,\n"
    )
    card, people, events = (str(folder / f) for f in ("visits.yaml", "people.csv", "events.csv"))
    return [people, "--card", card, "--events", events]


def test_events_are_counted_by_a_database_too(tmp_path: Path, capsys) -> None:
    told = visits(tmp_path)
    typed, happened = (str(tmp_path / f"{name}.parquet") for name in ("typed", "happened"))
    capsys.readouterr()
    assert run(["fill", *told, "--out", typed, "--events-out", happened]) == 1
    assert "9 events typed, 1 rejected" in " ".join(capsys.readouterr().out.split())
    assert "not a moment" in Path(f"{happened}.rejected-events.csv").read_text()
    scores = tmp_path / "scores.parquet"
    assert run(["score", *told, "--out", str(scores), NO_TIME]) == 0
    expected = pl.read_parquet(scores).drop("fingerprint", "as_of")
    assert expected["score"].to_list() == [19.0, 4.5, 0.0, 1.0]
    sql = exported(capsys, told[2], "duckdb", NO_TIME, "--events-table", "happened")
    header = sql.partition("SELECT")[0]
    assert '"order__minutes" VARCHAR: choice; of order' in header
    assert '"worth" DOUBLE: money, RUB; of order' in header
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW typed_records AS FROM '{typed}'")
        connection.execute(f"CREATE VIEW happened AS FROM '{happened}'")
        found = connection.sql(sql).pl()
    plain = expected.with_columns(pl.col(pl.Enum).cast(pl.String))
    assert found.select(plain.columns).rows() == plain.rows()


def test_a_card_of_events_needs_a_key(tmp_path: Path, capsys) -> None:
    card = tmp_path / "visits.yaml"
    card.write_text(VISITS.replace("key: id", ""))
    assert run(["export", str(card), "--to", "postgres"]) == 2
    assert "nobody can tell whose an event is" in capsys.readouterr().err


def test_an_ageing_that_no_list_holds_is_refused(tmp_path: Path, capsys) -> None:
    card = tmp_path / "visits.yaml"
    slow = VISITS.replace("half_life: 30 days", "half_life: 36000 days")
    card.write_text(slow)
    assert run(["export", str(card), "--to", "postgres"]) == 2
    assert "Points of `visit` age so slowly" in capsys.readouterr().err
    card.write_text(slow.replace("half_life:", "within: 90 days, half_life:"))
    assert "SELECT" in exported(capsys, card, "postgres")


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
