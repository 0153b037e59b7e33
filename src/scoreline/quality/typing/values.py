"""Raw values -> typed values: a function of the value and its declared field alone (design 4.1).

`type_value` types one value, `type_record` one record. Columns are typed by `boundary`, which
must come to the same: whatever it does not accept in bulk, it brings here.

A value is missing (nothing is known), invalid (None, with a finding) or ok. A Python value that a
field's type knows is taken as it is; any other is read as the text that stands for it, so that a
record from an API and the same record in a file agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from scoreline.errors import Finding
from scoreline.language.fields import Field, FieldType, fact_column
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.text import fold_normal, normal, plain_text, with_article
from scoreline.quality.typing.checked import Checked
from scoreline.quality.typing.codes import Refusal, data_finding, hint_of, message_of
from scoreline.quality.typing.company_ids import read_company_id, read_iban
from scoreline.quality.typing.countries import read_country
from scoreline.quality.typing.dates import read_date, read_time
from scoreline.quality.typing.emails import read_email
from scoreline.quality.typing.numbers import BIGGEST, Amount, read_amount, read_integer
from scoreline.quality.typing.person_names import read_name
from scoreline.quality.typing.phones import read_phone
from scoreline.quality.typing.postcodes import read_postcode
from scoreline.quality.typing.python_values import simplify
from scoreline.quality.typing.words import yes_no

Status = Literal["ok", "missing", "invalid"]
Result = object
"""What reading a cell gives: None (missing), a Refusal (invalid), a value that was checked, with
its facts, or a value by itself."""

NUMBERS = frozenset({"number", "integer", "money"})
_WRITES_NAN = NUMBERS | {"yes/no", "date", "time"}
_SHOWN = 80
_NOTHING_TO_SAY = frozenset({type(None), str, float, int, bool, date, datetime})
"""Results that are the value itself, without a finding: most, so records look at them first."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed value: `value` is None unless status is ok.

    code: of the finding, if there is one: always for an invalid value, sometimes for one that is
    ok (a disposable e-mail); message and hint: what it says.
    """

    value: object | None
    status: Status
    code: str = ""
    hint: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """A typed record: every field and the facts asked for, and what was found."""

    values: dict[str, object]
    findings: tuple[Finding, ...]


class CellTyper:
    """Types values of one field; made once a field, for `missing` is read here."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._text = _TEXT_READERS[field.type](field)
        self._native = _NATIVE_READERS.get(field.type, _no_native)
        self._nan = field.type in _WRITES_NAN
        self._missing_texts = frozenset(fold_normal(normal(text)) for text in field.missing)
        self.missing_values: frozenset[object] = frozenset()
        if field.type in NUMBERS or field.type in ("date", "time"):
            found = [_bare_value(field, self._text, normal(text)) for text in field.missing]
            self.missing_values = frozenset(value for value in found if value is not None)

    def read(self, raw: object) -> Result:
        """What a raw value comes to."""
        if type(raw) is not str:
            raw = simplify(raw)
            if raw is None:
                return None
            text = plain_text(raw)
            if text is None:
                return Refusal("not-a-value", {"kind": with_article(type(raw).__name__)})
            if self._missing_texts and fold_normal(normal(text)) in self._missing_texts:
                return None
            value = self._native(self.field, raw)
            if value is not None:
                return self._checked(value)
        else:
            text = raw
        text = normal(text)
        if not text or self._is_missing(text):
            return None
        return self._checked(self._text(text))

    def typed(self, raw: object) -> Typed:
        """The typed value of a raw value."""
        result = self.read(raw)
        code, details = remark_of(result)
        value = value_of(result)
        status: Status = "ok"
        if isinstance(result, Refusal):
            status = "invalid"
        elif result is None:
            status = "missing"
        if not code:
            return Typed(value, status)
        name = self.field.name
        return Typed(
            value, status, code, hint_of(code, name, details), message_of(code, name, details)
        )

    def finding(self, result: Result, raw: object, record: str | None = None) -> Finding | None:
        """The finding about what a raw value came to, if there is one."""
        code, details = remark_of(result)
        if not code:
            return None
        name = self.field.name
        message, hint = message_of(code, name, details), hint_of(code, name, details)
        return data_finding(code, message, hint, name, shown(raw), record)

    def _is_missing(self, text: str) -> bool:
        if text == "NaN" or (self._nan and text.lower() == "nan"):
            return True
        return bool(self._missing_texts) and fold_normal(text) in self._missing_texts

    def _checked(self, result: Result) -> Result:
        """The result within the bounds of its type; missing if it equals a sentinel."""
        if type(result) is Amount:
            if self.missing_values and result.as_float() in self.missing_values:
                return None
            return _bounded(self.field, result)
        if self.missing_values and not isinstance(result, Refusal):
            return None if result in self.missing_values else result
        return result


def type_value(field: Field, raw: object) -> Typed:
    """The typed value of a raw value: a text or any Python, numpy or pandas value.

    >>> budget = Field("budget", "money", currency="RUB")
    >>> type_value(budget, "150 000 ₽").value
    150000.0
    >>> type_value(budget, "$200000").code
    'other-currency'
    """
    return cell_typer(field).typed(raw)


def type_record(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    facts: Collection[str] | None = None,
    record: str | None = None,
) -> TypedRecord:
    """The typed record of raw values by header, as the same row of a file would be typed.

    facts: the fact columns wanted (`email__kind`), all of them if None; record: the key, for the
    findings. A header that is absent is a missing value.

    >>> type_record([Field("email", "email")], {"Email": "a@acme.ru"}, ["email__kind"]).values
    {'email': 'a@acme.ru', 'email__kind': 'corporate'}
    """
    typer = record_typer(tuple(fields), None if facts is None else frozenset(facts))
    return typer.typed(raw, record)


class RecordTyper:
    """Types records of one card; made once a card."""

    def __init__(self, fields: Sequence[Field], facts: Collection[str] | None = None) -> None:
        self._cells = [
            (field, cell_typer(field), headers_of(field), _wanted(field, facts)) for field in fields
        ]

    def typed(self, raw: Mapping[str, object], record: str | None = None) -> TypedRecord:
        """The typed record of raw values by header."""
        values: dict[str, object] = {}
        findings: list[Finding] = []
        for field, typer, headers, facts in self._cells:
            header = header_of(headers, raw)
            cell = None if header is None else raw[header]
            result = None if cell is None else typer.read(cell)
            if type(result) in _NOTHING_TO_SAY and not facts:
                values[field.name] = result
                continue
            values[field.name] = value_of(result)
            for name, column in facts:
                values[column] = fact_of(result, name)
            finding = typer.finding(result, cell, record)
            if finding is not None:
                findings.append(finding)
        return TypedRecord(values, tuple(findings))


@lru_cache(maxsize=4096)
def cell_typer(field: Field) -> CellTyper:
    """The typer of a field."""
    return CellTyper(field)


@lru_cache(maxsize=256)
def record_typer(fields: tuple[Field, ...], facts: frozenset[str] | None) -> RecordTyper:
    """The typer of a card's records."""
    return RecordTyper(fields, facts)


def value_of(result: Result) -> object | None:
    """The field's value in what reading a cell gave."""
    if isinstance(result, Checked):
        return result.value
    return None if isinstance(result, Refusal) else result


def fact_of(result: Result, name: str) -> object | None:
    """A fact in what reading a cell gave; `kind` and `status` of an invalid value say so."""
    if isinstance(result, Refusal):
        return "invalid" if name in ("kind", "status") else None
    return None if result is None else getattr(result, name)


def remark_of(result: Result) -> tuple[str, Mapping[str, str]]:
    """Code and details of the finding in what reading a cell gave; an empty code if none."""
    if isinstance(result, Refusal):
        return result.code, result.details
    if isinstance(result, Checked) and result.code:
        return result.code, result.details
    return "", {}


def shown(raw: object) -> str:
    """A raw value as a finding shows it: its text, cut off where it is long."""
    text = raw if isinstance(raw, str) else _written(raw)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _written(raw: object) -> str:
    try:
        return str(raw)
    except ValueError:  # Python does not write whole numbers of thousands of digits
        return plain_text(raw) or with_article(type(raw).__name__)


def _wanted(field: Field, facts: Collection[str] | None) -> list[tuple[str, str]]:
    """Names and columns of the field's facts that are asked for."""
    named = [(fact.name, fact_column(field.name, fact.name)) for fact in field.facts]
    return [pair for pair in named if facts is None or pair[1] in facts]


# Texts, by type: what a normal text that is not missing comes to.


def _number_reader(field: Field) -> Callable[[str], Result]:
    decimal, declared, money = field.decimal, field.currency, field.type == "money"

    def read(text: str) -> Result:
        amount = read_amount(text, decimal, whole=field.type == "integer")
        if isinstance(amount, Refusal) or amount.currency is None:
            return amount
        found = amount.currency.split()
        if not money:
            return Refusal("number-currency", {"currency": found[0]})
        if declared is None:
            return Refusal("currency-undeclared", {"found": found[0]})
        if declared not in found:
            return Refusal("other-currency", {"found": found[0], "declared": declared})
        return amount

    return read


def _yes_no_reader(field: Field) -> Callable[[str], Result]:
    def read(text: str) -> Result:
        answer = yes_no(fold_normal(text))
        return Refusal("yes-no-unreadable") if answer is None else answer

    return read


def _date_reader(field: Field) -> Callable[[str], Result]:
    return lambda text: read_date(text, field.order)


def _time_reader(field: Field) -> Callable[[str], Result]:
    return lambda text: read_time(text, field.order)


def _by_country(
    read: Callable[[str, str | None], Result],
) -> Callable[[Field], Callable[[str], Result]]:
    """The reader of a type whose values are those of a country."""

    def reader(field: Field) -> Callable[[str], Result]:
        country = field.country.upper() if field.country else None
        return lambda text: read(text, country)

    return reader


def _as_is(field: Field) -> Callable[[str], Result]:
    return lambda text: text


_TEXT_READERS: dict[FieldType, Callable[[Field], Callable[[str], Result]]] = {
    "text": _as_is,
    "choice": lambda field: fold_normal,
    "number": _number_reader,
    "integer": _number_reader,
    "money": _number_reader,
    "yes/no": _yes_no_reader,
    "date": _date_reader,
    "time": _time_reader,
    "email": lambda field: read_email,
    "phone": _by_country(read_phone),
    "country": lambda field: read_country,
    "company id": _by_country(read_company_id),
    "postcode": _by_country(read_postcode),
    "name": lambda field: read_name,
    "iban": lambda field: read_iban,
}


# Python values that a type takes as they are; None: read the text that stands for the value.


def _no_native(field: Field, value: object) -> Result:
    return None


def _native_number(field: Field, value: object) -> Result:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, float):
        return Refusal("infinite") if math.isinf(value) else Amount(repr(value), None)
    if isinstance(value, Decimal):
        return Refusal("infinite") if value.is_infinite() else Amount(format(value, "f"), None)
    return Amount(str(plain_text(value)), None)


def _native_bool(field: Field, value: object) -> Result:
    return value if isinstance(value, bool) else None


def _native_date(field: Field, value: object) -> Result:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _native_time(field: Field, value: object) -> Result:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


_NATIVE_READERS: dict[FieldType, Callable[[Field, object], Result]] = {
    "number": _native_number,
    "integer": _native_number,
    "money": _native_number,
    "yes/no": _native_bool,
    "date": _native_date,
    "time": _native_time,
}


def _bounded(field: Field, amount: Amount) -> Result:
    """The number an amount comes to in its field, or why it lies outside the type."""
    value = amount.as_float()
    if math.isinf(value):
        return Refusal("infinite")
    if field.type == "integer":
        return read_integer(amount)
    if abs(value) >= BIGGEST and amount.is_whole_text() and abs(Decimal(amount.digits)) > BIGGEST:
        return Refusal("integer-too-big")
    if field.type == "money" and value < 0:
        return Refusal("money-below-zero")
    return value


def _bare_value(field: Field, read: Callable[[str], Result], text: str) -> object | None:
    """The value a sentinel stands for, whatever the bounds of its type; None if it has none."""
    result = read(text) if text else None
    if isinstance(result, Amount):
        return result.as_float()
    return None if isinstance(result, Refusal) else result
