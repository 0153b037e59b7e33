"""The record engine: one typed record in process, by a function generated for the card.

The only place that compiles code. Its source is written from the checked tree by
`language.pyfunc` and holds numbered names and integers, never a text of the card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from scoreline.engines.base import Result
from scoreline.errors import UsageError
from scoreline.language.fields import Kind
from scoreline.language.kleene import OPEN, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, Ref, fields_read, reads_time, refs, walk
from scoreline.scorecard.interval import next_question
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import (
    Bin,
    Clamp,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Scorecard,
    Term,
)
from scoreline.scorecard.points import unscaled
from scoreline.scorecard.reasons import Reason, adjustments, term_reasons

Masks = Callable[
    [Mapping[str, Any], dt.datetime], tuple[int, int, int, int, int, bool, tuple[int, ...]]
]
"""(typed record, as_of) -> mask, open terms as a mask, score, low, high, whether there are
adjustments, the sum of each slot."""

CHUNK_BITS = 8
CHUNK = (1 << CHUNK_BITS) - 1
"""Reasons are looked up for eight bits of the mask at once."""

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
        self._strong = self.layout.strong
        self._chunks = [
            lru_cache(maxsize=4096)(partial(_chunk_reasons, reasons))
            for reasons in _runs(term_reasons(self.layout), CHUNK_BITS)
        ]
        # Few sums bite in many ways: equal ones are worked out once.
        self._adjustments = lru_cache(maxsize=65_536)(
            lambda sums: tuple(adjustments(self.layout, sums))
        )
        self._segments = tuple((s.lowest, s.name) for s in card.segments)
        self._fingerprint = card.fingerprint

    def score(self, values: Mapping[str, Any], as_of: dt.datetime) -> Result:
        """The result of a typed record.

        values: by field name and fact column (`email__kind`); None, NaN or absent is missing.
        as_of: an aware moment in UTC. Raises UsageError for a value that is not of its type.
        """
        try:
            mask, opened, total, low, high, bites, sums = self._masks(values, as_of)
        except (TypeError, AttributeError):
            self._explain_types(values)
            raise
        segment = self._segment(total)
        certain, ask = True, ""
        open_terms: tuple[int, ...] = ()
        if opened:
            open_terms = _places(opened)
            certain = low == high or self._segment(low) == self._segment(high)
            if not certain:
                missing = [f for f in self.layout.readers if _is_missing(values.get(f))]
                ask = next_question(self.layout, mask, sums, open_terms, missing)
        lines: tuple[Reason, ...] = ()
        strong = mask & self._strong
        for chunk in self._chunks:
            if not strong:
                break
            lines += chunk(strong & CHUNK)
            strong >>= CHUNK_BITS
        if bites:
            lines += self._adjustments(sums)
        return Result(
            unscaled(total),
            segment,
            unscaled(low),
            unscaled(high),
            certain,
            ask,
            lines,
            self._fingerprint,
            as_of,
            mask,
            open_terms,
        )

    def _segment(self, score: int) -> str | None:
        for lowest, name in self._segments:
            if lowest is None or score >= lowest:
                return name
        return None

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


def _runs(items: Sequence[Reason], size: int) -> Iterator[Sequence[Reason]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _chunk_reasons(reasons: Sequence[Reason], bits: int) -> tuple[Reason, ...]:
    return tuple(reasons[place] for place in _places(bits))


def _places(mask: int) -> tuple[int, ...]:
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(places)


# -- code generation -----------------------------------------------------------------------------


def generate(layout: Layout) -> tuple[str, Masks]:
    """(source, function) that gives mask, open terms, score and interval of a typed record.

    A term that reads one field and no fact has the same points whenever it is missing. A first pass
    finds them by scoring an empty record, so that the second can add its share of the interval
    as a constant.
    """
    _, first = _compile(layout, empty=0)
    empty, *_ = first({}, dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    return _compile(layout, empty)


def _compile(layout: Layout, empty: int) -> tuple[str, Masks]:
    writer = _Writer(layout, empty)
    for place, term in enumerate(layout.card.terms):
        writer.term(place, term)
    source = writer.source()
    namespace = dict(writer.emitter.constants)
    exec(compile(source, "<scorecard>", "exec"), namespace)  # noqa: S102 - see the module's head
    return source, namespace["masks"]


class _Writer:
    """Writes the body of the generated function, a term at a time.

    empty: the mask of an empty record.
    """

    def __init__(self, layout: Layout, empty: int) -> None:
        self.layout = layout
        self.empty = empty
        self.emitter = Emitter()
        self.emitter.constants.update(openly=openly, OPEN=OPEN)
        self.body: list[str] = []
        self.opened_by: dict[str, list[int]] = {}

    def term(self, place: int, term: Term) -> None:
        """The code of one term: its bits, its points (as `p`), whether it is open."""
        self.body.append("p = 0")
        if term.is_condition:
            self.condition(place, term)
        else:
            self.bins(place, term)
        self.body.append(f"g{self.layout.slots[place]} += p")
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
        missing = [n for n, b in enumerate(term.bins) if isinstance(b.test, Missing)]
        self.body.append(f"if {value} is None:")
        if missing:
            self.hit(place, missing[0])
        else:
            self.body.append("  pass")
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
        """A bin holds: its bit and its points."""
        bit = self.layout.place[place, number]
        self.body.append(f"  m |= {1 << bit}")
        if points := self.layout.bits[bit].points:
            self.body.append(f"  p = {points}")

    def openness(self, place: int, node: Node) -> None:
        """Whether the term is open, where a field it reads is missing."""
        read = fields_read(node)
        if not read:
            return
        missing = " or ".join(f"{self.emitter.variable(name)} is None" for name in read)
        if len(read) == 1 and not reads_time(node):
            # With its only field missing it is open in every record, or in none.
            if openly(node, {}, None) is not OPEN:
                return
            if all(ref.fact is None for ref in refs(node)):
                self.opened_by.setdefault(read[0], []).append(place)
                return
            # An invalid field is missing too, but its facts are not: points vary.
            self.body.append(f"if {missing}:")
        elif node.kind == "yes/no" and is_plain(node):
            self.emitter.openly = True
            settled = f"{self.emitter.true(node)} or {self.emitter.false(node)}"
            self.emitter.openly = False
            self.body.append(f"if ({missing}) and not ({settled}):")
        else:
            tree = self.emitter.constant(node)
            self.body.append(f"if ({missing}) and openly({tree}, record, as_of) is OPEN:")
        slot, (least, most) = self.layout.slots[place], self.layout.extremes[place]
        self.body.append(f"  o |= {1 << place}")
        self.body.append(f"  l{slot} += {least} - p")
        self.body.append(f"  h{slot} += {most} - p")

    def opened(self) -> list[str]:
        """For each field that is missing: the terms it opens, and their share of the interval."""
        lines = []
        for name, places in self.opened_by.items():
            lines.append(f"if {self.emitter.variable(name)} is None:")
            lines.append(f"  o |= {sum(1 << place for place in places)}")
            for slot in sorted({self.layout.slots[place] for place in places}):
                inside = [place for place in places if self.layout.slots[place] == slot]
                now = sum(self.now(place) for place in inside)
                for end, side in enumerate("lh"):
                    far = sum(self.layout.extremes[place][end] for place in inside)
                    lines.append(f"  {side}{slot} += {far - now}")
        return lines

    def now(self, place: int) -> int:
        """The points of a term in an empty record."""
        lit = self.empty & self.layout.term_masks[place]
        return self.layout.points_at[place].get(lit, 0)

    def total(self, to: str, slots: list[str]) -> list[str]:
        """The score of the slots' sums: clamps of groups, base, clamp of the total."""
        lines, parts = [], [slots[0]]
        for slot, clamp in list(zip(slots, self.layout.clamps, strict=True))[1:]:
            lines += [f"c = {slot}", *_clamp("c", clamp), f"{to}{len(parts)} = c"]
            parts.append(f"{to}{len(parts)}")
        lines.append(f"{to} = {' + '.join([*parts, str(self.layout.card.base)])}")
        return lines

    def source(self) -> str:
        """The whole function."""
        opened, whole = self.opened(), self.layout.card.total
        places = range(len(self.layout.clamps))
        sums = [f"g{slot}" for slot in places]
        ends = [f"{side}{slot}" for side in "lh" for slot in places]
        bites = (
            [f"s{slot} != g{slot}" for slot in places[1:]]
            + ["u != s"]
            + (["True"] if self.layout.card.base else [])
        )
        lines = [
            "get = record.get",
            *self.reads(),
            f"m = o = {' = '.join([*sums, *ends])} = 0",
            *self.body,
            *opened,
            *self.total("s", sums),
            "u = low = high = s",
            *_clamp("u", whole),
            "if o:",
            *(f"  {line}" for line in self.total("low", [f"(g{n} + l{n})" for n in places])),
            *(f"  {line}" for line in self.total("high", [f"(g{n} + h{n})" for n in places])),
            *_clamp("low", whole),
            *_clamp("high", whole),
            f"return m, o, u, low, high, {' or '.join(bites)}, ({', '.join(sums)},)",
        ]
        return "def masks(record, as_of):\n" + "\n".join(f"  {line}" for line in lines) + "\n"

    def reads(self) -> list[str]:
        """Each column into its variable; a NaN handed over as a typed value is missing."""
        numbers = {
            part.column
            for term in self.layout.card.terms
            for part in walk(term.of)
            if isinstance(part, Ref) and part.kind == "number"
        }
        lines = []
        for column, variable in self.emitter.variables.items():
            lines.append(f"{variable} = get({self.emitter.constant(column)})")
            if column in numbers:
                lines.append(f"if {variable} != {variable}: {variable} = None")
        return lines


def _clamp(name: str, clamp: Clamp) -> list[str]:
    """Code that brings a variable into a clamp; the floor first, as `Clamp.apply` does."""
    lines = []
    if clamp.floor is not None:
        lines.append(f"if {name} < {clamp.floor}: {name} = {clamp.floor}")
    if clamp.cap is not None:
        lines.append(f"if {name} > {clamp.cap}: {name} = {clamp.cap}")
    return lines
