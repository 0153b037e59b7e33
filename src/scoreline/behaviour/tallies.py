"""Event terms of one record: its events -> points as of a moment, with what they come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from scoreline.behaviour.happened import Happened, chosen_events, property_of
from scoreline.scorecard.ageing import DAY
from scoreline.scorecard.events import Tally
from scoreline.scorecard.model import Clamp, Scorecard
from scoreline.scorecard.reasons import Reason, tally_label


def tallied(card: Scorecard, events: Sequence[Happened], as_of: dt.datetime) -> tuple[Reason, ...]:
    """The line of each event term of a card, in the card's order; a line of 0 where none counts.

    events: of one record, without repeats, in the order they were recorded; as_of: aware.
    """
    return tuple(
        _line(card.terms[place].name, tally, card.terms[place].clamp, events, as_of)
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
    """The events that count: those chosen, then by `count`."""
    chosen = chosen_events(tally, events, as_of)
    if tally.count == "each":
        return chosen
    latest: dict[object, Happened] = {}
    for one in chosen:
        value = "" if tally.count == "once" else property_of(one, tally.distinct)
        if value is not None and (value not in latest or one.at > latest[value].at):
            latest[value] = one
    return list(latest.values())


def aged(tally: Tally, one: Happened, as_of: dt.datetime) -> int:
    """Scaled points of an event at a moment not before it."""
    if tally.ageing is None:
        return tally.points
    age = (as_of - one.at) // dt.timedelta(seconds=DAY)
    return tally.ageing.points(tally.points, age)
