"""The `events` of a card: kinds of dated behaviour, and the properties that terms read."""

from __future__ import annotations

import re

from scoreline.errors import CardError
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.ageing import parse_duration
from scoreline.scorecard.events import AT, Burst, Event
from scoreline.scorecard.reading.fields import declared_fields
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

TAKEN = {AT.name: "when it happened", "event": "its kind", "event_id": "its id"}
"""Columns that every event has."""
IGNORE = "ignore"
"""The key beside the properties; of a property that is called so, `type` must be said."""
_BURST = re.compile(r"(\d{1,6}) in (.+)")


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
    told = tree.entries.get(IGNORE)
    burst = None
    if isinstance(told, Entries) and "type" not in told.entries:
        burst = _ignored(reader, told, name)
        rest = {key: below for key, below in tree.entries.items() if key != IGNORE}
        tree = Entries(rest, tree.lines, tree.line)
    properties, unread = declared_fields(reader, tree)
    if reader.unread is not None:
        reader.unread |= unread
    for taken in TAKEN.keys() & properties.keys():
        reader.problem(
            properties[taken].line or line,
            f"`{taken}` is no property: every event has it, {TAKEN[taken]}.",
            "Leave it out, or give it another name, in the file too.",
        )
    return Event(name, tuple(properties.values()), burst, line)


def _ignored(reader: Reader, tree: Entries, name: str) -> Burst | None:
    """What is ignored of a kind of event."""
    entries = reader.entries(tree, schema.IGNORE, f"`ignore` of the event `{name}`")
    text = None if entries is None else reader.text(entries, "burst")
    if entries is None or text is None:
        return None
    return reader.attempt(entries.lines["burst"], lambda: parse_burst(text))


def parse_burst(text: str) -> Burst:
    """What `5 in 2 seconds` says.

    Raises CardError for anything else.

    >>> parse_burst("5 in 2 seconds")
    Burst(events=5, seconds=2)
    """
    match = _BURST.fullmatch(text)
    if match is None or int(match[1]) < 2:
        raise CardError(f"`{text}` is no burst.", "Write 5 in 2 seconds: two events or more.")
    return Burst(int(match[1]), parse_duration(match[2]))
