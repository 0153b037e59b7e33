"""Cut points of numbers: where the rate moves, as round as can be."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.binning import numbers
from scoreline.learn.binning.numbers import QUANTILES, bins_among, number_cuts, roundest

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite)
def test_a_cut_parts_two_values_and_no_shorter_number_does(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if low == high:
        return
    cut = roundest(low, high)
    assert Decimal(repr(low)) < cut <= Decimal(repr(high))
    assert low < float(cut) <= high or float(cut) == low, "but for the rounding of a float"


@pytest.mark.parametrize(
    ("low", "high", "cut"),
    [(24.3, 25.1, "25"), (99, 101, "100"), (0.05, 0.3, "0.3"), (-0.4, 0.7, "0"), (7, 8, "8")],
)
def test_round_cuts(low: float, high: float, cut: str) -> None:
    assert roundest(low, high) == Decimal(cut)


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=1, max_size=200),
)
def test_cuts_part_the_values_and_stand_in_order(records: list[tuple[int, bool]]) -> None:
    values = np.array([float(value) for value, _ in records])
    cuts = number_cuts(values, np.array([float(event) for _, event in records]))
    assert cuts == sorted(set(cuts))
    bins = np.searchsorted([float(cut) for cut in cuts], values, side="right")
    assert len(set(bins.tolist())) == len(cuts) + 1, "each pre-bin holds a record"


def test_a_jump_between_quantiles_is_found() -> None:
    values = np.arange(10_000.0)
    events = (values >= 3_333).astype(float)
    assert Decimal(3333) in number_cuts(values, events)


def test_weights_count() -> None:
    values, events = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 1.0])
    many = np.repeat(values, [5, 1, 7]), np.repeat(events, [5, 1, 7])
    assert number_cuts(values, events, np.array([5.0, 1.0, 7.0])) == number_cuts(*many)


@given(
    st.lists(st.floats(allow_infinity=True, allow_nan=True), max_size=50),
    st.lists(st.floats(allow_infinity=False, allow_nan=False), max_size=70, unique=True),
)
@settings(deadline=None)
def test_bins_are_those_of_a_search_and_what_is_missing_comes_last(
    values: list[float], cuts: list[float]
) -> None:
    given_, edges = np.array(values), np.array(sorted(cuts))
    found = np.searchsorted(edges, given_, side="right")
    found[np.isnan(given_)] = len(edges) + 1
    assert bins_among(given_, edges).tolist() == found.tolist()


def test_of_many_records_some_say_where_to_cut() -> None:
    """A quarter of a million: the jump of the rate is found, and the quantiles are about right."""
    draw = np.random.default_rng(0)
    values = draw.normal(size=250_000).round(3)
    events = (draw.random(len(values)) < np.where(values >= 0.7, 0.5, 0.2)).astype(float)
    cuts = [float(cut) for cut in number_cuts(values, events)]
    assert min(abs(cut - 0.7) for cut in cuts) < 0.01
    below = [(values < cut).mean() for cut in cuts]
    assert max(np.diff([0, *below, 1])) < 1.5 / QUANTILES


def test_no_event_is_left_aside_where_there_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three thousand events among three hundred thousand: every record says where to cut."""
    draw = np.random.default_rng(1)
    values = draw.normal(size=300_000)
    events = np.zeros(len(values))
    events[draw.choice(np.flatnonzero(values > 2), 3_000, replace=False)] = 1
    cuts = number_cuts(values, events)
    assert min(abs(float(cut) - 2) for cut in cuts) < 0.001
    monkeypatch.setattr(numbers, "ENOUGH", len(values))
    assert cuts == number_cuts(values, events)


def test_what_alternates_from_row_to_row_is_seen() -> None:
    """Of many records not all are looked at; those that are share no rhythm with the rows."""
    rows = 160_000
    values = np.arange(rows) % 2.0
    events = (np.random.default_rng(0).random(rows) < 0.1 + 0.3 * values).astype(np.float64)
    assert [float(cut) for cut in number_cuts(values, events)] == [1.0]
    assert number_cuts(values, events) == number_cuts(values, events)
