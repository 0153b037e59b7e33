"""Columns that hold more than text (Parquet): the same answers as their values one by one."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from tests.quality.test_two_speeds import FIELDS, as_column, assert_same

from scoreline.language.fields import FIELD_TYPES, FieldType

EDGES = [2**53 - 1, 2**53, 2**53 + 1, 0, 1, -1, 7, 999, 45000, 20260304, 79161234567]
FLOATS = [math.nan, math.inf, -math.inf, -0.0, 0.0, 1.0, 2.5, 999.0, 2.0**53, 2.0**53 + 2, 1e300]
FLOATS += [5e-324, -1e-300, 79161234567.0, 0.1, 45000.0, 1e22, -7.0]
MOMENTS = [datetime(2026, 3, 29, 2, 30), datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)]
MOMENTS += [datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(2026, 1, 1), datetime(1900, 1, 1)]


def columns() -> dict[str, pl.Series]:
    rng = Random(5)  # noqa: S311 - cells to try, no secrets
    cents = [Decimal(rng.randint(-(10**14), 10**16)).scaleb(-2) for _ in range(500)]
    drawn = [rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300) for _ in range(500)]
    words = [None, "", " yes", "no", "a@gmail.com", "1,234", "5", "NaN", "FR", "2026-03-04", "n/a"]
    small = [0, 1, 2, -1, None]
    return {
        "int8": pl.Series(small, dtype=pl.Int8),
        "int64": pl.Series([*EDGES, *(-edge for edge in EDGES), None, 2**63 - 1, -(2**63)]),
        "uint64": pl.Series([*EDGES[:3], 2**64 - 1, None], dtype=pl.UInt64, strict=False),
        "float64": pl.Series([*FLOATS, *(-value for value in FLOATS), *drawn, None]),
        "float32": pl.Series([0.1, math.nan, 1e30, -0.0, 7.0, None], dtype=pl.Float32),
        "decimal": pl.Series([*cents, None, Decimal("-0.00")], dtype=pl.Decimal(38, 2)),
        "fine decimal": pl.Series([cent.scaleb(-13) for cent in cents], dtype=pl.Decimal(38, 15)),
        "whole decimal": pl.Series([Decimal(value) for value in EDGES], dtype=pl.Decimal(38, 0)),
        "boolean": pl.Series([True, False, None]),
        "date": pl.Series([date(1, 1, 1), date(2026, 3, 4), date(9999, 12, 31), date(1900, 1, 1)]),
        "moment": pl.Series([*MOMENTS, None], dtype=pl.Datetime("us")),
        "milliseconds": pl.Series(MOMENTS[:2], dtype=pl.Datetime("ms")),
        "nanoseconds": pl.Series(
            [-1, -1001, 1999, 0, None, 1_772_000_000_123_456_789], dtype=pl.Int64
        ).cast(pl.Datetime("ns")),
        "zoned": pl.Series(MOMENTS[:1] + MOMENTS[3:], dtype=pl.Datetime("us"))
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("America/New_York"),
        "categorical": pl.Series(words, dtype=pl.Categorical),
        "enum": pl.Series(words, dtype=pl.Enum([word for word in words if word is not None])),
        "null": pl.Series([None, None], dtype=pl.Null),
        "binary": pl.Series([b"5", b"\xff", None, b" yes "], dtype=pl.Binary),
        "list": pl.Series([[1], [], None]),
        "struct": pl.Series([{"a": 1}, {"a": None}]),
        "time of day": pl.Series([time(10, 30), None]),
        "duration": pl.Series([timedelta(days=1), None]),
    }


@pytest.mark.parametrize("kind", FIELD_TYPES)
@pytest.mark.parametrize("name", columns())
def test_a_column_is_what_its_values_are(name: str, kind: FieldType) -> None:
    for field in FIELDS[kind]:
        assert_same(field, columns()[name])


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_days_that_python_has_not(kind: FieldType) -> None:
    """Arrow dates reach beyond the years 1 to 9999: text keeps them, dates are invalid."""
    cells = pl.Series([4_000_000, -1_000_000], dtype=pl.Int32).cast(pl.Date)
    for field in FIELDS[kind]:
        values, found = as_column(field, cells)
        if kind in ("text", "choice", "name"):
            assert all(isinstance(row[0], str) for row in values)
        elif kind not in ("phone", "company id", "postcode"):  # a date has digits enough
            assert [row[0] for row in values] == [None, None]
            assert len(found) == 2
