"""Hand-made points weighed: the expert is right until the data say otherwise."""

import numpy as np
import pytest

from scoreline.learn.evidence.cases import Cases
from scoreline.learn.evidence.judging import judge
from scoreline.learn.evidence.weighing import OPEN, weigh

POINTS = np.array([2.0, 2.0, 2.0, -2.0])


def records(rows: int, truth: list[float], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Four criteria met by chance, and outcomes by their true points at 0.4 log-odds a point."""
    random = np.random.default_rng(seed)
    met = (random.random((rows, 4)) < [0.5, 0.3, 0.4, 0.3]).astype(float)
    said = -1.5 + 0.4 * met @ np.array(truth)
    return met, (random.random(rows) < 1 / (1 + np.exp(-said))).astype(float)


def verdicts(met: np.ndarray, events: np.ndarray) -> list[str]:
    cases = Cases.of(met, events)
    return [one.verdict for one in judge(cases, POINTS, weigh(cases, POINTS, OPEN))]


def test_right_points_are_confirmed() -> None:
    met, events = records(10_000, [2, 2, 2, -2])
    assert verdicts(met, events) == ["confirmed"] * 4


def test_wrong_points_are_told_by_how_they_are_wrong() -> None:
    met, events = records(20_000, [2, 5, 0.5, 2])
    assert verdicts(met, events)[1:] == ["too small", "too big", "contradicted"]


def test_the_points_are_found_again() -> None:
    met, events = records(50_000, [2, 5, 0, -2])
    cases = Cases.of(met, events)
    weighed = weigh(cases, POINTS)
    effects = weighed.effects / 0.4
    assert effects == pytest.approx([2, 5, 0, -2], abs=0.3)


def test_a_point_is_worth_what_most_criteria_say() -> None:
    """One criterion of the wrong sign does not make the right ones look too small."""
    points = np.array([1.0, 2.0, 3.0, -6.0])
    met, events = records(20_000, [1, 2, 3, 3])
    cases = Cases.of(met, events)
    weighed = weigh(cases, points)
    assert weighed.unit == pytest.approx(0.4, abs=0.05)
    said = [one.verdict for one in judge(cases, points, weigh(cases, points, OPEN))]
    assert said == ["confirmed", "confirmed", "confirmed", "contradicted"]
    assert weighed.points == pytest.approx([1, 2, 3, 3], abs=0.6)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_hardly_known_blows_up_nothing(seed: int) -> None:
    """Seventy records and a card that tells nothing: a point keeps a worth."""
    met, events = records(70, [0, 0, 0, 0], seed)
    weighed = weigh(Cases.of(met, events), POINTS, OPEN)
    assert weighed.unit > 0.05
    assert np.abs(weighed.points).max() < 20


def test_the_measure_is_a_bin_that_records_meet() -> None:
    """Two bins with points, and one for what is missing, which nothing is."""
    random = np.random.default_rng(3)
    place = (random.random(5_000) < 0.4).astype(int)
    met = np.column_stack((np.eye(2)[place], np.zeros(5_000)))
    events = (random.random(5_000) < np.array([0.2, 0.4])[place]).astype(float)
    cases, points = Cases.of(met, events, terms=[0, 0, 0]), np.array([-1.0, 1.0, 0.0])
    assert cases.measures(points) == {0}
    assert judge(cases, points, weigh(cases, points, OPEN))[1].verdict == "confirmed"


def test_little_data_leave_the_card_as_it_is() -> None:
    met, events = records(30, [2, 2, 2, -2])
    cases = Cases.of(met, events)
    assert weigh(cases, POINTS).points == pytest.approx(POINTS, abs=0.5)
    assert set(verdicts(met, events)) <= {"no evidence yet", "cannot be judged", "confirmed"}


def test_intervals_hold_the_truth_nine_times_in_ten() -> None:
    held = []
    for seed in range(60):
        met, events = records(1_000, [2, 2, 2, -2], seed)
        weighed = weigh(Cases.of(met, events), POINTS, OPEN)
        held += list((weighed.low <= POINTS) & (weighed.high >= POINTS))
    assert 0.85 <= np.mean(held) <= 1.0


def test_contradicted_only_if_by_itself_and_beside_the_others() -> None:
    """A good criterion whose records mostly meet a bad one too looks bad by itself alone."""
    random = np.random.default_rng(1)
    bad = random.random(20_000) < 0.3
    good = np.where(bad, random.random(20_000) < 0.8, random.random(20_000) < 0.1)
    said = -1 + 1.0 * good - 3.0 * bad
    events = (random.random(20_000) < 1 / (1 + np.exp(-said))).astype(float)
    met = np.column_stack((good, bad)).astype(float)
    cases = Cases.of(met, events)
    points = np.array([2.0, -4.0])
    found = judge(cases, points, weigh(cases, points, OPEN))
    assert found[0].marginal < 0
    assert found[0].verdict != "contradicted"


def test_what_can_not_be_told_apart_is_not_judged() -> None:
    met, events = records(5_000, [2, 2, 2, -2])
    met[:, 1] = met[:, 0]
    cases = Cases.of(met, events)
    found = judge(cases, POINTS, weigh(cases, POINTS, OPEN))
    assert [one.verdict for one in found[:2]] == ["cannot be judged"] * 2
    assert (found[0].like, found[1].like) == ((1,), (0,))


def test_a_criterion_of_a_few_records_is_not_judged() -> None:
    met, events = records(5_000, [2, 2, 2, -2])
    met[:, 2] = np.arange(5_000) < 9
    assert verdicts(met, events)[2] == "cannot be judged"
    met[:, 2] = 1
    assert verdicts(met, events)[2] == "cannot be judged"


def test_more_cases_are_asked_for_where_nothing_is_known() -> None:
    met, events = records(150, [2, 2, 2, -2])
    cases = Cases.of(met, events)
    said = judge(cases, POINTS, weigh(cases, POINTS, OPEN))
    waiting = [one for one in said if one.verdict == "no evidence yet"]
    assert waiting
    assert all(one.needed and one.needed > 0 for one in waiting)


def test_bins_of_a_term_are_measured_against_the_commonest() -> None:
    random = np.random.default_rng(2)
    place = random.choice(3, 10_000, p=[0.2, 0.6, 0.2])
    met = np.eye(3)[place]
    said = np.array([-1.6, -1.0, 0.2])[place]
    events = (random.random(10_000) < 1 / (1 + np.exp(-said))).astype(float)
    cases = Cases.of(met, events, terms=[0, 0, 0])
    points = np.array([-1.0, 0.0, 2.0])
    found = judge(cases, points, weigh(cases, points, OPEN))
    assert [one.verdict for one in found] == ["confirmed", "the measure", "confirmed"]
