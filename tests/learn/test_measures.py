"""Figures of ranking: each equals what its definition says, counted pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.measures import Ranked, brier, calibration

records = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({hit for _, hit in rows}) == 2
)


@settings(deadline=None)
@given(records)
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    hits = [score for score, hit in rows if hit]
    rest = [score for score, hit in rows if not hit]
    pairs = [(h > r) + (h == r) / 2 for h in hits for r in rest]
    scores, events = zip(*rows, strict=True)
    assert Ranked.of(scores, events).auc == pytest.approx(np.mean(pairs))
    assert Ranked.of(scores, events).gini == pytest.approx(2 * np.mean(pairs) - 1)


@settings(deadline=None)
@given(records, st.randoms())
def test_no_figure_depends_on_the_order_of_rows(rows: list[tuple[int, bool]], random) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    one, other = (Ranked.of(*zip(*each, strict=True)) for each in (rows, mixed))
    for name in ("auc", "ks", "average_precision"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))
    assert one.lift(0.3) == pytest.approx(other.lift(0.3))


@settings(deadline=None)
@given(records, st.floats(0.05, 1.0))
def test_ties_at_a_share_are_what_drawing_among_them_gives(
    rows: list[tuple[int, bool]], share: float
) -> None:
    """The mean of many draws of the tied records is the share that is counted."""
    scores, events = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    wanted = share * len(rows)
    order = np.argsort(-scores, kind="stable")
    taken, total = 0.0, 0.0
    for score in np.unique(-scores):
        tied = order[scores[order] == -score]
        part = min(max(wanted - taken, 0.0), len(tied)) / len(tied)
        total += part * events[tied].sum()
        taken += len(tied)
    assert Ranked.of(scores, events).captured(share) == pytest.approx(total / events.sum())


def test_weights_are_repeated_records() -> None:
    scores, events = np.array([3.0, 2, 2, 1]), np.array([1.0, 0, 1, 0])
    weighted = Ranked.of(scores, events, np.array([2.0, 1, 1, 3]))
    repeated = Ranked.of(np.repeat(scores, [2, 1, 1, 3]), np.repeat(events, [2, 1, 1, 3]))
    assert weighted.auc == pytest.approx(repeated.auc)
    assert weighted.ks == pytest.approx(repeated.ks)


def test_chances_that_hold_have_a_slope_of_one() -> None:
    random = np.random.default_rng(1)
    said = random.normal(size=50_000)
    events = (random.random(50_000) < 1 / (1 + np.exp(-said))).astype(float)
    assert calibration(said, events)[1] == pytest.approx(1, abs=0.04)
    assert calibration(2 * said, events)[1] == pytest.approx(0.5, abs=0.02)
    assert brier(1 / (1 + np.exp(-said)), events) < brier(1 / (1 + np.exp(-2 * said)), events)


def test_nothing_to_tell_apart_is_no_number() -> None:
    assert np.isnan(Ranked.of([1, 2], [1, 1]).auc)
    assert np.isnan(calibration(np.array([1.0, 1.0]), np.array([0.0, 1.0]))[1])
