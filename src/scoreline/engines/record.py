"""The record engine: one typed record in process, by a function generated for the card.

The only place that compiles code. Its source is written from the checked tree by
`language.pyfunc` and holds numbered names and integers, never a text of the card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from scoreline.engines.base import Result
from scoreline.errors import UsageError
from scoreline.language.fields import Kind
from scoreline.language.kleene import OPEN, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, Ref, fields_read, reads_time, walk
from scoreline.scorecard.interval import interval, next_question
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import (
    Bin,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Scorecard,
    Term,
)
from scoreline.scorecard.points import unscaled
from scoreline.scorecard.reasons import adjustments, term_reasons

Masks = Callable[[Mapping[str, Any], dt.datetime], tuple[int, ...]]
"""(typed record, as_of) -> mask, open terms as a mask, then the sum of each slot."""

PYTHON_TYPES: dict[Kind, tuple[type, ...]] = {
    "text": (str,),
    "choice": (str,),
    "number": (int, float),
    "yes/no": (bool,),
    "date": (dt.date,),
    "time": (dt.datetime,),
}


def compile_card(card: Scorecard) -> CompiledCard:
    """The card as a function of a record; the same object for cards that mean the same."""
    return _compiled(_Key(card))


class _Key:
    """A card by its meaning and the two orders that only ties and lines depend on."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        order = (tuple(card.field), tuple(card.group))
        self.identity = (card.fingerprint, order)

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity


@lru_cache(maxsize=64)
def _compiled(key: _Key) -> CompiledCard:
    return CompiledCard(key.card)


class CompiledCard:
    """A card compiled for scoring typed records one by one."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self.layout = Layout(card)
        self.source, self._masks = generate(self.layout)
        self._reasons = term_reasons(self.layout)
        self._clamped = bool(card.groups) or not card.total.is_open or card.base != 0
        self._segments = tuple((s.lowest, s.name) for s in card.segments)

    def score(self, values: Mapping[str, Any], as_of: dt.datetime) -> Result:
        """The result of a typed record.

        values: by field name and fact column (`email__kind`); None, NaN or absent is missing.
        as_of: an aware moment in UTC. Raises UsageError for a value that is not of its type.
        """
        try:
            mask, open_mask, *sums = self._masks(values, as_of)
        except (TypeError, AttributeError):
            self._explain_types(values)
            raise
        layout = self.layout
        total = layout.total(sums) if self._clamped else sums[0]
        segment = self._segment(total)
        low = high = total
        certain, ask = True, ""
        open_terms: tuple[int, ...] = ()
        if open_mask:
            open_terms = _places(open_mask)
            low, high = interval(layout, mask, sums, open_terms)
            certain = low == high or self._segment(low) == self._segment(high)
            if not certain:
                missing = [f for f in layout.readers if _is_missing(values.get(f))]
                ask = next_question(layout, mask, sums, open_terms, missing)
        return Result(
            unscaled(total),
            segment,
            unscaled(low),
            unscaled(high),
            certain,
            ask,
            self._lines(mask, sums),
            self.card.fingerprint,
            as_of,
            mask,
            open_terms,
        )

    def _segment(self, score: int) -> str | None:
        for lowest, name in self._segments:
            if lowest is None or score >= lowest:
                return name
        return None

    def _lines(self, mask: int, sums: list[int]) -> tuple[Any, ...]:
        reasons = self._reasons
        mask &= self.layout.strong
        lines = []
        while mask:
            lowest = mask & -mask
            lines.append(reasons[lowest.bit_length() - 1])
            mask ^= lowest
        if self._clamped:
            lines += adjustments(self.layout, sums)
        return tuple(lines)

    def _explain_types(self, values: Mapping[str, Any]) -> None:
        for field in self.card.fields:
            value, allowed = values.get(field.name), PYTHON_TYPES[field.kind]
            if not (value is None or isinstance(value, allowed)) or (
                field.kind == "time" and isinstance(value, dt.datetime) and value.tzinfo is None
            ):
                raise UsageError(
                    f"The value of `{field.name}` is a {type(value).__name__}; "
                    f"a typed {field.type} is {' or '.join(t.__name__ for t in allowed)}"
                    f"{' with a time zone' if field.kind == 'time' else ''}.",
                    "Use score() for raw values; score_typed() takes them already typed.",
                ) from None


def _is_missing(value: object) -> bool:
    return value is None or value != value


def _places(mask: int) -> tuple[int, ...]:
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(places)


# -- code generation -----------------------------------------------------------------------------


def generate(layout: Layout) -> tuple[str, Masks]:
    """(source, function) that gives mask, open terms and slot sums of a typed record."""
    writer = _Writer(layout)
    for place, term in enumerate(layout.card.terms):
        writer.term(place, term)
    source = writer.source()
    namespace = dict(writer.emitter.constants)
    exec(compile(source, "<scorecard>", "exec"), namespace)  # noqa: S102 - see the module's head
    return source, namespace["masks"]


class _Writer:
    """Writes the body of the generated function, a term at a time."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.emitter = Emitter()
        self.emitter.constants.update(openly=openly, OPEN=OPEN)
        self.body: list[str] = []
        self.opened_by: dict[str, int] = {}

    def term(self, place: int, term: Term) -> None:
        """The code of one term: its bits, its points, whether it is open."""
        if term.is_condition:
            self.condition(place, term)
        else:
            self.bins(place, term)
        self.openness(place, term.of)

    def condition(self, place: int, term: Term) -> None:
        """A `when` term: true, else perhaps unknown."""
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Holds):
                self.branch("if", self.emitter.true(term.of), place, number)
            else:
                self.branch("elif", f"not {self.emitter.false(term.of)}", place, number)

    def bins(self, place: int, term: Term) -> None:
        """An `of` term: unknown, else the first bin that holds."""
        value = self.emitter.value(term.of)
        if not isinstance(term.of, Ref):
            self.body.append(f"x = {value}")
            value = "x"
        self.body.append(f"if {value} is None:")
        self.body.append("  pass")
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Missing):
                self.body.pop()
                self.hit(place, number)
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Otherwise):
                self.body.append("else:")
                self.hit(place, number)
            elif not isinstance(bin_.test, Missing):
                self.branch("elif", self.bin_test(bin_, value), place, number)

    def bin_test(self, bin_: Bin, value: str) -> str:
        """Source that is true when a known value falls into the bin."""
        match bin_.test:
            case OneOf(values=(only,)):
                return f"{value} == {self.emitter.constant(only)}"
            case OneOf(values=values):
                return f"{value} in {self.emitter.constant(frozenset(values))}"
            case Range(lower, upper):
                tests = []
                if lower is not None:
                    tests.append(f"{value} >= {self.emitter.constant(lower)}")
                if upper is not None:
                    tests.append(f"{value} < {self.emitter.constant(upper)}")
                return " and ".join(tests) or "True"
        raise AssertionError(bin_)  # the other tests have code of their own

    def branch(self, word: str, test: str, place: int, number: int) -> None:
        """`if test:` with what a bin does."""
        self.body.append(f"{word} {test}:")
        self.hit(place, number)

    def hit(self, place: int, number: int) -> None:
        """A bin holds: its bit, and its points in the slot of its term."""
        bit = self.layout.place[place, number]
        points = self.layout.bits[bit].points
        self.body.append(f"  m |= {1 << bit}")
        if points:
            self.body.append(f"  g{self.layout.slots[place]} += {points}")

    def openness(self, place: int, node: Node) -> None:
        """Whether the term is open, where a field it reads is missing."""
        read = fields_read(node)
        if len(read) == 1 and not reads_time(node):
            # With its only field missing the answer does not depend on the record.
            if openly(node, {}, None) is OPEN:
                self.opened_by[read[0]] = self.opened_by.get(read[0], 0) | 1 << place
            return
        if not read:
            return
        missing = " or ".join(f"{self.emitter.variable(name)} is None" for name in read)
        if node.kind == "yes/no" and is_plain(node):
            self.emitter.openly = True
            settled = f"{self.emitter.true(node)} or {self.emitter.false(node)}"
            self.emitter.openly = False
            self.body.append(f"if ({missing}) and not ({settled}):")
        else:
            tree = self.emitter.constant(node)
            self.body.append(f"if ({missing}) and openly({tree}, record, as_of) is OPEN:")
        self.body.append(f"  o |= {1 << place}")

    def source(self) -> str:
        """The whole function."""
        opened = [
            f"if {self.emitter.variable(name)} is None: o |= {mask}"
            for name, mask in self.opened_by.items()
        ]
        slots = [f"g{slot}" for slot in range(len(self.layout.clamps))]
        numbers = {
            part.column
            for term in self.layout.card.terms
            for part in walk(term.of)
            if isinstance(part, Ref) and part.kind == "number"
        }
        read = []
        for column, variable in self.emitter.variables.items():
            read.append(f"{variable} = get({self.emitter.constant(column)})")
            if column in numbers:
                read.append(f"if {variable} != {variable}: {variable} = None")
        lines = [
            "get = record.get",
            *read,
            f"m = o = {' = '.join(slots)} = 0",
            *self.body,
            *opened,
            f"return m, o, {', '.join(slots)}",
        ]
        return "def masks(record, as_of):\n" + "\n".join(f"  {line}" for line in lines) + "\n"
