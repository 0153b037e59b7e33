"""Records by the bins that they are in: what may be done with them without a fit's knowing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.fitting.coded import SPARED, Coded
from scoreline.learn.fitting.logistic import Penalty, fit_effects


def coded(seed: int, rows: int, sizes: tuple[int, ...]) -> Coded:
    draw = np.random.default_rng(seed)
    places = [draw.integers(0, size, rows) for size in sizes]
    chance = 0.1 + 0.5 * (places[0] == 0)
    events = (draw.random(rows) < chance).astype(float)
    events[:2] = 0, 1
    return Coded.of(places, sizes, events, draw.choice([0.5, 1.0, 3.0], rows))


@given(st.integers(0, 10_000), st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple))
@settings(deadline=None, max_examples=60)
def test_records_that_are_put_together_weigh_what_they_weighed(
    seed: int, sizes: tuple[int, ...]
) -> None:
    rows = coded(seed, 400, sizes)
    few = rows.distinct()
    assert len({tuple(codes) for codes in few.codes.tolist()}) == len(few.codes) <= 256
    assert few.weight == pytest.approx(rows.weight)
    assert few.hits == pytest.approx(rows.hits)
    assert few.weights.sum() == pytest.approx(rows.weights.sum())


def test_a_fit_of_records_put_together_is_the_fit_of_the_records() -> None:
    rows = coded(1, 3_000, (4, 6, 3))
    rules = [Penalty.of_neighbours(4), Penalty.of_levels(6), Penalty.of_levels(3)]
    one, other = fit_effects(rows.distinct(), rules), fit_effects(_apart(rows), rules)
    assert one.effects == pytest.approx(other.effects, abs=1e-8)
    assert one.loss == pytest.approx(other.loss, rel=1e-10)
    assert one.strengths == pytest.approx(other.strengths, rel=1e-6)


def _apart(rows: Coded) -> Coded:
    """The same records, which can't be put together: a term of one bin has a place of its own."""
    rows.__dict__["distinct"] = lambda: rows
    return rows


def test_records_of_which_hardly_any_two_are_alike_stay_as_they_are() -> None:
    rows = coded(2, 500, (50, 50, 50))
    assert rows.distinct() is rows
    many = coded(3, 500, tuple([1000] * 7))
    assert many.distinct() is many, "more combinations than a number can tell apart"
    assert 0 < SPARED < 1


def test_joined_bins_are_the_bins_that_a_record_was_in() -> None:
    rows = coded(4, 200, (5, 3))
    place = np.array([0, 0, 1, 1, 2], dtype=np.int32)
    joined = rows.joined({0: place})
    assert joined.sizes == (3, 3)
    assert joined.codes[:, 0].tolist() == place[rows.codes[:, 0]].tolist()
    assert joined.codes[:, 1].tolist() == rows.codes[:, 1].tolist()
    assert rows.terms([1]).beside([rows.codes[:, 0]], [5]).sizes == (3, 5)
