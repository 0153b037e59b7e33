"""Intervals against published figures and plain properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.analytics.intervals import log_ratio_differs, rates_differ, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(hits, of, low, high):
    rate = wilson(hits, of)
    assert (round(rate.low, 4), round(rate.high, 4)) == (low, high)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_rate_lies_in_its_interval(hits, more):
    rate = wilson(hits, hits + more)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


def test_nothing_known_is_anything():
    rate = wilson(0, 0)
    assert (rate.value, rate.low, rate.high) == (0, 0, 1)


def test_a_published_difference():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56/70 - 48/80 by method 10
    # is 0.0524 to 0.3339; 9/10 - 3/10 is 0.1705 to 0.8090; 10/10 - 0/20 is surely above 0
    assert rates_differ(wilson(56, 70), wilson(48, 80))
    assert rates_differ(wilson(3, 10), wilson(9, 10))
    assert rates_differ(wilson(0, 20), wilson(10, 10))
    assert not rates_differ(wilson(5, 56), wilson(0, 29))
    assert not rates_differ(wilson(0, 0), wilson(9, 10))


def test_costs_of_few_hits_do_not_differ():
    assert not log_ratio_differs((10_000, 10_000), (wilson(20, 100), wilson(25, 50)))
    assert log_ratio_differs((10_000, 10_000), (wilson(200, 1000), wilson(400, 1000)))
    assert not log_ratio_differs((10_000, 10_000), (wilson(0, 100), wilson(25, 50)))
    assert not log_ratio_differs((0, 10_000), (wilson(5, 100), wilson(25, 50)))
