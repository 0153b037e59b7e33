"""Two cards as one table: a grid is the terms of both, and its segments are pairs of classes.

Each side keeps its own base, groups and clamp of the total; only the classes that its total falls
into, and the sum of both totals, are put together. So whatever reads a card reads a grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from scoreline.language.fields import Field, fact_column
from scoreline.language.tree import renamed
from scoreline.scorecard.model import Event, Group, Scorecard, Segment, Side, Tally, Term

UNKNOWN = "?"
"""Stands in a segment for the class of a side of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the fields and properties of a side are called in the grid, where that differs.

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
        parts=sides,
    )


def segments_of(sides: Sequence[Side]) -> list[Segment]:
    """All pairs of classes, the best first, `?` the last on each side: A1, A2, ..., ??."""
    classes = [
        [*((one.name, one.rule, False) for one in side.classes), (UNKNOWN, "not known", True)]
        for side in sides
    ]
    return [
        Segment(
            "".join(name for name, _, _ in pair),
            said="; ".join(
                f"{side.name}: {rule}" for side, (_, rule, _) in zip(sides, pair, strict=True)
            ),
            unknown=any(unknown for _, _, unknown in pair),
        )
        for pair in product(*classes)
    ]


def _names(sides: Sequence[Side]) -> tuple[Names, ...]:
    return tuple(
        Names(
            _apart(side, side.card.fields, other.card.fields),
            {
                kind: _apart(side, own, _declared(other.card).get(kind, ()))
                for kind, own in _declared(side.card).items()
            },
        )
        for side, other in zip(sides, reversed(sides), strict=True)
    )


def _declared(card: Scorecard) -> dict[str, tuple[Field, ...]]:
    """The properties of each kind of event that a card declares or counts."""
    counted = {tally.event.name: tally.event.properties for _, tally in card.tallies}
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
            found[kind] = Event(kind, tuple(dict.fromkeys((*known, *own))))
    return found


def _term(term: Term, side: Side, names: Names, events: Mapping[str, Event]) -> Term:
    """A term of a side as the grid has it."""
    return replace(
        term,
        name=side.prefix + term.name,
        of=renamed(term.of, names.fields),
        group=None if term.group is None else side.prefix + term.group,
        tally=None if term.tally is None else _tally(term.tally, names, events),
    )


def _tally(tally: Tally, names: Names, events: Mapping[str, Event]) -> Tally:
    kind = tally.event.name
    properties = names.properties[kind]
    return replace(
        tally,
        event=events[kind],
        distinct=properties.get(tally.distinct, tally.distinct),
        where=None if tally.where is None else renamed(tally.where, properties),
    )
