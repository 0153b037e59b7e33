"""Whole points: never better than the bound, nearly as good as the best of all tables."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.fitting.coded import Coded
from scoreline.learn.fitting.integers import whole_points
from scoreline.learn.fitting.logistic import Penalty, fit_effects, penalised_loss
from tests.learn.fitting.test_logistic import random_rows, rules


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 5, 20, None]))
def test_no_whole_points_undercut_the_bound(seed: int, doubling: int | None) -> None:
    rows = random_rows(seed)
    found = whole_points(rows, rules(), fit_effects(rows, rules()), doubling)
    assert 0 <= found.gap < 0.05
    assert doubling in (None, found.doubling)


def test_more_points_to_double_the_odds_come_nearer() -> None:
    rows = random_rows(7)
    fit = fit_effects(rows, rules())
    gaps = [whole_points(rows, rules(), fit, doubling).gap for doubling in (1, 3, 10, 100)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-5


def test_the_best_of_all_tables_is_hardly_better() -> None:
    """All tables of points from -3 to 3 over two terms of two bins are tried."""
    random = np.random.default_rng(1)
    codes = [random.integers(0, 2, 300), random.integers(0, 2, 300)]
    said = 0.9 * codes[0] - 0.7 * codes[1]
    events = (random.random(300) < 1 / (1 + np.exp(-said))).astype(float)
    rows = Coded.of(codes, [2, 2], events)
    penalties = [Penalty.of_levels(2), Penalty.of_levels(2)]
    fit = fit_effects(rows, penalties)
    found = whole_points(rows, penalties, fit, doubling=2)
    best = min(
        penalised_loss(rows, penalties, fit.strengths, intercept, np.array(points) * np.log(2) / 2)
        for points in product(range(-3, 4), repeat=4)
        for intercept in np.linspace(found.intercept - 0.6, found.intercept + 0.6, 13)
    )
    assert found.loss == pytest.approx(best, rel=2e-3)
