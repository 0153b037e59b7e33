"""Cards written as YAML read back to equal cards."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoreline.scorecard.ageing import LONGEST, parse_duration, written_duration
from scoreline.scorecard.file import load_card, parse_card, parse_files
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.write import card_files, card_yaml
from tests.conformance import happenings
from tests.conformance.grids import draw_grid
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
  - name: "age, and: job"
    of: ['"Бюджет, руб" / 3', job]
    rows: [missing, {below: 0.1}, {from: 0.1, below: 7}, {from: 9}, otherwise]
    columns: [{is: ["A b", "null"]}, otherwise, {is: "~"}, missing]
    points: [[1, 2.5, -3, 0], [0, 0, 0, 0], [5, 6, 7, 8], [0.0001, 1, 1, 1], [9, -9, 9, -9]]
    group: both
    floor: -2
    cap: 8
  - name: dates
    of: [joined, phone.country]
    rows: [{from: 2020-02-29}]
    columns: [{is: RU}]
    points: [[1]]
probability:
  of: "becomes: a customer, #1"
  scores:
  - {below: -10.5, probability: 0.021, low: 0.015, high: 0.029}
  - {from: -10.5, below: 0, probability: 0}
  - {from: 0, probability: 1, low: 0.000001, high: 1}
learned: {method: points, rows: "41,188", "with: what": NO}
segments: [{name: "A: best", above: 6.5}, {name: B, from: -1}, {name: C}]
cases:
  - given: {job: "a: b, {c}", phone: ""}
    as_of: 2026-01-31
    score: 8
    segment: C
    certain: no
    ask: joined
"""
BEHAVIOUR = """
scorecard: behaviour
fields: {}
events:
  letter, opened: {}
  webinar:
    minutes: {type: number, decimal: ","}
    'at "home" now': yes/no
    'mail, "to': text
    from: email
    ignore: {burst: 5 in 90 seconds}
  unread: {ignore: {type: choice, column: "Ignore: it"}}
features:
  of letters: {event: "letter, opened", take: count, within: 2 weeks}
  kind: {event: webinar, take: last(from.kind), where: "minutes between 1 and 2"}
  home: {event: webinar, take: 'distinct("at ""home"" now")'}
  asleep: {event: "letter, opened", take: days since first}
groups: {both: {cap: 40}}
terms:
  - {name: "letters: opened", event: "letter, opened", points: -0.5, group: both, cap: 3}
  - name: webinars
    event: webinar
    where: '"at ""home"" now" and not (minutes < 20 or days_between(at, as_of) > 9)'
    count: distinct("mail, "to")
    points: 4
    within: 1000 days
    half_life: 36 hours
  - {name: once, event: webinar, count: once, points: 2, linear: 33.3% per 50000000.25 minutes}
  - {name: fading, event: webinar, count: distinct(at), points: 2, linear: 0.0001% per 1 second}
  - {name: orders, of: '"of letters"', bins: [{from: 2, points: 1}]}
  - {name: kind, when: "kind = 'free' and asleep > 3", points: 1, missing: 2}
cases:
  - given: {}
    events:
      - {event: webinar, at: 2026-01-02, event_id: "7", minutes: "1,5", 'mail, "to': ""}
      - {event: "letter, opened", at: 2026-01-02T10:00:00.5+03:00}
    as_of: 2026-01-31
    score: 8
"""


@pytest.mark.parametrize("text", [EVERYTHING, BEHAVIOUR], ids=["fields", "behaviour"])
def test_every_key_of_a_card_comes_back(text: str) -> None:
    card = parse_card(text)
    again = parse_card(card_yaml(card))
    assert again == card
    assert again.fingerprint == card.fingerprint
    assert [[b.written for b in t.bins] for t in again.terms] == [
        [b.written for b in t.bins] for t in card.terms
    ]


def test_each_range_of_probabilities_stands_on_its_own_line() -> None:
    text = """scorecard: t
fields:
  a: yes/no
terms:
- {name: x, when: a, points: 1}
probability:
  of: becomes a customer
  scores:
  - {below: 1, probability: 0.04, low: 0.03, high: 0.05}
  - {from: 1, probability: 0.2}
learned:
  method: points
  rows: 41,188
"""
    assert card_yaml(parse_card(text)) == text


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


def test_a_card_of_events_needs_no_fields() -> None:
    text = """scorecard: t
fields: {}
terms:
- {name: visits, event: visit, points: 1}
"""
    assert card_yaml(parse_card(text)) == text


def test_a_grid_is_written_with_the_files_of_its_cards() -> None:
    card = """scorecard: {}
key: id
fields:
  a: yes/no
terms:
- {{name: x, when: a, points: 1}}
"""
    grid = """grid: fit and engagement
title: Who fits
fit:
  card: fit.yaml
  A: {from: 70}
  B: {above: -0.5}
  C: {}
did it:
  card: did/it.yaml
  1: {from: 1}
  2: {}
"""
    files = {"g.yaml": grid, "fit.yaml": card.format("fit"), "did/it.yaml": card.format("it")}
    assert card_files(parse_files(files), "g.yaml") == files


def same_when_written(card: Scorecard) -> None:
    """A card, and all that its files say, comes back."""
    files = card_files(card)
    again = parse_files(files)
    assert again == card
    assert again.fingerprint == card.fingerprint
    assert card_files(again) == files


@pytest.mark.parametrize("chunk", range(4))
def test_drawn_cards_of_events_come_back(chunk: int) -> None:
    for seed in range(chunk * 50, chunk * 50 + 50):
        drawn = happenings.draw_card_of_events(Random(seed), Counter())  # noqa: S311
        same_when_written(parse_card(drawn.file))


@pytest.mark.parametrize("chunk", range(4))
def test_drawn_grids_come_back(chunk: int, tmp_path: Path) -> None:
    for seed in range(chunk * 20, chunk * 20 + 20):
        grid = draw_grid(Random(seed), Counter())  # noqa: S311
        same_when_written(load_card(grid.write(tmp_path)))


@given(st.integers(1, LONGEST))
def test_any_duration_of_a_card_comes_back(seconds: int) -> None:
    assume(seconds < 10**9 or seconds % 60 == 0)
    assert parse_duration(written_duration(seconds)) == seconds


@settings(max_examples=100, deadline=None)
@given(card_trees())
def test_random_cards_come_back(tree: dict[str, Any]) -> None:
    card = read(tree)
    again = parse_card(card_yaml(card))
    assert again == card
    assert again.fingerprint == card.fingerprint
