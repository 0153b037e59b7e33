"""Terms, sums, reasons and segment as lines of Python: what every generated function holds.

A term is a chain of `if`s that adds to the sum of its slot and to a *block* of the mask. A block is
ten bits, so that its reasons are one look-up and their lines, block after block, are in order;
three blocks are a *word*, in which each has its bits in their place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.record.lines import Adjustments, Lines
from scoreline.language.fields import Kind
from scoreline.language.pyfunc import Emitter
from scoreline.language.tree import Ref, walk
from scoreline.scorecard.firstbin import FirstBin, covered
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
    Side,
    Term,
)
from scoreline.scorecard.points import SCALE, unscaled
from scoreline.scorecard.reasons import base_lines, ordered, term_reasons

BLOCK_BITS = 10
WORD_BLOCKS = 3
"""Blocks whose bits together stay a small integer, which Python adds fastest."""
WORD_BITS = WORD_BLOCKS * BLOCK_BITS
MANY = 16
"""With more bins than these, the bin of a value is looked up."""


class Writer:
    """Writes a card's terms with the expressions of an emitter."""

    def __init__(self, layout: Layout, emitter: Emitter) -> None:
        self.layout = layout
        self.emitter = emitter
        self.body: list[str] = []
        for place, term in enumerate(layout.card.terms):
            self.term(place, term)

    @property
    def namespace(self) -> dict[str, Any]:
        """What the names of the source stand for."""
        ours = {"Result": Result, "bisect_right": bisect_right, "unscaled": unscaled}
        return self.emitter.constants | ours

    def term(self, place: int, term: Term) -> None:
        """The code of one term: its bits and its points."""
        if term.tally is not None:
            self.tally(place)
            return
        lines = self.test(place, term)
        self.body += [*self.emitter.taken_setup(), *lines]

    def tally(self, place: int) -> None:
        """The code of an event term: its points are given."""
        number = [at for at, _ in self.layout.card.tallies].index(place)
        self.body.append(f"g{self.layout.slots[place]} += tallies[{number}].scaled")

    def test(self, place: int, term: Term, points: str = "") -> list[str]:
        """The chain of `if`s of a term.

        points: a variable that takes the points of the bin that holds too.
        """
        write = self.condition if term.is_condition else self.bins
        return write(place, term, points)

    def condition(self, place: int, term: Term, points: str) -> list[str]:
        """A `when` term: true, else perhaps unknown."""
        lines = []
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Holds):
                lines.append(f"if {self.emitter.true(term.of)}:")
            elif self.emitter.is_known(term.of):
                continue
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
        word = "if"
        if not self.emitter.is_known(term.of):
            missing = [n for n, b in enumerate(term.bins) if isinstance(b.test, Missing)]
            lines.append(f"if {value} is None:")
            lines += self.hit(place, missing[0], points) if missing else ["  pass"]
            word = "elif"
        if len(term.bins) > MANY:
            found = self.emitter.constant(FirstBin(term))
            known = [n for n, b in enumerate(term.bins) if not isinstance(b.test, Missing)]
            return [
                *lines,
                "else:" if word == "elif" else "if True:",
                f"  n = {found}({value})",
                "  if n is not None:",
                *(f"    {line}" for line in self.chosen(place, known, points)),
            ]
        below: object = None
        for number, bin_ in enumerate(term.bins):
            if isinstance(bin_.test, Missing):
                continue
            if isinstance(bin_.test, Otherwise):
                lines.append("else:" if word == "elif" else "if True:")
            else:
                lines.append(f"{word} {self.bin_test(bin_, value, below)}:")
                below = covered(bin_, below)
            word = "elif"
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
        lines = [f"  b{bit // BLOCK_BITS} += {1 << bit % WORD_BITS}"]
        if worth := self.layout.bits[bit].points:
            lines.append(f"  g{self.layout.slots[place]} += {worth}")
            if points:
                lines.append(f"  {points} = {worth}")
        return lines

    def points(self) -> list[str]:
        """Code from nothing to the points `u`, the mask `m` and the reasons `r`."""
        return [
            f"{' = '.join([*self.blocks, *self.sums])} = 0",
            *self.body,
            *self.totals("s", "u", self.sums),
            f"u = {' + '.join(self.sides('u'))}",
            f"m = {self.mask()}",
            *self.reasons(self.sums),
        ]

    def certain(self) -> str:
        """Source of whether the segment of a record without open terms is certain."""
        return "True"

    def question(self) -> str:
        """Source of what to ask of such a record."""
        return "''"

    def result(self) -> list[str]:
        """Code that returns the result of a record without open terms."""
        card = self.layout.card
        fingerprint = self.emitter.constant(card.fingerprint)
        return [
            f"n = u // {SCALE}" if card.whole else "n = unscaled(u)",
            f"return Result(n, {self.segment()}, n, n, {self.certain()}, {self.question()}, r, "
            f"{fingerprint}, as_of, m, 0{self.probability()})",
        ]

    def probability(self) -> str:
        """Source of what follows in a result where the card has probabilities; else none."""
        probability = self.layout.card.probability
        if probability is None:
            return ""
        cuts = self.emitter.constant(probability.cuts)
        values = self.emitter.constant(tuple(chance.values for chance in probability.chances))
        return f", (), *{values}[bisect_right({cuts}, u)]"

    @property
    def sums(self) -> list[str]:
        """The names of the sums of the slots."""
        return [f"g{slot}" for slot in range(len(self.layout.clamps))]

    def unpack(self) -> str:
        """Every column's variable, to be assigned a row."""
        return "".join(f"{variable}, " for variable in self.emitter.variables.values())

    def sides(self, of: str) -> list[str]:
        """The names of the totals of the sides."""
        return [f"{of}_{side}" for side in range(len(self.layout.spans))]

    def totals(self, to: str, held: str, slots: Sequence[str]) -> list[str]:
        """Code that adds the slots up, each group inside its clamp, for each side.

        to: begins the names of groups inside their clamps, and of totals before theirs; held: of
        totals inside their clamps.
        """
        lines = []
        for number, span in enumerate(self.layout.spans):
            first, *groups = span.slots
            card, parts = span.side.card, [slots[first]]
            for slot in groups:
                lines.append(f"{to}{slot} = {slots[slot]}")
                lines += clamped(f"{to}{slot}", self.layout.clamps[slot])
                parts.append(f"{to}{slot}")
            lines.append(f"{to}_{number} = {' + '.join([*parts, str(card.base)])}")
            lines.append(f"{held}_{number} = {to}_{number}")
            lines += clamped(f"{held}_{number}", card.total)
        return lines

    def mask(self) -> str:
        """Source of the mask: its blocks together."""
        words = [self.blocks[n : n + WORD_BLOCKS] for n in range(0, len(self.blocks), WORD_BLOCKS)]
        return " | ".join(f"({' | '.join(w)}) << {n * WORD_BITS}" for n, w in enumerate(words))

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
                first = number % WORD_BLOCKS * BLOCK_BITS
                parts.append(f"*{self.emitter.constant(Lines(inside, first))}[{block}]")
        table = self.emitter.constant(Adjustments(self.layout))
        usual = self.emitter.constant(tuple(base_lines(self.layout.card)))
        bites = [f"s{n} != g{n}" for span in self.layout.spans for n in span.slots[1:]]
        bites += [f"{u} != {s}" for u, s in zip(self.sides("u"), self.sides("s"), strict=True)]
        if self.layout.card.tallies:
            order, layout = (self.emitter.constant(part) for part in (ordered, self.layout))
            parts = [f"*{order}(({''.join(f'{part}, ' for part in parts)}), tallies, {layout})"]
        parts.append(f"*({table}[{', '.join(sums)},] if {' or '.join(bites)} else {usual})")
        return [f"r = ({', '.join(parts)},)"]

    def segment(self) -> str:
        """Source of the segment of the totals of the sides."""
        card = self.layout.card
        if not card.segments:
            return "None"
        found = self.emitter.constant(_by_class(card))
        for number, side in enumerate(card.sides):
            cuts = self.emitter.constant(side.steps[0])
            found += f"[{self.class_place(number, f'bisect_right({cuts}, u_{number})')}]"
        return found

    def class_place(self, side: int, known: str) -> str:
        """Source of the place of a side's class among those of `_by_class`.

        known: the same, where something is known of the side.
        """
        return known

    def of_kind(self, *kinds: Kind) -> list[str]:
        """The variables of these kinds."""
        pairs = zip(self.emitter.variables.values(), self.kinds, strict=True)
        return [variable for variable, kind in pairs if kind in kinds]

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kind of each column that was read, in the order of their variables."""
        nodes = (part for term in self.layout.card.terms for part in walk(term.of))
        facts = {part.column: part.kind for part in nodes if isinstance(part, Ref)}
        kinds = {field.name: field.kind for field in self.layout.card.fields} | facts
        return [kinds[column] for column in self.emitter.variables]


def _by_class(card: Scorecard) -> Sequence[Any]:
    """Names of segments by the step that the total of each side is on; the last is `unknown`."""

    def names(sides: Sequence[Side], place: int) -> Any:
        if not sides:
            return card.segments[place].name
        side, *others = sides
        first = place * (len(side.classes) + 1)
        steps = [*side.steps[1], *([len(side.classes)] if side.name else [])]
        return [names(others, first + at) for at in steps]

    found: Sequence[Any] = names(card.sides, 0)
    return found


def clamped(name: str, clamp: Clamp) -> list[str]:
    """Code that brings a variable into a clamp; the floor first, as `Clamp.apply` does."""
    lines = []
    if clamp.floor is not None:
        lines.append(f"if {name} < {clamp.floor}: {name} = {clamp.floor}")
    if clamp.cap is not None:
        lines.append(f"if {name} > {clamp.cap}: {name} = {clamp.cap}")
    return lines
