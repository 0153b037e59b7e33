"""Events as they are typed, and which of them a term or a feature chooses at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from scoreline.engines.record.code import compile_condition
from scoreline.language.tree import Node
from scoreline.scorecard.events import AT, Choice

Holds = Callable[[Mapping[str, Any], dt.datetime], bool]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a record: its kind, its moment (aware), its id if it has one, its properties.

    properties: typed values by name; None or absent is missing.
    """

    event: str
    at: dt.datetime
    id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


def without_repeats(events: Iterable[Happened]) -> list[Happened]:
    """The events in their order; of those with one id the first. Without an id all stay."""
    seen: set[str] = set()
    kept = []
    for one in events:
        if one.id is None or one.id not in seen:
            kept.append(one)
        if one.id is not None:
            seen.add(one.id)
    return kept


def chosen_events(choice: Choice, events: Sequence[Happened], as_of: dt.datetime) -> list[Happened]:
    """The events that are chosen by kind, moment, `within` and `where`, in their order."""
    chosen = [one for one in events if one.event == choice.event.name and one.at <= as_of]
    if choice.within is not None:
        since = as_of - dt.timedelta(seconds=choice.within)
        chosen = [one for one in chosen if one.at > since]
    if choice.where is not None:
        holds = _condition(choice.where)
        chosen = [one for one in chosen if holds({**one.properties, AT.name: one.at}, as_of)]
    return chosen


def property_of(one: Happened, column: str) -> Any:
    """The value of a property, or when it happened; None if missing."""
    value = one.at if column == AT.name else one.properties.get(column)
    return None if value != value else value


@lru_cache(maxsize=1_000)
def _condition(where: Node) -> Holds:
    return compile_condition(where)
