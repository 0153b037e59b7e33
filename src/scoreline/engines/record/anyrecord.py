"""The function of any typed record: values of every class that fits, and missing ones.

What only a record with a missing value needs stands at the end, behind one test.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from scoreline.engines.record.columns import Classes
from scoreline.engines.record.writer import Writer
from scoreline.language.kleene import OPEN, is_strict, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, fields_read, reads_one_field, refs
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Term
from scoreline.scorecard.reasons import counted_some


class AnyRecord(Writer):
    """Writes `any_record(record, as_of, tallies, row)`, which may call `question`.

    empty: the mask of an empty record. A term that reads one field and no fact has the same points
    whenever it is missing, so that its share of the interval is a constant.
    """

    name = "any_record"

    def __init__(self, layout: Layout, empty: int) -> None:
        self.empty = empty
        self.gaps: list[str] = []
        self.opened_by: dict[str, list[int]] = {}
        super().__init__(layout, Emitter())

    def term(self, place: int, term: Term) -> None:
        """The code of one term: its bits, its points, whether it is open."""
        if term.tally is not None:
            self.tally(place)
            return
        gaps = self.openness(place, term.of)
        # Only a term that may be open by more than its one field needs its own points again.
        points = f"p{place}" if gaps else ""
        lines = [f"{points} = 0"] if gaps else []
        lines += self.test(place, term, points)
        self.body += [*self.emitter.taken_setup(), *lines]
        self.gaps += gaps

    @cached_property
    def source(self) -> str:
        """The whole function."""
        opened, unknown = [*self.gaps, *self.opened()], self.unknown()
        lines = [*self.reads(), *self.points()]
        if self.asks:
            lines.append(f"{' = '.join(f'q_{side}' for side in self.asks)} = False")
        if opened or unknown:
            gaps = [*unknown, *(self.unsettled(opened) if opened else ())]
            lines += ["if gaps:", *(f"  {line}" for line in gaps)]
        lines += self.result()
        body = "\n".join(f"  {line}" for line in lines)
        return f"def any_record(record, as_of, tallies, row):\n{body}\n"

    def reads(self) -> list[str]:
        """The row into its variables, refused if a value is not of its type; NaN is missing."""
        if not self.emitter.variables:
            return []
        plans = self.emitter.constant(Classes(self.kinds))
        columns = self.emitter.constant(tuple(self.emitter.variables))
        return [
            f"floats, odd, gaps = {plans}[tuple(map(type, row))]",
            "if floats:",
            "  row = list(row)",
            "  for place in floats: row[place] = float(row[place])",
            "if odd:",
            "  row = list(row)",
            "  for place, change in odd: row[place] = change(row[place])",
            # Who reads the record later must not meet NaT or NA.
            f"  if None in row: gaps, record = True, dict(zip({columns}, row))",
            f"{self.unpack()}= row",
            *(f"if {v} != {v}: {v}, gaps = None, True" for v in self.of_kind("number")),
        ]

    def openness(self, place: int, node: Node) -> list[str]:
        """Code for whether the term is open; none if its only field being missing says it all."""
        read = fields_read(node)
        if not read:
            return []
        facts = any(ref.fact for ref in refs(node))
        missing = " or ".join(f"{self.emitter.variable(name)} is None" for name in read)
        if reads_one_field(node):
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

    def unsettled(self, opened: Sequence[str]) -> list[str]:
        """Code for a record with missing values: its interval, where a term is open."""
        ends = [f"{side}{slot}" for side in "lh" for slot in range(len(self.sums))]
        return [
            f"{' = '.join(['o', *ends])} = 0",
            *opened,
            "if o:",
            *(f"  {line}" for line in self.end("low", "l")),
            *(f"  {line}" for line in self.end("high", "h")),
            *(f"  {line}" for line in self.asked()),
        ]

    def asked(self) -> list[str]:
        """Code that returns the result of a record with open terms, asking where it must."""
        lines, card = [], self.layout.card
        for number, side in enumerate(card.sides):
            cuts = self.emitter.constant(side.steps[0])
            low, high = (f"bisect_right({cuts}, {end}_{number})" for end in ("low", "high"))
            nothing = f"q_{number} or " if number in self.asks else ""
            lines.append(f"a_{number} = {nothing}{low} != {high}")
        unsure = f"({', '.join(self.sides('a'))},)"
        low, high = (" + ".join(self.sides(end)) for end in ("low", "high"))
        fingerprint = self.emitter.constant(card.fingerprint)
        return [
            *lines,
            f"a = {' or '.join(self.sides('a'))}",
            f"q = question(record, m, ({', '.join(self.sums)},), o, {unsure}, {self.flags()}) "
            "if a else ''",
            f"return Result(unscaled(u), {self.segment()}, unscaled({low}), unscaled({high}), "
            f"not a, q, r, {fingerprint}, as_of, m, o{self.probability()})",
        ]

    def end(self, to: str, side: str) -> list[str]:
        """Code for one end of the interval."""
        slots = [f"{part} + {side}{slot}" for slot, part in enumerate(self.sums)]
        return self.totals(f"{side}e", to, slots)

    # -- sides of which nothing is known ---------------------------------------------------------

    @cached_property
    def asks(self) -> dict[int, str]:
        """The first field of each side that may be unknown: those of a grid that read fields."""
        spans = enumerate(self.layout.spans)
        return {n: span.fields[0] for n, span in spans if span.side.name and span.fields}

    def unknown(self) -> list[str]:
        """Code that finds the sides, as `q_0`, `q_1`, of which nothing is known."""
        lines = []
        for number in self.asks:
            span = self.layout.spans[number]
            tests = [f"{self.emitter.variable(name)} is None" for name in span.fields]
            if span.tallies:
                some = self.emitter.constant(counted_some)
                own = f"tallies[{span.tallies.start}:{span.tallies.stop}]"
                tests.append(f"not any(map({some}, {own}))")
            lines.append(f"q_{number} = {' and '.join(tests)}")
        return lines

    def flags(self) -> str:
        """Source of whether each side is unknown."""
        if not self.asks:
            return "()"
        sides = range(len(self.layout.spans))
        return f"({', '.join(f'q_{n}' if n in self.asks else 'False' for n in sides)},)"

    def class_place(self, side: int, known: str) -> str:
        """Source of the place of a side's class, the last where it is unknown."""
        return f"-1 if q_{side} else {known}" if side in self.asks else known

    def certain(self) -> str:
        """Source of whether the segment of a record without open terms is certain."""
        return f"not ({' or '.join(f'q_{n}' for n in self.asks)})" if self.asks else "True"

    def question(self) -> str:
        """Source of what to ask of such a record."""
        asked = [f"{self.emitter.constant(f)} if q_{n} else " for n, f in self.asks.items()]
        return f"({''.join(asked)}'')"
