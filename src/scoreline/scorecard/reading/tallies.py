"""Event terms: which events count, how they are counted, how their points age."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoreline.errors import did_you_mean
from scoreline.scorecard.ageing import Ageing, HalfLife, parse_linear
from scoreline.scorecard.events import Count, Event, Tally
from scoreline.scorecard.reading.choices import read_choice, read_duration
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries

OF_EVENTS = ("where", "count", "within", "half_life", "linear")
"""Keys of event terms alone."""
NOT_OF_EVENTS = ("when", "of", "bins", "values", "rows", "columns", "missing")

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
    chosen = read_choice(reader, term, events)
    points = reader.points(term, "points")
    if "points" not in term.entries:
        reader.problem(term.line, "An event term needs `points`.")
    count, distinct = _count(reader, term, chosen.event if chosen else None)
    ageing = _ageing(reader, term)
    if chosen is None or points is None:
        return None
    return Tally(
        chosen.event,
        points,
        count,
        distinct,
        chosen.where,
        chosen.within,
        ageing,
        chosen.text,
    )


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
    if event is not None and name not in event.fields and not reader.is_unread(name):
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
    half = read_duration(reader, term, "half_life")
    if half is not None:
        return HalfLife(half)
    text = reader.text(term, "linear")
    if text is None:
        return None
    return reader.attempt(term.lines["linear"], lambda: parse_linear(text))
