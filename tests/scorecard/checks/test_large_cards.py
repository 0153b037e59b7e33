"""Cards of 30 terms that share fields: exact in seconds, or bounds that say so."""

import itertools
import random

import numpy as np
import pytest

from scoreline.language import tree
from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard, Term
from scoreline.scorecard.points import SCALE
from tests.scorecard import naive
from tests.scorecard.checks.checking import PATIENT, found

VALUES = (None, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
"""On and between the literals of `crossed`."""

LEADS = """
scorecard: lead-30
fields:
  phone: {type: phone, country: RU}
  email: email
  company: text
  position: text
  budget: {type: money, currency: RUB}
  income: money
  service: choice
  source: choice
  country: country
  has_spec: yes/no
  visits: integer
  age: number
  joined: date
  last_visit: time
  employees: integer
groups: {engagement: {cap: 8, floor: -3}, contact: {cap: 3}}
total: {floor: -20, cap: 40}
terms:
  - {name: contact phone, when: "phone.status = 'ok'", points: 1, group: contact}
  - {name: phone country, when: "phone.country = country", points: 1, group: contact}
  - {name: suspect phone, when: "phone.status = 'suspect'", points: -1, group: contact}
  - {name: corporate e-mail, when: "email.kind = 'corporate'", points: 2, group: contact}
  - {name: free e-mail, when: "email.kind in ('free','relay')", points: -0.5}
  - {name: disposable, when: "email.kind = 'disposable'", points: -6}
  - {name: role, when: "email.role and email.kind = 'corporate'", points: 0.5}
  - name: ru domain
    when: ends_with(email.domain, '.ru') or ends_with(email.domain, '.su')
    points: 0.25
  - {name: edu, when: "contains(email.domain, 'edu')", points: -2}
  - {name: company and position, when: company is not null and position is not null, points: 2}
  - name: director
    when: contains(position, 'director') or contains(position, 'chief')
    points: 2
  - name: assistant
    when: contains(position, 'assistant') and not contains(position, 'director')
    points: -1
  - {name: budget suits, when: budget >= 100000, points: 3}
  - {name: big budget, when: budget >= 1000000, points: 2}
  - {name: budget over income, when: budget > income, points: -1}
  - {name: budget a month, when: budget / 12 >= 50000, points: 1}
  - {name: not our core work, when: "service in ('smm', 'mobile app')", points: -5}
  - {name: core work, when: "service = 'web'", points: 2}
  - {name: service and budget, when: "service = 'web' and budget >= 500000", points: 1}
  - {name: specification, when: has_spec, points: 1}
  - name: spec and service
    when: has_spec and service is not null and budget is not null
    points: 1
  - name: source
    of: source
    values: [{is: ads, points: 0.5}, {is: [referral, partner], points: 2}, {otherwise: 0},
      {missing: -0.5}]
  - name: visits
    of: visits
    bins: [{below: 1, points: -1}, {from: 1, below: 5, points: 1}, {from: 5, points: 3}]
    group: engagement
  - {name: many visits, when: visits > 20 and source = 'ads', points: 2, group: engagement}
  - name: age
    of: age
    bins: [{below: 25, points: -2}, {from: 25, below: 60, points: 1}, {from: 60, points: 0},
      {missing: -0.25}]
  - name: fresh
    when: days_between(joined, as_of) <= 30
    points: 2
    group: engagement
  - {name: stale, when: "days_between(joined, as_of) > 365", points: -2, group: engagement}
  - {name: seen, when: "days_between(last_visit, as_of) <= 7", points: 3, group: engagement}
  - {name: foreign, when: "country not in ('RU', 'KZ', 'BY')", points: -1.5}
  - name: employees
    of: employees
    bins: [{below: 10, points: 0}, {from: 10, below: 250, points: 1.75}, {from: 250, points: 3}]
segments:
  - {name: qualified, above: 15}
  - {name: marketing, from: 3}
  - {name: garbage}
"""


def crossed(seed: int, fields: int, width: int) -> str:
    """A card of 30 terms, each over some of the fields, whose tests are at 1, 2 and 3."""
    chance = random.Random(seed)  # noqa: S311 - a test card
    names = [f"f{place}" for place in range(fields)]
    terms = []
    for place in range(30):
        tests = [
            f"{name} {chance.choice(['<', '>=', '='])} {chance.randint(1, 3)}"
            for name in chance.sample(names, width)
        ]
        joined = f" {chance.choice(['and', 'or'])} ".join(tests)
        terms.append(f'- {{name: t{place}, when: "{joined}", points: {chance.randint(-5, 8)}}}')
    types = "\n".join(f"  {name}: number" for name in names)
    rest = "segments: [{name: a, above: 40}, {name: b, from: 10}, {name: c}]"
    return "\n".join(["scorecard: t", "fields:", types, "terms:", *terms, rest])


def test_a_lead_card_of_30_terms_is_exact() -> None:
    card = parse_card(LEADS)
    result = check_card(card, PATIENT)
    assert len(card.terms) == 30
    assert result.exact
    assert (result.min, result.max) == (-20, 32.75)
    assert not found(result, "bound")


@pytest.mark.parametrize("width", [2, 3])
def test_30_terms_against_all_two_million_records(width: int) -> None:
    card = parse_card(crossed(1, 7, width))
    names = [field.name for field in card.fields]
    scores = np.zeros((len(VALUES),) * len(names), dtype=np.int64)
    for term in card.terms:
        own = [name for name in names if name in tree.fields_read(term.of)]
        table = [
            naive.points(term, dict(zip(own, some, strict=True)))
            for some in itertools.product(VALUES, repeat=len(own))
        ]
        shape = [len(VALUES) if name in own else 1 for name in names]
        scores += np.array(table).reshape(shape)
    result = check_card(card, PATIENT)
    assert result.exact
    assert (result.min, result.max) == (scores.min() / SCALE, scores.max() / SCALE)
    reached = {s.name for s in map(card.segment_of, np.unique(scores).tolist()) if s}
    missed = {f.message for f in found(result, "segment-unreachable")}
    assert len(missed) == len(card.segments) - len(reached)


@pytest.mark.parametrize("fields", [12, 30])
def test_30_terms_of_pairs_of_fields_are_exact(fields: int) -> None:
    """Climbing from several records reaches both ends."""
    card = parse_card(crossed(1, fields, 2))
    result = check_card(card, PATIENT)
    assert result.exact
    lowest, highest = climbed(card, -1), climbed(card, 1)
    assert (result.min, result.max) == (lowest / SCALE, highest / SCALE)


def climbed(card: Scorecard, sign: int) -> int:
    """The best score found by changing the fields of one term at a time, from several starts."""
    chance = random.Random(7)  # noqa: S311 - a test
    read = [tree.fields_read(term.of) for term in card.terms]
    near = [
        [t for t, other in zip(card.terms, read, strict=True) if {*own} & {*other}] for own in read
    ]

    def gain(terms: list[Term], record: dict[str, float | None]) -> int:
        return sign * sum(naive.points(term, record) for term in terms)

    best = -(10**9)
    for _ in range(6):
        record = {field.name: chance.choice(VALUES) for field in card.fields}
        before = None
        while record != before:
            before = record
            for own, terms in zip(read, near, strict=True):
                tries = (
                    dict(zip(own, v, strict=True))
                    for v in itertools.product(VALUES, repeat=len(own))
                )
                # The record itself comes first, so that equal ones do not turn in circles.
                record = max(
                    [record, *({**record, **t} for t in tries)], key=lambda r: gain(terms, r)
                )
        best = max(best, sign * naive.total(card, [naive.points(t, record) for t in card.terms]))
    return sign * best


def test_what_would_take_too_long_is_a_bound_and_says_so() -> None:
    card = parse_card(crossed(1, 15, 3))
    result = check_card(card, 0.5)
    assert not result.exact
    assert found(result, "bound")[0].message.startswith("bound: ")
    chance = random.Random(3)  # noqa: S311 - a test
    for _ in range(200):
        record = {field.name: chance.choice(VALUES) for field in card.fields}
        score = naive.total(card, [naive.points(term, record) for term in card.terms])
        assert result.min * SCALE <= score <= result.max * SCALE
