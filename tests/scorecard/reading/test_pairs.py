"""Pair tables: points by two fields at once, and what is said of a table that can't be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from scoreline.engines.base import Result
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.reading.pairs import MOST_CELLS
from tests.scorecard.reading.refusing import findings

TABLE = """scorecard: c
fields: {age: number, job: choice, retired: yes/no}
terms:
- name: age and job
  of: [age, job]
  rows: [{below: 30}, {from: 30}, missing]
  columns: [{is: Management}, {is: [retired, student]}, otherwise, missing]
  points:
  - [3, 1, 0.5, 0]
  - [5, 2, 0, -1]
  - [-2, 0, 0, 0]
"""
AS_OF = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def score(text: str, **record: Any) -> Result:
    return compile_card(parse_card(text)).score(record, AS_OF)


@pytest.mark.parametrize(
    ("age", "job", "points", "label"),
    [
        (29.0, "management", 3, "below 30, Management"),
        (30.0, "management", 5, "30 or more, Management"),
        (29.0, "student", 1, "below 30, retired, student"),
        (29.0, "clerk", 0.5, "below 30, otherwise"),
        (30.0, None, -1, "30 or more, missing"),
        (None, "management", -2, "missing, Management"),
    ],
)
def test_a_row_and_a_column_give_the_points(
    age: float | None, job: str | None, points: float, label: str
) -> None:
    found = score(TABLE, age=age, job=job)
    assert found.score == points
    assert [(line.term, line.bin) for line in found.reasons] == [("age and job", label)]


def test_an_open_table_can_be_any_of_its_cells() -> None:
    found = score(TABLE, age=None, job="management")
    assert (found.low, found.score, found.high, found.ask) == (-2, -2, 5, "")
    assert found.open_terms == (0,)
    assert score(TABLE, age=29.0, job="clerk").open_terms == ()


def test_what_is_in_no_row_or_column_is_0_and_settled() -> None:
    """No age can bring a clerk into a column that isn't there."""
    text = TABLE.replace(", otherwise, missing]", "]").replace("rows: [{below: 30},", "rows: [")
    text = text[: text.index("  points:")] + "  points: [[5, 2], [-2, 1]]\n"
    assert score(text, age=29.0, job="student").score == 0
    assert score(text, age=None, job="clerk").open_terms == ()
    found = score(text, age=None, job="student")
    assert (found.low, found.score, found.high) == (-2, 1, 5)


def test_zero_counts_for_the_interval_only_where_something_is_left_out() -> None:
    whole = TABLE[: TABLE.index("  points:")] + "  points:\n" + "  - [3, 3, 4, 4]\n" * 3
    assert (score(whole).low, score(whole).high) == (3, 4)
    gap = whole.replace("{from: 30}", "{from: 31}")
    assert (score(gap).low, score(gap).high) == (0, 4)


def test_a_table_has_a_group_and_a_clamp_like_any_term() -> None:
    text = TABLE.replace("  points:", "  cap: 4\n  floor: -1\n  group: g\n  points:")
    text += "groups: {g: {cap: 3.5}}\n"
    found = score(text, age=30.0, job="management")
    assert [(line.term, line.points) for line in found.reasons] == [
        ("age and job", 4),
        ("g cap", -0.5),
    ]
    assert score(text, age=None, job="management").score == -1


def test_yes_or_no_and_expressions_may_be_rows_and_columns() -> None:
    text = TABLE[: TABLE.index("  of:")] + (
        "  of: [retired, age / 2]\n  rows: [{is: yes}, {is: no}]\n"
        "  columns: [{from: 10, below: 20}, {is: 5}]\n  points: [[1, 2], [3, 4]]\n"
    )
    assert score(text, retired=True, age=20.0).score == 1
    assert score(text, retired=True, age=10.0).score == 2
    assert score(text, retired=False, age=39.0).score == 3
    assert score(text, retired=False, age=40.0).score == 0


def test_both_may_be_one_field() -> None:
    text = TABLE.replace("[age, job]", "[age, age]").replace(
        "[{is: Management}, {is: [retired, student]}, otherwise, missing]",
        "[{below: 20}, {from: 20, below: 40}, {from: 40}, missing]",
    )
    assert score(text, age=35.0).score == 2
    assert score(text, age=None).open_terms == (0,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[3, 1, 0.5, 0]", "[3.00, 1, 0.5, 0]"),
        ("{is: Management}", "{is: management}"),
        ("{below: 30}", "{below: 30.0}"),
    ],
)
def test_spelling_is_no_meaning(old: str, new: str) -> None:
    assert parse_card(TABLE.replace(old, new)).fingerprint == parse_card(TABLE).fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[3, 1, 0.5, 0]", "[3, 1, 0.5, 1]"),
        ("{below: 30}, {from: 30}", "{below: 31}, {from: 31}"),
        ("{is: Management}", "{is: managers}"),
        ("{from: 30}, missing]", "{from: 30}, otherwise]"),
        ("of: [age, job]", "of: [age + 0, job]"),
    ],
)
def test_rows_columns_and_points_are_meaning(old: str, new: str) -> None:
    assert parse_card(TABLE.replace(old, new)).fingerprint != parse_card(TABLE).fingerprint


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("of: [age, job]", "of: age", 5, "is a list of two", "of: [age, job]"),
        ("of: [age, job]", "of: [age]", 5, "is a list of two", "of: [age, job]"),
        ("of: [age, job]", "of: [age, job, age]", 5, "is a list of two", "of: [age, job]"),
        ("of: [age, job]", "of: [age, jobb]", 5, "no field `jobb`", "job"),
        ("rows: [", "bins: [", 4, "needs `rows`", "rows: [{below: 30}"),
        ("  rows: [{below: 30}, {from: 30}, missing]\n", "", 4, "needs `rows`", "rows: ["),
        ("{from: 30}, missing]", "{from: 30}, absent]", 6, "`absent` is no entry", "{is: absent}"),
        ("{below: 30},", "{below: 30, points: 3},", 6, "`points` is not a key of an entry", ""),
        ("{below: 30},", "{below: x},", 6, "`x` is not a number", "100000 or 0.5"),
        ("otherwise, missing]", "missing, missing]", 7, "`missing` stands twice", ""),
        ("{is: Management}", "{below: 3}", 7, "Ranges need a number or a date", "Use `values`"),
        ("  - [-2, 0, 0, 0]\n", "", 8, "2 lists of points for 3 entries of `rows`", "each row"),
        ("[5, 2, 0, -1]", "[5, 2, 0]", 10, "`30 or more` has 3 points for 4", "each column"),
        ("[5, 2, 0, -1]", "[5, 2, 0, x]", 10, "`x` is not a number of points", "3, -5"),
        ("[5, 2, 0, -1]", "[5, 2, 0, [1]]", 10, "one number of points", ""),
        ("[5, 2, 0, -1]", "5", 8, "are a list for each row", "[[3, 1], [5, 2]]"),
        ("  points:", "  missing: -1\n  points:", 8, "A pair table has no `missing`", "`points`"),
    ],
)
def test_each_mistake_is_said_once_with_its_line(
    old: str, new: str, line: int, message: str, hint: str
) -> None:
    (finding,) = findings(TABLE.replace(old, new, 1))
    assert (finding.line, finding.term) == (line, "age and job")
    assert message in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("{name: x, when: retired, points: 1, rows: []}", "A `when` term has no `rows`."),
        (
            "{name: x, of: age, bins: [{from: 1, points: 1}], rows: [missing]}",
            "`rows` needs an `of` of two.",
        ),
        ("{name: x, event: visit, points: 1, columns: []}", "An event term has no `columns`."),
    ],
)
def test_rows_and_columns_are_of_pair_tables_alone(term: str, message: str) -> None:
    text = TABLE[: TABLE.index("- name")] + f"- {term}\n"
    assert [finding.message for finding in findings(text)] == [message]


def test_a_table_has_a_limit() -> None:
    side = MOST_CELLS // 20
    rows = ", ".join(f"{{is: {n}}}" for n in range(20))

    def table(columns: int) -> str:
        listed = ", ".join(f"{{is: c{n}}}" for n in range(columns))
        points = ", ".join(["[" + ", ".join(["1"] * columns) + "]"] * 20)
        return (
            f"{TABLE[: TABLE.index('  rows:')]}  rows: [{rows}]\n  columns: [{listed}]\n"
            f"  points: [{points}]\n"
        )

    assert score(table(side), age=19.0, job=f"c{side - 1}").score == 1
    (finding,) = findings(table(side + 1))
    assert finding.message == "420 cells; 400 is the most of a pair table."
