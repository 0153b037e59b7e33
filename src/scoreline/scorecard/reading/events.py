"""The `events` of a card: kinds of dated behaviour, and the properties that terms read."""

from __future__ import annotations

from scoreline.language.text import normal
from scoreline.scorecard.model import AT, Event
from scoreline.scorecard.reading.fields import declared_fields
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

TAKEN = {AT.name: "when it happened", "event": "its kind", "event_id": "its id"}
"""Columns that every event has."""


def read_events(reader: Reader, card: Entries) -> dict[str, Event] | None:
    """The declared events by name; {} without any, None if they can't be read."""
    tree = card.entries.get("events")
    if tree is None:
        return {}
    if not isinstance(tree, Entries):
        message = "`events` is a mapping: a line `name: {property: type}` for each kind of event."
        reader.problem(tree.line, message)
        return None
    events: dict[str, Event] = {}
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        reader.name_text(name, "the name of an event", line)
        if name in events:
            reader.problem(line, f"The event `{name}` stands twice.")
        events[name] = _event(reader, name, below, line)
    return events


def _event(reader: Reader, name: str, tree: Tree, line: int) -> Event:
    """One kind of event."""
    if isinstance(tree, Text) and not tree.text.strip():
        return Event(name, line=line)
    if not isinstance(tree, Entries):
        reader.problem(
            line, f"The event `{name}` is a mapping of its properties.", "Write {minutes: number}."
        )
        return Event(name, line=line)
    properties, _ = declared_fields(reader, tree)
    for taken in TAKEN.keys() & properties.keys():
        reader.problem(
            properties[taken].line or line,
            f"`{taken}` is no property: every event has it, {TAKEN[taken]}.",
            "Leave it out." if taken == AT.name else "Use `column` for the header of the file.",
        )
    return Event(name, tuple(properties.values()), line)
