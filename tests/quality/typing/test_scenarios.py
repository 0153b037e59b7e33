"""Scenarios 7, 8 and 9 of the design, as far as typing goes."""

from __future__ import annotations

import math

import pytest

from scoreline.language.fields import Field
from scoreline.quality.typing.values import type_record, type_value

EMAIL = Field("email", "email")
BUDGET = Field("budget", "money", currency="RUB", missing=("not sure",))


def test_blank_position_is_missing() -> None:
    typed = type_value(Field("position", "text"), "  ")
    assert (typed.value, typed.status) == (None, "missing")


@pytest.mark.parametrize(
    ("raw", "value", "kind", "code"),
    [
        ("Ivan@GMAIL.COM ", "Ivan@gmail.com", "free", ""),
        ("a@mail.acme.co.uk", "a@mail.acme.co.uk", "corporate", ""),
        ("foo@", None, "invalid", "email-invalid"),
        ("", None, None, ""),
        ("a@mailinator.com", "a@mailinator.com", "disposable", "email-disposable"),
    ],
)
def test_emails(raw: str, value: str | None, kind: str | None, code: str) -> None:
    record = type_record([EMAIL], {"email": raw}, record="7")
    assert record.values["email"] == value
    assert record.values["email__kind"] == kind
    assert [finding.code for finding in record.findings] == ([code] if code else [])
    for finding in record.findings:
        assert (finding.record, finding.field, finding.raw) == ("7", "email", raw)


@pytest.mark.parametrize(
    ("raw", "value", "status", "code"),
    [
        ("100000", 100000.0, "ok", ""),
        ("99999.99", 99999.99, "ok", ""),
        ("150 000 ₽", 150000.0, "ok", ""),
        ("1.5e5", 150000.0, "ok", ""),
        ("NaN", None, "missing", ""),
        (math.nan, None, "missing", ""),
        ("Not  sure", None, "missing", ""),
        ("-1", None, "invalid", "money-below-zero"),
        (-1, None, "invalid", "money-below-zero"),
        ("$200000", None, "invalid", "other-currency"),
        ("1,234", None, "invalid", "number-ambiguous"),
    ],
)
def test_budgets(raw: object, value: float | None, status: str, code: str) -> None:
    typed = type_value(BUDGET, raw)
    assert (typed.value, typed.status, typed.code) == (value, status, code)


def test_an_ambiguous_number_names_what_to_declare() -> None:
    typed = type_value(BUDGET, "1,234")
    assert 'decimal: ","' in typed.hint
    assert "`budget`" in typed.hint
    assert typed.message == "two readings: 1.234 or 1234"
