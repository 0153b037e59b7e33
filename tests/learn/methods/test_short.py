"""The learner of short cards: few conditions, small points, and what they cost."""

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.columns import Levels, Numbers, parts
from scoreline.learn.cutting import Cuts, Groups, fine_bins
from scoreline.learn.fitting.coded import Coded
from scoreline.learn.fitting.patterns import Patterns
from scoreline.learn.fitting.screening import Screen
from scoreline.learn.fitting.small import small_points
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.conditions import conditions, of_levels
from scoreline.learn.methods.short import learn_short
from scoreline.learn.table import LearnOptions
from tests.learn.people import people


def test_the_conditions_that_count_are_found() -> None:
    columns, bought, _ = people(20_000)
    table = learn_short(columns, bought, options=LearnOptions(most_terms=2))
    older = ("age", Cuts((Decimal(50),)), 1)
    boss = ("job", Groups((("boss",), ("clerk", "none")), 1), 0)
    assert {(term.column, term.cutter, term.on) for term in table.terms} == {older, boss}


def test_points_are_in_the_ratio_of_the_effects() -> None:
    columns, bought, _ = people(50_000)
    table = learn_short(columns, bought, options=LearnOptions(most_terms=2))
    by_column = {term.column: term.bins[term.on].points for term in table.terms}
    assert by_column["age"] / by_column["job"] == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize(("most", "limit"), [(1, 5), (3, 5), (10, 2), (4, 1)])
def test_no_more_conditions_and_no_more_points_than_asked_for(most, limit) -> None:
    columns, bought, _ = people(3_000)
    columns = [*columns, Numbers("other", np.random.default_rng(1).normal(size=3_000) + bought)]
    table = learn_short(columns, bought, options=LearnOptions(most_terms=most, limit=limit))
    assert 1 <= len(table.terms) <= most
    for term in table.terms:
        points = [one.points for one in term.bins]
        assert 0 < abs(points[term.on]) <= limit
        assert sum(map(bool, points)) == 1


def test_the_least_score_is_nothing() -> None:
    columns, bought, _ = people(3_000)
    table = learn_short(columns, 1 - bought)
    assert any(one.points < 0 for term in table.terms for one in term.bins)
    everybody = [
        Numbers("age", np.repeat([20.0, 60.0], 3)),
        Levels.of("job", ["boss", "clerk", None] * 2),
        Numbers("noise", np.full(6, np.nan)),
    ]
    assert table.scores(everybody).min() == 0


def test_the_scores_rank_nearly_as_the_truth_does() -> None:
    columns, bought, _ = people(20_000)
    table = learn_short(columns, bought)
    fresh, then, truth = people(20_000, seed=1)
    areas = [Ranked.of(said, then).auc for said in (table.scores(fresh), truth)]
    assert areas[0] == pytest.approx(areas[1], abs=0.005)


@pytest.mark.parametrize("seed", range(5))
def test_what_chance_explains_is_no_condition(seed) -> None:
    random = np.random.default_rng(seed)
    columns = [Numbers(f"x{n}", random.normal(size=2_000)) for n in range(5)]
    assert not learn_short(columns, (random.random(2_000) < 0.3).astype(float)).terms


@pytest.mark.parametrize(("trend", "sign"), [("ascending", 1), ("descending", -1)])
def test_a_trend_that_was_asked_for_is_kept(trend, sign) -> None:
    random = np.random.default_rng(2)
    age = random.integers(18, 80, 6_000).astype(float)
    rate = np.where(age < 30, 0.3, np.where(age < 50, 0.1, 0.5))
    bought = (random.random(6_000) < rate).astype(float)
    columns = [Numbers("age", age)]
    free = learn_short(columns, bought)
    table = learn_short(columns, bought, options=LearnOptions(trends={"age": trend}))
    ages = [Numbers("age", np.arange(18.0, 80))]
    assert (np.diff(table.scores(ages)) * sign >= 0).all()
    assert not (np.diff(free.scores(ages)) * sign >= 0).all()


def test_the_same_records_give_the_same_card_in_any_order() -> None:
    columns, bought, _ = people(3_000)
    mixed = np.random.default_rng(4).permutation(3_000)
    one, other = learn_short(columns, bought), learn_short(parts(columns, mixed), bought[mixed])
    assert one.base == other.base
    for here, there in zip(one.terms, other.terms, strict=True):
        assert (here.column, here.cutter, here.on) == (there.column, there.cutter, there.on)
        assert [b.points for b in here.bins] == [b.points for b in there.bins]


def test_a_record_of_weight_two_counts_as_two() -> None:
    columns, bought, _ = people(2_000)
    twice = np.concatenate([np.arange(2_000), np.flatnonzero(bought)])
    doubled = learn_short(parts(columns, twice), bought[twice])
    weighed = learn_short(columns, bought, 1 + bought)
    assert [t.column for t in doubled.terms] == [t.column for t in weighed.terms]


def test_the_best_pair_of_conditions_is_nearly_that_of_all_pairs() -> None:
    columns, bought, _ = people(1_500, seed=5)
    columns, alike = columns[:2], np.ones(1_500)
    cutters = [fine_bins(column, bought, alike) for column in columns]
    places = [cutter.places(column) for cutter, column in zip(cutters, columns, strict=True)]
    rows = Coded.of(places, [cutter.size for cutter in cutters], bought)
    met = []
    for term, cutter in enumerate(cutters):
        weights = rows.weight[rows.place(term)]
        own = conditions(cutter, weights, 20)
        if isinstance(cutter, Groups):
            own += of_levels(cutter, np.arange(cutter.size), weights, 20)
        met += [one.bits[rows.codes[:, term]] for one in own]
    nobody = Patterns.none(bought, alike)
    losses = [
        nobody.with_one(0, one, bought, alike).with_one(1, other, bought, alike).fit.loss
        for one, other in itertools.combinations(met, 2)
    ]
    table = learn_short(columns, bought, options=LearnOptions(most_terms=2, limit=1000))
    said = table.log_odds(columns)
    loss = float(np.logaddexp(0, said).sum() - bought @ said)
    assert loss <= min(losses) * 1.002


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 5))
def test_whole_points_are_nearly_the_best_of_all_in_their_unit(seed, count, limit) -> None:
    random = np.random.default_rng(seed)
    met = random.random((300, count)) < 0.5
    said = met @ random.normal(size=count) - 0.5
    events = (random.random(300) < 1 / (1 + np.exp(-said))).astype(float)
    if not 0 < events.sum() < 300:
        return
    patterns = Patterns.none(events, np.ones(300))
    for place in range(count):
        patterns = patterns.with_one(place, met[:, place], events, np.ones(300))
    found = small_points(patterns, limit)
    assert np.abs(found.points).max(initial=0) <= limit
    assert found.gap >= 0
    losses = []
    for points in itertools.product(range(-limit, limit + 1), repeat=count):
        effects = np.array(points) * found.unit
        losses.append(patterns.loss(effects, patterns.intercept(effects)))
    assert found.loss <= min(losses) * 1.003


def test_the_gains_that_are_foreseen_are_those_of_a_fit_for_small_effects() -> None:
    random = np.random.default_rng(0)
    codes = random.integers(0, 3, (20_000, 2))
    said = -1 + 0.1 * (codes[:, 0] == 1) - 0.15 * (codes[:, 1] == 2)
    events = (random.random(20_000) < 1 / (1 + np.exp(-said))).astype(float)
    rows = Coded.of(list(codes.T), [3, 3], events)
    start = Patterns.none(events, rows.weights)
    screen = Screen(rows, np.full(20_000, start.fit.intercept), np.empty((20_000, 0)))
    for term, place in itertools.product(range(2), range(3)):
        foreseen = screen.gains(term, np.eye(3))[place]
        one = start.with_one(0, codes[:, term] == place, events, rows.weights)
        assert abs(foreseen) == pytest.approx(start.fit.loss - one.fit.loss, rel=0.1, abs=0.05)
        assert np.sign(foreseen) == np.sign(one.fit.effects[0])
