"""Polars expressions that accept cells of columns that are no text (Parquet, Arrow)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl

from scoreline.language.fields import Field, FieldType
from scoreline.quality.typing.fast.cells import (
    Cells,
    Fast,
    but_missing,
    no_minus_zero,
    nothing_fast,
)
from scoreline.quality.typing.numbers import BIGGEST
from scoreline.quality.typing.values import NUMBERS

_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
_AS_TEXT: Sequence[FieldType] = ("text", "choice")


def fast_native(field: Field, cells: Cells, dtype: pl.DataType) -> Fast:
    """What is accepted in bulk of a column of the field that holds `dtype`, which is no text."""
    if field.type in NUMBERS and dtype.is_numeric():
        return _native_number(field, cells, dtype)
    if isinstance(dtype, pl.Boolean) and field.type == "yes/no":
        return Fast(cells.raw.is_not_null(), cells.raw)
    if field.type == "date":
        return _native_date(field, cells, dtype)
    if field.type == "time":
        return _native_time(field, cells, dtype)
    if field.type in _AS_TEXT and not field.missing:
        return _native_text(cells, dtype)
    return nothing_fast()


def _native_number(field: Field, cells: Cells, dtype: pl.DataType) -> Fast:
    """Whole numbers inside 2^53, finite floats, and decimals whose digits fit a float."""
    lowest = 0 if field.type == "money" else -BIGGEST
    if field.type == "integer" and not isinstance(dtype, pl.Decimal):
        accepted = cells.raw.is_between(lowest, BIGGEST)
        if dtype.is_float():
            accepted &= cells.raw.floor() == cells.raw
        value = cells.raw.cast(pl.Int64, strict=False)
    elif dtype.is_integer():
        accepted = cells.raw.is_between(lowest, BIGGEST)
        value = cells.raw.cast(pl.Float64)
    elif dtype.is_float():
        value = no_minus_zero(cells.raw.cast(pl.Float64))
        accepted = value.is_finite() & (value >= 0 if field.type == "money" else True)
    elif isinstance(dtype, pl.Decimal) and field.type != "integer" and dtype.scale <= 20:
        # digits and power of ten are exact floats, so their quotient is the nearest float
        value = no_minus_zero(cells.raw.cast(pl.Float64))
        most = 0.9 * BIGGEST / 10**dtype.scale
        accepted = value.is_between(max(lowest, -most), most)
    else:
        return nothing_fast()
    return Fast(but_missing(accepted, value, field), value)


def _native_date(field: Field, cells: Cells, dtype: pl.DataType) -> Fast:
    """Dates, and the dates of moments in UTC, in the years that Python has."""
    if isinstance(dtype, pl.Datetime):
        value = (
            cells.raw.dt.convert_time_zone("UTC").dt.date()
            if dtype.time_zone
            else cells.raw.dt.date()
        )
    elif isinstance(dtype, pl.Date):
        value = cells.raw
    else:
        return nothing_fast()
    return Fast(but_missing(value.is_between(_FIRST_DAY, _LAST_DAY), value, field), value)


def _native_time(field: Field, cells: Cells, dtype: pl.DataType) -> Fast:
    """Moments in microseconds, those without a zone in UTC, in the years that Python has."""
    if isinstance(dtype, pl.Datetime):
        value = cells.raw.dt.cast_time_unit("us")
        if dtype.time_zone is None:
            value = value.dt.replace_time_zone("UTC")
        else:
            value = value.dt.convert_time_zone("UTC")
    elif isinstance(dtype, pl.Date):
        value = cells.raw.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    else:
        return nothing_fast()
    return Fast(but_missing(value.is_between(_FIRST_MOMENT, _LAST_MOMENT), value, field), value)


def _native_text(cells: Cells, dtype: pl.DataType) -> Fast:
    """Whole numbers, dates and yes/no as Python writes them."""
    if dtype.is_integer() or isinstance(dtype, pl.Boolean):
        return Fast(cells.raw.is_not_null(), cells.raw.cast(pl.String))
    if isinstance(dtype, pl.Date):
        return Fast(cells.raw.is_between(_FIRST_DAY, _LAST_DAY), cells.raw.cast(pl.String))
    return nothing_fast()
