"""A penalised fit: its optimum is one, and its penalties come from the data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.fitting.coded import Coded, derivatives, gathered
from scoreline.learn.fitting.logistic import Penalty, fit_effects, penalised_loss


def random_rows(seed: int, rows: int = 400) -> Coded:
    random = np.random.default_rng(seed)
    codes = [random.integers(0, 5, rows), random.integers(0, 3, rows)]
    said = 0.6 * (codes[0] >= 3) - 0.5 * (codes[1] == 1) - 0.5
    events = (random.random(rows) < 1 / (1 + np.exp(-said))).astype(float)
    return Coded.of(codes, [6, 4], events)


def rules() -> list[Penalty]:
    return [Penalty.of_neighbours(6), Penalty.of_levels(4)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_no_step_from_the_fit_lowers_its_loss(seed: int) -> None:
    rows, penalties = random_rows(seed), rules()
    fit = fit_effects(rows, penalties)
    random = np.random.default_rng(seed)
    for size in (1e-3, 0.1, 1.0):
        step = random.normal(size=rows.width + 1) * size
        moved = penalised_loss(
            rows, penalties, fit.strengths, fit.intercept + step[0], fit.effects + step[1:]
        )
        assert moved >= fit.penalised - 1e-6


def test_weights_are_repeated_records() -> None:
    rows = random_rows(1)
    again = np.concatenate((np.arange(400), np.arange(0, 400, 3)))
    twice = rows.part(again)
    weights = np.where(np.arange(400) % 3 == 0, 2.0, 1.0)
    weighted = Coded(rows.codes, rows.sizes, rows.events, weights)
    one, other = (fit_effects(each, rules()) for each in (twice, weighted))
    assert one.effects == pytest.approx(other.effects, abs=1e-6)


def test_what_says_nothing_fades_away() -> None:
    random = np.random.default_rng(3)
    codes = [random.integers(0, 2, 5_000), random.integers(0, 10, 5_000)]
    events = (random.random(5_000) < np.where(codes[0] == 1, 0.6, 0.2)).astype(float)
    rows = Coded.of(codes, [3, 11], events)
    fit = fit_effects(rows, [Penalty.of_levels(3), Penalty.of_levels(11)])
    assert np.ptp(fit.effects[rows.place(0)]) > 1.2
    assert np.ptp(fit.effects[rows.place(1)]) < 0.15


def test_few_records_are_drawn_to_their_neighbours() -> None:
    """One sale of one lead among thousands does not make its bin the best."""
    codes = np.concatenate((np.zeros(1_000), np.ones(1), np.full(1_000, 2))).astype(int)
    events = np.concatenate((np.arange(1_000) % 10 == 0, [True], np.arange(1_000) % 5 == 0))
    rows = Coded.of([codes], [4], events.astype(float))
    effects = fit_effects(rows, [Penalty.of_neighbours(4)]).effects
    assert effects[0] < effects[1] < effects[2] + 0.5


def test_a_fit_of_perfect_columns_ends() -> None:
    rows = Coded.of([np.arange(200) % 2], [3], (np.arange(200) % 2).astype(float))
    fit = fit_effects(rows, [Penalty.of_levels(3)])
    assert np.isfinite(fit.effects).all()
    assert fit.effects[1] > fit.effects[0] + 4


def test_slope_and_curvature_are_those_of_the_loss() -> None:
    rows = random_rows(5)
    random = np.random.default_rng(5)
    beta = random.normal(size=rows.width + 1)
    arguments = (rows.codes, rows.starts, rows.events, random.random(400))
    _loss, slope, curvature = derivatives(*arguments, beta)
    for one in range(len(beta)):
        step = np.zeros(len(beta))
        step[one] = 1e-6
        above, below = (derivatives(*arguments, beta + sign * step) for sign in (1, -1))
        assert slope[one] == pytest.approx(-(above[0] - below[0]) / 2e-6, abs=1e-4)
        assert curvature[one] == pytest.approx(-(above[1] - below[1]) / 2e-6, abs=1e-4)


def test_sums_by_bin() -> None:
    rows, values = random_rows(5), np.random.default_rng(5).random(400)
    hot = np.zeros((400, rows.width))
    for term in range(2):
        hot[np.arange(400), rows.starts[term] + rows.codes[:, term]] = 1
    assert gathered(rows.codes, rows.starts, values) == pytest.approx(hot.T @ values)
