"""Features and bursts in a card file: what they can say, and what refuses a card."""

import pytest

from scoreline.scorecard.events import Burst
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard
from tests.scorecard.reading.refusing import findings

ORDERS = "orders: {event: order, take: count, within: 365 days}"


def text(feature: str = ORDERS, when: str = "name is not null", order: str = "") -> str:
    return f"""scorecard: c
fields: {{name: text, email: email}}
events:
  order: {{amount: money, status: text, contact: email{order}}}
features:
  {feature}
terms:
  - {{name: t, when: "{when}", points: 1}}
"""


def card(*arguments: str) -> Scorecard:
    return parse_card(text(*arguments))


@pytest.mark.parametrize(
    ("take", "when"),
    [
        ("count", "taken >= 3"),
        ("distinct(status)", "taken = 2"),
        ("sum(amount)", "taken / 2 > 100"),
        ("first(status)", "taken = 'paid'"),
        ("last(contact.kind)", "taken = 'corporate'"),
        ("last(contact.role)", "taken"),
        ("first(at)", "days_between(taken, as_of) > 30"),
        ("days since last", "taken > 30"),
        ("days since first", "coalesce(taken, 0) > 30"),
    ],
)
def test_a_feature_stands_wherever_a_field_can(take: str, when: str) -> None:
    read = card(f"taken: {{event: order, take: {take}, where: status = 'paid'}}", when)
    assert [feature.name for feature in read.features] == ["taken"]
    assert read.counts_events


@pytest.mark.parametrize(
    ("feature", "line", "told"),
    [
        ("orders: {event: ordr, take: count}", 6, "Did you mean order?"),
        ("orders: {event: order}", 6, "`take`"),
        ("orders: {take: count}", 6, "`event`"),
        ("orders: {event: order, take: number}", 6, "days since last"),
        ("orders: {event: order, take: sum}", 6, "sum(property)"),
        ("orders: {event: order, take: sum(status)}", 6, "only numbers are summed"),
        ("orders: {event: order, take: sum(amont)}", 6, "Did you mean amount?"),
        ("orders: {event: order, take: first(amount * 2)}", 6, "no property"),
        ("orders: {event: order, take: count, where: amont > 1}", 6, "Did you mean amount?"),
        ("orders: {event: order, take: count, within: soon}", 6, "no duration"),
        ("orders: {event: order, take: count, points: 1}", 6, "`points` is not a key"),
        ("orders: count", 6, "mapping"),
        ("name: {event: order, take: count}", 6, "is taken: it is a field"),
        ("email__kind: {event: order, take: count}", 6, "the column of a fact of `email`"),
        ("a.b: {event: order, take: count}", 6, "can't be the name of a feature"),
        ("__x: {event: order, take: count}", 6, "can't be the name of a feature"),
    ],
)
def test_one_mistake_in_a_feature_is_one_finding(feature: str, line: int, told: str) -> None:
    (finding,) = findings(text(feature, "orders is not null" if "orders:" in feature else "1 = 1"))
    assert finding.line == line
    assert told in f"{finding.message} {finding.hint}"


def test_features_are_a_mapping() -> None:
    (finding,) = findings(text().replace(f"features:\n  {ORDERS}", "features: [orders]"))
    assert "a line `name: {event: order, take: count}`" in finding.message


def test_a_misspelt_feature_is_named() -> None:
    (finding,) = findings(text(ORDERS, "order > 3"))
    assert (finding.code, "orders" in finding.hint) == ("unknown-field", True)


def test_bursts_stand_beside_the_properties() -> None:
    (event,) = card(ORDERS, "orders > 1", ", ignore: {burst: 5 in 2 seconds}").events
    assert event.burst == Burst(5, 2)
    assert list(event.fields) == ["at", "amount", "status", "contact"]


def test_a_property_may_be_called_ignore() -> None:
    (event,) = card(ORDERS, "orders > 1", ", ignore: {type: number}").events
    assert (event.burst, event.fields["ignore"].type) == (None, "number")


@pytest.mark.parametrize("burst", ["5", "1 in 2 seconds", "5 in a moment", "-5 in 2 seconds", "0"])
def test_what_is_no_burst_is_refused(burst: str) -> None:
    (finding,) = findings(text(ORDERS, "orders > 1", f", ignore: {{burst: {burst}}}"))
    assert finding.line == 4
    assert finding.hint


def test_what_changes_a_feature_or_burst_changes_the_fingerprint() -> None:
    base = card(ORDERS, "orders > 1").fingerprint
    others = [
        card("orders: {event: order, take: count}", "orders > 1"),
        card("orders: {event: order, take: distinct(status), within: 365 days}", "orders > 1"),
        card(f"{ORDERS[:-1]}, where: amount > 1}}", "orders > 1"),
        card(ORDERS, "orders > 1", ", ignore: {burst: 5 in 2 seconds}"),
        card(ORDERS, "orders > 1", ", ignore: {burst: 5 in 3 seconds}"),
        card("x: {event: order, take: count, within: 365 days}", "x > 1"),
    ]
    prints = [base, *(other.fingerprint for other in others)]
    assert len(set(prints)) == len(prints)
    same = card("orders: {within: 8760 hours, take: count, event: order}", "orders>1.0")
    assert same.fingerprint == base


def test_a_property_that_cant_be_read_is_one_finding_wherever_it_is_used() -> None:
    card = """\
scorecard: b
key: id
fields: {name: text}
events: {visit: {pages: nmber}}
features: {page total: {event: visit, take: sum(pages)}}
terms:
  - {name: visits, event: visit, where: pages >= 2, points: 2}
  - {name: pages, event: visit, count: distinct(pages), points: 2}
  - {name: total, when: "\\"page total\\" > 3", points: 1}
segments: [{name: hot, above: 6}, {name: cold}]
"""
    assert [found.message for found in findings(card)] == ["`nmber` is not a type of field."]
