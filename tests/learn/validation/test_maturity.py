"""The time to convert: a lead that has not had the time has not been lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoreline.learn.validation.maturity import MOST_OF_THEM, conversion_window, fades

NEVER = np.nan


def leads(rows: int = 20_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ages of leads, days to their win as far as it has come, and to the win that will come."""
    random = np.random.default_rng(seed)
    age = random.uniform(0, 400, rows)
    will = np.where(random.random(rows) < 0.3, random.exponential(30, rows), NEVER)
    return age, np.where(will <= age, will, NEVER), will


def test_the_window_is_that_of_leads_that_were_watched_for_ever() -> None:
    age, took, will = leads()
    found = conversion_window(age, took)
    assert found.days == pytest.approx(np.nanquantile(will, MOST_OF_THEM), abs=5)
    assert found.shares[-1] == pytest.approx(0.3, abs=0.01)
    assert found.levelled


def test_counting_young_leads_as_lost_would_say_too_little() -> None:
    age, took, _ = leads()
    assert np.mean(~np.isnan(took)) < 0.285
    assert conversion_window(age, took).shares[-1] == pytest.approx(0.3, abs=0.01)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 50), st.none() | st.integers(0, 60)), min_size=30))
def test_the_curve_is_that_of_kaplan_and_meier(records) -> None:
    age = np.array([own for own, _ in records], dtype=float)
    took = np.array([NEVER if t is None or t > own else t for own, t in records])
    found = conversion_window(age, took)
    if found is None:
        return
    there = ~np.isnan(took)
    # An event of the day on which a record is no longer watched comes before that end.
    data = stats.CensoredData(uncensored=took[there], right=age[~there])
    curve = stats.ecdf(data).cdf
    days = np.arange(found.watched + 1)
    assert found.shares == pytest.approx(curve.evaluate(days), abs=1e-9)
    assert (np.diff(found.shares) >= -1e-12).all()


def test_where_all_are_watched_alike_the_curve_is_what_came() -> None:
    took = np.where(np.arange(200) < 50, np.arange(200), NEVER)
    found = conversion_window(np.full(200, 100.0), took)
    assert found.shares[[0, 10, 49, 100]] == pytest.approx([1 / 200, 11 / 200, 0.25, 0.25])
    assert found.days == 44


def test_a_curve_that_still_rises_is_said_to() -> None:
    random = np.random.default_rng(0)
    age = random.uniform(0, 60, 5_000)
    will = random.exponential(300, 5_000)
    assert not conversion_window(age, np.where(will <= age, will, NEVER)).levelled


def test_moments_before_the_record_are_its_first_day() -> None:
    took = np.where(np.arange(100) < 30, -2.0, NEVER)
    assert conversion_window(np.full(100, 50.0), took).days == 0


@pytest.mark.parametrize("took", [np.full(100, NEVER), np.full(3, 1.0), np.zeros(0)])
def test_without_events_or_records_there_is_no_window(took) -> None:
    assert conversion_window(np.full(len(took), 50.0), took) is None


def test_a_newest_tenth_with_few_events_is_noticed_and_chance_is_not() -> None:
    random = np.random.default_rng(0)
    times, events = np.arange(5_000), (random.random(5_000) < 0.2).astype(float)
    assert not fades(times, events)
    assert fades(times, events * (times < 4_600))
    assert not fades(times, events * (times >= 4_600))
    assert not fades(times[:50], events[:50])
