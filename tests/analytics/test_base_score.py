"""How good a base is, in parts: channels by size, time in few steps, garbage counted."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.analytics.base_score import (
    MOST_CHANNELS,
    MOST_PERIODS,
    OTHERS,
    PART,
    SCORE,
    SEGMENT,
    SOUND,
    by_channel,
    over_time,
    whole,
)
from scoreline.quality.quality_card import POOR, USABLE


def scored(parts: list[object], kind: type[pl.DataType] = pl.String) -> pl.DataFrame:
    """Records of some parts: the first is poor and wrong, each has 10 points more than the last."""
    numbers = range(len(parts))
    return pl.DataFrame(
        {
            PART: parts,
            SCORE: [10.0 * number for number in numbers],
            SEGMENT: [USABLE if number else POOR for number in numbers],
            SOUND: [bool(number) for number in numbers],
        },
        schema={PART: kind, SCORE: pl.Float64, SEGMENT: pl.String, SOUND: pl.Boolean},
    )


def test_a_base_is_the_mean_of_its_records() -> None:
    found = whole(scored(["a", "b", None]))
    assert found is not None
    assert (found.name, found.rows, found.score, found.poor) == (None, 3, 10.0, 1)
    assert (found.wrong.hits, found.wrong.of) == (1, 3)
    assert whole(scored([])) is None


def test_channels_stand_by_size_and_nobody_is_lost() -> None:
    found = by_channel(scored(["ads", "fair", "fair", None]))
    assert [(one.name, one.rows) for one in found] == [("fair", 2), (None, 1), ("ads", 1)]


@given(st.integers(1, 4 * MOST_CHANNELS))
def test_a_column_of_many_values_is_cut_to_the_largest(channels: int) -> None:
    rows = [str(number) for number in range(channels) for _ in range(1 + (number == 0))]
    found = by_channel(scored(list(rows)))
    assert sum(one.rows for one in found) == len(rows)
    assert len(found) == min(channels, MOST_CHANNELS + 1)
    assert (OTHERS in {one.name for one in found}) == (channels > MOST_CHANNELS)


@pytest.mark.parametrize(
    ("days", "period"), [(1, "day"), (31, "day"), (32, "week"), (400, "month"), (1500, "quarter")]
)
def test_time_has_the_finest_steps_that_are_few(days: int, period: str) -> None:
    dates: list[object] = [dt.date(2020, 1, 1) + dt.timedelta(days=n) for n in range(days)]
    trend = over_time(scored([*dates, None], pl.Date))
    assert trend.period == period
    assert len(trend.parts) <= MOST_PERIODS + 1
    assert trend.parts[-1].name is None, "who says no day comes last"
