"""Levels in the order of their rates: few records move a level little."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoreline.learn.binning.categories import Levels, ordered_levels, shrunken

counted = st.lists(
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1
)


@given(counted, st.integers(0, 60))
def test_every_level_stands_once(levels: list[tuple[int, int]], least: int) -> None:
    names = [f"level {n:03}" for n in range(len(levels))]
    weights, events = (np.array(column, dtype=float) for column in zip(*levels, strict=True))
    found = ordered_levels(names, events, weights, least)
    assert sorted(name for group in found.groups for name in group) == names
    rare = {name for name, weight in zip(names, weights, strict=True) if weight < least}
    assert rare == (set() if found.rare is None else set(found.groups[found.rare]))


@given(counted)
def test_rates_lie_between_their_own_and_the_common_one(levels: list[tuple[int, int]]) -> None:
    weights, events = (np.array(column, dtype=float) for column in zip(*levels, strict=True))
    common, own = events.sum() / weights.sum(), events / weights
    found = shrunken(events, weights)
    assert (found >= np.minimum(own, common) - 1e-12).all()
    assert (found <= np.maximum(own, common) + 1e-12).all()


def test_one_lucky_record_is_not_the_best_level() -> None:
    names = ["lucky", "worst", "worse", "better", "best"]
    events, weights = np.array([1.0, 100, 200, 300, 400]), np.array([1.0, *[1000] * 4])
    found = ordered_levels(names, events, weights, 0)
    assert [name for (name,) in found.groups] == ["worst", "worse", "better", "lucky", "best"]


def test_the_order_does_not_depend_on_the_order_of_levels() -> None:
    random = np.random.default_rng(3)
    weights = random.integers(1, 300, 40).astype(float)
    events = np.floor(weights * random.random(40))
    names = [f"{n}" for n in range(40)]
    turned = random.permutation(40)
    one = ordered_levels(names, events, weights, 20)
    other = ordered_levels([names[n] for n in turned], events[turned], weights[turned], 20)
    assert one == other


def test_no_levels() -> None:
    assert ordered_levels([], np.array([]), np.array([]), 5) == Levels(())
