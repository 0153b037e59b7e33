"""Two speeds, one answer: cells typed one by one and as a column come to the same.

A hundred thousand cells of every field type, drawn from `traps` with a fixed seed: equal value,
facts, status and finding. The counts of each trap are printed (`pytest -s`); none may be zero.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.quality.typing import traps

from scoreline.errors import Finding
from scoreline.language.fields import FIELD_TYPES, Field, FieldType
from scoreline.quality.boundary import Boundary
from scoreline.quality.typing.values import type_record, type_value

CELLS = 100_000
MISSING = ("n/a", "-", "Не  указано", "999", "no@mail.ru", "1900-01-01")


def number_fields(kind: FieldType) -> list[Field]:
    return [
        Field("x", kind, currency="RUB" if kind == "money" else None),
        Field("x", kind, decimal=",", missing=MISSING),
        Field("x", kind, decimal=".", currency="USD" if kind == "money" else None),
    ]


def dated_fields(kind: FieldType) -> list[Field]:
    return [
        Field("x", kind),
        Field("x", kind, order="dmy", missing=MISSING),
        Field("x", kind, order="mdy"),
        Field("x", kind, order="ymd"),
    ]


FIELDS: dict[FieldType, list[Field]] = {
    "text": [Field("x", "text"), Field("x", "text", missing=MISSING)],
    "choice": [Field("x", "choice"), Field("x", "choice", missing=MISSING)],
    "number": number_fields("number"),
    "integer": number_fields("integer"),
    "money": number_fields("money"),
    "yes/no": [Field("x", "yes/no"), Field("x", "yes/no", missing=MISSING)],
    "date": dated_fields("date"),
    "time": dated_fields("time"),
    "email": [Field("x", "email"), Field("x", "email", missing=MISSING)],
    "phone": [
        Field("x", "phone", country=country, missing=MISSING if country == "FR" else ())
        for country in (*traps.PHONES, None)
    ],
    "country": [Field("x", "country"), Field("x", "country", missing=MISSING)],
    "company id": [
        Field("x", "company id"),
        Field("x", "company id", country="RU", missing=MISSING),
        Field("x", "company id", country="FR"),
    ],
    "postcode": [
        Field("x", "postcode"),
        Field("x", "postcode", country="GB", missing=MISSING),
        Field("x", "postcode", country="FR"),
        Field("x", "postcode", country="PL"),
    ],
    "name": [Field("x", "name"), Field("x", "name", missing=MISSING)],
    "iban": [Field("x", "iban"), Field("x", "iban", missing=MISSING)],
}


def traps_of(field: Field) -> dict[str, traps.Trap]:
    """The traps of a field: its type's own, and those of any text."""
    own: dict[FieldType, dict[str, traps.Trap]] = {
        "number": traps.NUMBERS,
        "integer": traps.NUMBERS,
        "money": traps.NUMBERS,
        "yes/no": traps.YES_NO,
        "date": traps.DATES,
        "time": traps.DATES,
        "email": traps.EMAILS,
        "phone": traps.phones(field.country if field.country in traps.PHONES else "RU"),
        "country": traps.COUNTRY,
        "company id": traps.CODES | traps.COMPANY_IDS,
        "postcode": traps.CODES | traps.POSTCODES,
        "name": traps.NAMES,
        "iban": traps.CODES | traps.COMPANY_IDS,
    }
    named = {f"any: {name}": trap for name, trap in traps.TEXT.items()}
    return named | own.get(field.type, {})


def facts_of(field: Field) -> list[str]:
    return [f"x__{fact.name}" for fact in field.facts]


def as_column(
    field: Field, cells: pl.Series
) -> tuple[list[tuple[object, ...]], dict[int, Finding]]:
    """Values and facts of each row, and the finding of each row that has one."""
    frame = pl.DataFrame({"x": cells}).with_row_index("__row__")
    boundary = Boundary(
        [field], None, ["x"], facts_of(field), {"x": cells.dtype}, examples=len(cells)
    )
    typed = boundary.lazy(frame.lazy()).collect(engine="streaming")
    assert typed["__row__"].to_list() == list(range(len(cells)))
    found: dict[int, Finding] = {}
    for (code, name), count in boundary.findings.counts().items():
        examples = boundary.findings.examples(code, name)
        assert len(examples) == count
        found |= {int(finding.record or ""): finding for finding in examples}
    return typed.select("x", *facts_of(field)).rows(), found


def one_by_one(
    field: Field, cells: list[object]
) -> tuple[list[tuple[object, ...]], dict[int, Finding]]:
    """The same, from a record for each cell."""
    rows, found = [], {}
    for row, cell in enumerate(cells):
        typed = type_record([field], {"x": cell}, record=str(row))
        rows.append(tuple(typed.values.values()))
        for finding in typed.findings:
            found[row] = finding
    return rows, found


def assert_same(field: Field, cells: pl.Series) -> None:
    """Both ways come to the same values, facts and findings."""
    values, found = as_column(field, cells)
    raws = cells.to_list()
    wanted, wanted_found = one_by_one(field, raws)
    if values != wanted or found != wanted_found:
        for row, raw in enumerate(raws):
            here = (values[row], found.get(row))
            assert here == (wanted[row], wanted_found.get(row)), (field, raw)
    if field.type != "time":  # equal is not enough: -0.0 and 0.0, 1 and 1.0, True and 1
        assert [repr(row) for row in values] == [repr(row) for row in wanted]


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_a_hundred_thousand_cells(kind: FieldType, capsys: pytest.CaptureFixture[str]) -> None:
    drawn: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for seed, field in enumerate(FIELDS[kind]):
        rng = Random(seed)  # noqa: S311 - cells to try, no secrets
        known = traps_of(field)
        weights = [1 if name.startswith("any:") else 3 for name in known]
        names = rng.choices(list(known), weights, k=-(-CELLS // len(FIELDS[kind])))
        cells = [known[name](rng) for name in names]
        drawn.update(names)
        assert_same(field, pl.Series(cells, dtype=pl.String))
        outcomes.update(
            f"{typed.status} {typed.code}".strip()
            for typed in (type_value(field, c) for c in cells[:5000])
        )
        assert not set(known) - set(drawn)
    assert drawn.total() >= CELLS
    with capsys.disabled():
        print(
            f"\n{kind}: {drawn.total()} cells; " + ", ".join(f"{n} {c}" for n, c in drawn.items())
        )
        print(f"  came to (of 5,000 a field): {dict(outcomes.most_common())}")
    assert min(outcomes["ok"], outcomes["missing"]) > 0


@given(st.sampled_from(FIELD_TYPES), st.data())
@settings(max_examples=300, deadline=None)
def test_any_text(kind: FieldType, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(FIELDS[kind]))
    cells = data.draw(st.lists(st.one_of(st.none(), st.text(max_size=20)), min_size=1, max_size=20))
    assert_same(field, pl.Series(cells, dtype=pl.String))


@given(st.text(max_size=12), st.sampled_from(FIELD_TYPES))
@settings(max_examples=300, deadline=None)
def test_typing_settles(text: str, kind: FieldType) -> None:
    """What a value came to, given again as text or value, comes to the same."""
    if kind in ("date", "time", "yes/no", "number", "integer", "money"):
        field = FIELDS[kind][0]
        typed = type_value(field, text)
        assert type_value(field, typed.value).value == typed.value
    elif kind != "phone":
        typed = type_value(Field("x", kind), text)
        assert type_value(Field("x", kind), typed.value).value == typed.value
