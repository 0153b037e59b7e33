"""When a score must be looked at again: never after the moment at which its segment changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scoreline.behaviour.happened import Happened
from scoreline.behaviour.leaving import Leaving, leaving
from scoreline.behaviour.outlook import next_change
from scoreline.engines.base import Result
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from tests.behaviour.drawing import draw_case


def test_no_segment_is_left_before_the_next_look() -> None:
    moves = 0
    for seed in range(40):
        case = draw_case(seed)
        score = compile_card(case.card).score
        ahead = next_change(case.card, case.score, case.record, case.events, case.as_of)
        found = leaving(case.card, score, case.record, case.events, case.as_of)
        if found is not None:
            moves += 1
            assert ahead is not None, case.file
            assert case.as_of < ahead <= found.at, case.file
    assert moves >= 6


def test_days_since_an_event_are_looked_at_only_where_the_card_asks_for_them() -> None:
    card = parse_card("""
scorecard: idle
fields: {name: text}
events: {visit: {}}
features: {idle: {event: visit, take: days since last}}
terms:
  - {name: forgot us, when: idle > 90, points: -5}
segments: [{name: here, from: 0}, {name: gone}]
""")
    visit = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
    events, gone = [Happened("visit", visit)], visit + timedelta(days=91)
    asked = (card, 0, {"name": "Anna"}, events)
    assert next_change(*asked, visit + timedelta(days=7)) == visit + timedelta(days=90)
    assert next_change(*asked, visit + timedelta(days=90)) == gone
    assert next_change(*asked, gone) is None
    calls = []

    def counted(*arguments: Any) -> Result:
        calls.append(arguments)
        return compile_card(card).score(*arguments)

    assert leaving(card, counted, {}, events, visit) == Leaving("gone", gone)
    assert len(calls) <= 4
