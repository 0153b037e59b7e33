"""The learner of additive boosted cards: the machine and the card say the same."""

import sys

import numpy as np
import pytest

from scoreline.errors import UsageError
from scoreline.learn.columns import Levels, Numbers
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.additive import learn_additive
from scoreline.learn.methods.points import learn_points
from scoreline.learn.table import CONSTANT, LearnOptions
from tests.learn.people import people


def test_the_scores_rank_as_the_truth_does_and_say_its_odds() -> None:
    columns, bought, _ = people(10_000)
    table = learn_additive(columns, bought)
    fresh, then, truth = people(10_000, seed=1)
    assert Ranked.of(table.scores(fresh), then).auc == pytest.approx(
        Ranked.of(truth, then).auc, abs=0.006
    )
    assert np.abs(table.log_odds(fresh) - truth).mean() < 0.2


def test_whole_points_say_what_the_machine_says() -> None:
    from interpret.glassbox import ExplainableBoostingClassifier

    random = np.random.default_rng(0)
    codes = random.integers(0, 3, (3_000, 2)).astype(float)
    codes[random.random((3_000, 2)) < 0.1] = np.nan
    said = -1 + (codes[:, 0] == 1) + 0.7 * np.isnan(codes[:, 1]) - 0.5 * (codes[:, 1] == 2)
    bought = (random.random(3_000) < 1 / (1 + np.exp(-said))).astype(float)
    level = [None if np.isnan(one) else f"level {one:.0f}" for one in codes[:, 1]]
    table = learn_additive(
        [Numbers("x", codes[:, 0]), Levels.of("y", level)], bought, options=LearnOptions(1000)
    )
    machine = ExplainableBoostingClassifier(
        feature_types=["continuous", "nominal"], interactions=0, outer_bags=8, random_state=0,
        n_jobs=1, max_interaction_bins=8,
    )  # fmt: skip
    with pytest.warns(UserWarning, match="Missing values"):  # ours has a bin for them
        machine.fit(codes, bought.astype(int))
    columns = [Numbers("x", codes[:, 0]), Levels.of("y", level)]
    away = table.log_odds(columns) - machine.decision_function(codes)
    assert np.abs(away - away.mean()).max() < 0.005
    assert abs(away.mean()) < 0.05


def test_a_table_of_two_columns_says_what_a_sum_can_not() -> None:
    random = np.random.default_rng(0)
    age, level = random.integers(18, 80, 4_000), random.choice(["a", "b", "c"], 4_000)
    chance = np.where((age < 40) == (level == "a"), 0.6, 0.1)
    bought = (random.random(4_000) < chance).astype(float)
    columns = [Numbers("age", age.astype(float)), Levels.of("level", level)]
    table = learn_additive(columns, bought, options=LearnOptions(pairs=[("level", "age")]))
    assert [pair.columns for pair in table.pairs] == [("level", "age")]
    right = (table.log_odds(columns) > 0) == (chance > 0.5)
    assert right.mean() > 0.95


@pytest.mark.parametrize(("trend", "sign"), [("ascending", 1), ("descending", -1)])
def test_a_trend_that_was_asked_for_is_kept(trend, sign) -> None:
    random = np.random.default_rng(2)
    age = random.integers(18, 80, 4_000).astype(float)
    rate = np.where(age < 30, 0.3, np.where(age < 50, 0.1, 0.5))
    bought = (random.random(4_000) < rate).astype(float)
    table = learn_additive(
        [Numbers("age", age)], bought, options=LearnOptions(trends={"age": trend})
    )
    scores = table.scores([Numbers("age", np.arange(18.0, 80))])
    assert (np.diff(scores) * sign >= 0).all()


def test_it_does_the_same_twice_and_leaves_out_constants() -> None:
    columns, bought, _ = people(2_000)
    columns = [*columns, Numbers("one", np.ones(2_000))]
    one, other = learn_additive(columns, bought), learn_additive(columns, bought)
    assert (one.scores(columns) == other.scores(columns)).all()
    assert one.left_out["one"] == CONSTANT


def test_intervals_are_about_those_of_the_learner_of_points() -> None:
    columns, bought, _ = people(8_000)
    halves = []
    for table in (learn_additive(columns, bought), learn_points(columns, bought)):
        (job,) = (term for term in table.terms if term.column == "job")
        boss = max(job.bins, key=lambda one: one.points)
        halves.append((boss.high - boss.low) * table.unit)
    assert halves[0] == pytest.approx(halves[1], rel=0.5)


def test_without_interpret_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "interpret", None)
    monkeypatch.setitem(sys.modules, "interpret.glassbox", None)
    columns, bought, _ = people(500)
    with pytest.raises(UsageError, match="interpret-core") as caught:
        learn_additive(columns, bought)
    assert "scoreline[additive]" in caught.value.hint
