"""The scorecard: terms -> bins -> points, frozen and exact. Whoever scores reads this.

A term has one expression `of` and a list of bins; the first bin that holds gives its points, and no
bin gives 0. A `when` term is a term whose expression is a condition with the bin `Holds`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scoreline.language.fields import Field
from scoreline.language.tree import (
    Const,
    Node,
    Ref,
    Scalar,
    canonical,
    canonical_value,
    reads_time,
    value_text,
    walk,
)
from scoreline.scorecard.events import Burst, Choice, Event, Feature, Tally
from scoreline.scorecard.marks import turning_numbers
from scoreline.scorecard.points import points_text
from scoreline.scorecard.probability import Probability

MEANING = 1
"""Edition of the rules of meaning; part of every fingerprint."""


Edge = float | dt.date | dt.datetime


@dataclass(frozen=True, slots=True)
class Holds:
    """The condition is true."""


@dataclass(frozen=True, slots=True)
class Range:
    """lower <= value < upper; None is open."""

    lower: Edge | None
    upper: Edge | None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The value is known and no other bin holds it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The value is unknown."""


Test = Holds | Range | OneOf | Otherwise | Missing


@dataclass(frozen=True, slots=True)
class Bin:
    """A part of a term: its test, points (scaled, after the term's own clamp) and card line.

    written: the points as the card wrote them, before that clamp; None if nobody wrote any;
    spelt: the values of a OneOf as the card spells them, which a choice compares folded; cell: of a
    pair table, the bins of its row and column, of which the test is the number of the cell.
    """

    test: Test
    points: int
    line: int | None = field(default=None, compare=False)
    written: int | None = field(default=None, compare=False)
    spelt: tuple[str, ...] = field(default=(), compare=False)
    cell: tuple[Bin, Bin] | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """What a reason says of it: `yes`, `25 to below 40`, `retired, student`, `missing`."""
        if self.cell is not None:
            return ", ".join(axis.label for axis in self.cell)
        match self.test:
            case Holds():
                return "yes"
            case Range(lower, None):
                return "any" if lower is None else f"{value_text(lower)} or more"
            case Range(None, upper):
                return f"below {value_text(upper)}"
            case Range(lower, upper):
                return f"{value_text(lower)} to below {value_text(upper)}"
            case OneOf(values):
                return ", ".join(self.spelt or map(value_text, values))
            case Otherwise():
                return "otherwise"
            case Missing():
                return "missing"


@dataclass(frozen=True, slots=True)
class Clamp:
    """A floor and a cap in scaled points; None is open."""

    floor: int | None = None
    cap: int | None = None

    def apply(self, points: int) -> int:
        """The points inside the clamp; a floor above the cap is refused with the card."""
        if self.floor is not None and points < self.floor:
            return self.floor
        if self.cap is not None and points > self.cap:
            return self.cap
        return points

    @property
    def is_open(self) -> bool:
        """Whether it never bites."""
        return self.floor is None and self.cap is None


NOTHING = Const(None, "yes/no")
"""The expression of a term that has a tally: it is never looked at."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows or the columns of a pair table: an expression, as written too, and its bins.

    The bins stand as the card has them, and their points are those of the cells.
    """

    of: Node
    text: str
    bins: tuple[Bin, ...]

    @property
    def edges(self) -> Iterator[Edge | Scalar | None]:
        """The values beside which its bins differ; None where a bin is open."""
        return _edges(self.bins)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair table: what its rows and its columns are; `scorecard.pair` makes a term of it."""

    rows: Axis
    columns: Axis

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The rows, then the columns."""
        return self.rows, self.columns


@dataclass(frozen=True, slots=True)
class Term:
    """One criterion: an expression and its bins, or a tally of events; and its group.

    text: the expression as the card wrote it; clamp: the term's own, already applied to its bins.
    A term with a tally has no bins, and `of` is nothing. pair: of a pair table what it was written
    as; `of` gives the number of its cell, and its bins are the cells, row by row.
    """

    name: str
    of: Node
    text: str
    bins: tuple[Bin, ...]
    group: str | None = None
    clamp: Clamp = Clamp()
    tally: Tally | None = None
    line: int | None = field(default=None, compare=False)
    pair: Pair | None = None

    @property
    def is_condition(self) -> bool:
        """Whether it was written with `when`."""
        return any(isinstance(b.test, Holds) for b in self.bins)

    @property
    def looks(self) -> tuple[tuple[Node, tuple[Edge | Scalar | None, ...]], ...]:
        """What it looks at: each expression with the values beside which its bins differ.

        None stands where a bin is open. There are two of a pair table, else one.
        """
        if self.pair is not None:
            return tuple((axis.of, tuple(axis.edges)) for axis in self.pair.axes)
        return ((self.of, tuple(_edges(self.bins))),)


def _edges(bins: Sequence[Bin]) -> Iterator[Edge | Scalar | None]:
    """The values beside which bins differ."""
    for bin_ in bins:
        match bin_.test:
            case Range(lower, upper):
                yield from (lower, upper)
            case OneOf(values):
                yield from values


@dataclass(frozen=True, slots=True)
class Group:
    """Terms with a shared clamp."""

    name: str
    clamp: Clamp


@dataclass(frozen=True, slots=True)
class Segment:
    """Where a score puts a record: scores above `bound`, or from it on; None takes the rest.

    said: the rule in words, where it is not one of the bound: of a segment of a grid; unknown:
    whether nothing is known of one of the grid's sides.
    """

    name: str
    bound: int | None = None
    strict: bool = False
    line: int | None = field(default=None, compare=False)
    said: str = field(default="", compare=False)
    unknown: bool = field(default=False, compare=False)

    def holds(self, score: int) -> bool:
        """Whether a scaled score reaches it."""
        return self.bound is None or (score > self.bound if self.strict else score >= self.bound)

    @property
    def lowest(self) -> int | None:
        """The least scaled score that reaches it; None if every score does."""
        return None if self.bound is None else self.bound + self.strict

    @property
    def rule(self) -> str:
        """The rule in words: `more than 6`, `0 or more`, `the rest`."""
        if self.bound is None:
            return self.said or "the rest"
        bound = points_text(self.bound)
        return f"more than {bound}" if self.strict else f"{bound} or more"


@dataclass(frozen=True, slots=True)
class Example:
    """One of the card's `cases`: raw values given, and what must come out (None: not said).

    events: what happened, raw too: `event`, `at`, maybe `event_id`, and properties by name.
    """

    given: Mapping[str, str | None]
    expected: Mapping[str, str | None]
    as_of: str | None = None
    events: tuple[Mapping[str, str | None], ...] = ()
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Side:
    """What is totalled and put into a class by itself: all of a card, or one of a grid's two cards.

    name: blank for all of a card; card: as its file says it; classes: its segments, in a grid the
    cut-offs that stand in their place; file: where a grid has the card from.
    """

    name: str
    card: Scorecard
    classes: tuple[Segment, ...]
    file: str = field(default="", compare=False)

    @property
    def prefix(self) -> str:
        """What its lines begin with: `fit: `; nothing for a card by itself."""
        return f"{self.name}: " if self.name else ""

    @cached_property
    def steps(self) -> tuple[list[int], list[int]]:
        """Ascending scores at which the class changes, and the places below and from each."""
        cuts: list[int] = []
        places: list[int] = []
        for place, segment in enumerate(self.classes):
            if segment.lowest is None:
                return cuts[::-1], [place, *places[::-1]]
            if not cuts or segment.lowest < cuts[-1]:
                cuts.append(segment.lowest)
                places.append(place)
        return [], [0]

    def place(self, total: int) -> int:
        """The place of the first class that a scaled total reaches; 0 where there are none."""
        cuts, places = self.steps
        return places[bisect_right(cuts, total)]


@dataclass(frozen=True)
class Scorecard:
    """A card as checked; equal fingerprints score equally, everywhere and for ever.

    parts: of a grid its two cards; it is itself the table of the terms of both, and its segments
    are all pairs of their classes (`scorecard.grid`). probability: what a score means; learned:
    how the card was made, (name, text) for people.
    """

    name: str
    fields: tuple[Field, ...]
    terms: tuple[Term, ...]
    segments: tuple[Segment, ...] = ()
    title: str = ""
    objective: str = ""
    key: str | None = None
    base: int = 0
    groups: tuple[Group, ...] = ()
    total: Clamp = Clamp()
    cases: tuple[Example, ...] = ()
    events: tuple[Event, ...] = ()
    features: tuple[Feature, ...] = ()
    parts: tuple[Side, ...] = ()
    probability: Probability | None = None
    learned: tuple[tuple[str, str], ...] = ()

    @property
    def counts_events(self) -> bool:
        """Whether a score needs to know what happened."""
        return bool(self.tallies or self.features)

    @cached_property
    def bursts(self) -> dict[str, Burst]:
        """What is a burst, by the kinds of event that are chosen from and have bursts ignored."""
        events = {choice.event.name: choice.event.burst for choice in self.choices}
        return {name: burst for name, burst in events.items() if burst is not None}

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """All that chooses events: tallies of terms, then features."""
        return (*(tally for _, tally in self.tallies), *self.features)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """What the score is the sum of: the card itself, or the two cards of a grid."""
        return self.parts or (Side("", self, self.segments),)

    @cached_property
    def tallies(self) -> tuple[tuple[int, Tally], ...]:
        """(place of the term, tally) of the terms that count events."""
        return tuple((n, t.tally) for n, t in enumerate(self.terms) if t.tally is not None)

    @cached_property
    def timed(self) -> tuple[Term, ...]:
        """The terms whose condition or value reads the moment of scoring."""
        return tuple(term for term in self.terms if reads_time(term.of))

    @cached_property
    def turning_days(self) -> dict[str, tuple[int, ...] | None]:
        """By the features that count days: the days at which a score can change by them,
        ascending; None where any day can.
        """
        counted = [feature.name for feature in self.features if feature.take.startswith("days")]
        read = [look for term in self.terms for look in term.looks]
        return {name: turning_numbers(read, name) for name in counted}

    @cached_property
    def field(self) -> dict[str, Field]:
        """Fields by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def group(self) -> dict[str, Group]:
        """Groups by name."""
        return {g.name: g for g in self.groups}

    @cached_property
    def facts(self) -> frozenset[str]:
        """The fact columns that the terms read, such as `email__kind`."""
        nodes = (node for term in self.terms for node in walk(term.of))
        return frozenset(n.column for n in nodes if isinstance(n, Ref) and n.fact)

    @cached_property
    def whole(self) -> bool:
        """Whether every score is a whole number."""
        if self.parts:
            return all(side.card.whole for side in self.parts)
        clamps = [g.clamp for g in self.groups] + [self.total]
        numbers = [self.base, *(b.points for t in self.terms for b in t.bins)]
        if any(tally.ageing is not None for _, tally in self.tallies):
            return False
        numbers += [tally.points for _, tally in self.tallies]
        clamps += [self.terms[place].clamp for place, _ in self.tallies]
        numbers += [n for c in clamps for n in (c.floor, c.cap) if n is not None]
        return all(number % 10_000 == 0 for number in numbers)

    @cached_property
    def fingerprint(self) -> str:
        """32 hexadecimal digits of the card's meaning; titles, cases and comments don't count."""
        text = json.dumps(_meaning(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def segment_of(self, *totals: int, unknown: Sequence[bool] = ()) -> Segment | None:
        """The segment of the scaled total of each side; None for a card without segments."""
        return (
            self.segments[self.segment_place(*totals, unknown=unknown)] if self.segments else None
        )

    def segment_place(self, *totals: int, unknown: Sequence[bool] = ()) -> int:
        """The place of that segment; 0 for a card without segments.

        unknown: the sides of which nothing is known; none unless said.
        """
        if not self.parts:
            return self.sides[0].place(totals[0])
        place = 0
        for number, side in enumerate(self.sides):
            at = side.place(totals[number])
            if unknown and unknown[number]:
                at = len(side.classes)
            place = place * (len(side.classes) + 1) + at
        return place


def _meaning(card: Scorecard) -> dict[str, object]:
    if card.parts:
        return {"meaning": MEANING, "grid": [_side_meaning(side) for side in card.parts]}
    return {
        "meaning": MEANING,
        "fields": {f.name: f.meaning for f in card.fields},
        "terms": [_term_meaning(term) for term in card.terms],
        "base": card.base,
        "groups": {g.name: [g.clamp.floor, g.clamp.cap] for g in card.groups},
        "total": [card.total.floor, card.total.cap],
        "segments": _segments_meaning(card.segments),
        **({"events": {e.name: e.meaning for e in card.events}} if card.events else {}),
        **({"features": {f.name: f.meaning for f in card.features}} if card.features else {}),
        **({} if card.probability is None else {"probability": card.probability.meaning}),
    }


def _side_meaning(side: Side) -> list[object]:
    return [side.name, side.card.fingerprint, _segments_meaning(side.classes)]


def _segments_meaning(segments: Sequence[Segment]) -> list[object]:
    return [[s.name, s.bound, s.strict] for s in segments]


def _term_meaning(term: Term) -> list[object]:
    clamp = [term.clamp.floor, term.clamp.cap]
    if term.tally is not None:
        return [term.name, term.tally.meaning, term.group, clamp]
    if term.pair is not None:
        axes = [_axis_meaning(axis) for axis in term.pair.axes]
        return [term.name, ["pair", *axes], [b.points for b in term.bins], term.group, clamp]
    bins = [[_test_meaning(b.test), b.points] for b in term.bins]
    return [term.name, canonical(term.of), bins, term.group, clamp]


def _axis_meaning(axis: Axis) -> list[object]:
    return [canonical(axis.of), [_test_meaning(b.test) for b in axis.bins]]


def _test_meaning(test: Test) -> list[object]:
    match test:
        case Range(lower, upper):
            return ["range", canonical_value(lower), canonical_value(upper)]
        case OneOf(values):
            return ["one of", *(canonical_value(value) for value in values)]
        case _:
            return [type(test).__name__.lower()]
