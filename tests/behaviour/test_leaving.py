"""When a score leaves its segment, held against scoring at every moment at which it might."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.behaviour.leaving import Leaving, leaving
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard
from tests.behaviour.drawing import draw_case

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
AHEAD = 20 * DAY


def by_trying(
    card: Scorecard, values: Mapping[str, Any], events: Sequence[Happened], as_of: datetime
) -> Leaving | None:
    """The same answer, found by scoring at every moment that could be the one."""
    compiled = compile_card(card)
    past = [one for one in events if one.at <= as_of]

    def segment(moment: datetime) -> str | None:
        return compiled.score(values, moment, behaviour_of(card, past, moment)).segment

    now = segment(as_of)
    moments = (moment for moment in candidates(card, values, past, as_of))
    return next((Leaving(str(s), m) for m in moments if (s := segment(m)) != now), None)


def candidates(
    card: Scorecard, values: Mapping[str, Any], past: Sequence[Happened], as_of: datetime
) -> list[datetime]:
    """Whole days from every moment that the score can hang on, and the tick after."""
    spans = {choice.within for choice in card.choices if choice.within is not None}
    known = [one.at for one in past]
    known += [one.at + timedelta(seconds=span) for one in past for span in spans]
    for value in values.values():
        if isinstance(value, datetime):
            known.append(value)
        elif isinstance(value, date):
            known.append(datetime(value.year, value.month, value.day, tzinfo=UTC))
    known.append(as_of.replace(hour=0, minute=0, second=0, microsecond=0))
    phases = {(moment - as_of) % DAY for moment in known}
    phases |= {(phase + TICK) % DAY for phase in phases}
    days = range(AHEAD // DAY)
    found = sorted(as_of + phase + day * DAY for phase in phases for day in days)
    return [moment for moment in found if moment > as_of]


def test_it_is_the_first_moment_at_which_the_segment_is_another() -> None:
    moves = 0
    for seed in range(30):
        case = draw_case(seed)
        given = (case.record, case.events, case.as_of)
        expected = by_trying(case.card, *given)
        found = leaving(case.card, compile_card(case.card).score, *given)
        if expected is None:
            assert found is None or found.at >= case.as_of + AHEAD, case.file
        else:
            moves += 1
            assert found == expected, case.file
    assert moves >= 4


BUSY = """
scorecard: busy
fields: {name: text}
events: {open: {mail: text}, click: {}, leave: {}}
features:
  opens: {event: open, take: count, within: 300 days}
  idle: {event: open, take: days since last}
terms:
  - {name: opens, event: open, points: 0.5, half_life: 30 days}
  - {name: mails, event: open, count: distinct(mail), points: 1, within: 90 days}
  - {name: clicks, event: click, points: 2, linear: 50% per 30 days, cap: 1000}
  - {name: leaves, event: leave, points: -1, half_life: 10 days}
  - {name: often, when: opens >= 100, points: 5}
  - {name: idle, when: idle > 400, points: -5}
segments: [{name: warm, from: 5}, {name: cool, from: 1}, {name: cold}]
"""


def busy_events(count: int, as_of: datetime) -> list[Happened]:
    """Events of one record over the year before."""
    random = Random(count)  # noqa: S311 - test data, not secrets
    return [
        Happened(
            random.choice(["open", "open", "click", "leave"]),
            as_of - timedelta(seconds=random.randint(0, 365 * 86_400)),
            None,
            {"mail": f"m{random.randint(1, 500)}"},
        )
        for _ in range(count)
    ]


def test_a_record_of_thousands_of_events_takes_little_more_work_than_one_of_few() -> None:
    as_of = datetime(2026, 2, 1, tzinfo=UTC)
    card = parse_card(BUSY)
    calls: Counter[str] = Counter()
    score = compile_card(card).score

    def counted(*arguments: Any) -> Any:
        calls["score"] += 1
        return score(*arguments)

    started = perf_counter()
    found = leaving(card, counted, {}, busy_events(5_000, as_of), as_of)
    print(f"{perf_counter() - started:.2f} s, {calls['score']} times scored")
    assert found is not None
    assert found.segment in ("cool", "cold")
    # Brute force would score at the two million moments at which an event is worth less.
    assert calls["score"] < 10_000
