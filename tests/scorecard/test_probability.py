"""What a score means as a probability: exact, part of the meaning, the same everywhere."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.scorecard.file import parse_card
from scoreline.scorecard.probability import (
    Chance,
    Probability,
    parse_share,
    percent_text,
    share_text,
)
from tests.oracle_chance import chance
from tests.scorecard.cards import probabilities, read

BEFORE = "8a8408b0e0a404e433d319c58002fd26"
"""The fingerprint that the card below had before cards could say probabilities."""
CARD = """scorecard: c
fields: {budget: money}
terms:
- {name: large, when: budget >= 1000, points: 2}
segments: [{name: good, above: 1}, {name: rest}]
"""
LIKELY = """probability:
  scores:
  - {below: 1, probability: 0.04, low: 0.03, high: 0.05}
  - {from: 1, probability: 0.2, low: 0.1, high: 0.3}
"""


@given(st.integers(0, 1_000_000))
def test_any_probability_of_a_card_comes_back(share: int) -> None:
    text = share_text(share)
    assert parse_share(text) == share
    assert Fraction(text) == Fraction(share, 1_000_000)
    assert Fraction(percent_text(share).removesuffix(" %")) == Fraction(share, 10_000)
    assert Chance(None, share).values == (float(text), None, None)


@settings(max_examples=100, deadline=None)
@given(probabilities(), st.integers(-80_000, 140_000))
def test_every_score_lies_in_one_range(tree: dict[str, Any], score: int) -> None:
    card = read(
        {
            "scorecard": "random",
            "fields": {"a": "yes/no"},
            "terms": [{"name": "x", "when": "a", "points": "1"}],
            "probability": tree,
        }
    )
    assert card.probability is not None
    expected = chance({"chances": tree["scores"]}, Fraction(score, 10_000))
    assert card.probability.at(score).values == expected


def test_a_card_without_probabilities_keeps_its_fingerprint() -> None:
    assert parse_card(CARD).fingerprint == BEFORE
    assert parse_card(CARD + "learned: {method: points, rows: '12'}\n").fingerprint == BEFORE


@pytest.mark.parametrize(
    "change",
    [
        ("below: 1,", "below: 1.0,"),
        ("probability: 0.04,", "probability: 0.0400000,"),
        ("  scores:", "  of: becomes a customer\n  scores:"),
    ],
)
def test_spelling_and_words_of_probabilities_are_no_meaning(change: tuple[str, str]) -> None:
    changed = parse_card(CARD + LIKELY.replace(*change))
    assert changed.fingerprint == parse_card(CARD + LIKELY).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        ("0.04", "0.041"),
        ("low: 0.03", "low: 0.02"),
        ("high: 0.05", "high: 0.06"),
        (", low: 0.1, high: 0.3", ""),
        (": 1,", ": 1.5,"),
    ],
)
def test_probabilities_are_part_of_the_meaning(change: tuple[str, str]) -> None:
    texts = ("", LIKELY, LIKELY.replace(*change))
    marks = {parse_card(CARD + text).fingerprint for text in texts}
    assert len(marks) == 3


def test_only_some_ranges_need_say_how_sure_they_are() -> None:
    some = Probability((Chance(None, 10), Chance(0, 20, 10, 30)))
    assert some.columns == ("probability", "probability_low", "probability_high")
    assert Probability((Chance(None, 10),)).columns == ("probability",)
