"""The `features` of a card: values taken from events, which conditions read like fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoreline.errors import ConditionError
from scoreline.language.fields import Field, fact_column
from scoreline.language.literals import kind_words
from scoreline.language.parse import parse_value
from scoreline.language.text import normal
from scoreline.language.tree import Ref
from scoreline.scorecard import schema
from scoreline.scorecard.events import Event, Feature, Take
from scoreline.scorecard.reading.choices import read_choice
from scoreline.scorecard.reading.fields import usable_name
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Tree

OF_EVENTS: dict[str, Take] = {
    "count": "count",
    "days since last": "days since last",
    "days since first": "days since first",
}
OF_PROPERTIES: dict[str, Take] = {
    "distinct": "distinct",
    "sum": "sum",
    "first": "first",
    "last": "last",
}
_OF_PROPERTY = re.compile(r"([a-z]+) ?\((.+)\)")


def read_features(
    reader: Reader,
    card: Entries,
    fields: Mapping[str, Field],
    events: Mapping[str, Event] | None,
) -> dict[str, Feature]:
    """The features by name; of those that can't be read a finding says why."""
    tree = card.entries.get("features")
    if tree is None:
        return {}
    if not isinstance(tree, Entries):
        reader.unread = None
        reader.problem(
            tree.line,
            "`features` is a mapping: a line `name: {event: order, take: count}` for each.",
        )
        return {}
    taken = {fact_column(f.name, fact.name): f.name for f in fields.values() for fact in f.facts}
    found: dict[str, Feature] = {}
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        feature = _feature(reader, name, below, line, events)
        if feature is None:
            if reader.unread is not None and name not in fields:
                reader.unread.add(name)
        elif name in fields or name in taken:
            whose = "a field" if name in fields else f"the column of a fact of `{taken[name]}`"
            reader.problem(
                line, f"`{name}` is taken: it is {whose}.", "Give the feature another name."
            )
        elif name in found:
            reader.problem(line, f"The feature `{name}` stands twice.")
        else:
            found[name] = feature
    return found


def _feature(
    reader: Reader, name: str, tree: Tree, line: int, events: Mapping[str, Event] | None
) -> Feature | None:
    """One feature."""
    if not usable_name(reader, name, line, "feature"):
        return None
    entries = reader.entries(tree, schema.FEATURE, f"the feature `{name}`")
    if entries is None:
        return None
    chosen = read_choice(reader, entries, events)
    text = reader.text(entries, "take")
    if chosen is None or text is None:
        return None
    taken = _taken(reader, text, chosen.event, entries.lines["take"])
    if taken is None:
        return None
    return Feature(name, chosen.event, *taken, chosen.where, chosen.within, chosen.text, line)


def _taken(reader: Reader, text: str, event: Event, line: int) -> tuple[Take, Ref | None] | None:
    """What is taken of the events, and of which property; None as a finding says then."""
    if text in OF_EVENTS:
        return OF_EVENTS[text], None
    match = _OF_PROPERTY.fullmatch(text)
    if match is None or match[1] not in OF_PROPERTIES:
        ways = ", ".join(f"{way}(property)" for way in OF_PROPERTIES)
        reader.problem(line, f"`take` is {', '.join(OF_EVENTS)}, {ways}; not `{text}`.")
        return None
    take, fields = OF_PROPERTIES[match[1]], event.fields
    of = reader.attempt(line, lambda: _property(match[2], event, fields))
    if of is None:
        return None
    if take == "sum" and of.kind != "number":
        reader.problem(
            line,
            f"`{of.field}` is a {kind_words(of.kind)}; only numbers are summed.",
            "Take its `last`, or count its `distinct` values.",
            "type-mismatch",
        )
        return None
    return take, of


def _property(text: str, event: Event, fields: Mapping[str, Field]) -> Ref:
    """The property, or its fact, of this name."""
    node = parse_value(text.strip(), fields)
    if isinstance(node, Ref):
        return node
    raise ConditionError(
        f"`{text}` is no property of the event `{event.name}`.",
        f"It has {', '.join(f'`{name}`' for name in fields)}.",
    )
