"""What typing can find in a cell: every code, its level, message and hint, in one table.

Each message says what was found, each hint what to do; the reference in the docs is made from this
table. Texts between braces are filled in by the finding: `field` (the name), `name` (the same as
conditions write it), and what the reader of the cell tells (`readings`, `declare`, ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoreline.errors import Finding, Level
from scoreline.language.names import written


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its level, what is said, and what to do about it."""

    level: Level
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell has no value: a code of CODES and the details its texts need."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)


SENTINEL = "If this text means that nothing is known, declare it in `missing` of field `{field}`."

CODES: dict[str, Code] = {
    # any field
    "not-a-value": Code(
        "warning",
        "{kind} is not a single value",
        "Give field `{field}` a text, a number, a date or nothing.",
    ),
    # number, integer, money
    "number-unreadable": Code("warning", "not a number", SENTINEL),
    "number-ambiguous": Code(
        "warning",
        "two readings: {readings}",
        'Declare the decimal sign of field `{field}`: `decimal: ","` or `decimal: "."`.',
    ),
    "number-percent": Code(
        "warning",
        "a percentage may mean {whole} or {share}",
        "Take the % sign out of column `{field}`, so that the number says what it means.",
    ),
    "number-multiplied": Code(
        "warning",
        "a number with a multiplier (thousands, millions)",
        "Write the number of field `{field}` out in digits.",
    ),
    "number-currency": Code(
        "warning",
        "an amount of money in a plain number",
        "Declare field `{field}` as `{{type: money, currency: {currency}}}`.",
    ),
    "infinite": Code("warning", "an infinite number", SENTINEL),
    "integer-too-big": Code(
        "warning",
        "a whole number beyond 2^53 can't be kept exactly",
        "If field `{field}` holds identifiers, declare it as `text`.",
    ),
    "integer-fraction": Code(
        "warning",
        "a fraction in a whole number",
        "Declare field `{field}` as `number`.",
    ),
    "money-below-zero": Code(
        "warning",
        "an amount of money below zero",
        "Declare field `{field}` as `number` if amounts below zero are meant.",
    ),
    "other-currency": Code(
        "warning",
        "an amount in another currency ({found}, declared is {declared})",
        "Convert it, or declare the currency of field `{field}`: `currency: {found}`.",
    ),
    "currency-undeclared": Code(
        "warning",
        "an amount in {found}, and field `{field}` declares no currency",
        "Declare it: `{field}: {{type: money, currency: {found}}}`.",
    ),
    # yes/no
    "yes-no-unreadable": Code(
        "warning",
        "neither yes nor no",
        "Write yes or no (also true/false, 1/0, ja/nein, oui/non, да/нет), or give field `{field}` "
        "the type `choice`, which takes any words. " + SENTINEL,
    ),
    # date, time
    "date-unreadable": Code("warning", "not a date", "Write it as 2026-03-04. " + SENTINEL),
    "date-impossible": Code("warning", "no such date in the calendar", SENTINEL),
    "date-ambiguous": Code(
        "warning",
        "several readings: {readings}",
        "Declare the order of dates in field `{field}`: {declare}.",
    ),
    "date-order": Code(
        "warning",
        "does not fit the declared `order: {order}`",
        "Correct the date, or declare another `order` for field `{field}`.",
    ),
    "date-serial": Code(
        "warning",
        "a bare number; as a spreadsheet's day number it would be {reading}",
        "Format the column of field `{field}` as a date and save the file again.",
    ),
    "time-unreadable": Code(
        "warning", "not a moment", "Write it as 2026-03-04T10:00:00+03:00. " + SENTINEL
    ),
    "time-zone": Code(
        "warning",
        "a time zone given by name",
        "Write the offset from UTC in field `{field}`: 2026-03-04T10:00:00+03:00.",
    ),
    "time-beyond": Code(
        "warning", "in UTC it is beyond the calendar, which has the years 1 to 9999", SENTINEL
    ),
    # e-mail
    "email-invalid": Code("warning", "not an e-mail address: {why}", SENTINEL),
    "email-disposable": Code(
        "warning",
        "a throw-away mailbox ({domain})",
        "Ask for another address; cards see it as `{name}.kind = 'disposable'`.",
    ),
    # phone
    "phone-unreadable": Code("warning", "not a phone number", SENTINEL),
    "phone-impossible": Code(
        "warning",
        "a phone number can't have this length",
        "Compare it with the source. " + SENTINEL,
    ),
    "phone-country": Code(
        "warning",
        "a phone number without + and country",
        "Declare the country that numbers of field `{field}` are dialled in: `country: FR`.",
    ),
    "phone-scientific": Code(
        "warning",
        "a spreadsheet has turned the phone number into 7.9E+10 and lost digits",
        "Format the column of field `{field}` as text and enter the numbers again.",
    ),
    "phone-suspect": Code(
        "warning",
        "no such number is given out in its country",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "phone-placeholder": Code(
        "warning",
        "looks like a placeholder (one digit, 1234567, zeros)",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    # country
    "country-unknown": Code(
        "warning",
        "no known country",
        "Write a code such as FR, or the English, French, German or Russian name. " + SENTINEL,
    ),
}


class _Blank(dict[str, str]):
    """Details of a finding; one that is not given stays readable as its own name."""

    def __missing__(self, name: str) -> str:
        return name


def message_of(code: str, field_name: str, details: Mapping[str, str]) -> str:
    """What a finding says.

    >>> message_of("other-currency", "budget", {"found": "USD", "declared": "RUB"})
    'an amount in another currency (USD, declared is RUB)'
    """
    return CODES[code].message.format_map(_Blank(details, field=field_name))


def hint_of(code: str, field_name: str, details: Mapping[str, str]) -> str:
    """What to do about a finding; conditions in it can be pasted into a card.

    >>> hint_of("integer-fraction", "age", {})
    'Declare field `age` as `number`.'
    """
    known = _Blank(details, field=field_name, name=written(field_name))
    return CODES[code].hint.format_map(known)


def data_finding(
    code: str, message: str, hint: str, field_name: str, raw: str, record: str | None
) -> Finding:
    """A finding about one cell, with the level of its code."""
    return Finding(code, CODES[code].level, message, hint, record=record, field=field_name, raw=raw)
