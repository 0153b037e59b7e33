"""Fields cut into bins: what a person would have cut, and everybody is in one."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.binning.field import bins_of, bins_of_levels, bins_of_numbers
from scoreline.learn.binning.rules import BinRules
from scoreline.learn.columns import Levels, Numbers

RANDOM = np.random.default_rng(11)


def drawn(rates: np.ndarray) -> np.ndarray:
    return (RANDOM.random(len(rates)) < rates).astype(float)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-9, 9)), st.booleans()), min_size=1, max_size=80
    ),
    st.integers(0, 5),
)
def test_everybody_is_in_a_bin(records: list[tuple[int | None, bool]], smallest: int) -> None:
    events = np.array([float(event) for _, event in records])
    numbers = np.array([np.nan if value is None else float(value) for value, _ in records])
    levels = [None if value is None else f"level {value}" for value, _ in records]
    rules = BinRules(smallest=smallest)
    columns = Numbers("x", numbers), Levels.of("x", levels)
    for found in (bins_of(column, events, rules) for column in columns):
        if found is None:
            continue
        assert found.events.sum() == events.sum()
        assert (found.events + found.others).sum() == len(records)
        assert (found.events + found.others)[:-1].min() >= smallest
        assert found.count == len(found.cuts) + 1 or found.count == len(found.groups)
    named = {name for group in (found.groups if found else ()) for name in group}
    assert found is None or named == {level for level in levels if level is not None}


@pytest.mark.parametrize(
    ("rate", "trend"),
    [
        (lambda x: 0.1 + 0.006 * x, "ascending"),
        (lambda x: 0.7 - 0.006 * x, "descending"),
        (lambda x: 0.1 + 0.0002 * x * (100 - x), "peak"),
        (lambda x: 0.7 - 0.0002 * x * (100 - x), "valley"),
    ],
)
def test_the_trend_is_that_of_the_data(rate: object, trend: str) -> None:
    values = RANDOM.uniform(0, 100, 20_000)
    found = bins_of_numbers(values, drawn(rate(values)), BinRules(smallest=1_000, most=8))  # type: ignore[operator]
    assert found is not None
    assert found.trend == trend
    steps = np.diff(found.rates[:-1])
    assert (steps >= 0).all() or trend != "ascending"
    assert (steps <= 0).all() or trend != "descending"


def test_cuts_are_where_the_rate_jumps() -> None:
    values = RANDOM.uniform(18, 80, 30_000)
    found = bins_of_numbers(values, drawn(np.where(values < 40, 0.1, 0.4)), BinRules(smallest=900))
    assert found is not None
    assert Decimal(40) in found.cuts or any(abs(float(cut) - 40) < 0.1 for cut in found.cuts)


def test_missing_values_have_a_bin_of_their_own() -> None:
    values = np.array([1.0, 2, 3, 4, np.nan, np.nan] * 50)
    events = np.array([0.0, 0, 1, 1, 1, 0] * 50)
    events[:20] = 1 - events[:20]
    found = bins_of_numbers(values, events, BinRules(smallest=10))
    assert found is not None
    assert (found.events[-1] + found.others[-1]) == 100


def test_rare_levels_stand_together() -> None:
    levels = ["ads"] * 300 + ["fair"] * 300 + ["x", "y", "z"]
    events = drawn(np.array([0.1] * 300 + [0.5] * 303))
    found = bins_of_levels(Levels.of("x", levels), events, BinRules(smallest=20))
    assert found is not None
    assert found.rare is not None
    assert {"x", "y", "z"} <= set(found.groups[found.rare])


def test_a_field_that_never_has_both_outcomes_has_no_bins() -> None:
    assert bins_of_numbers(np.arange(50.0), np.ones(50), BinRules()) is None
    assert bins_of_levels(Levels.of("x", ["a", "b"]), np.zeros(2), BinRules()) is None
    assert bins_of_numbers(np.full(5, np.nan), np.array([0.0, 1, 0, 1, 0]), BinRules()) is None
