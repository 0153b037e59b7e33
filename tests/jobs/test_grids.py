"""A grid from Python: like a card, and the same from a record and from a table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import scoreline

FIT = """\
scorecard: fit
key: id
base: -1
fields: {budget: {type: money, missing: [secret]}, email: email}
groups: {mail: {cap: 2}}
total: {cap: 8}
terms:
  - {name: large, of: budget, bins: [{from: 100, points: 9}, {below: 100, points: 1}]}
  - {name: corporate, when: "email.kind = 'corporate'", points: 3, group: mail}
"""
ENGAGEMENT = """\
scorecard: engagement
key: id
fields: {budget: {type: money, optional: yes}, email: email}
events: {webinar: {minutes: number}}
groups: {mail: {floor: 0}}
terms:
  - {name: named, when: email is not null, points: 1, group: mail}
  - {name: large, when: budget > 50, points: 0.5}
  - {name: webinars, event: webinar, where: minutes >= 20, points: 4, cap: 10}
"""
GRID = """\
grid: both
fit:        {card: fit.yaml, A: {above: 7}, B: {from: 2}}
engagement: {card: engagement.yaml, 1: {from: 5}, 2: {}}
"""
RECORDS = [
    {"id": "a", "budget": "200", "email": "anna@acme.ru"},
    {"id": "b", "budget": "secret", "email": "x@gmail.com"},
    {"id": "c", "budget": "-5", "email": ""},
    {"id": "d", "budget": None, "email": None},
]
EVENTS = [
    {"id": "a", "event": "webinar", "at": "2026-01-10", "minutes": "30"},
    {"id": "a", "event": "webinar", "at": "2026-01-11", "minutes": "10"},
    {"id": "d", "event": "webinar", "at": "2026-01-12", "minutes": "45"},
]
AS_OF = "2026-01-31"


@pytest.fixture
def grid(tmp_path: Path) -> scoreline.Card:
    for name, text in (("fit", FIT), ("engagement", ENGAGEMENT), ("grid", GRID)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return scoreline.load(tmp_path / "grid.yaml")


def test_base_groups_and_totals_are_those_of_each_side(grid: scoreline.Card) -> None:
    own = [event for event in EVENTS if event["id"] == "a"]
    result = grid.score(RECORDS[0], own, AS_OF)
    assert [(line.term, line.bin, line.points) for line in result.reasons] == [
        ("fit: large", "100 or more", 9),
        ("engagement: webinars", "1 x 4", 4),
        ("fit: corporate", "yes", 3),
        ("engagement: named", "yes", 1),
        ("engagement: large", "yes", 0.5),
        ("fit: base", "", -1),
        ("fit: mail cap", "cap 2", -1),
        ("fit: total cap", "cap 8", -2),
    ]
    assert (result.score, result.segment) == (13.5, "A1")
    assert sum(line.points for line in result.reasons) == result.score


def test_a_record_is_the_same_by_itself_and_in_a_table(grid: scoreline.Card) -> None:
    table = grid.score_table(pl.DataFrame(RECORDS), AS_OF, reasons=0, events=pl.DataFrame(EVENTS))
    for record, row in zip(RECORDS, table.to_dicts(), strict=True):
        own = [event for event in EVENTS if event["id"] == record["id"]]
        result = grid.score(record, own, AS_OF)
        found = {name: row[name] for name in ("score", "segment", "low", "high", "certain", "ask")}
        assert found == {name: getattr(result, name) for name in found}
        assert row["reasons"] == "; ".join(line.text for line in result.reasons)
        assert row["fingerprint"] == grid.fingerprint


def test_a_side_without_values_is_known_by_its_events_alone(grid: scoreline.Card) -> None:
    nothing, event = RECORDS[3], EVENTS[2]
    assert grid.score(nothing, [], AS_OF).segment == "??"
    assert grid.score(nothing, [event], AS_OF).segment == "?2"
    short = event | {"minutes": "10"}
    assert grid.score(nothing, [short], AS_OF).segment == "??", "an event that does not count"


def test_a_field_declared_differently_is_typed_for_each_side(grid: scoreline.Card) -> None:
    """To one card `secret` is missing, to the other it can't be read: one finding."""
    result = grid.score(RECORDS[1], [], AS_OF)
    assert [finding.field for finding in result.findings] == ["engagement.budget"]
    typed = {"fit.budget": 200.0, "engagement.budget": 20.0, "email": None}
    lines = {line.term for line in grid.score_typed(typed, AS_OF, []).reasons}
    assert {"fit: large"} == {line for line in lines if line.endswith("large")}


def test_a_grid_that_counts_events_needs_them(grid: scoreline.Card) -> None:
    with pytest.raises(scoreline.UsageError, match="The card `both` counts events"):
        grid.score(RECORDS[0])
