"""Random cards whose scores lie beside the end of their segment, so that time makes them move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard, Segment
from tests.conformance import happenings
from tests.conformance.records import draw_records


@dataclass(frozen=True)
class Case:
    """A card, a typed record, its events and a moment; score: scaled, at that moment."""

    card: Scorecard
    record: Mapping[str, Any]
    events: list[Happened]
    as_of: datetime
    score: int
    file: str


def draw_case(seed: int) -> Case:
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = happenings.draw_card_of_events(random, Counter())
    card = parse_card(drawn.file)
    record = draw_records(random, drawn, 1, Counter())[0]
    told = [one for _ in range(4) for one in happenings.draw_events(random, drawn, Counter())]
    events = happenings.as_happened(told)
    behaviour = behaviour_of(card, events, drawn.as_of)
    result = compile_card(card).score(record, drawn.as_of, behaviour)
    score = sum(line.scaled for line in result.reasons)
    bound = score + random.choice([0, 0, 1, 1, -5_000, 5_000])
    segments = (Segment("best", bound), Segment("rest"))
    return Case(replace(card, segments=segments), record, events, drawn.as_of, score, drawn.file)
