"""Polars expressions that accept cells of columns that are no text (Parquet, Arrow)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl

from scoreline.language.fields import Field, FieldType
from scoreline.quality.fast import Fast, but_missing, no_minus_zero, nothing_fast
from scoreline.quality.numbers import BIGGEST
from scoreline.quality.typing import NUMBERS

_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
_AS_TEXT: Sequence[FieldType] = ("text", "choice", "company id", "postcode")


def fast_native(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """What is accepted in bulk of a column of the field that holds `dtype`, which is no text."""
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
    return nothing_fast()


def _native_number(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Whole numbers inside 2^53 and finite floats."""
    if not (dtype.is_integer() or dtype.is_float()):
        return nothing_fast()
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
        value = no_minus_zero(raw.cast(pl.Float64))
        accepted = value.is_finite() & (value >= 0 if field.type == "money" else True)
    return Fast(but_missing(accepted, value, field), value)


def _native_date(field: Field, raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Dates, and the dates of moments in UTC, in the years that Python has."""
    if isinstance(dtype, pl.Datetime):
        value = raw.dt.convert_time_zone("UTC").dt.date() if dtype.time_zone else raw.dt.date()
    elif isinstance(dtype, pl.Date):
        value = raw
    else:
        return nothing_fast()
    return Fast(but_missing(value.is_between(_FIRST_DAY, _LAST_DAY), value, field), value)


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
        return nothing_fast()
    return Fast(but_missing(value.is_between(_FIRST_MOMENT, _LAST_MOMENT), value, field), value)


def _native_text(raw: pl.Expr, dtype: pl.DataType) -> Fast:
    """Whole numbers, dates and yes/no as Python writes them."""
    if dtype.is_integer() or isinstance(dtype, pl.Boolean):
        return Fast(raw.is_not_null(), raw.cast(pl.String))
    if isinstance(dtype, pl.Date):
        return Fast(raw.is_between(_FIRST_DAY, _LAST_DAY), raw.cast(pl.String))
    return nothing_fast()
