"""Where days since an event make a difference: at a few whole numbers, or at any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard

HEAD = """
scorecard: idle
fields: {age: number}
events: {visit: {}}
features:
  idle: {event: visit, take: days since last}
  visits: {event: visit, take: count}
terms:
"""
VISIT = Happened("visit", datetime(2026, 1, 1, 12, tzinfo=UTC))


def card(*terms: str) -> Scorecard:
    return parse_card(HEAD + "".join(f"  - {{name: t{n}, {t}}}\n" for n, t in enumerate(terms)))


@pytest.mark.parametrize(
    ("term", "days"),
    [
        ("when: idle > 30, points: 1", (30, 31)),
        ("when: 30 >= idle, points: 1", (30, 31)),
        ("when: idle > 30.5 and age > 7, points: 1", (31,)),
        ('when: "idle in (3, 5) or visits > 9", points: 1', (3, 4, 5, 6)),
        ("when: idle between 2 and 7, points: 1", (2, 3, 7, 8)),
        ("when: not idle < 0, points: 1", (0, 1)),
        ("when: idle is null, points: 1", ()),
        ("when: visits > 2, points: 1", ()),
        ("of: idle, bins: [{below: 10, points: 3}, {from: 10, points: 0}]", (10, 11)),
        ("of: idle, values: [{is: [1, 4], points: 3}, {otherwise: 0}]", (1, 2, 4, 5)),
        (
            "of: [idle, visits], rows: [{below: 10}, {from: 10}], columns: [otherwise], "
            "points: [[3], [0]]",
            (10, 11),
        ),
    ],
)
def test_what_is_only_compared_matters_beside_the_numbers(term: str, days: tuple[int]) -> None:
    assert card(term).turning_days == {"idle": days}


@pytest.mark.parametrize("test", ["idle + age > 30", "idle > age", "coalesce(idle, 99) > 30"])
def test_what_is_reckoned_with_can_matter_on_any_day(test: str) -> None:
    sure = "when: idle > 3, points: 1"
    assert card(sure, f"when: '{test}', points: 1").turning_days == {"idle": None}


def test_between_its_numbers_the_score_stays() -> None:
    random = Random(3)  # noqa: S311 - test data, not secrets
    turns = 0
    for _ in range(60):
        terms = [draw_term(random) for _ in range(random.randint(1, 3))]
        drawn = card(*terms)
        days = drawn.turning_days["idle"]
        assert days is not None
        compiled = compile_card(drawn)
        days_after = [VISIT.at + timedelta(days=n) for n in range(60)]
        scores = [
            compiled.score({"age": 40.0}, day, behaviour_of(drawn, [VISIT], day)).score
            for day in days_after
        ]
        changed = {n for n in range(1, 60) if scores[n] != scores[n - 1]}
        turns += len(changed)
        assert changed <= set(days), terms
    assert turns > 60


def draw_term(random: Random) -> str:
    number = random.choice([random.randint(0, 50), random.randint(0, 500) / 10])
    other = number + random.randint(1, 9)
    return random.choice(
        [
            f"when: idle {random.choice(['<', '<=', '=', '!=', '>=', '>'])} {number}, points: 1",
            f"when: {number} {random.choice(['<', '>='])} idle and age > 30, points: 2",
            f"when: not (idle between {number} and {other}), points: 3",
            f'when: "idle in ({int(number)}, {int(other)})", points: -1',
            f"of: idle, bins: [{{below: {number}, points: 5}}, {{from: {number}, points: 1}}]",
        ]
    )
