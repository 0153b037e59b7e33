"""Polars expressions that accept clean cells in bulk: the fast half of typing a column.

They accept, they never refuse: a cell is accepted only where the expression gives what
`typing.type_value` gives for it, without a finding; any other cell goes there. What proves each
acceptance is said beside it, and the tests compare both on the same cells.

Cells that are nothing (null, empty text, NaN) are missing on both ways and go nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from scoreline.language.fields import Field, FieldType
from scoreline.quality.numbers import BIGGEST
from scoreline.quality.text import fold_normal, normal
from scoreline.quality.typing import NUMBERS, cell_typer
from scoreline.quality.words import NO, YES

MOMENT = pl.Datetime("us", "UTC")

DTYPES: dict[FieldType, pl.DataType] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "money": pl.Float64(),
    "yes/no": pl.Boolean(),
    "date": pl.Date(),
    "time": MOMENT,
    "email": pl.String(),
    "phone": pl.String(),
    "country": pl.String(),
    "company id": pl.String(),
    "postcode": pl.String(),
}
"""What a typed column of each type holds."""

# Letters that NFC leaves alone, whatever stands beside them: all starters, none composes with
# what precedes it. No blanks, no invisible signs. (A test compares with the Unicode tables.)
_LETTER = "!-~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u4e00-\u9fff"
_NORMAL = f"^[{_LETTER}]+(?: [{_LETTER}]+)*$"
_NORMAL_ASCII = "^[!-~]+(?: [!-~]+)*$"
_ISO_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-5][0-9](?:[.][0-9]{1,6})?Z?$"
_LONE_DOT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fast:
    """Two expressions: where a cell is accepted (null counts as no), and what it comes to."""

    accepted: pl.Expr
    value: pl.Expr

    def typed(self, dtype: pl.DataType) -> pl.Expr:
        """The typed column, null where a cell is not accepted."""
        return pl.when(self.accepted).then(self.value).otherwise(None).cast(dtype)

    def rest(self, raw: pl.Expr, nothing: pl.Expr) -> pl.Expr:
        """The raw cells that are neither accepted nor nothing; null elsewhere."""
        return pl.when(self.accepted | nothing).then(None).otherwise(raw)


def fast_of(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """What is accepted in bulk of a column of the field that holds `dtype`."""
    if dtype == pl.String:
        return _OF_TEXT[field.type](field, raw)
    if field.type in NUMBERS:
        return _native_number(field, raw, dtype)
    if isinstance(dtype, pl.Boolean) and field.type == "yes/no":
        return Fast(raw.is_not_null(), raw)
    if field.type == "date":
        return _native_date(field, raw, dtype)
    if field.type == "time":
        return _native_time(field, raw, dtype)
    if field.type in _AS_TEXT and not field.missing:
        return _native_text(raw, dtype)
    return _nothing_fast()


def nothing_of(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Where a cell is nothing at first sight: empty text, NaN (null is null anyhow)."""
    if dtype == pl.String:
        return raw == ""
    return raw.is_nan() if dtype.is_float() else pl.lit(False)


def _nothing_fast() -> Fast:
    return Fast(pl.lit(False), pl.lit(None))


def _sentinels(field: Field) -> list[str]:
    return [fold_normal(normal(text)) for text in field.missing]


def _but(accepted: pl.Expr, value: pl.Expr, field: Field) -> pl.Expr:
    """Accepted, and not the value of a sentinel."""
    values = cell_typer(field).missing_values
    # An integer column and the sentinels of its field are compared as doubles; both fit.
    compared = value.cast(pl.Float64) if field.type in NUMBERS else value
    return accepted & ~compared.is_in(sorted(values)) if values else accepted


# Text.


def _text(field: Field, raw: pl.Expr) -> Fast:
    """Text that is normal already."""
    accepted = raw.str.contains(_NORMAL_ASCII if field.missing else _NORMAL) & (raw != "NaN")
    if field.missing:  # plain ASCII, where lower case is the folded form
        accepted &= ~raw.str.to_lowercase().is_in(_sentinels(field))
    return Fast(accepted, raw)


def _choice(field: Field, raw: pl.Expr) -> Fast:
    """Plain ASCII text, where lower case is the folded form."""
    lower = raw.str.to_lowercase()
    accepted = raw.str.contains(_NORMAL_ASCII) & (raw != "NaN")
    if field.missing:
        accepted &= ~lower.is_in(_sentinels(field))
    return Fast(accepted, lower)


def _number(field: Field, raw: pl.Expr) -> Fast:
    """What Polars reads as a number: the shape that `numbers` knows as a program's."""
    value = raw.cast(pl.Float64, strict=False)
    accepted = _bounds(field, value)
    if field.decimal == ",":
        accepted &= ~raw.str.contains(_LONE_DOT)
    return Fast(_but(accepted, value, field), value + 0.0)


def _bounds(field: Field, value: pl.Expr) -> pl.Expr:
    """Inside 2^53 (false for NaN and infinities), and not below zero if money."""
    lowest = 0 if field.type == "money" else -(BIGGEST - 1)
    return value.is_between(lowest, BIGGEST - 1)


def _integer(field: Field, raw: pl.Expr) -> Fast:
    """Digits with a sign."""
    value = raw.cast(pl.Int64, strict=False)
    return Fast(_but(_bounds(field, value), value, field), value)


def _yes_no(field: Field, raw: pl.Expr) -> Fast:
    """The words in their usual spellings."""
    yes, no = _spellings(YES, field), _spellings(NO, field)
    value = pl.when(raw.is_in(yes)).then(True).when(raw.is_in(no)).then(False)
    return Fast(value.is_not_null(), value)


def _spellings(words: frozenset[str], field: Field) -> list[str]:
    kept = words.difference(_sentinels(field))
    return sorted({spelt for word in kept for spelt in (word, word.title(), word.upper())})


def _date(field: Field, raw: pl.Expr) -> Fast:
    """ISO dates of four, two and two digits."""
    value = raw.str.to_date("%Y-%m-%d", strict=False)
    accepted = raw.str.contains(_ISO_DATE) & (value >= _FIRST_DAY)
    return Fast(_but(accepted, value, field), value)


def _time(field: Field, raw: pl.Expr) -> Fast:
    """ISO moments with seconds, in UTC or without a zone."""
    plain = raw.str.strip_chars_end("Z").str.replace(" ", "T", literal=True)
    value = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    value = value.dt.replace_time_zone("UTC")
    accepted = raw.str.contains(_ISO_TIME) & (value >= _FIRST_MOMENT)
    return Fast(_but(accepted, value, field), value)


_OF_TEXT: dict[FieldType, Callable[[Field, pl.Expr], Fast]] = {
    "text": _text,
    "choice": _choice,
    "number": _number,
    "integer": _integer,
    "money": _number,
    "yes/no": _yes_no,
    "date": _date,
    "time": _time,
    "email": lambda field, raw: _nothing_fast(),
    "phone": lambda field, raw: _nothing_fast(),
    "country": lambda field, raw: _nothing_fast(),
    "company id": _text,
    "postcode": _text,
}


# Columns that are no text (Parquet, Arrow).

_AS_TEXT: Sequence[FieldType] = ("text", "choice", "company id", "postcode")


def _native_number(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Whole numbers inside 2^53 and finite floats."""
    if not (dtype.is_integer() or dtype.is_float()):
        return _nothing_fast()
    lowest = 0 if field.type == "money" else -BIGGEST
    if field.type == "integer":
        accepted = raw.is_between(lowest, BIGGEST)
        if dtype.is_float():
            accepted &= raw.floor() == raw
        value = raw.cast(pl.Int64, strict=False)
    elif dtype.is_integer():
        accepted = raw.is_between(lowest, BIGGEST)
        value = raw.cast(pl.Float64)
    else:
        value = raw.cast(pl.Float64) + 0.0
        accepted = value.is_finite() & (value >= 0 if field.type == "money" else True)
    return Fast(_but(accepted, value, field), value)


def _native_date(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Dates, and the dates of moments in UTC, in the years that Python has."""
    if isinstance(dtype, pl.Datetime):
        value = raw.dt.convert_time_zone("UTC").dt.date() if dtype.time_zone else raw.dt.date()
    elif isinstance(dtype, pl.Date):
        value = raw
    else:
        return _nothing_fast()
    return Fast(_but(value.is_between(_FIRST_DAY, _LAST_DAY), value, field), value)


def _native_time(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Moments in microseconds, those without a zone in UTC, in the years that Python has."""
    if isinstance(dtype, pl.Datetime):
        value = raw.dt.cast_time_unit("us")
        if dtype.time_zone is None:
            value = value.dt.replace_time_zone("UTC")
        else:
            value = value.dt.convert_time_zone("UTC")
    elif isinstance(dtype, pl.Date):
        value = raw.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    else:
        return _nothing_fast()
    return Fast(_but(value.is_between(_FIRST_MOMENT, _LAST_MOMENT), value, field), value)


def _native_text(raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Whole numbers, dates and yes/no as Python writes them."""
    if dtype.is_integer() or isinstance(dtype, pl.Boolean):
        return Fast(raw.is_not_null(), raw.cast(pl.String))
    if isinstance(dtype, pl.Date):
        return Fast(raw.is_between(_FIRST_DAY, _LAST_DAY), raw.cast(pl.String))
    return _nothing_fast()
