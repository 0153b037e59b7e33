"""The function of any typed record: values of every class that fits, and missing ones.

What only a record with a missing value needs stands at the end, behind one test.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from scoreline.engines.record.columns import Classes
from scoreline.engines.record.writer import Writer, clamped
from scoreline.language.kleene import OPEN, is_strict, openly
from scoreline.language.pyfunc import Emitter, is_plain
from scoreline.language.tree import Node, fields_read, reads_one_field, refs
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Term


class AnyRecord(Writer):
    """Writes `any_record(record, as_of, tallies, row)`, which may call `unsettled`.

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
        opened = [*self.gaps, *self.opened()]
        lines = [*self.reads(), *self.points()]
        if opened:
            lines += ["if gaps:", *(f"  {line}" for line in self.unsettled(opened))]
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
            f"  return unsettled(record, as_of, u, low, high, m, o, ({', '.join(self.sums)},), r)",
        ]

    def end(self, to: str, side: str) -> list[str]:
        """Code for one end of the interval."""
        slots = [f"{part} + {side}{slot}" for slot, part in enumerate(self.sums)]
        return [*self.total(to, slots), *clamped(to, self.layout.card.total)]
