"""The learner of points: it finds what is there, and leaves out what is not."""

from decimal import Decimal

import numpy as np
import pytest

from scoreline.learn.columns import Levels, Numbers, parts
from scoreline.learn.cutting import Cuts, Groups
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.points import learn_points
from scoreline.learn.table import LearnOptions
from tests.learn.people import people


def test_a_jump_of_the_rate_is_found_where_it_is() -> None:
    columns, bought, _ = people(20_000)
    table = learn_points(columns, bought)
    (age,) = (term for term in table.terms if term.column == "age")
    assert isinstance(age.cutter, Cuts)
    assert Decimal(50) in age.cutter.cuts
    points, older = age.points(columns[0]), columns[0].values >= 50
    step = points[older].mean() - points[~older].mean()
    assert step == pytest.approx(1.5 / table.unit, abs=1)


def test_levels_that_are_alike_share_a_bin() -> None:
    columns, bought, _ = people(20_000)
    (job,) = (t for t in learn_points(columns, bought).terms if t.column == "job")
    assert job.cutter == Groups((("clerk", "none"), ("boss",)))


def test_the_scores_rank_as_the_truth_does() -> None:
    columns, bought, _ = people(20_000)
    table = learn_points(columns, bought)
    fresh, then, truth = people(20_000, seed=1)
    scores = table.scores(fresh)
    assert Ranked.of(scores, then).auc == pytest.approx(Ranked.of(truth, then).auc, abs=0.005)
    assert np.abs(table.log_odds(fresh) - truth).mean() < 0.12


def test_noise_is_left_out_or_hardly_counts() -> None:
    columns, bought, _ = people(20_000)
    table = learn_points(columns, bought)
    points = [b.points for t in table.terms if t.column == "noise" for b in t.bins]
    assert max(map(abs, points), default=0) <= 1


def test_the_least_score_is_nothing_and_the_average_bin_counts_little() -> None:
    columns, bought, _ = people(5_000)
    table = learn_points(columns, bought)
    assert table.base + sum(min(b.points for b in t.bins) for t in table.terms) == 0
    for term in table.terms:
        mean = sum(b.points * b.weight for b in term.bins) / sum(b.weight for b in term.bins)
        assert abs(mean) <= 0.75


def test_what_is_missing_has_a_bin_of_its_own() -> None:
    columns, bought, _ = people(10_000)
    blank = np.random.default_rng(0).random(10_000) < 0.3
    blank &= bought == 0
    age = Numbers("age", np.where(blank, np.nan, columns[0].values))
    (term,) = (t for t in learn_points([age, columns[1]], bought).terms if t.column == "age")
    assert term.bins[-1].weight == blank.sum()
    assert term.bins[-1].points == min(b.points for b in term.bins)


def test_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    held = []
    for seed in range(40):
        columns, bought, _ = people(1_500, seed=seed)
        table = learn_points(columns, bought)
        for term in table.terms:
            if term.column != "job":
                continue
            boss = next(n for n, group in enumerate(term.cutter.groups) if "boss" in group)
            share = term.bins[boss].weight / 1_500
            truth = (1 - share) / table.unit
            held.append(term.bins[boss].low <= truth <= term.bins[boss].high)
    assert len(held) >= 30
    assert 0.75 <= np.mean(held) <= 1.0


def test_the_odds_double_by_so_many_points_as_asked() -> None:
    columns, bought, _ = people(5_000)
    table = learn_points(columns, bought, options=LearnOptions(doubling=20))
    assert table.doubling == 20
    fresh, _, truth = people(5_000, seed=1)
    slope = np.polyfit(table.scores(fresh), truth, 1)[0]
    assert slope == pytest.approx(np.log(2) / 20, rel=0.15)


def test_a_trend_that_was_asked_for_is_kept() -> None:
    random = np.random.default_rng(2)
    age = random.integers(18, 80, 4_000).astype(float)
    rate = np.where(age < 30, 0.3, np.where(age < 50, 0.1, 0.5))
    bought = (random.random(4_000) < rate).astype(float)
    free = learn_points([Numbers("age", age)], bought)
    rising = learn_points(
        [Numbers("age", age)], bought, options=LearnOptions(trends={"age": "ascending"})
    )
    assert [b.points for b in free.terms[0].bins[:-1]] != sorted(
        b.points for b in free.terms[0].bins[:-1]
    )
    assert [b.points for b in rising.terms[0].bins[:-1]] == sorted(
        b.points for b in rising.terms[0].bins[:-1]
    )


def test_the_same_records_give_the_same_table_in_any_order() -> None:
    columns, bought, _ = people(3_000)
    mixed = np.random.default_rng(4).permutation(3_000)
    one, other = learn_points(columns, bought), learn_points(parts(columns, mixed), bought[mixed])
    assert one.base == other.base
    for here, there in zip(one.terms, other.terms, strict=True):
        assert (here.column, here.cutter) == (there.column, there.cutter)
        assert [b.points for b in here.bins] == [b.points for b in there.bins]


def test_levels_never_seen_are_rare_or_missing() -> None:
    groups = Groups((("ads",), ("fair", "x")), rare=1)
    fresh = Levels.of("source", ["ads", "new", None])
    assert groups.places(fresh).tolist() == [0, 1, 2]
