"""Columns of pandas as columns of Polars, pandas itself not imported.

A column of one class of values is taken over in bulk. Any other keeps its Python values
(`pl.Object`), and the boundary types them one by one: Arrow would find one type for all of them,
so that 46000 beside a date became a moment of 1970.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from scoreline.quality.text import whole_text

_IN_BULK: dict[type, type[pl.DataType]] = {
    str: pl.String,
    bool: pl.Boolean,
    float: pl.Float64,
    date: pl.Date,
}
"""Classes whose values are the same as a column of Polars as they are one by one."""

_LEAST, _MOST = -(2**63), 2**63 - 1
"""The whole numbers that a column of integers holds."""

_GAPS = frozenset({"NAType", "NaTType"})
"""Names of classes of pandas whose only value is missing."""


def is_pandas(frame: object) -> bool:
    """Whether it is a frame of pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(frame, pandas.DataFrame)


def polars_column(name: str, column: Any) -> pl.Series:
    """A column of pandas under a name; NaN, NaT and NA stay what they are, or become null."""
    if _has_one_type(column.dtype):
        with suppress(Exception):  # some types Arrow does not know, and it may not be installed
            return pl.Series(name, column)
    return _of_values(name, column.tolist())


def _has_one_type(dtype: Any) -> bool:
    """Whether the type says what the values are: numbers, yes/no, moments, texts."""
    if hasattr(dtype, "categories"):
        return _has_one_type(dtype.categories.dtype)
    if hasattr(dtype, "pyarrow_dtype") or type(dtype).__name__ == "StringDtype":
        return True
    return dtype.kind in "biufM"


def _of_values(name: str, values: Sequence[Any]) -> pl.Series:
    classes = set(map(type, values)) - {type(None)}
    gaps = {cls for cls in classes if cls.__name__ in _GAPS}
    if gaps or (float in classes and len(classes) > 1):
        values = [None if _is_gap(value, gaps) else value for value in values]
        classes = set(map(type, values)) - {type(None)}
    if not classes:
        return pl.Series(name, values, dtype=pl.Null)
    if len(classes) == 1:
        make = _maker(classes.pop())
        with suppress(ValueError):  # halves of characters
            if (found := make(name, values)) is not None:
                return found
    values = [whole_text(value) if type(value) is str else value for value in values]
    return pl.Series(name, values, dtype=pl.Object)


def _is_gap(value: object, gaps: Collection[type]) -> bool:
    """Whether a value is NaT, NA or NaN, which stand for nothing beside values of any class."""
    return type(value) in gaps or (type(value) is float and value != value)


def _maker(only: type) -> Callable[[str, Sequence[Any]], pl.Series | None]:
    """What makes a column of values of one class; gives None where they would not stay the same."""
    if only is Decimal:
        return _decimals
    if only is int:
        return _integers
    dtype = _IN_BULK.get(only)
    return lambda name, values: None if dtype is None else pl.Series(name, values, dtype=dtype)


def _integers(name: str, values: Sequence[int | None]) -> pl.Series | None:
    known = [value for value in values if value is not None]
    if min(known) < _LEAST or max(known) > _MOST:
        return None
    return pl.Series(name, values, dtype=pl.Int64)


def _decimals(name: str, values: Sequence[Decimal | None]) -> pl.Series | None:
    """Decimals with the same number of places, as databases give them; others would be respelt."""
    texts = pl.Series(name, [None if value is None else str(value) for value in values])
    places = len(str(texts.drop_nulls()[0]).partition(".")[2])
    with suppress(PolarsError):
        found = texts.cast(pl.Decimal(38, places), strict=False)
        return found if texts.equals(found.cast(pl.String)) else None
    return None
