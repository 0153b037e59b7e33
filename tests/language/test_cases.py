"""The table of cases, on everything that runs a condition: all of them give the answer written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest

from scoreline.engines.local.expressions import DTYPES, Compiler, Stages
from scoreline.errors import ConditionError
from scoreline.language.dialects import DIALECTS
from scoreline.language.fields import Field, fact_column
from scoreline.language.kleene import OPEN, openly
from scoreline.language.parse import parse_condition
from scoreline.language.pyfunc import Emitter
from scoreline.language.render import render
from scoreline.language.tree import Node

AS_OF = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TYPES = {
    **dict.fromkeys(["a", "b", "m", "Бюджет, руб", "order"], "number"),
    **{"n": "integer", "t": "text", "u": "text", "c": "choice", "k": "choice"},
    **{"y": "yes/no", "z": "yes/no", "d": "date", "e": "date", "s": "time"},
    **{"email": "email", "phone": "phone", "land": "country"},
}
FIELDS = {name: Field(name, kind) for name, kind in TYPES.items()}  # type: ignore[arg-type]
KINDS = {name: field.kind for name, field in FIELDS.items()} | {
    fact_column(field.name, fact.name): fact.kind
    for field in FIELDS.values()
    for fact in field.facts
}
REFUSALS = ("unknown-field", "type-mismatch", "not-in-subset")
ANSWERS = {"true": True, "false": False, "unknown": None}
SQL_TYPES = {
    **{"text": "VARCHAR", "choice": "VARCHAR", "number": "DOUBLE", "yes/no": "BOOLEAN"},
    **{"date": "DATE", "time": "TIMESTAMP"},
}


class Example(NamedTuple):
    """A line of the table."""

    line: int
    expression: str
    record: str
    answer: str


def examples() -> Iterator[Example]:
    text = (Path(__file__).parent / "cases.csv").read_text(encoding="utf-8")
    for line, row in enumerate(text.splitlines(), start=1):
        if not row.startswith("#"):
            expression, record, answer = row.rsplit(";", 2)
            yield Example(line, expression.strip(), record.strip(), answer.strip())


EXAMPLES = list(examples())
ANSWERED = [example for example in EXAMPLES if example.answer not in REFUSALS]
REFUSED = [example for example in EXAMPLES if example.answer in REFUSALS]


def name_of(example: Example) -> str:
    return f"line {example.line}"


def read_record(text: str) -> dict[str, Any]:
    """The typed record of a text such as `a=1, email.kind=free`."""
    record: dict[str, Any] = {}
    for part in split(text):
        name, _, raw = part.partition("=")
        field, _, fact = name.partition(".")
        column = fact_column(field, fact) if fact else field
        record[column] = read_value(raw, KINDS[column])
        if fact and raw != "invalid":
            record.setdefault(field, "given")
    return record


def split(text: str) -> list[str]:
    """The parts between commas; one without `=` belongs to the part after it (`Бюджет, руб=3`)."""
    parts: list[str] = []
    head = ""
    for part in text.split(", ") if text else []:
        head = f"{head}, {part}" if head else part
        if "=" in head:
            parts.append(head)
            head = ""
    return parts


def read_value(raw: str, kind: str) -> Any:
    if kind == "number":
        return float(raw)
    if kind == "yes/no":
        return {"yes": True, "no": False}[raw]
    if kind == "date":
        return dt.date.fromisoformat(raw)
    return dt.datetime.fromisoformat(raw).replace(tzinfo=dt.UTC) if kind == "time" else raw


def wanted(example: Example) -> tuple[Any, bool]:
    """(value in ordinary logic, whether it is open)."""
    word, _, opened = example.answer.partition(" ")
    assert opened in ("", "open")
    return ANSWERS[word], bool(opened)


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(EXAMPLES) >= 150
    assert len({example[1:3] for example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", REFUSED, ids=name_of)
def test_cases_refused(example: Example) -> None:
    with pytest.raises(ConditionError) as refusal:
        parse_condition(example.expression, FIELDS)
    assert refusal.value.code == example.answer
    assert refusal.value.hint


@pytest.mark.parametrize("example", ANSWERED, ids=name_of)
def test_cases_in_generated_python(example: Example) -> None:
    node, record = parse_condition(example.expression, FIELDS), read_record(example.record)
    value, _ = wanted(example)
    found = [run(form, node, record) for form in ("value", "true", "false")]
    assert found[0] is value
    assert (bool(found[1]), bool(found[2])) == (value is True, value is False)


def run(form: str, node: Node, record: dict[str, Any], as_of: dt.datetime = AS_OF) -> Any:
    """What one of the generated forms gives."""
    emitter = Emitter()
    source = getattr(emitter, form)(node)
    variables = {variable: record.get(column) for column, variable in emitter.variables.items()}
    namespace = {**emitter.constants, **variables, "as_of": as_of}
    exec("\n".join(emitter.taken_setup()), namespace)  # noqa: S102
    return eval(source, namespace)  # noqa: S307


@pytest.mark.parametrize("example", ANSWERED, ids=name_of)
def test_cases_of_openness(example: Example) -> None:
    node, record = parse_condition(example.expression, FIELDS), read_record(example.record)
    value, opened = wanted(example)
    assert openly(node, record, AS_OF) is (OPEN if opened else value)


def test_cases_in_polars() -> None:
    for example in ANSWERED:
        value, opened = wanted(example)
        node = parse_condition(example.expression, FIELDS)
        stages = Stages("step ")
        compiler = Compiler(lambda name: name, AS_OF, stages)
        found, moved = compiler.value(node), compiler.opened(node)
        is_open = pl.lit(False) if moved.open is None else moved.open
        frame = typed_row(read_record(example.record))
        for stage in stages.stages:
            frame = frame.with_columns(stage)
        row = frame.with_columns(value=found, opened=is_open, settled=moved.value).row(
            0, named=True
        )
        assert row["value"] is value, example
        assert row["opened"] is opened, example
        assert row["settled"] is (None if opened else value), example


def typed_row(record: dict[str, Any]) -> pl.DataFrame:
    schema = {name: DTYPES[kind] for name, kind in KINDS.items()}
    return pl.DataFrame([{name: record.get(name) for name in schema}], schema=schema)


def test_cases_in_duckdb() -> None:
    with duckdb.connect() as database:
        columns = [f'"{name}" {SQL_TYPES[kind]}' for name, kind in KINDS.items()]
        database.execute(f"CREATE TABLE record ({', '.join(columns)})")
        for example in ANSWERED:
            node = parse_condition(example.expression, FIELDS)
            record = read_record(example.record)
            values = [record.get(name) for name in KINDS]
            values = [v.replace(tzinfo=None) if isinstance(v, dt.datetime) else v for v in values]
            places = ", ".join("?" for _ in values)
            database.execute("DELETE FROM record")
            database.execute(f"INSERT INTO record VALUES ({places})", values)  # noqa: S608
            query = f"SELECT {render(node, 'duckdb', AS_OF)} FROM record"  # noqa: S608
            found = database.execute(query).fetchall()
            assert found == [(wanted(example)[0],)], (example, query)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_cases_can_be_written_in_every_dialect(dialect: str) -> None:
    for example in ANSWERED:
        node = parse_condition(example.expression, FIELDS)
        assert render(node, dialect, AS_OF)
