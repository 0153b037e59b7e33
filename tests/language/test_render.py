"""The SQL of conditions: a few texts to read, and random trees on DuckDB against Python."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import duckdb
import pytest
from sqlglot import exp

from scoreline.errors import UsageError
from scoreline.language.fields import Field, fact_column
from scoreline.language.parse import parse_condition, parse_value
from scoreline.language.render import render
from scoreline.scorecard.file import parse_card
from tests.conformance.cards import draw_card
from tests.conformance.records import draw_records
from tests.language.test_cases import SQL_TYPES, run

AS_OF = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
FIELDS = {
    "a": Field("a", "number"),
    "n": Field("n", "integer"),
    "t": Field("t", "text"),
    "d": Field("d", "date"),
    "mail": Field("mail", "email"),
    'say "hi"': Field('say "hi"', "yes/no"),
}


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("a>=100000", '"a" >= 100000e0'),
        ("n > -0.5", 'CAST("n" AS DOUBLE) > (-0.5e0)'),
        ("a = 1e300", '"a" = 1e+300'),
        ("mail.kind <> 'free'", "\"mail__kind\" <> 'free'"),
        ("not (t = 'x' or a = 1)", 'NOT (("t" = \'x\') OR ("a" = 1e0))'),
        ("starts_with(t, '50%_!')", "\"t\" LIKE '50!%!_!!%' ESCAPE '!'"),
        ("t = 'O''Brien'", "\"t\" = 'O''Brien'"),
        ('"say ""hi""" is null', '"say ""hi""" IS NULL'),
        ("d >= '2026-01-31'", "\"d\" >= CAST('2026-01-31' AS DATE)"),
        ("coalesce(a, 0) = 1", 'COALESCE("a", 0e0) = 1e0'),
    ],
)
def test_sql_for_duckdb(condition: str, sql: str) -> None:
    assert render(parse_condition(condition, FIELDS), "duckdb", AS_OF) == sql


def test_division_is_guarded_in_every_dialect() -> None:
    node = parse_value("a / n", FIELDS)
    postgres = render(node, "postgres", AS_OF)
    assert postgres == (
        '"a" / NULLIF(CAST("n" AS DOUBLE PRECISION), CAST(0e0 AS DOUBLE PRECISION))'
    )
    assert "NULLIF(CAST(`n` AS DOUBLE), 0e0)" in render(node, "spark", AS_OF)


def test_columns_may_be_named_otherwise() -> None:
    node = parse_condition("a = 1", FIELDS)
    assert render(node, "duckdb", AS_OF, lambda name: exp.column(name, "r")) == "r.a = 1e0"


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean duckdb"):
        render(parse_condition("a = 1", FIELDS), "duckdbb", AS_OF)


def test_hundreds_of_alternatives_run() -> None:
    node = parse_condition(" or ".join(f"a = {n}" for n in range(330)), FIELDS)
    query = f"SELECT {render(node, 'duckdb', AS_OF)} FROM (SELECT 329e0 AS a)"  # noqa: S608
    assert duckdb.sql(query).fetchall() == [(True,)]


@pytest.mark.parametrize("seed", range(20))
def test_random_conditions_mean_the_same_on_duckdb_and_in_python(seed: int) -> None:
    random, traps = Random(seed), Counter[str]()  # noqa: S311 - cards, not secrets
    drawn = draw_card(random, traps)
    card = parse_card(drawn.file)
    kinds = {f.name: f.kind for f in card.fields}
    kinds |= {fact_column(f.name, x.name): x.kind for f in card.fields for x in f.facts}
    records = draw_records(random, drawn, 30, traps)
    with duckdb.connect() as database:
        quoted = {name: '"' + name.replace('"', '""') + '"' for name in kinds}
        columns = ", ".join(f"{quoted[name]} {SQL_TYPES[kind]}" for name, kind in kinds.items())
        database.execute(f"CREATE TABLE records (place INTEGER, {columns})")
        places = ", ".join("?" for _ in range(len(kinds) + 1))
        for place, record in enumerate(records):
            values = [plain(record.get(name)) for name in kinds]
            database.execute(f"INSERT INTO records VALUES ({places})", [place, *values])  # noqa: S608
        for term in card.terms:
            sql = render(term.of, "duckdb", drawn.as_of)
            query = f"SELECT {sql} FROM records ORDER BY place"  # noqa: S608
            found = [value for (value,) in database.execute(query).fetchall()]
            assert found == [plain(run("value", term.of, r, drawn.as_of)) for r in records], sql


def plain(value: object) -> object:
    """A value as DuckDB has it: moments without their zone."""
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
