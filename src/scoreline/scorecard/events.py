"""What a card makes of events: kinds of them, tallies that give points, features that are values.

Each chooses events by kind, `where` and `within` first, and never looks beyond the moment of
scoring. All are frozen parts of the scorecard, with what a fingerprint holds of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from scoreline.language.fields import Field, FieldType
from scoreline.language.tree import Node, Ref, canonical, walk
from scoreline.scorecard.ageing import Ageing

Count = Literal["each", "once", "distinct"]
Take = Literal["count", "distinct", "sum", "first", "last", "days since last", "days since first"]

AT = Field("at", "time")
"""When an event happened."""


@dataclass(frozen=True, slots=True)
class Burst:
    """So many events of a kind within so many seconds: no person does that."""

    events: int
    seconds: int


@dataclass(frozen=True)
class Event:
    """A declared kind of event and the properties it has beside `at`.

    burst: events of one record that come so thick are ignored; None ignores none.
    """

    name: str
    properties: tuple[Field, ...] = ()
    burst: Burst | None = None
    line: int | None = field(default=None, compare=False)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """What conditions on the event can read, by name: `at` and the properties."""
        return {AT.name: AT} | {f.name: f for f in self.properties}

    @property
    def meaning(self) -> object:
        """What a fingerprint holds of it."""
        properties = {f.name: f.meaning for f in self.properties}
        burst = self.burst
        return properties if burst is None else [properties, ["burst", burst.events, burst.seconds]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How events of a kind are counted: chosen by `within` and `where`, then counted and aged.

    count: each of them, only one (`once`), or one for each value of a property (`distinct`); under
    ageing the latest of those that count as one. points: scaled, of a fresh event. within: seconds.
    text: `where` as the card wrote it.
    """

    event: Event
    points: int
    count: Count = "each"
    distinct: str = ""
    where: Node | None = None
    within: int | None = None
    ageing: Ageing | None = None
    text: str = field(default="", compare=False)

    @property
    def reads(self) -> frozenset[str]:
        """The columns of the event that are read."""
        return _columns(self.where) | ({self.distinct} if self.distinct else set())

    @property
    def meaning(self) -> list[object]:
        """What a fingerprint holds of it."""
        where = None if self.where is None else canonical(self.where)
        ageing = None if self.ageing is None else self.ageing.meaning
        count = [self.count, self.distinct]
        return ["tally", self.event.name, count, where, self.within, ageing, self.points]


@dataclass(frozen=True, slots=True)
class Feature:
    """A value that is taken from a record's events as of a moment, and read like a field.

    take: what is taken of the chosen events; of: the property that it is taken of, None where only
    their number or their moments matter. within: seconds. text: `where` as the card wrote it.
    """

    name: str
    event: Event
    take: Take
    of: Ref | None = None
    where: Node | None = None
    within: int | None = None
    text: str = field(default="", compare=False)
    line: int | None = field(default=None, compare=False)

    @property
    def reads(self) -> frozenset[str]:
        """The columns of the event that are read."""
        return _columns(self.where) | _columns(self.of)

    @property
    def as_field(self) -> Field:
        """What conditions read; it is settled, for what did not happen is known too."""
        return Field(self.name, self._type, settled=True, line=self.line)

    @property
    def _type(self) -> FieldType:
        if self.of is None or self.take == "distinct":
            return "integer"
        if self.take == "sum":
            return "money" if self.of.field_type == "money" else "number"
        return self.of.field_type if self.of.fact is None else self.of.kind

    @property
    def of_nothing(self) -> float | None:
        """What it comes to where no event was chosen; None is missing."""
        return 0.0 if self.take in ("count", "distinct", "sum") else None

    @property
    def meaning(self) -> list[object]:
        """What a fingerprint holds of it."""
        of, where = (None if node is None else canonical(node) for node in (self.of, self.where))
        return [self.event.name, self.take, of, where, self.within]


Choice = Tally | Feature
"""What chooses events: by kind, `where` and `within`."""


def _columns(node: Node | None) -> frozenset[str]:
    """The columns that an expression reads."""
    nodes = () if node is None else walk(node)
    return frozenset(part.column for part in nodes if isinstance(part, Ref))
