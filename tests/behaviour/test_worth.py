"""What events are worth at their ages: the same as one by one, and no age is worked out unmet."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from scoreline.behaviour.worth import Worth
from scoreline.scorecard.ageing import DAY, HalfLife, Linear


class Counted:
    """An ageing that says how often it was asked."""

    def __init__(self, ageing: HalfLife | Linear) -> None:
        self.ageing = ageing
        self.asked: list[int] = []

    def points(self, points: int, days: int) -> int:
        self.asked.append(days)
        return self.ageing.points(points, days)


def test_many_at_once_are_worth_what_each_is() -> None:
    random = np.random.default_rng(5)
    for ageing in (HalfLife(30 * DAY), Linear(Fraction(1, 2), 30 * DAY)):
        worth = Worth(ageing, -40_000)
        for most in (10, 900, 40):
            ages = random.integers(0, most, 300)
            assert worth.of(ages).tolist() == [ageing.points(-40_000, n) for n in ages.tolist()]


def test_an_event_of_the_year_1_costs_no_more_than_another() -> None:
    """Once every age up to the oldest was worked out: eight seconds for one bad date."""
    counted = Counted(Linear(Fraction(1, 2), 30 * DAY))
    worth = Worth(counted, 30_000)  # type: ignore[arg-type]
    assert worth.of(np.array([3, 739_000, 3], dtype=np.int64)).tolist() == [28_500, 0, 28_500]
    assert worth.of(np.array([739_000, 60], dtype=np.int64)).tolist() == [0, 0]
    assert sorted(counted.asked) == [3, 60, 739_000]
    assert worth.of(np.array([], dtype=np.int64)).tolist() == []
