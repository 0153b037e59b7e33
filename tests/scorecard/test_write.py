"""Cards written as YAML read back to equal cards."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from scoreline.scorecard.file import load_card, parse_card
from scoreline.scorecard.write import card_yaml
from tests.scorecard.cards import card_trees, read

EVERYTHING = """
scorecard: всё сразу
title: "Is this: a lead, or #not?"
objective: NO
key: lead id
fields:
  "Бюджет, руб": {type: money, missing: [not sure, "0"], decimal: ",", currency: RUB}
  joined: {type: date, order: dmy, optional: yes}
  seen: time
  job: {type: choice, column: [Job, "Role: now"]}
  phone: {type: phone, country: RU}
  has_spec: yes/no
base: -0.25
groups: {both: {floor: -10, cap: 40.5}, open: {}}
total: {floor: 0}
terms:
  - {name: "yes", when: '"Бюджет, руб" >= 1e5 and job = ''it''''s''', points: 0.0001, missing: -1}
  - name: "- dash"
    of: joined
    bins: [{below: 2020-02-29, points: 1}, {from: 2021-01-01, points: 9}, {missing: 2}]
    cap: 3
  - name: seen
    of: seen
    bins: [{from: 2026-01-01T12:30:00.000001, points: 1}, {otherwise: -1}]
    group: both
  - name: job
    of: job
    values: [{is: [a b, "null"], points: 1}, {is: "~", points: 2}, {otherwise: 0}, {missing: -2}]
  - {name: spec, of: has_spec, values: [{is: no, points: -1}]}
  - name: huge
    of: '"Бюджет, руб" / 3'
    bins: [{below: 0.1, points: 1}, {from: 1e300, points: -2}]
  - {name: phone, when: "phone.country = 'RU' and phone.status <> 'invalid'", points: 1, floor: 0}
segments: [{name: "A: best", above: 6.5}, {name: B, from: -1}, {name: C}]
cases:
  - given: {job: "a: b, {c}", phone: ""}
    as_of: 2026-01-31
    score: 8
    segment: C
    certain: no
    ask: joined
"""


def test_every_key_of_a_card_comes_back() -> None:
    card = parse_card(EVERYTHING)
    again = parse_card(card_yaml(card))
    assert again == card
    assert again.fingerprint == card.fingerprint
    assert [[b.written for b in t.bins] for t in again.terms] == [
        [b.written for b in t.bins] for t in card.terms
    ]


def test_the_lead_card_stays_readable(lead_card: Path) -> None:
    card = load_card(lead_card)
    text = card_yaml(card)
    assert parse_card(text) == card
    assert "- {name: contact phone, when: \"phone.status = 'ok'\", points: 1}" in text


@pytest.mark.parametrize("sign", ["ü", "😀", "ﬁ", "'", '"', "\\", "%", "&a", "*a", "!t", "|"])
def test_names_with_any_sign_come_back(sign: str) -> None:
    card = parse_card("scorecard: t\nfields: {a: yes/no}\nterms:\n- {name: x, when: a, points: 1}")
    term = card.terms[0]
    named = type(card)(card.name, card.fields, (type(term)(f"a{sign}b", term.of, "a", term.bins),))
    assert parse_card(card_yaml(named)) == named


@settings(max_examples=100, deadline=None)
@given(card_trees())
def test_random_cards_come_back(tree: dict[str, Any]) -> None:
    card = read(tree)
    again = parse_card(card_yaml(card))
    assert again == card
    assert again.fingerprint == card.fingerprint
