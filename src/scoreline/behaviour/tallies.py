"""Event terms of one record: its events -> points as of a moment, with what they come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from scoreline.behaviour.happened import Happened, without_repeats
from scoreline.engines.record.code import compile_condition
from scoreline.language.tree import Node
from scoreline.scorecard.ageing import DAY
from scoreline.scorecard.model import AT, Clamp, Scorecard, Tally
from scoreline.scorecard.reasons import Reason, tally_label

Holds = Callable[[Mapping[str, Any], dt.datetime], bool]


def tallied(card: Scorecard, events: Iterable[Happened], as_of: dt.datetime) -> tuple[Reason, ...]:
    """The line of each event term of a card, in the card's order; a line of 0 where none counts.

    events: of one record, in the order they were recorded; as_of: the moment of scoring, aware.
    """
    known = without_repeats(events) if card.tallies else []
    return tuple(
        _line(card.terms[place].name, tally, card.terms[place].clamp, known, as_of)
        for place, tally in card.tallies
    )


def _line(
    name: str, tally: Tally, clamp: Clamp, events: Sequence[Happened], as_of: dt.datetime
) -> Reason:
    chosen = counted_events(tally, events, as_of)
    points = sum(aged(tally, one, as_of) for one in chosen)
    held = clamp.apply(points)
    return Reason(name, tally_label(tally, clamp, len(chosen), points), held)


def counted_events(tally: Tally, events: Sequence[Happened], as_of: dt.datetime) -> list[Happened]:
    """The events that count: chosen by kind, moment, `within` and `where`, then by `count`."""
    chosen = [one for one in events if one.event == tally.event.name and one.at <= as_of]
    if tally.within is not None:
        since = as_of - dt.timedelta(seconds=tally.within)
        chosen = [one for one in chosen if one.at > since]
    if tally.where is not None:
        holds = _condition(tally.where)
        chosen = [one for one in chosen if holds({**one.properties, AT.name: one.at}, as_of)]
    if tally.count == "each":
        return chosen
    latest: dict[object, Happened] = {}
    for one in chosen:
        value = "" if tally.count == "once" else _value(tally, one)
        if value is not None and (value not in latest or one.at > latest[value].at):
            latest[value] = one
    return list(latest.values())


def aged(tally: Tally, one: Happened, as_of: dt.datetime) -> int:
    """Scaled points of an event at a moment not before it."""
    if tally.ageing is None:
        return tally.points
    age = (as_of - one.at) // dt.timedelta(seconds=DAY)
    return tally.ageing.points(tally.points, age)


def _value(tally: Tally, one: Happened) -> object:
    """The value of the property that is counted; None if missing."""
    value = one.at if tally.distinct == AT.name else one.properties.get(tally.distinct)
    return None if value != value else value


@lru_cache(maxsize=1_000)
def _condition(where: Node) -> Holds:
    return compile_condition(where)
