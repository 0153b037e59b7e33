"""The learner of weights of evidence: the risk analyst's card, held against textbooks."""

import numpy as np
import pytest
from scipy import optimize

from scoreline.learn.binning.field import bins_of
from scoreline.learn.binning.rules import BinRules
from scoreline.learn.columns import Levels, Numbers, parts
from scoreline.learn.fitting.plain import SPREAD, fit_plain
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.woe import DOUBLING, TURNED, learn_woe
from scoreline.learn.table import USELESS, LearnOptions
from tests.learn.people import people


def test_a_single_column_has_points_in_the_ratio_of_its_weights_of_evidence() -> None:
    columns, bought, _ = people(20_000)
    (term,) = learn_woe(columns[:1], bought).terms
    own = [one for one in term.bins if one.weight]
    events, all_ = (np.array([getattr(one, name) for one in own]) for name in ("events", "weight"))
    woe = np.log(events / events.sum()) - np.log((all_ - events) / (all_ - events).sum())
    assert [one.points for one in own] == pytest.approx(woe * DOUBLING / np.log(2), abs=0.6)


def test_the_fit_is_the_least_of_its_loss() -> None:
    random = np.random.default_rng(0)
    design = random.normal(size=(400, 3))
    events = (random.random(400) < 1 / (1 + np.exp(-design @ [1.0, 0.5, 0.0]))).astype(float)
    weights = random.integers(1, 4, 400).astype(float)

    def loss(beta: np.ndarray) -> float:
        sums = beta[0] + design @ beta[1:]
        held = ((beta[1:] - 1) ** 2).sum() / (2 * SPREAD**2)
        return float(weights @ (np.logaddexp(0, sums) - events * sums) + held)

    found = fit_plain(design, events, weights)
    best = optimize.minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-8})
    assert [found.intercept, *found.effects] == pytest.approx(best.x.tolist(), abs=1e-4)


def test_effects_that_know_everything_stay_finite() -> None:
    x = np.repeat([0.0, 1.0], 50)
    assert 1 < fit_plain(x[:, None], x, np.ones(100)).effects[0] < 30


def test_so_many_points_double_the_odds_and_the_scale_is_kept() -> None:
    columns, bought, _ = people(20_000)
    table = learn_woe(columns, bought, options=LearnOptions(doubling=40)).at(600, 50)
    fresh, _, truth = people(20_000, seed=1)
    scores = table.scores(fresh)
    assert np.polyfit(scores, truth, 1)[0] == pytest.approx(np.log(2) / 40, rel=0.15)
    assert np.exp(table.intercept + table.unit * 600) == pytest.approx(50, rel=0.01)
    assert table.log_odds(fresh) == pytest.approx(truth, abs=0.4)


def test_columns_that_say_nothing_or_the_same_are_left_out_with_the_reason() -> None:
    columns, bought, _ = people(20_000)
    again = Numbers("age again", columns[0].values * 12)
    table = learn_woe([*columns, again], bought)
    assert {term.column for term in table.terms} == {"age", "job"}
    assert table.left_out == {"noise": USELESS, "age again": USELESS}


def test_a_column_that_turns_beside_the_others_is_left_out() -> None:
    random = np.random.default_rng(0)
    true = random.normal(size=20_000)
    told = true + 0.3 * random.normal(size=20_000)
    bought = (random.random(20_000) < 1 / (1 + np.exp(-(2 * true - 1.0 * told)))).astype(float)
    table = learn_woe([Numbers("true", true), Numbers("told", told)], bought)
    assert [term.column for term in table.terms] == ["true"]
    assert table.left_out == {"told": TURNED}


def test_every_term_runs_with_its_own_rates() -> None:
    columns, bought, _ = people(5_000)
    for term in learn_woe(columns, bought).terms:
        own = [one for one in term.bins if one.weight >= 20]
        rates = [one.events / one.weight for one in own]
        points = [one.points for one in own]
        assert np.argsort(rates).tolist() == np.argsort(points).tolist()


@pytest.mark.parametrize("trend", ["ascending", "descending", "valley"])
def test_a_trend_that_was_asked_for_is_kept(trend) -> None:
    random = np.random.default_rng(2)
    age = random.integers(18, 80, 6_000).astype(float)
    rate = np.where(age < 30, 0.3, np.where(age < 50, 0.1, 0.5))
    bought = (random.random(6_000) < rate).astype(float)
    table = learn_woe([Numbers("age", age)], bought, options=LearnOptions(trends={"age": trend}))
    steps = [tuple(np.sign(np.diff([b.points for b in t.bins[:-1]]))) for t in table.terms]
    wanted = {"ascending": [(1,)], "descending": [], "valley": [(-1, 1)]}
    assert steps == wanted[trend]


def test_the_scores_rank_as_the_truth_does() -> None:
    columns, bought, _ = people(20_000)
    fresh, then, truth = people(20_000, seed=1)
    scores = learn_woe(columns, bought).scores(fresh)
    assert Ranked.of(scores, then).auc == pytest.approx(Ranked.of(truth, then).auc, abs=0.006)


def test_whole_points_cost_little_and_the_gap_says_how_much_at_most() -> None:
    columns, bought, _ = people(5_000)
    assert 0 <= learn_woe(columns, bought).gap < 0.01
    assert (
        learn_woe(columns, bought, options=LearnOptions(doubling=1)).gap
        > learn_woe(columns, bought).gap
    )


def test_a_record_of_weight_two_counts_as_two() -> None:
    columns, bought, _ = people(4_000)
    twice = np.concatenate([np.arange(4_000), np.flatnonzero(bought)])
    rules = BinRules(smallest=200)
    columns = columns[:2]
    for column in columns:
        doubled = bins_of(column.part(twice), bought[twice], rules)
        weighed = bins_of(column, bought, rules, 1 + bought)
        assert (doubled.cuts, doubled.groups) == (weighed.cuts, weighed.groups)
        assert doubled.events.tolist() == weighed.events.tolist()
    one, other = (
        learn_woe(parts(columns, twice), bought[twice]),
        learn_woe(columns, bought, 1 + bought),
    )
    assert (one.scores(columns) == other.scores(columns)).all()


def test_missing_values_have_a_weight_where_there_are_enough() -> None:
    columns, bought, _ = people(10_000)
    blank = np.random.default_rng(0).random(10_000) < np.where(bought, 0.4, 0.1)
    table = learn_woe([Numbers("age", np.where(blank, np.nan, columns[0].values))], bought)
    assert table.terms[0].bins[-1].points > 10
    job = Levels.of("job", ["boss" if one else None for one in bought[:5_000]])
    given, missing = learn_woe([job], 1 - bought[:5_000]).terms[0].bins
    assert given.points < 0 < missing.points


def test_a_level_that_nobody_had_it_with_has_a_weight_of_its_own() -> None:
    random = np.random.default_rng(1)
    number = random.integers(0, 100, 5_000).astype(np.float64)
    listed = random.random(5_000) < 0.3
    events = ((random.random(5_000) < 0.05 + 0.3 * (number > 50)) & ~listed).astype(np.float64)
    columns = [Numbers("number", number), Levels.of("listed", np.where(listed, "yes", "no"))]
    table = learn_woe(columns, events)
    assert set(table.columns) == {"number", "listed"}
    assert Ranked.of(table.scores(columns), events).auc > 0.8
