"""Event terms: which events count, how they are counted, how their points age."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoreline.errors import did_you_mean
from scoreline.language.parse import parse_condition
from scoreline.scorecard.ageing import Ageing, HalfLife, parse_duration, parse_linear
from scoreline.scorecard.model import Count, Event, Tally
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries

OF_EVENTS = ("where", "count", "within", "half_life", "linear")
"""Keys of event terms alone."""
NOT_OF_EVENTS = ("when", "of", "bins", "values", "missing")

_DISTINCT = re.compile(r"distinct ?\((.+)\)")


def refuse_tally_keys(reader: Reader, term: Entries) -> None:
    """Note the keys that only a term with an `event` has."""
    for key in OF_EVENTS:
        if key in term.entries:
            reader.problem(term.lines[key], f"`{key}` needs an `event`.", "event: webinar_attended")


def read_tally(reader: Reader, term: Entries, events: Mapping[str, Event] | None) -> Tally | None:
    """The tally of an event term; None where it can't be read, as a finding says then."""
    for key in NOT_OF_EVENTS:
        if key in term.entries:
            reader.problem(term.lines[key], f"An event term has no `{key}`.")
    event = _event(reader, term, events)
    points = reader.points(term, "points")
    if "points" not in term.entries:
        reader.problem(term.line, "An event term needs `points`.")
    count, distinct = _count(reader, term, event)
    text, where = reader.text(term, "where"), None
    if text is not None and event is not None:
        fields = event.fields
        where = reader.attempt(term.lines["where"], lambda: parse_condition(text, fields))
    within, ageing = _duration(reader, term, "within"), _ageing(reader, term)
    if event is None or points is None or (text is not None and where is None):
        return None
    return Tally(event, points, count, distinct, where, within, ageing)


def _event(reader: Reader, term: Entries, events: Mapping[str, Event] | None) -> Event | None:
    """The event that a term counts; without an `events` section any name will do."""
    name = reader.name(term, "event")
    if name is None or events is None:
        return None
    if events and name not in events:
        reader.problem(
            term.lines["event"],
            f"There is no event `{name}`.",
            f"{did_you_mean(name, events)} Events are declared under `events`: `{name}: {{}}`.",
        )
        return None
    return events.get(name) or Event(name)


def _count(reader: Reader, term: Entries, event: Event | None) -> tuple[Count, str]:
    """How events are counted, and the property whose values are."""
    text = reader.text(term, "count") or "each"
    if text in ("each", "once"):
        return ("each" if text == "each" else "once"), ""
    match = _DISTINCT.fullmatch(text)
    if match is None:
        message = f"`count` is each, once or distinct(property), not `{text}`."
        reader.problem(term.lines["count"], message)
        return "each", ""
    name = match[1].strip().removeprefix('"').removesuffix('"')
    if event is not None and name not in event.fields:
        reader.problem(
            term.lines["count"],
            f"The event `{event.name}` has no property `{name}`.",
            did_you_mean(name, event.fields),
            "unknown-field",
        )
    return "distinct", name


def _ageing(reader: Reader, term: Entries) -> Ageing | None:
    """How points of events age."""
    if "half_life" in term.entries and "linear" in term.entries:
        reader.problem(term.lines["linear"], "A term ages by `half_life` or by `linear`, not both.")
    half = _duration(reader, term, "half_life")
    if half is not None:
        return HalfLife(half)
    text = reader.text(term, "linear")
    if text is None:
        return None
    return reader.attempt(term.lines["linear"], lambda: parse_linear(text))


def _duration(reader: Reader, term: Entries, key: str) -> int | None:
    """Seconds of a key."""
    text = reader.text(term, key)
    return None if text is None else reader.attempt(term.lines[key], lambda: parse_duration(text))
