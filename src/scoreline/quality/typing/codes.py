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
        "If they are meant, declare field `{field}` as `number`, and write no currency sign.",
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
    "date-default": Code(
        "warning",
        "a day that programs write where no date is known (1900-01-01, 1970-01-01)",
        "Find out what wrote it. " + SENTINEL,
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
    "email-suspect": Code(
        "warning",
        "one list says this is a throw-away mailbox ({domain}), another does not know it",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "email-typo": Code(
        "warning",
        "the domain looks misspelt ({domain})",
        "Was {meant} meant? It stays as it is; cards see it as `{name}.status = 'suspect'`.",
    ),
    "email-placeholder": Code(
        "warning",
        "looks like a placeholder (test, asdf, none)",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "email-no-mail": Code(
        "warning",
        "the domain takes no mail, as the net says",
        "Compare `{field}` with the source; the mailbox can't be written to.",
    ),
    "email-unanswered": Code(
        "info",
        "the net did not say whether the domain takes mail",
        "It may be down, or you may be without a net; ask for field `{field}` again later.",
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
    # name
    "name-placeholder": Code(
        "warning",
        "looks like a placeholder (test, qwerty, нет)",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "name-gibberish": Code(
        "warning",
        "no name looks like this (a row of keys, one letter three times, no vowel)",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "name-contact": Code(
        "warning",
        "a phone number or an address on the net instead of a name",
        "Move it from field `{field}` to where it belongs.",
    ),
    "name-signs": Code(
        "warning",
        "digits or signs, where a name has letters",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "name-alphabets": Code(
        "warning",
        "Latin and Cyrillic letters in one word",
        "Letters that look the same are different to a computer: write `{field}` in one alphabet.",
    ),
    "name-case": Code(
        "warning",
        "a name without its capitals, or all in capitals",
        "It stays as it is; cards see it as `{name}.status = 'suspect'`.",
    ),
    # company id, IBAN, postcode
    "company-id-invalid": Code(
        "warning",
        "check digits or parts are wrong ({kinds})",
        "Compare it with the source. " + SENTINEL,
    ),
    "company-id-shape": Code(
        "warning",
        "no identifier of its country that is known here looks like this",
        "Check it; cards see it as `{name}.status = 'suspect'`.",
    ),
    "iban-invalid": Code(
        "warning",
        "not a bank account number (IBAN): its check digits or length are wrong",
        "Compare it with the source. " + SENTINEL,
    ),
    "postcode-invalid": Code(
        "warning",
        "no postcode of {country} looks like this",
        "Compare it with the source; a spreadsheet may have taken zeros at its beginning. "
        + SENTINEL,
    ),
    # several cells of a record, several records of a file
    "country-phone": Code(
        "warning",
        "the phone number belongs to another country than the record",
        "One of the two is wrong, or the phone `{field}` is that of someone abroad.",
    ),
    "country-company-id": Code(
        "warning",
        "the identifier belongs to another country than the record",
        "Compare `{field}` and the country with the source.",
    ),
    "country-postcode": Code(
        "warning",
        "the record's country has no such postcodes",
        "Compare `{field}` and the country with the source.",
    ),
    "country-region": Code(
        "warning",
        "the record's country has no such region",
        "Compare `{field}` and the country with the source; where a name is near, it is suggested.",
    ),
    "address-incomplete": Code(
        "warning",
        "addresses of the record's country can't do without it, and the rest of one is there",
        "Ask for `{field}`: letters and parcels need it.",
    ),
    "name-swapped": Code(
        "warning",
        "given name and family name look swapped",
        "Compare `{field}` with the source: the other one is suggested for each.",
    ),
    "birth-future": Code("warning", "born in the future", "Compare `{field}` with the source."),
    "birth-too-old": Code(
        "warning",
        "more than 120 years old",
        "Compare `{field}` with the source; a year of two digits may have been misread.",
    ),
    "value-shared": Code(
        "warning",
        "many records have this value, so that it tells none of them from the others",
        "Find out whose `{field}` it is: an agency's, a placeholder, or one record many times.",
    ),
    "column-constant": Code(
        "info",
        "nearly all records have one value",
        "Column `{field}` says next to nothing; perhaps nobody fills it in any more.",
    ),
    "column-frozen": Code(
        "warning",
        "one value stands where each record should have its own, or a source has stopped varying",
        "Look at what fills column `{field}`: a default, or a form or an import that broke.",
    ),
    "date-order-proved": Code(
        "info",
        "read as {order}: nearly all dates can be read so, and so many in no other order",
        "Say `--order` if that is wrong; in a card declare `order: {order}` of field `{field}`.",
    ),
    "record-stale": Code(
        "warning",
        "not touched in the three years before the base's own latest change",
        "Check these records by `{field}`, or let them go: data age.",
    ),
    "missing-word": Code(
        "warning",
        "words where another kind of value belongs ({words})",
        "If they mean that nothing is known, declare it in field `{field}`: `{declare}`.",
    ),
    "key-repeated": Code(
        "warning",
        "records share a key ({keys} more than once)",
        "Each row counts by itself; find out whether rows are there twice, or `{field}` is no key.",
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
