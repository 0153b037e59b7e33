"""The small parts of typing: headers, findings, codes, tables, values of other libraries."""

from __future__ import annotations

import string
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from threading import Thread
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from scoreline.errors import Finding, MissingColumnsError
from scoreline.language.fields import Field, FieldType
from scoreline.language.parse import parse_condition
from scoreline.quality.findings import FindingLog
from scoreline.quality.headers import header_of, match_headers
from scoreline.quality.text import normal
from scoreline.quality.typing import lists
from scoreline.quality.typing.codes import CODES, hint_of, message_of
from scoreline.quality.typing.countries import read_country
from scoreline.quality.typing.fast.text import _LETTER
from scoreline.quality.typing.values import type_record, type_value
from scoreline.quality.typing.words import NO, YES


@pytest.mark.parametrize(
    ("wanted", "headers", "found"),
    [
        (["budget"], ["Budget", "budget"], "budget"),
        (["budget"], [" Budget\u00a0"], " Budget\u00a0"),
        (["budget"], ["BUDGET", "Budget"], None),  # two fold to it
        (["Бюджет, руб", "budget"], ["budget", "бюджет,  РУБ"], "бюджет,  РУБ"),
        (["cafe\u0301"], ["café"], "café"),
        (["straße"], ["STRASSE"], "STRASSE"),
        (["budget"], ["budget_rub"], None),
    ],
)
def test_headers(wanted: list[str], headers: list[str], found: str | None) -> None:
    assert header_of(wanted, headers) == found


def test_a_header_that_is_also_the_name_is_told_once() -> None:
    field = Field("budget", "money", column=("budget", "Budget, EUR"))
    with pytest.raises(MissingColumnsError) as refused:
        match_headers([field], None, ["phone"])
    assert "declares: `budget` or `Budget, EUR`." in refused.value.message


def test_a_record_finds_its_headers_as_a_file_does() -> None:
    fields = [Field("budget", "number", column=("Бюджет",)), Field("age", "integer")]
    typed = type_record(fields, {"БЮДЖЕТ ": "5", "extra": 1})
    assert typed.values == {"budget": 5.0, "age": None}
    assert typed.findings == ()


def test_counts_and_examples_hold_whatever_thread_comes_first() -> None:
    log = FindingLog(examples=10)

    def work(start: int) -> None:
        for row in range(start, 4000, 8):
            log.add(row, Finding("x", "warning", "", record=str(row), field="f"))

    threads = [Thread(target=work, args=(start,)) for start in reversed(range(8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.counts() == {("x", "f"): 4000}
    assert [found.record for found in log.examples("x", "f")] == [str(row) for row in range(10)]
    assert log.by_code() == {"x": 4000}


@pytest.mark.parametrize("code", CODES)
def test_every_code_speaks_plainly(code: str) -> None:
    parts = [CODES[code].message, CODES[code].hint]
    names = {name for part in parts for _, name, _, _ in string.Formatter().parse(part) if name}
    details = dict.fromkeys(names - {"field", "name"}, "DETAIL")
    for text in (message_of(code, "budget", details), hint_of(code, "budget", details)):
        assert text
        assert "{x" not in text
        assert "budget" in text or "{field}" not in text
        assert "{" not in text or "{type:" in text
    assert "budget" in hint_of(code, "budget", details)


@pytest.mark.parametrize("name", ["email", "E-Mail", "when"])
@pytest.mark.parametrize("code", ["email-disposable", "phone-suspect", "phone-placeholder"])
def test_conditions_in_hints_can_be_pasted_into_a_card(code: str, name: str) -> None:
    hint = hint_of(code, name, {})
    condition = hint.partition("`")[2].rpartition("`")[0]
    field = Field(name, "email" if code.startswith("email") else "phone")
    assert parse_condition(condition, {name: field})


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        *(("12,5 %", "12.5 or 0.125"), ("15%", "15 or 0.15"), ("-3 %", "-3 or -0.03")),
        *(("1 200 %", "1200 or 12"), ("100%", "100 or 1"), ("1e3%", "1e3 or 10")),
    ],
)
def test_a_percentage_is_told_with_its_own_number(cell: str, meant: str) -> None:
    typed = type_value(Field("x", "number"), cell)
    assert (typed.code, typed.message) == ("number-percent", f"a percentage may mean {meant}")


def test_a_yes_no_that_is_neither_is_shown_the_way_to_a_choice() -> None:
    assert "type `choice`" in type_value(Field("x", "yes/no"), "vielleicht").hint


def test_letters_accepted_in_bulk_are_normal_in_every_company() -> None:
    """Each is a starter that NFC leaves alone and that composes with nothing before it."""
    letters = pl.Series([chr(code) for code in range(0x20, 0xA000) if not 0xD800 <= code <= 0xDFFF])
    shape = f"^[{_LETTER}]$"
    accepted = letters.filter(letters.str.contains(shape)).to_list()
    assert len(accepted) > 20_000
    composing = {
        unicodedata.decomposition(chr(code)).split()[-1]
        for code in range(0x30000)
        if unicodedata.decomposition(chr(code)) and "<" not in unicodedata.decomposition(chr(code))
    }
    for letter in accepted:
        assert normal(letter) == letter
        assert unicodedata.combining(letter) == 0
        singleton = unicodedata.decomposition(letter)
        assert not singleton or unicodedata.normalize("NFC", letter) == letter
        # ASCII letters stand last in no composition; a Hangul vowel or a mark might
        assert f"{ord(letter):04X}" not in composing or unicodedata.combining(letter) == 0
        assert unicodedata.normalize("NFC", "e" + letter) == "e" + letter


def test_words_for_yes_and_no_are_apart_and_folded() -> None:
    assert not YES & NO
    assert all(word == normal(word).casefold() for word in YES | NO)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("FR", "FR"), ("fra", "FR"), ("United Kingdom", "GB"), ("UK", "GB"), ("США", "US")),
        *(("Côte d'Ivoire", "CI"), ("COTE D’IVOIRE", "CI"), ("Allemagne", "DE")),
        *(("Соединенные Штаты", "US"), ("Korea, Republic of", "KR"), ("Türkiye", "TR")),
        *(("Россия", "RU"), ("Российская Федерация", "RU"), ("Беларусь", "BY"), ("Чехия", "CZ")),
    ],
)
def test_countries(name: str, code: str) -> None:
    assert read_country(name) == code


def test_aliases_of_countries_name_real_ones() -> None:
    for name, code in lists.country_aliases().items():
        assert read_country(name) == code, name
        assert read_country(code) == code


def test_currencies_know_their_words() -> None:
    assert lists.currency_of("₽") == "RUB"
    assert lists.currency_of("usd") == "USD"
    assert (lists.currency_of("$") or "").split()[0] == "USD"
    assert lists.currency_of("€ $") is None
    assert "₽" in lists.words_of_currency("RUB")
    assert "$" in lists.words_of_currency("CAD")


VALUES: list[tuple[Field, object, object]] = [
    (Field("x", "number"), np.float32(0.5), 0.5),
    (Field("x", "number"), np.int64(7), 7.0),
    (Field("x", "number"), np.float64("nan"), None),
    (Field("x", "number"), np.longdouble("0.5"), 0.5),
    (Field("x", "number"), np.longdouble("nan"), None),
    (Field("x", "number"), Decimal("sNaN"), None),
    (Field("x", "integer"), np.uint8(7), 7),
    (Field("x", "integer"), Decimal("7.0"), 7),
    (Field("x", "integer"), Decimal("NaN"), None),
    (Field("x", "yes/no"), np.bool_(True), True),
    (Field("x", "text"), np.str_(" a "), "a"),
    (Field("x", "text"), np.int64(79161234567), "79161234567"),
    (Field("x", "date"), np.datetime64("2026-03-04"), date(2026, 3, 4)),
    (Field("x", "date"), np.datetime64("NaT"), None),
    (Field("x", "date"), datetime(2026, 3, 4, 23, 59), date(2026, 3, 4)),
    (Field("x", "time"), np.datetime64("2026-03-04T10:00:00.123456789"), "123456"),
]


@pytest.mark.parametrize(("field", "raw", "wanted"), VALUES)
def test_values_of_numpy(field: Field, raw: object, wanted: object) -> None:
    value = type_value(field, raw).value
    if field.type == "time":
        assert isinstance(value, datetime)
        assert f"{value:%f}" == wanted
    else:
        assert value == wanted
        assert type(value) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("number", 10**5000, "infinite"),
        ("number", np.longdouble("1e4000"), "infinite"),
        ("number", np.clongdouble(1), "not-a-value"),
        ("integer", 10**5000, "infinite"),
        ("date", -(10**5000), "date-unreadable"),
        ("text", [10**5000], "not-a-value"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_values_beyond_every_field_are_findings(kind: FieldType, raw: object, code: str) -> None:
    """Python refuses to write whole numbers of over 4,300 digits: the finding must do without."""
    field = Field("x", kind)
    assert type_value(field, raw).code == code
    (finding,) = type_record([field], {"x": raw}).findings
    assert finding.code == code


class NAType:
    """Like pandas.NA: even asking whether it is true is an error."""

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    def __eq__(self, other: object) -> bool:
        raise TypeError("comparing NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


class NaTType(datetime):
    """Like pandas.NaT: a datetime that is none."""


class Timestamp(datetime):
    """Like pandas.Timestamp: a datetime that knows more."""

    nanosecond = 789


def test_values_of_pandas() -> None:
    """pandas is no part of the tests' set-up: these are values made like its own."""
    assert type_value(Field("x", "text"), NAType()).status == "missing"
    assert type_value(Field("x", "date"), NaTType(1, 1, 1)).status == "missing"
    moment = Timestamp(2026, 3, 4, 10, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Paris"))
    typed = type_value(Field("x", "time"), moment).value
    assert type(typed) is datetime
    assert typed.isoformat() == "2026-03-04T09:00:00.123456+00:00"
