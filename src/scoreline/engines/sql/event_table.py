"""The columns of a table of typed events: whose, what, when, in what order, and properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scoreline.engines.sql.columns import Input
from scoreline.engines.sql.spelling import Spelling
from scoreline.language.fields import Field, Kind, fact_column
from scoreline.scorecard.events import AT, Event
from scoreline.scorecard.model import Scorecard

EVENT, ROW = "event", "row"
"""What happened, and a number that rises as events were recorded."""


@dataclass(frozen=True, slots=True)
class Property:
    """A column of a property or of a fact of it: its name in the table, and what it is.

    of: the names of the kinds of event that have it; field, fact: what it holds.
    """

    name: str
    kind: Kind
    of: tuple[str, ...]
    field: Field
    fact: str | None

    @property
    def own(self) -> str:
        """The name by which conditions on an event read it."""
        return self.field.name if self.fact is None else fact_column(self.field.name, self.fact)


@dataclass(frozen=True)
class EventTable:
    """The table of a card's typed events; only what the card reads stands in it.

    A property is named as the card names it. Kinds of event that have one of a name share the
    column, unless it is of another type in each: then the kind stands before the name.
    """

    card: Scorecard

    @property
    def key(self) -> str:
        """The column that says whose an event is."""
        name = self.card.key or "key"
        return f"input_{name}" if name in (EVENT, AT.name, ROW) else name

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        """The columns of properties, in the card's order."""
        found: dict[str, Property] = {}
        for event, column, kind, field, fact in self._read():
            name = self._free(column, event.name, kind, found)
            before = found[name].of if name in found else ()
            found[name] = Property(name, kind, (*before, event.name), field, fact)
        return tuple(found.values())

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (self.key, EVENT, AT.name, ROW, *(one.name for one in self.properties))

    def inputs(self, event: str, spelling: Spelling) -> dict[str, Input]:
        """The columns that conditions on a kind of event read, by the names they read them by."""
        found = {AT.name: Input(spelling.quoted(AT.name), "time")}
        for one in self.properties:
            if event in one.of:
                found[one.own] = Input(spelling.quoted(one.name), one.kind)
        return found

    def _read(self) -> Iterator[tuple[Event, str, Kind, Field, str | None]]:
        """(event, column, kind, field, fact) of all that choices read of events."""
        read: dict[str, set[str]] = {}
        for choice in self.card.choices:
            read.setdefault(choice.event.name, set()).update(choice.reads)
        events = {choice.event.name: choice.event for choice in self.card.choices}
        for name, event in events.items():
            for field in event.properties:
                if field.name in read[name]:
                    yield event, field.name, field.kind, field, None
                for fact in field.facts:
                    column = fact_column(field.name, fact.name)
                    if column in read[name]:
                        yield event, column, fact.kind, field, fact.name

    def _free(self, column: str, event: str, kind: Kind, found: dict[str, Property]) -> str:
        name = column
        if name in found and found[name].kind != kind:
            name = f"{event}__{name}"
        while name in (self.key, EVENT, AT.name, ROW) or (
            name in found and found[name].kind != kind
        ):
            name = f"input_{name}"
        return name
