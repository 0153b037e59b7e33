"""A level is the same in DuckDB's SQL, which batches go by, and in Python, for one pair."""

from typing import get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.quality.duplicates.comparisons import comparisons
from scoreline.quality.duplicates.pairs import levels_of
from scoreline.quality.duplicates.prepare import prepared
from scoreline.quality.duplicates.standard import column, standard
from scoreline.quality.roles import Role

ROLES = [role for role in get_args(Role) if role not in ("key", "number", "text")]
ODD = [
    "",
    " ",
    "a",
    "ab",
    "ba",
    "Ёлка",
    "Μαρία",
    "王小明",
    "o'neil",
    "12 Main St",
    "x" * 300,
    "a@b.de",
]
CELLS = st.none() | st.sampled_from(ODD) | st.text(max_size=12) | st.text("ab1 -@.", max_size=9)


@pytest.mark.parametrize("role", ROLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_levels_are_equal_in_sql_and_in_python(role: Role, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=7))
    columns: dict[str, Role] = {"it": role, "given": "given name", "family": "surname"}
    compared = comparisons(columns)
    base = prepared(compared, {name: [row[n] for row in rows] for n, name in enumerate(columns)})
    pairs = [(a, b) for a in range(len(rows)) for b in range(a + 1, len(rows))]
    found = levels_of(base, [a for a, _ in pairs], [b for _, b in pairs])
    records = base.frame.to_dicts()
    for (left, right), places in zip(pairs, found.levels.tolist(), strict=True):
        for one, place in zip(compared, places, strict=True):
            level = one.level(records[left], records[right])
            assert level == (None if place < 0 else one.level_names[-1 - place])


@pytest.mark.parametrize("role", ROLES)
@given(value=CELLS)
def test_a_standard_value_is_standard_and_never_empty(role: Role, value: str | None) -> None:
    found = standard(role, value)
    assert found is None or found.strip()
    assert column(role, [value, value]) == [found, found] or role in ("birth date", "date")


@pytest.mark.parametrize(
    ("role", "one", "other"),
    [
        ("surname", "Müller", "MULLER "),
        ("given name", "Анна", "Anna"),
        ("organisation", "ООО Ромашка", "Romashka"),
        ("organisation", "Acme, Inc.", "ACME LLC"),
        ("street", "12 Main Street", "12 main st."),
        ("phone", "+7 (912) 345-67-89", "8 912 345 67 89"),
        ("birth date", "31.01.1990", "1990-01-31"),
        ("birth date", "19900131", "31 January 1990"),
        ("web", "https://www.acme.ru/about", "acme.ru"),
        ("postcode", "SW1A 1AA", "sw1a1aa"),
    ],
)
def test_habits_of_writing_are_gone(role: Role, one: str, other: str) -> None:
    assert standard(role, one) == standard(role, other)


def test_dates_are_read_as_their_column_shows() -> None:
    month_first = ["01/31/1990", "01/30/1990", "01/29/1990", "02/03/1990"]
    assert column("birth date", month_first)[-1] == "1990-02-03"
    assert column("birth date", ["01/31/1990", "02/03/1990"])[-1] == "1990-03-02", "one is a slip"
    assert column("birth date", ["31/01/1990", "02/03/1990"]) == ["1990-01-31", "1990-03-02"]


def test_a_contact_that_many_share_says_nothing() -> None:
    compared = comparisons({"given": "given name", "phone": "phone"})
    names = ["Anna", "Ivan", "Olga", "Jan", "Jan"]
    phones = ["+49 30 123456"] * 3 + ["+49 30 654321"] * 2
    base = prepared(compared, {"given": names, "phone": phones})
    records = base.frame.to_dicts()
    assert compared[1].level(records[0], records[1]) is None
    assert compared[1].level(records[3], records[4]) == "same"
    assert isinstance(base.frame, pl.DataFrame)


def test_many_records_of_one_phone_are_not_chained_to_one_person_by_common_names() -> None:
    given = [name for name in ("Anna", "Ivan", "Olga", "Jan") for _ in range(50)]
    born = [f"19{n % 40 + 50}-01-01" for n in range(200)]
    columns: dict[str, Role] = {"given": "given name", "born": "birth date", "phone": "phone"}
    base = prepared(comparisons(columns), {"given": given, "born": born, "phone": ["112"] * 200})
    assert base.comparisons[2].level(*base.frame.to_dicts()[:2]) is None


def test_what_is_alike_by_exactly_the_least_is_near_in_both() -> None:
    """0.92 comes out of one of the two libraries a rounding below it."""
    compared = comparisons({"street": "street"})
    base = prepared(compared, {"street": ["124 Victoria St", "100 Victoria St"]})
    records = base.frame.to_dicts()
    level = compared[0].level(records[0], records[1])
    place = levels_of(base, [0], [1]).levels[0][0]
    assert level == compared[0].level_names[-1 - place] == "near"
