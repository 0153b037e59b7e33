"""Polars expressions that accept clean cells of text columns in bulk, by type of field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl

from scoreline.language.fields import Field, FieldType
from scoreline.quality.text import fold_normal, normal
from scoreline.quality.typing.countries import spelt_countries
from scoreline.quality.typing.fast.cells import (
    Cells,
    Fast,
    but_missing,
    no_minus_zero,
    nothing_fast,
    sentinels_of,
)
from scoreline.quality.typing.fast.contacts import email_fast, phone_fast
from scoreline.quality.typing.fast.names import name_fast
from scoreline.quality.typing.fast.postcodes import postcode_fast
from scoreline.quality.typing.numbers import BIGGEST
from scoreline.quality.typing.words import NO, YES

# Letters that NFC leaves alone, whatever stands beside them: all starters, none composes with
# what precedes it. No blanks, no invisible signs. (A test compares with the Unicode tables.)
_LETTER = "!-~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u4e00-\u9fff"
_NORMAL = f"^[{_LETTER}]+(?: [{_LETTER}]+)*$"
_NORMAL_ASCII = "^[!-~]+(?: [!-~]+)*$"
_ISO_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-5][0-9](?:[.][0-9]{1,6})?Z?$"
_LONE_DOT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_FIRST_DAY = date(1, 1, 1)
_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)


def _text(field: Field, cells: Cells) -> Fast:
    """Text that is normal already."""
    accepted = cells.raw.str.contains(_NORMAL_ASCII if field.missing else _NORMAL) & (
        cells.raw != "NaN"
    )
    if field.missing:  # plain ASCII, where lower case is the folded form
        accepted &= ~cells.raw.str.to_lowercase().is_in(sentinels_of(field))
    return Fast(accepted, cells.raw)


def _choice(field: Field, cells: Cells) -> Fast:
    """Plain ASCII text, where lower case is the folded form."""
    lower = cells.keep("lower", cells.raw.str.to_lowercase())
    accepted = cells.raw.str.contains(_NORMAL_ASCII) & (cells.raw != "NaN")
    if field.missing:
        accepted &= ~lower.is_in(sentinels_of(field))
    return Fast(accepted, lower)


def _number(field: Field, cells: Cells) -> Fast:
    """What Polars reads as a number: the shape that `numbers` knows as a program's."""
    value = cells.keep("value", cells.raw.cast(pl.Float64, strict=False))
    accepted = _bounds(field, value)
    if field.decimal == ",":
        accepted &= ~cells.raw.str.contains(_LONE_DOT)
    return Fast(but_missing(accepted, value, field), no_minus_zero(value))


def _bounds(field: Field, value: pl.Expr) -> pl.Expr:
    """Inside 2^53 (false for NaN and infinities), and not below zero if money."""
    lowest = 0 if field.type == "money" else -(BIGGEST - 1)
    return value.is_between(lowest, BIGGEST - 1)


def _integer(field: Field, cells: Cells) -> Fast:
    """Digits with a sign."""
    value = cells.keep("value", cells.raw.cast(pl.Int64, strict=False))
    return Fast(but_missing(_bounds(field, value), value, field), value)


def _yes_no(field: Field, cells: Cells) -> Fast:
    """The words in their usual spellings."""
    yes, no = _spellings(YES, field), _spellings(NO, field)
    answer = pl.when(cells.raw.is_in(yes)).then(True).when(cells.raw.is_in(no)).then(False)
    value = cells.keep("value", answer)
    return Fast(value.is_not_null(), value)


def _spellings(words: frozenset[str], field: Field) -> list[str]:
    kept = words.difference(sentinels_of(field))
    return sorted({spelt for word in kept for spelt in (word, word.title(), word.upper())})


def _date(field: Field, cells: Cells) -> Fast:
    """ISO dates of four, two and two digits."""
    value = cells.keep("value", cells.raw.str.to_date("%Y-%m-%d", strict=False))
    accepted = cells.raw.str.contains(_ISO_DATE) & (value >= _FIRST_DAY)
    return Fast(but_missing(accepted, value, field), value)


def _time(field: Field, cells: Cells) -> Fast:
    """ISO moments with seconds, in UTC or without a zone."""
    plain = cells.raw.str.strip_chars_end("Z").str.replace(" ", "T", literal=True)
    value = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    value = cells.keep("value", value.dt.replace_time_zone("UTC"))
    accepted = cells.raw.str.contains(_ISO_TIME) & (value >= _FIRST_MOMENT)
    return Fast(but_missing(accepted, value, field), value)


def _country(field: Field, cells: Cells) -> Fast:
    """Names and codes as they are listed."""
    missing = set(sentinels_of(field))
    listed = {
        spelt: code
        for spelt, code in spelt_countries().items()
        if normal(spelt) == spelt and fold_normal(spelt) not in missing
    }
    code = cells.raw.replace_strict(listed, default=None, return_dtype=pl.String)
    value = cells.keep("code", code)
    return Fast(value.is_not_null(), value)


FAST_TEXT: dict[FieldType, Callable[[Field, Cells], Fast]] = {
    "text": _text,
    "choice": _choice,
    "number": _number,
    "integer": _integer,
    "money": _number,
    "yes/no": _yes_no,
    "date": _date,
    "time": _time,
    "email": email_fast,
    "phone": phone_fast,
    "country": _country,
    "company id": lambda field, cells: nothing_fast(),
    "postcode": postcode_fast,
    "name": name_fast,
    "iban": lambda field, cells: nothing_fast(),
}
