"""Which events a term or a feature chooses: their kind, `where`, `within`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoreline.errors import did_you_mean
from scoreline.language.parse import parse_condition
from scoreline.language.tree import Node
from scoreline.scorecard.ageing import parse_duration
from scoreline.scorecard.events import Event
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries


@dataclass(frozen=True, slots=True)
class Chosen:
    """What chooses events; within: seconds; text: `where` as the card wrote it."""

    event: Event
    where: Node | None
    within: int | None
    text: str


def read_choice(
    reader: Reader, entries: Entries, events: Mapping[str, Event] | None
) -> Chosen | None:
    """Which events are chosen; None where that can't be read, as a finding says then.

    events: the declared ones; without any every name will do. None if they can't be read.
    """
    event = _event(reader, entries, events)
    text, where = reader.text(entries, "where"), None
    if text is not None and event is not None:
        fields = event.fields
        where = reader.attempt(entries.lines["where"], lambda: parse_condition(text, fields))
    within = read_duration(reader, entries, "within")
    if event is None or (text is not None and where is None):
        return None
    return Chosen(event, where, within, text or "")


def _event(reader: Reader, entries: Entries, events: Mapping[str, Event] | None) -> Event | None:
    """The event that is named; without an `events` section any name will do."""
    name = reader.name(entries, "event")
    if name is None or events is None:
        return None
    if events and name not in events:
        reader.problem(
            entries.lines["event"],
            f"There is no event `{name}`.",
            f"{did_you_mean(name, events)} Events are declared under `events`: `{name}: {{}}`.",
        )
        return None
    return events.get(name) or Event(name)


def read_duration(reader: Reader, entries: Entries, key: str) -> int | None:
    """Seconds of a key."""
    text = reader.text(entries, key)
    return (
        None if text is None else reader.attempt(entries.lines[key], lambda: parse_duration(text))
    )
