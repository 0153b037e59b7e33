"""A card -> the source of a Python function of one record, and that function.

The only place that compiles code. Its source is written from the checked tree by
`language.pyfunc` and holds numbered names and integers, never a text of the card.

A record is read in one go and a term is a chain of `if`s that adds to the sum of its slot and to a
*block* of the mask. Blocks are ten bits, so that the reasons of a block are one look-up and their
lines, block after block, are in order. What only a record with a missing value needs stands at the
end, behind one test.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.record.columns import Classes, picker
from scoreline.engines.record.lines import Adjustments, Lines
from scoreline.language.fields import Kind
from scoreline.language.kleene import OPEN, is_strict, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, Ref, fields_read, reads_time, refs, walk
from scoreline.scorecard.firstbin import FirstBin
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Bin, Clamp, Holds, Missing, OneOf, Otherwise, Range, Term
from scoreline.scorecard.points import SCALE, unscaled
from scoreline.scorecard.reasons import Reason, base_lines, term_reasons

Score = Callable[[Mapping[str, Any], dt.datetime], Result]
Unsettled = Callable[
    [Mapping[str, Any], dt.datetime, int, int, int, int, int, tuple[int, ...], tuple[Reason, ...]],
    Result,
]
"""(record, as_of, score, low, high, mask, open terms as a mask, sum of each slot, reasons)."""

BLOCK_BITS = 10
MANY = 16
"""With more bins than these, the bin of a value is looked up."""


def generate(layout: Layout, unsettled: Unsettled) -> tuple[str, Score]:
    """(source, function) that gives the result of a typed record.

    unsettled: gives the result of a record that has open terms.

    A term that reads one field and no fact has the same points whenever it is missing. A first pass
    finds them by scoring an empty record, so that the second can add its share of the interval
    as a constant.
    """
    _, first = _compile(layout, unsettled, empty=0)
    empty = first({}, dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).mask
    return _compile(layout, unsettled, empty)


def _compile(layout: Layout, unsettled: Unsettled, empty: int) -> tuple[str, Score]:
    writer = _Writer(layout, empty)
    for place, term in enumerate(layout.card.terms):
        writer.term(place, term)
    source = writer.source()
    ours = {"Result": Result, "bisect_right": bisect_right, "unscaled": unscaled}
    namespace = {**writer.emitter.constants, **ours, "unsettled": unsettled}
    exec(compile(source, "<scorecard>", "exec"), namespace)  # noqa: S102 - see the module's head
    return source, namespace["score"]


class _Writer:
    """Writes the body of the generated function, a term at a time.

    empty: the mask of an empty record.
    """

    def __init__(self, layout: Layout, empty: int) -> None:
        self.layout = layout
        self.empty = empty
        self.emitter = Emitter()
        self.body: list[str] = []
        self.gaps: list[str] = []
        self.opened_by: dict[str, list[int]] = {}

    def term(self, place: int, term: Term) -> None:
        """The code of one term: its bits, its points, whether it is open."""
        gaps = self.openness(place, term.of)
        # Only a term that may be open by more than its one field needs its own points again.
        points = f"p{place}" if gaps else ""
        lines = [f"{points} = 0"] if gaps else []
        write = self.condition if term.is_condition else self.bins
        lines += write(place, term, points)
        self.body += [*self.emitter.taken_setup(), *lines]
        self.gaps += gaps

    def condition(self, place: int, term: Term, points: str) -> list[str]:
        """A `when` term: true, else perhaps unknown."""
        lines = []
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Holds):
                lines.append(f"if {self.emitter.true(term.of)}:")
            else:
                lines.append(f"elif not {self.emitter.false(term.of)}:")
            lines += self.hit(place, number, points)
        return lines

    def bins(self, place: int, term: Term, points: str) -> list[str]:
        """An `of` term: unknown, else the first bin that holds."""
        value = self.emitter.value(term.of)
        lines = []
        if not value.isidentifier():
            lines.append(f"x = {value}")
            value = "x"
        missing = [n for n, b in enumerate(term.bins) if isinstance(b.test, Missing)]
        lines.append(f"if {value} is None:")
        lines += self.hit(place, missing[0], points) if missing else ["  pass"]
        if len(term.bins) > MANY:
            found = self.emitter.constant(FirstBin(term))
            known = [n for n, b in enumerate(term.bins) if not isinstance(b.test, Missing)]
            return [
                *lines,
                "else:",
                f"  n = {found}({value})",
                "  if n is not None:",
                *(f"    {line}" for line in self.chosen(place, known, points)),
            ]
        below: object = None
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Missing):
                continue
            if isinstance(bin_.test, Otherwise):
                lines.append("else:")
            else:
                lines.append(f"elif {self.bin_test(bin_, value, below)}:")
                below = _covered(bin_, below)
            lines += self.hit(place, number, points)
        return lines

    def chosen(self, place: int, numbers: Sequence[int], points: str) -> list[str]:
        """The hit of bin `n`, found by halves: a chain of thousands is too deep for Python."""
        if len(numbers) == 1:
            return [line.removeprefix("  ") for line in self.hit(place, numbers[0], points)]
        half = len(numbers) // 2
        lower, upper = (
            [f"  {line}" for line in self.chosen(place, part, points)]
            for part in (numbers[:half], numbers[half:])
        )
        return [f"if n < {numbers[half]}:", *lower, "else:", *upper]

    def bin_test(self, bin_: Bin, value: str, below: object) -> str:
        """Source that is true when a known value falls into the bin.

        below: no value below this one gets here, for the bins before took them all.
        """
        match bin_.test:
            case OneOf(values=(only,)):
                return f"{value} == {self.emitter.constant(only)}"
            case OneOf(values=values):
                return f"{value} in {self.emitter.constant(frozenset(values))}"
            case Range(lower, upper):
                tests = []
                if lower is not None and lower != below:
                    tests.append(f"{value} >= {self.emitter.constant(lower)}")
                if upper is not None:
                    tests.append(f"{value} < {self.emitter.constant(upper)}")
                return " and ".join(tests) or "True"
        raise AssertionError(bin_)  # the other tests have code of their own

    def hit(self, place: int, number: int, points: str) -> list[str]:
        """A bin holds: its bit and its points."""
        bit = self.layout.place[place, number]
        block, inside = divmod(bit, BLOCK_BITS)
        lines = [f"  b{block} += {1 << inside}"]
        if worth := self.layout.bits[bit].points:
            lines.append(f"  g{self.layout.slots[place]} += {worth}")
            if points:
                lines.append(f"  {points} = {worth}")
        return lines

    def openness(self, place: int, node: Node) -> list[str]:
        """Code for whether the term is open; none if its only field being missing says it all."""
        read = fields_read(node)
        if not read:
            return []
        facts = any(ref.fact for ref in refs(node))
        missing = " or ".join(f"{self.emitter.variable(name)} is None" for name in read)
        if len(read) == 1 and not reads_time(node):
            # With its only field missing it is open in every record, or in none.
            if openly(node, {}, None) is not OPEN:
                return []
            if not facts:
                self.opened_by.setdefault(read[0], []).append(place)
                return []
            # An invalid field is missing too, but its facts are not: points vary.
            test = missing
        elif is_strict(node):
            test = missing
        elif node.kind == "yes/no" and is_plain(node):
            self.emitter.openly = True
            settled = f"{self.emitter.true(node)} or {self.emitter.false(node)}"
            self.emitter.openly = False
            test = f"({missing}) and not ({settled})"
        else:
            self.emitter.constants.update(openly=openly, OPEN=OPEN)
            tree = self.emitter.constant(node)
            test = f"({missing}) and openly({tree}, record, as_of) is OPEN"
        slot, (least, most) = self.layout.slots[place], self.layout.extremes[place]
        return [
            f"if {test}:",
            f"  o += {1 << place}",
            f"  l{slot} += {least} - p{place}",
            f"  h{slot} += {most} - p{place}",
        ]

    def opened(self) -> list[str]:
        """For each field that is missing: the terms it opens, and their share of the interval."""
        lines = []
        for name, opened in self.opened_by.items():
            lines.append(f"if {self.emitter.variable(name)} is None:")
            lines.append(f"  o += {sum(1 << place for place in opened)}")
            for slot in sorted({self.layout.slots[place] for place in opened}):
                inside = [place for place in opened if self.layout.slots[place] == slot]
                now = sum(self.now(place) for place in inside)
                for end, side in enumerate("lh"):
                    if far := sum(self.layout.extremes[place][end] for place in inside) - now:
                        lines.append(f"  {side}{slot} += {far}")
        return lines

    def now(self, place: int) -> int:
        """The points of a term in an empty record."""
        lit = self.empty & self.layout.term_masks[place]
        return self.layout.points_at[place].get(lit, 0)

    def total(self, to: str, slots: Sequence[str]) -> list[str]:
        """Code that adds the slots up, each group inside its clamp; base and total's clamp last."""
        lines, parts = [], [slots[0]]
        for slot, part in enumerate(slots[1:], start=1):
            lines.append(f"{to}{slot} = {part}")
            lines += _clamp(f"{to}{slot}", self.layout.clamps[slot])
            parts.append(f"{to}{slot}")
        return [*lines, f"{to} = {' + '.join([*parts, str(self.layout.card.base)])}"]

    def source(self) -> str:
        """The whole function."""
        card, slots = self.layout.card, range(len(self.layout.clamps))
        sums = [f"g{slot}" for slot in slots]
        opened = [*self.gaps, *self.opened()]
        lines = [
            *self.reads(),
            f"{' = '.join([*self.blocks, *sums])} = 0",
            *self.body,
            *self.total("s", sums),
            "u = s",
            *_clamp("u", card.total),
            f"m = {' | '.join(f'{b} << {n * BLOCK_BITS}' for n, b in enumerate(self.blocks))}",
            *self.reasons(sums),
        ]
        if opened:
            lines += ["if gaps:", *(f"  {line}" for line in self.unsettled(opened, sums))]
        fingerprint = self.emitter.constant(card.fingerprint)
        lines += [
            f"n = u // {SCALE}" if card.whole else "n = unscaled(u)",
            f"return Result(n, {self.segment()}, n, n, True, '', r, {fingerprint}, as_of, m, 0)",
        ]
        return "def score(record, as_of):\n" + "\n".join(f"  {line}" for line in lines) + "\n"

    @property
    def blocks(self) -> list[str]:
        """The names of the mask's blocks."""
        return [f"b{n}" for n in range(max(1, -(-len(self.layout.bits) // BLOCK_BITS)))]

    def reasons(self, sums: Sequence[str]) -> list[str]:
        """Code that gives the reasons as `r`: those of each block, then the adjustments."""
        lit = term_reasons(self.layout)
        parts = []
        for number, block in enumerate(self.blocks):
            inside = lit[number * BLOCK_BITS : (number + 1) * BLOCK_BITS]
            if any(reason.scaled for reason in inside):
                parts.append(f"*{self.emitter.constant(Lines(inside))}[{block}]")
        table = self.emitter.constant(Adjustments(self.layout))
        usual = self.emitter.constant(tuple(base_lines(self.layout.card)))
        bites = [f"s{slot} != g{slot}" for slot in range(1, len(sums))] + ["u != s"]
        parts.append(f"*({table}[{', '.join(sums)},] if {' or '.join(bites)} else {usual})")
        return [f"r = ({', '.join(parts)},)"]

    def unsettled(self, opened: Sequence[str], sums: Sequence[str]) -> list[str]:
        """Code for a record with missing values: its interval, where a term is open."""
        ends = [f"{side}{slot}" for side in "lh" for slot in range(len(sums))]
        return [
            f"{' = '.join(['o', *ends])} = 0",
            *opened,
            "if o:",
            *(f"  {line}" for line in self.end("low", "l", sums)),
            *(f"  {line}" for line in self.end("high", "h", sums)),
            f"  return unsettled(record, as_of, u, low, high, m, o, ({', '.join(sums)},), r)",
        ]

    def end(self, to: str, side: str, sums: Sequence[str]) -> list[str]:
        """Code for one end of the interval."""
        slots = [f"{part} + {side}{slot}" for slot, part in enumerate(sums)]
        return [*self.total(to, slots), *_clamp(to, self.layout.card.total)]

    def segment(self) -> str:
        """Source of the segment of the score `u`."""
        card = self.layout.card
        if not card.segments:
            return "None"
        cuts, places = card.steps
        names = self.emitter.constant([card.segments[place].name for place in places])
        return f"{names}[bisect_right({self.emitter.constant(cuts)}, u)]"

    def reads(self) -> list[str]:
        """Each column into its variable, refused if it is not of its type; NaN is missing."""
        columns = self.emitter.variables
        if not columns:
            return []
        kinds = [self.kinds[column] for column in columns]
        numbers = [v for v, kind in zip(columns.values(), kinds, strict=True) if kind == "number"]
        pick, all_of = self.emitter.constant(picker(columns)), self.emitter.constant(tuple(columns))
        return [
            # A mapping of another class may make what it lacks, or know it by `get` alone.
            "try:",
            f"  row = {pick}(record) if record.__class__ is dict else None",
            "except KeyError:",
            "  row = None",
            f"if row is None: row = tuple(map(record.get, {all_of}))",
            f"floats, gaps = {self.emitter.constant(Classes(kinds))}[tuple(map(type, row))]",
            "if floats:",
            "  row = list(row)",
            "  for place in floats: row[place] = float(row[place])",
            f"{', '.join(columns.values())}, = row",
            *(f"if {v} != {v}: {v}, gaps = None, True" for v in numbers),
        ]

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each column that the card can read."""
        nodes = (part for term in self.layout.card.terms for part in walk(term.of))
        facts = {part.column: part.kind for part in nodes if isinstance(part, Ref)}
        return {field.name: field.kind for field in self.layout.card.fields} | facts


def _covered(bin_: Bin, below: object) -> object:
    """The value below which no known value is left, once this bin had its chance."""
    match bin_.test:
        case Range(lower, upper) if upper is not None and (lower is None or lower == below):
            return upper
    return below


def _clamp(name: str, clamp: Clamp) -> list[str]:
    """Code that brings a variable into a clamp; the floor first, as `Clamp.apply` does."""
    lines = []
    if clamp.floor is not None:
        lines.append(f"if {name} < {clamp.floor}: {name} = {clamp.floor}")
    if clamp.cap is not None:
        lines.append(f"if {name} > {clamp.cap}: {name} = {clamp.cap}")
    return lines
