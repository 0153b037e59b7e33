"""Two cards as one table: a grid is the terms of both, and its segments are pairs of classes.

Each side keeps its own base, groups and clamp of the total; only the classes that its total falls
into, and the sum of both totals, are put together. So whatever reads a card reads a grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from scoreline.language.fields import Field, fact_column
from scoreline.language.tree import Ref, renamed
from scoreline.scorecard.events import Burst, Event, Feature, Tally
from scoreline.scorecard.model import Group, Pair, Scorecard, Segment, Side, Term

UNKNOWN = "?"
"""Stands in a segment for the class of a side of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Names:
    """What fields, features and properties of a side are called in the grid, where that differs.

    properties: by kind of event.
    """

    fields: Mapping[str, str]
    properties: Mapping[str, Mapping[str, str]]


def grid_of(sides: tuple[Side, Side], name: str, title: str = "", objective: str = "") -> Scorecard:
    """The grid of two sides; their cards have one key.

    A field that both cards declare alike is one field. Declared differently it is two, which read
    the same column: `fit.budget` and `engagement.budget`. Properties of events likewise.
    """
    named = _names(sides)
    fields = [
        field
        for side, names in zip(sides, named, strict=True)
        for field in _renamed(side.card.fields, names.fields)
    ]
    events = _events(sides, named)
    features = [
        _feature(feature, names, events)
        for side, names in zip(sides, named, strict=True)
        for feature in side.card.features
    ]
    terms = [
        _term(term, side, names, events)
        for side, names in zip(sides, named, strict=True)
        for term in side.card.terms
    ]
    return Scorecard(
        name=name,
        fields=tuple(dict.fromkeys(fields)),
        terms=tuple(terms),
        segments=tuple(segments_of(sides)),
        title=title,
        objective=objective,
        key=sides[0].card.key,
        groups=tuple(Group(s.prefix + g.name, g.clamp) for s in sides for g in s.card.groups),
        events=tuple(events.values()),
        features=tuple(dict.fromkeys(features)),
        parts=sides,
    )


def segments_of(sides: Sequence[Side]) -> list[Segment]:
    """All pairs of classes, the best first, `?` the last on each side: A1, A2, ..., ??."""
    return [
        Segment(
            "".join(one.name for one in pair),
            said="; ".join(
                f"{side.name}: {one.rule}" for side, one in zip(sides, pair, strict=True)
            ),
            unknown=any(one.unknown for one in pair),
        )
        for pair in product(*map(classes_of, sides))
    ]


def classes_of(side: Side) -> tuple[Segment, ...]:
    """The classes of a side, the best first, and `?` as the last."""
    return (*side.classes, Segment(UNKNOWN, said="not known", unknown=True))


def _names(sides: Sequence[Side]) -> tuple[Names, ...]:
    return tuple(
        Names(
            _apart(side, side.card.fields, (*other.card.fields, *_as_fields(other.card)))
            | _features_apart(side, other),
            {
                kind: _apart(side, own, _declared(other.card).get(kind, ()))
                for kind, own in _declared(side.card).items()
            },
        )
        for side, other in zip(sides, reversed(sides), strict=True)
    )


def _declared(card: Scorecard) -> dict[str, tuple[Field, ...]]:
    """The properties of each kind of event that a card declares or chooses from."""
    counted = {choice.event.name: choice.event.properties for choice in card.choices}
    return counted | {event.name: event.properties for event in card.events}


def _apart(side: Side, own: Sequence[Field], others: Sequence[Field]) -> dict[str, str]:
    """The names in the grid of a side's fields that the other one declares differently."""
    declared: dict[str, Field | None] = {field.name: field for field in others}
    facts = (fact_column(field.name, fact.name) for field in others for fact in field.facts)
    declared |= dict.fromkeys(facts)
    return {
        field.name: f"{side.name}.{field.name}"
        for field in own
        if field.name in declared and declared[field.name] != field
    }


def _as_fields(card: Scorecard) -> list[Field]:
    return [feature.as_field for feature in card.features]


def _features_apart(side: Side, other: Side) -> dict[str, str]:
    """The names in the grid of a side's features whose names the other one uses otherwise."""
    taken = {
        *other.card.field,
        *(fact_column(f.name, a.name) for f in other.card.fields for a in f.facts),
    }
    features = {feature.name: feature for feature in other.card.features}
    return {
        one.name: f"{side.name}.{one.name}"
        for one in side.card.features
        if one.name in taken or features.get(one.name, one) != one
    }


def _renamed(fields: Sequence[Field], names: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields under their names in the grid; they go on reading the columns they read."""
    return tuple(
        replace(f, name=names[f.name], column=(*f.column, f.name)) if f.name in names else f
        for f in fields
    )


def _events(sides: Sequence[Side], named: Sequence[Names]) -> dict[str, Event]:
    """The kinds of events of both sides with the properties of both."""
    found: dict[str, Event] = {}
    for side, names in zip(sides, named, strict=True):
        for kind, properties in _declared(side.card).items():
            own = _renamed(properties, names.properties[kind])
            known = found[kind].properties if kind in found else ()
            burst = burst_of(side.card, kind) or (found[kind].burst if kind in found else None)
            found[kind] = Event(kind, tuple(dict.fromkeys((*known, *own))), burst)
    return found


def burst_of(card: Scorecard, kind: str) -> Burst | None:
    """What a card ignores of a kind of event."""
    return next((event.burst for event in card.events if event.name == kind), None)


def _feature(feature: Feature, names: Names, events: Mapping[str, Event]) -> Feature:
    """A feature of a side as the grid has it."""
    properties = names.properties[feature.event.name]
    of = None if feature.of is None else renamed(feature.of, properties)
    return replace(
        feature,
        name=names.fields.get(feature.name, feature.name),
        event=events[feature.event.name],
        of=of if isinstance(of, Ref) else None,
        where=None if feature.where is None else renamed(feature.where, properties),
    )


def _term(term: Term, side: Side, names: Names, events: Mapping[str, Event]) -> Term:
    """A term of a side as the grid has it."""
    return replace(
        term,
        name=side.prefix + term.name,
        of=renamed(term.of, names.fields),
        pair=None if term.pair is None else _pair(term.pair, names),
        group=None if term.group is None else side.prefix + term.group,
        tally=None if term.tally is None else _tally(term.tally, names, events),
    )


def _pair(pair: Pair, names: Names) -> Pair:
    rows, columns = (replace(axis, of=renamed(axis.of, names.fields)) for axis in pair.axes)
    return Pair(rows, columns)


def _tally(tally: Tally, names: Names, events: Mapping[str, Event]) -> Tally:
    kind = tally.event.name
    properties = names.properties[kind]
    return replace(
        tally,
        event=events[kind],
        distinct=properties.get(tally.distinct, tally.distinct),
        where=None if tally.where is None else renamed(tally.where, properties),
    )
