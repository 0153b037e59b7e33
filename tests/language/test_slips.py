"""A refused condition names the slip that spoilt it, and what it says to write is taken."""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.errors import ConditionError
from scoreline.language.fields import Field
from scoreline.language.names import written
from scoreline.language.parse import parse_condition
from scoreline.language.text import normal

TYPES = {"a": "number", "t": "text", "y": "yes/no", "E-Mail": "email", "when": "number"}
TYPES |= {"set": "number", "comment": "text", "Budget, EUR": "number", "case": "number"}
FIELDS = {name: Field(name, kind) for name, kind in TYPES.items()}  # type: ignore[arg-type]


def refusal(text: str) -> ConditionError:
    with pytest.raises(ConditionError) as refused:
        parse_condition(text, FIELDS)
    return refused.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a > 1,5", "1.5"),
        ("(a > 1,5)", "1.5"),
        ("a > 1,5 and y", "1.5"),
        ("a between 0,5 and 2", "0.5"),
        ("case when a > 1,5 then 1 else 2 end > 1", "1.5"),
        ("a > 100 000", "100000"),
        ("a > 100\u00a0000", "100000"),
        ("a > 100_000", "100000"),
        ("a > 1_000_000 and y", "1000000"),
        ("a > 1 234,56", "1234.56"),
        ("a > 1.234,56", "1234.56"),
        ("a > 1,234,567", "1234567"),
        ("a > 1,234", "1234 or 1.234"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    error = refusal(text)
    assert error.hint == f"Write {number}: a decimal point, and nothing between thousands."
    for way in number.split(" or "):
        mended = re.sub(r"\d[\d\s_,.]*\d", way, text, count=1)
        assert parse_condition(mended, FIELDS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("E-Mail.kind = 'free'", "E-Mail"),
        ("y and E-Mail is not null", "E-Mail"),
        ("e-mail is null", "E-Mail"),
        ("when > 1", "when"),
        ("set > 1", "set"),
        ("comment = 'x'", "comment"),
        ("Budget, EUR > 5", "Budget, EUR"),
    ],
)
def test_names_that_need_quotes(text: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = refusal(text)
    assert f'Write it as "{name}"' in error.hint
    assert parse_condition(re.sub(name, f'"{name}"', text, flags=re.IGNORECASE), FIELDS)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a in (1,5) and t like 'x'", "Write starts_with"),
        ("coalesce(a, 1,5) > 1 and lower(t) = 'x'", "Give the field the type choice"),
        ("case when y then lower(t) else t end = 'x'", "Give the field the type choice"),
        ("t = '1,5' and a > 100k", "Join conditions"),
    ],
)
def test_what_is_no_slip_is_not_blamed(text: str, hint: str) -> None:
    assert refusal(text).hint.startswith(hint)


def test_lists_may_have_commas_without_blanks() -> None:
    assert parse_condition("a in (1,5)", FIELDS)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("y = 'yes'", "`y`"),
        ("y = 'No'", "`not y`"),
        ("'maybe' = y", "`y` or `not y`"),
        ("email.role = 'true'", "`email.role`"),
    ],
)
def test_yes_no_fields_are_conditions(text: str, ways: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_condition(text, {"y": Field("y", "yes/no"), "email": Field("email", "email")})
    assert refused.value.hint == f"Write {ways}."


def test_a_text_beside_a_number_is_told_as_a_number_only_if_it_is_one() -> None:
    assert refusal("a > '1,5'").hint == "Write 1.5 without quotes."
    assert "without quotes" not in refusal("a > 'many'").hint


@pytest.mark.parametrize(
    "name", ["budget", "Größe", "год", "order", "end", "E-Mail", "when", "set", "`"]
)
def test_names_as_conditions_write_them(name: str) -> None:
    fields = {name: Field(name, "email")}
    assert parse_condition(f"{written(name, 'kind')} = 'free'", fields)
    assert parse_condition(f"{written(name)} is null", fields)


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12))
def test_every_name_can_be_written(name: str) -> None:
    name = normal(name)
    if name and "." not in name and name != "as_of":
        fields = {name: Field(name, "number")}
        assert parse_condition(f"({written(name)} > 1)", fields)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("nvl(a, 1) > 2", "Write coalesce(a, b)."),
        ("IFNULL(a, 1) > 2", "Write coalesce(a, b)."),
        ('"nvl"(a, 1) > 2', "Write coalesce(a, b)."),
        ("startswith(t, 'x')", "Write starts_with(text, 'literal')."),
        ("!y", "Write not."),
        ("a == 1", "Write =."),
        ("y is unknown", "Write `is null`, or `is not null`."),
        ("y is not unknown", "Write `is null`, or `is not null`."),
        ("a isnull", "Write `is null`."),
        ("a notnull", "Write `is not null`."),
        ("a > 1;", "Write one condition; join parts with AND or OR."),
        ("a > +5", "Write the number without a sign."),
        ("a in (1, 2,)", "The signs are"),
    ],
)
def test_one_spelling_of_everything(text: str, hint: str) -> None:
    error = refusal(text)
    assert error.code == "not-in-subset"
    assert error.hint.startswith(hint)


@pytest.mark.parametrize(
    "text",
    [
        "case when y then 1 else 2 end + 1 > 2",
        '"when" + a > 2',
        "(a) + 1 > 2",
        "coalesce(a, 1) + -1 > 2",
        "a + case when y then 1 end > 2",
        "t = '+' and a is null",
        "a != 5 and y is not true",
    ],
)
def test_what_the_reference_shows_is_taken(text: str) -> None:
    assert parse_condition(text, FIELDS)


def test_a_field_may_be_called_like_a_refused_word() -> None:
    fields = {name: Field(name, "number") for name in ("unknown", "nvl", "startswith")}
    assert parse_condition("unknown > 1 and nvl > 1 and startswith > 1", fields)
