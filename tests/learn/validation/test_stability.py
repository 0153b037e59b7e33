"""How much records have changed: the index, by hand and of whole tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.learn.columns import Levels, parts
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.points import learn_points
from scoreline.learn.validation.stability import MOVED, MUCH, stability, stability_index
from tests.learn.people import people

COUNTS = st.lists(st.integers(0, 1_000), min_size=2, max_size=8)


def test_by_hand() -> None:
    before, after = np.array([300.0, 500, 200]), np.array([200.0, 500, 300])
    by_hand = (0.2 - 0.3) * np.log(0.2 / 0.3) + (0.3 - 0.2) * np.log(0.3 / 0.2)
    assert stability_index(before, after) == pytest.approx(by_hand, abs=0.001)


@given(COUNTS, st.integers(2, 50))
def test_it_is_nothing_for_equal_shares_and_never_below(counts, times) -> None:
    before = np.array(counts, dtype=float)
    assert stability_index(before, before) == 0
    assert stability_index(before, before[::-1].copy()) >= 0
    assert stability_index(before + 100, (before + 100) * times) < 0.01


def test_a_base_that_stays_is_steady_and_one_that_ages_is_not() -> None:
    columns, bought, _ = people(6_000)
    table = learn_points(columns, bought)
    later, _, _ = people(6_000, seed=1)
    same = stability(table, columns, later)
    assert same.psi < 0.01
    old = np.flatnonzero(later[0].values >= 50)
    aged = stability(table, columns, parts(later, old))
    assert aged.psi > MUCH
    csi = dict(aged.csi)
    assert csi["age"] > MUCH
    assert csi["job"] < MOVED


def test_levels_never_seen_before_count_as_moved() -> None:
    job = Levels.of("job", ["a", "b"] * 500)
    bought = np.tile([1.0, 0.0], 500)
    bought[:100] = 1 - bought[:100]
    table = learn_points([job], bought)
    new = Levels.of("job", ["c"] * 1_000)
    assert dict(stability(table, [job], [new]).csi)["job"] > MUCH


def test_the_area_varies_from_sample_to_sample_as_far_as_it_says() -> None:
    random = np.random.default_rng(0)
    areas, said = [], []
    for _ in range(400):
        events = (random.random(300) < 0.3).astype(float)
        ranked = Ranked.of(np.round(random.normal(size=300) + events, 1), events)
        areas.append(ranked.auc)
        said.append(ranked.auc_deviation)
    assert np.mean(said) == pytest.approx(np.std(areas), rel=0.1)


def test_the_deviation_of_an_area_is_that_of_all_pairs() -> None:
    random = np.random.default_rng(1)
    events = np.array([1.0] * 12 + [0.0] * 20)
    scores = random.integers(0, 6, 32).astype(float)
    own, others = scores[:12], scores[12:]
    wins = (own[:, None] > others) + 0.5 * (own[:, None] == others)
    by_hand = wins.mean(axis=1).var(ddof=1) / 12 + wins.mean(axis=0).var(ddof=1) / 20
    assert Ranked.of(scores, events).auc_deviation == pytest.approx(np.sqrt(by_hand))


def test_of_one_event_nothing_is_known() -> None:
    assert np.isnan(Ranked.of([1.0, 2.0, 3.0], [1, 0, 0]).auc_deviation)
