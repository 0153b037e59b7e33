"""The record engine at its edges: classes of values, mappings of other kinds, what it hands over.

That scores, intervals and questions are right is for `tests/conformance`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from scoreline.engines.record.engine import CompiledCard, compile_card
from scoreline.errors import UsageError
from scoreline.scorecard.file import parse_card

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CARD = parse_card("""
scorecard: edges
fields: {age: integer, name: text, joined: date, ok: yes/no}
terms:
  - name: age
    of: age
    bins: [{below: 20, points: 1}, {from: 20, below: 30, points: 2}, {from: 30, points: 3}]
  - {name: named, when: name = 'Ann', points: 10}
  - {name: old hand, when: "days_between(joined, as_of) > 100", points: 100}
  - {name: new hand, when: "days_between(joined, as_of) <= 100", points: 200}
  - {name: agreed, when: ok, points: 1000}
segments: [{name: high, from: 1000}, {name: low}]
""")
RECORD = {"age": 25.0, "name": "Ann", "joined": dt.date(2026, 1, 1), "ok": True}


@pytest.fixture
def compiled() -> CompiledCard:
    return compile_card(CARD)


NUMBERS = [25.0, 25, np.float64(25), Decimal(25)]
NUMBERS += [np.int64(25), np.uint8(25), np.float32(25), np.longdouble(25)]


@pytest.mark.parametrize("age", NUMBERS, ids=lambda age: type(age).__name__)
def test_numbers_of_every_usual_class_score_alike(compiled: CompiledCard, age: object) -> None:
    assert compiled.score({**RECORD, "age": age}, AS_OF).score == 1112


@pytest.mark.parametrize("ok", [True, False])
def test_yes_and_no_may_be_those_of_numpy(compiled: CompiledCard, ok: bool) -> None:
    expected = compiled.score({**RECORD, "ok": ok}, AS_OF)
    assert compiled.score({**RECORD, "ok": np.bool_(ok)}, AS_OF) == expected


MIXED = parse_card("""
scorecard: every kind
fields:
  email: email
  age: number
  name: text
  tier: choice
  joined: date
  seen: time
  ok: yes/no
terms:
  - {name: corporate, when: email.kind = 'corporate' or age > 5, points: 1}
  - {name: known, when: "case when name = 'Ann' then ok else tier = 'gold' end", points: 2}
  - {name: old hand, when: "days_between(joined, as_of) > 100 and ok", points: 4, missing: 8}
  - {name: seen, of: seen, bins: [{from: '2026-01-01', points: 16}, {missing: 32}]}
segments: [{name: high, from: 10}, {name: low}]
""")
WHOLE = {
    "email": "a@acme.ru",
    "email__kind": "corporate",
    "age": 5.0,
    "name": "Ann",
    "tier": "gold",
    "joined": dt.date(2026, 1, 1),
    "seen": AS_OF,
    "ok": True,
}


@pytest.mark.parametrize("nothing", [pd.NaT, pd.NA, float("nan")], ids=str)
@pytest.mark.parametrize("column", WHOLE)
def test_what_a_frame_holds_for_nothing_is_missing_in_every_column(
    column: str, nothing: object
) -> None:
    """NaT even calls itself a datetime; a text column of pandas has NaN in its gaps."""
    compiled = compile_card(MIXED)
    missing = compiled.score({**WHOLE, column: None}, AS_OF)
    assert compiled.score({**WHOLE, column: nothing}, AS_OF) == missing
    all_but_name = {name: nothing for name in WHOLE if name != "name"} | {"name": "Ann"}
    assert compiled.score(all_but_name, AS_OF) == compiled.score({"name": "Ann"}, AS_OF)


def test_rows_of_an_ordinary_frame_are_typed_values() -> None:
    """Their classes are what the columns happen to have: int64, float64, bool."""
    rows = pd.DataFrame({"age": [25, 18], "ok": [True, False], "name": ["Ann", None]})
    compiled = compile_card(CARD)
    found = [compiled.score(row, AS_OF) for _, row in rows.iterrows()]  # type: ignore[arg-type]
    plain = [{"age": 25, "ok": True, "name": "Ann"}, {"age": 18, "ok": False}]
    assert found == [compiled.score(row, AS_OF) for row in plain]


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan"), Decimal("nan")])
def test_none_and_nan_are_missing(compiled: CompiledCard, missing: object) -> None:
    found = compiled.score({**RECORD, "age": missing}, AS_OF)
    assert (found.score, found.low, found.high, found.open_terms) == (1110, 1110, 1113, (0,))


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("age", True, "is a bool; it must be a number"),
        ("age", np.bool_(True), "is a bool; it must be a number"),
        ("age", "25", "is a str; it must be a number"),
        ("age", 10**400, "is an int beyond every float; it must be a number"),
        ("age", Decimal("sNaN"), "is a Decimal; it must be a number"),
        ("name", 7, "is an int; it must be a text"),
        ("name", 7.5, "is a float; it must be a text"),
        ("joined", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "is a datetime; it must be a date"),
        ("joined", "2026-01-01", "is a str; it must be a date"),
        ("ok", 1, r"is an int; it must be True or False \(yes or no\)"),
        ("ok", np.int8(1), "is an int8; it must be True or False"),
    ],
)
def test_a_value_of_another_type_is_refused_by_column(
    compiled: CompiledCard, column: str, value: object, told: str
) -> None:
    with pytest.raises(UsageError, match=told) as refusal:
        compiled.score({**RECORD, column: value}, AS_OF)
    assert f"`{column}`" in str(refusal.value)


def test_a_moment_of_a_record_needs_a_time_zone() -> None:
    told = "is a datetime without a time zone; it must be a datetime with a time zone"
    with pytest.raises(UsageError, match=told):
        compile_card(MIXED).score({**WHOLE, "seen": dt.datetime(2026, 1, 1)}, AS_OF)


def test_absent_columns_are_missing_and_nothing_is_added_to_the_record(
    compiled: CompiledCard,
) -> None:
    record = defaultdict(str, name="Ann")
    assert compiled.score(record, AS_OF).score == 10
    assert dict(record) == {"name": "Ann"}


def test_any_mapping_will_do(compiled: CompiledCard) -> None:
    class View(Mapping[str, Any]):
        def __getitem__(self, name: str) -> Any:
            return RECORD[name]

        def __iter__(self) -> Iterator[str]:
            return iter(RECORD)

        def __len__(self) -> int:
            return len(RECORD)

    assert compiled.score(View(), AS_OF) == compiled.score(RECORD, AS_OF)


def test_a_moment_needs_a_time_zone(compiled: CompiledCard) -> None:
    with pytest.raises(UsageError, match="as_of"):
        compiled.score(RECORD, dt.datetime(2026, 11, 1))


@pytest.mark.parametrize("hour", [0, 23])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York", "UTC"])
def test_a_moment_means_the_same_in_every_zone(
    compiled: CompiledCard, hour: int, zone: str
) -> None:
    for day in range(99, 103):
        joined = {**RECORD, "joined": dt.date(2026, 1, 1)}
        moment = dt.datetime(2026, 1, 1, hour, tzinfo=dt.UTC) + dt.timedelta(days=day)
        found = compiled.score(joined, moment.astimezone(ZoneInfo(zone)))
        assert found.score == compiled.score(joined, moment).score == (1112 if day > 100 else 1212)


@pytest.mark.parametrize(("age", "name"), [(float("inf"), "Bo"), (-float("inf"), "Ann")])
def test_infinities_that_meet_are_not_taken_for_a_missing_number(age: float, name: str) -> None:
    card = parse_card("""
scorecard: infinities
fields: {age: number, debt: number, name: text}
terms:
  - {name: older, when: age > debt, points: 1}
  - {name: sum, when: age + debt > 0, points: 10, missing: 20}
  - {name: share, when: age / debt > 0, points: 100, missing: 200}
  - {name: named, when: name = 'Ann', points: 1000}
""")
    found = CompiledCard(card).score({"age": age, "debt": -age, "name": name}, AS_OF)
    assert found.score == (221 if age > 0 else 1220)


@pytest.mark.parametrize(
    ("age", "points"), [(19.999, 1), (20, 2), (29.999, 2), (30, 3), (1e308, 3)]
)
def test_bins_that_touch_leave_no_value_out(
    compiled: CompiledCard, age: float, points: int
) -> None:
    assert compiled.score({"age": age}, AS_OF).score == points


def test_a_calculation_is_written_once_for_all_terms(compiled: CompiledCard) -> None:
    assert compiled.source.count("days(") == 1


def test_long_cases_and_lists_of_parts_compile() -> None:
    branches = " ".join(f"when age = {n} then {n}" for n in range(240))
    parts = ", ".join(["age + 0"] * 300)
    card = parse_card(f"""
scorecard: long
fields: {{age: number}}
terms:
  - {{name: case, when: "case {branches} else 0 end > 100", points: 1}}
  - {{name: parts, when: "coalesce({parts}, 7) > 3", points: 10}}
""")
    found = [CompiledCard(card).score({"age": age}, AS_OF).score for age in (150, 50, 2, None)]
    assert found == [11, 10, 0, 10]


def test_a_card_of_thousands_of_number_fields_compiles_and_scores() -> None:
    names = [f"n{number}" for number in range(3_000)]
    terms = "\n".join(
        f'  - {{name: t{n}, when: "{" or ".join(f"{name} > 1" for name in three)}", points: 1}}'
        for n, three in enumerate(zip(names[::3], names[1::3], names[2::3], strict=True))
    )
    fields = "\n".join(f"  {name}: number" for name in names)
    card = parse_card(f"scorecard: wide\nfields:\n{fields}\nterms:\n{terms}\n")
    record = dict.fromkeys(names, 0.0) | {"n7": 2.0}
    assert CompiledCard(card).score(record, AS_OF).score == 1
    assert CompiledCard(card).score(record | {"n9": None}, AS_OF).score == 1


def test_a_term_of_thousands_of_bins_compiles_and_scores() -> None:
    bins = "\n".join(f"      - {{from: {n}, below: {n + 1}, points: {n}}}" for n in range(4_000))
    card = parse_card(f"""
scorecard: many
fields: {{age: number}}
terms:
  - name: age
    of: age
    bins:
      - {{missing: -1}}
{bins}
""")
    compiled = CompiledCard(card)
    found = [compiled.score({"age": age}, AS_OF).score for age in (3_999.5, 17, -1, None)]
    assert found == [3_999, 17, 0, -1]


def test_a_card_that_reads_nothing_scores(compiled: CompiledCard) -> None:
    bare = parse_card(
        "scorecard: bare\nfields: {a: text}\nterms: [{name: t, when: 1 = 1, points: 2}]\n"
    )
    found = CompiledCard(bare).score({}, AS_OF)
    assert (found.score, found.segment, found.certain) == (2, None, True)
