"""When a score must be looked at again: never after the moment at which its segment changes."""

from __future__ import annotations

from scoreline.behaviour.leaving import leaving
from scoreline.behaviour.outlook import next_change
from scoreline.engines.record.engine import compile_card
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
