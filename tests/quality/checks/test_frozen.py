"""Columns that a source has stopped varying, and records that nobody touches."""

import datetime as dt

import polars as pl
import pytest

from scoreline.quality.checks.frozen import frozen, is_source, is_touched, parts_of, stale

FAIR, SITE, SHOP = (pl.Series([name] * 60) for name in ("fair", "site", "shop"))
SOURCE = pl.concat([FAIR, SITE, SHOP])
DAYS = pl.Series([dt.date(2026, 1 + n // 30, 1 + n % 28) for n in range(180)])
VARIED = [str(n) for n in range(60)]


def test_a_source_that_says_the_same_of_everybody() -> None:
    values = pl.Series([*VARIED, *VARIED, *["500"] * 60])
    assert frozen(values, [SOURCE]).arg_true().to_list() == list(range(120, 180))


def test_a_source_that_stopped_in_one_month() -> None:
    """Sixty cells a source and month, and the form of one breaks in March."""
    source = pl.Series(["site", "shop"] * 180)
    days = pl.Series([dt.date(2026, 1 + n // 120, 1 + n % 28) for n in range(360)])
    broken = [n for n in range(240, 360) if n % 2]
    values = pl.Series(["7" if n in broken else str(n) for n in range(360)])
    found = frozen(values, parts_of(source, days))
    assert found.arg_true().to_list() == broken


def test_what_follows_from_its_source_is_not_frozen() -> None:
    """A number of the source, or the year of the date, is one value in each part."""
    assert not frozen(SOURCE.replace_strict({"fair": 1, "site": 2, "shop": 3}), [SOURCE]).any()
    years = pl.Series([day.month for day in DAYS])
    assert not frozen(years, parts_of(None, DAYS)).any()


def test_a_flag_that_is_mostly_no_is_not_frozen() -> None:
    values = pl.Series([*["0"] * 100, *["1"] * 10, *["0"] * 70])
    assert not frozen(values, [SOURCE]).any()


def test_few_values_prove_nothing() -> None:
    values = pl.Series([*VARIED, *["500"] * 49, *[None] * 71], dtype=pl.String)
    assert not frozen(values, [SOURCE]).any()


def test_without_source_and_date_there_are_no_parts() -> None:
    assert parts_of(None, None) == []
    assert not frozen(SOURCE, []).any()


def test_a_record_is_stale_three_years_before_the_newest_one() -> None:
    days = [dt.date(2026, 5, 1), dt.date(2023, 5, 1), dt.date(2023, 5, 2), None]
    assert stale(pl.Series(days), dt.date(2026, 12, 1)).to_list() == [False, True, False, False]


def test_the_base_is_measured_by_itself_not_by_the_calendar() -> None:
    old = pl.Series([dt.date(2011, 1, 1), dt.date(2012, 1, 1)])
    assert not stale(old, dt.date(2026, 1, 1)).any()
    assert not stale(pl.Series([None, None], dtype=pl.Date), dt.date(2026, 1, 1)).any()


def test_a_touch_in_the_future_is_none() -> None:
    days = pl.Series([dt.date(2999, 1, 1), dt.date(2025, 1, 1)])
    assert not stale(days, dt.date(2026, 1, 1)).any()


@pytest.mark.parametrize(
    "header",
    ["updated_at", "LastModified", "Дата обновления", "Date de modification", "Geändert am"],
)
def test_headers_of_the_last_touch(header: str) -> None:
    assert is_touched(header)
    assert not is_source(header)


@pytest.mark.parametrize("header", ["utm_source", "Канал", "Canal", "Quelle", "lead source"])
def test_headers_of_sources(header: str) -> None:
    assert is_source(header)
    assert not is_touched(header)
