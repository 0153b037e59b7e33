"""Tables of two columns: learnt where they gain on unseen records, exact in every card."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from scoreline.learn.columns import Column, Levels, Numbers, parts
from scoreline.learn.cutting import Cuts, Grid, Groups
from scoreline.learn.fitting.cells import fit_cells, joined_axis
from scoreline.learn.fitting.joining import PRICE
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.grids import AXIS
from scoreline.learn.methods.pairs import MOST_PAIRS, gaining_pairs
from scoreline.learn.methods.points import learn_points
from scoreline.learn.table import LearnOptions


def together(rows: int, seed: int = 0) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Columns of which two say something only together."""
    random = np.random.default_rng(seed)
    age, other = random.integers(18, 80, rows).astype(float), random.normal(size=rows)
    channel = random.choice(["ads", "fair", "web"], rows)
    young = age < 40
    said = -1.5 + np.where(young == (channel == "fair"), 1.6, 0.0) + 0.5 * other
    bought = (random.random(rows) < 1 / (1 + np.exp(-said))).astype(float)
    return (
        [Numbers("age", age), Levels.of("channel", channel), Numbers("other", other)],
        bought,
        said,
    )


def test_two_columns_that_count_together_are_found_and_nothing_else() -> None:
    columns, bought, _ = together(6_000)
    assert gaining_pairs(columns, bought) == (("age", "channel"),)


def test_their_table_says_what_a_sum_can_not() -> None:
    columns, bought, _ = together(10_000)
    fresh, then, truth = together(10_000, seed=1)
    alone = learn_points(columns, bought)
    paired = learn_points(columns, bought, options=LearnOptions(pairs=[("age", "channel")]))
    best = Ranked.of(truth, then).auc
    assert Ranked.of(alone.scores(fresh), then).auc < best - 0.05
    assert Ranked.of(paired.scores(fresh), then).auc == pytest.approx(best, abs=0.01)
    assert np.abs(paired.log_odds(fresh) - truth).mean() < 0.15


def test_its_rows_and_columns_are_those_that_count() -> None:
    columns, bought, _ = together(20_000)
    (pair,) = learn_points(columns, bought, options=LearnOptions(pairs=[("age", "channel")])).pairs
    assert isinstance(pair.grid.rows, Cuts)
    assert min(abs(float(cut) - 40) for cut in pair.grid.rows.cuts) <= 1
    assert pair.grid.rows.size <= AXIS + 1
    assert isinstance(pair.grid.columns, Groups)
    by_row = np.array([cell.points for cell in pair.cells]).reshape(-1, pair.grid.columns.size)
    fair = next(n for n, group in enumerate(pair.grid.columns.groups) if group == ("fair",))
    others = [n for n in range(pair.grid.columns.size - 1) if n != fair]
    away = by_row[:, [fair]] - by_row[:, others]
    assert (away[0] > 0).all()
    assert (away[-2] < 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_where_columns_only_add_up_there_is_no_table(seed) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=(6, 1_500))
    said = values[0] + 0.5 * values[1] - 1
    bought = (random.random(1_500) < 1 / (1 + np.exp(-said))).astype(float)
    columns = [Numbers(f"x{n}", own) for n, own in enumerate(values)]
    assert gaining_pairs(columns, bought) == ()


def test_what_held_only_in_the_past_is_not_taken() -> None:
    columns, bought, _ = together(10_000)
    late = np.arange(10_000) >= 7_000
    turned = np.where(late, np.random.default_rng(9).random(10_000) < bought.mean(), bought)
    assert gaining_pairs(columns, turned, np.arange(10_000)) == ()
    assert gaining_pairs(columns, bought, np.arange(10_000)) == (("age", "channel"),)


def test_there_are_few_and_none_over_a_locked_column() -> None:
    random = np.random.default_rng(0)
    values = (random.random((6, 8_000)) < 0.5).astype(float)
    said = sum(2.0 * (values[a] == values[b]) for a, b in itertools.combinations(range(6), 2)) - 16
    bought = (random.random(8_000) < 1 / (1 + np.exp(-said))).astype(float)
    columns = [Numbers(f"x{n}", own) for n, own in enumerate(values)]
    assert len(gaining_pairs(columns, bought)) == MOST_PAIRS
    locked = LearnOptions(trends={"x0": "ascending"})
    assert all("x0" not in pair for pair in gaining_pairs(columns, bought, None, locked))


def test_the_least_score_is_nothing_and_intervals_hold_the_points() -> None:
    columns, bought, _ = together(6_000)
    table = learn_points(columns, bought, options=LearnOptions(pairs=[("age", "channel")]))
    least = sum(min(b.points for b in t.bins) for t in table.terms)
    assert table.base + least + min(cell.points for cell in table.pairs[0].cells) == 0
    for cell in table.pairs[0].cells:
        if cell.weight:
            assert cell.low - 1 <= cell.points <= cell.high + 1
    assert sum(cell.weight for cell in table.pairs[0].cells) == 6_000
    assert sum(cell.events for cell in table.pairs[0].cells) == bought.sum()


def test_the_same_records_give_the_same_table_in_any_order() -> None:
    columns, bought, _ = together(4_000)
    mixed = np.random.default_rng(4).permutation(4_000)
    asked = LearnOptions(pairs=[("age", "channel")])
    one = learn_points(columns, bought, options=asked)
    other = learn_points(parts(columns, mixed), bought[mixed], options=asked)
    assert one.pairs[0].grid == other.pairs[0].grid
    assert [c.points for c in one.pairs[0].cells] == [c.points for c in other.pairs[0].cells]


def test_the_cell_of_a_record_is_that_of_its_row_and_its_column() -> None:
    grid = Grid(Cuts((40,)), Groups((("fair",), ("ads", "web"))))  # type: ignore[arg-type]
    ages = Numbers("age", np.array([20.0, 20, 50, np.nan, np.nan]))
    channels = Levels.of("channel", ["fair", None, "web", "fair", None])
    assert grid.places(ages, channels).tolist() == [0, 2, 4, 6, 8]


def test_cells_are_fitted_beside_what_is_said() -> None:
    random = np.random.default_rng(0)
    places = random.integers(0, 5, 4_000)
    said = random.normal(size=4_000)
    true = np.array([0.0, 1.0, -1.0, 0.5, 0.2])
    events = (random.random(4_000) < 1 / (1 + np.exp(-(said + true[places])))).astype(float)
    found = fit_cells(places, 5, said, events, np.ones(4_000))
    alone = [
        optimize.brentq(
            lambda e, own=places == n: float(
                (events[own] - 1 / (1 + np.exp(-(said[own] + e)))).sum()
            ),
            -10,
            10,
        )
        for n in range(5)
    ]
    assert found.effects == pytest.approx(alone, abs=0.06)
    assert (np.abs(found.effects) <= np.abs(alone) + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 4), st.booleans())
def test_rows_that_stay_apart_differ_by_more_than_their_price(seed, rows, columns, ordered) -> None:
    random = np.random.default_rng(seed)
    effects, weights = random.normal(size=(rows, columns)), random.uniform(1, 30, (rows, columns))
    place = joined_axis(effects, weights, ordered=ordered, most=rows)
    assert place[-1] == place.max()
    assert (place[:-1] < place[-1]).all()
    if ordered:
        assert (np.diff(place) >= 0).all()
    if place[-1] < 2:
        return
    held = np.array([weights[:-1][place[:-1] == n].sum(axis=0) for n in range(place[-1])])
    means = [(weights * effects)[:-1][place[:-1] == n].sum(axis=0) for n in range(place[-1])]
    for n in range(place[-1] - 1):
        one, other = means[n] / held[n], means[n + 1] / held[n + 1]
        both = held[n] * held[n + 1] / (held[n] + held[n + 1])
        assert (both * (one - other) ** 2).sum() / 2 >= PRICE * columns * 0.999
