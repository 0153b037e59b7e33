"""The quality of a record is a scorecard: 100 points where all that matters is known and sound."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.engines.record.engine import compile_card
from scoreline.language.fields import Field
from scoreline.quality.quality_card import QualityCard, weights_by
from scoreline.quality.typing.values import type_record
from scoreline.scorecard.file import parse_card

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
LEADS = """
scorecard: leads
fields: {email: email, phone: phone, company: text, position: text, shoe size: number}
terms:
  - {name: mailbox, when: "email.kind = 'corporate'", points: 3}
  - {name: phone, when: "phone.status = 'ok'", points: 1}
  - {name: somebody, when: company is not null and position is not null, points: 2}
"""


def score(card: QualityCard, **record: Any) -> float:
    typed = type_record(card.card.fields, record)
    return compile_card(card.card).score(typed.values, NOW).score


def leads() -> QualityCard:
    card = parse_card(LEADS)
    weights = weights_by(card)
    return QualityCard([one for one in card.fields if one.name in weights], weights, card.name)


def test_a_field_weighs_what_it_can_move_in_the_card_that_the_data_are_for() -> None:
    points = {name: tenths / 10 for name, tenths in leads().tenths.items()}
    assert points == {"email": 50.0, "phone": 16.7, "company": 16.7, "position": 16.6}
    # The shoe size is read by no term: it may be missing.


def test_what_is_sound_counts_whole_what_is_doubtful_half_and_what_is_wrong_nothing() -> None:
    rest = {"phone": "+33 6 12 34 56 78", "company": "Acme", "position": "CTO"}
    assert score(leads(), email="anna@acme.ru", **rest) == 100
    assert score(leads(), email="anna@gmial.com", **rest) == 75
    assert score(leads(), email="anna", **rest) == 50
    assert score(leads(), **rest) == 50
    assert score(leads()) == 0


def test_what_is_missing_leaves_the_score_open_and_says_what_to_ask() -> None:
    card = leads()
    typed = type_record(card.card.fields, {"company": "Acme"})
    found = compile_card(card.card).score(typed.values, NOW)
    assert (found.score, found.segment) == (16.7, "poor")
    assert found.ask == "email"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=30, unique=True),
    st.data(),
)
def test_points_sum_to_100_whatever_columns_are_called_and_weigh(
    names: list[str], data: st.DataObject
) -> None:
    fields = [
        Field(name, data.draw(st.sampled_from(["text", "email", "number"]))) for name in names
    ]
    weights = {name: Fraction(data.draw(st.integers(1, 9))) for name in names}
    card = QualityCard(fields, weights)
    assert sum(card.tenths.values()) == 1_000
    assert len(card.card.terms) == len(names)


@pytest.mark.parametrize(
    ("kind", "raw", "share"),
    [
        ("postcode", "101000", 0.5),  # no country is said, so nobody can tell
        ("iban", "GR16 0110 1250 0000 0001 2300 695", 1.0),
        ("iban", "GR16 0110 1250 0000 0001 2300 696", 0.0),
        ("date", "2026-02-30", 0.0),
        ("number", "12", 1.0),
    ],
)
def test_every_type_of_field_has_its_rule(kind: Any, raw: str, share: float) -> None:
    card = QualityCard([Field("it", kind)], {"it": Fraction(1)})
    assert score(card, it=raw) == 100 * share
