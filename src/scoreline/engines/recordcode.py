"""A card -> the source of a Python function of one record, and that function.

The only place that compiles code. Its source is written from the checked tree by
`language.pyfunc` and holds numbered names and integers, never a text of the card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from scoreline.language.fields import Kind
from scoreline.language.kleene import OPEN, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, Ref, fields_read, reads_time, refs, walk
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Bin, Clamp, Holds, Missing, OneOf, Otherwise, Range, Term

Masks = Callable[
    [Mapping[str, Any], dt.datetime], tuple[int, int, int, int, int, bool, tuple[int, ...]]
]
"""(typed record, as_of) -> mask, open terms as a mask, score, low, high, whether there are
adjustments, the sum of each slot."""


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
        """Each column into its variable, refused if it is not of its type; NaN is missing."""
        kinds = {
            part.column: part.kind
            for term in self.layout.card.terms
            for part in walk(term.of)
            if isinstance(part, Ref)
        }
        kinds = {field.name: field.kind for field in self.layout.card.fields} | kinds
        lines = []
        for column, variable in self.emitter.variables.items():
            kind = kinds[column]
            name = self.emitter.constant(partial(typed, kind))
            exact = self.emitter.constant(EXACT[kind])
            lines.append(f"{variable} = get({self.emitter.constant(column)})")
            lines.append(f"if {variable} is not None:")
            lines.append(
                f"  if {variable}.__class__ is not {exact}: {variable} = {name}({variable})"
            )
            if kind == "number":
                lines.append(f"  if {variable} != {variable}: {variable} = None")
        return lines


EXACT: dict[Kind, type] = {
    "text": str,
    "choice": str,
    "number": float,
    "yes/no": bool,
    "date": dt.date,
    "time": dt.datetime,
}
"""The class that values of a kind usually have."""


def typed(kind: Kind, value: Any) -> Any:
    """A typed value of an unusual class as a usual one; raises TypeError if it is of another kind.

    >>> typed("number", 3)
    3.0
    """
    fits: bool = isinstance(value, EXACT[kind])
    if kind == "number":
        if fits or (isinstance(value, int) and not isinstance(value, bool)):
            return float(value)
    elif fits and not (kind == "date" and isinstance(value, dt.datetime)):
        return value
    raise TypeError(kind)


def _clamp(name: str, clamp: Clamp) -> list[str]:
    """Code that brings a variable into a clamp; the floor first, as `Clamp.apply` does."""
    lines = []
    if clamp.floor is not None:
        lines.append(f"if {name} < {clamp.floor}: {name} = {clamp.floor}")
    if clamp.cap is not None:
        lines.append(f"if {name} > {clamp.cap}: {name} = {clamp.cap}")
    return lines
