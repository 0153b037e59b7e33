"""Sums -> totals, segments, the interval and the question, as columns over columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, big, choice, clamped, has, sum_of
from scoreline.engines.sql.tallies import Tallies
from scoreline.engines.sql.words import Words
from scoreline.scorecard.layout import WORD_BITS, Layout, Span

DECIDES = 1 << 60
"""Beyond every range of points: an answer that changes the segment comes before any that does
not."""


class Totals:
    """What the sums of a card come to."""

    def __init__(self, layout: Layout, words: Words, tallies: Tallies, layers: Layers) -> None:
        self.layout = layout
        self._words = words
        self._tallies = tallies
        self._layers = layers
        self.sides = tuple(
            layers.add(f"{PIECE}x{n}", self._total(span, words.sums))
            for n, span in enumerate(layout.spans)
        )
        self.score = layers.add(f"{PIECE}score0", sum_of(self.sides))

    def segment(self) -> str:
        """The name of the segment, NULL for a card without any."""
        return self._name(self.places(self.sides, self.unknown))

    # -- classes ---------------------------------------------------------------------------------

    def places(self, totals: Sequence[str], unknown: Sequence[str | None]) -> list[str]:
        """The place of each side's class; that of a side of which nothing is known is the last."""
        found = []
        for span, total, nothing in zip(self.layout.spans, totals, unknown, strict=True):
            place = _place(span, total)
            last = str(len(span.side.classes))
            found.append(place if nothing is None else choice([(nothing, last)], place))
        return found

    def _name(self, places: Sequence[str]) -> str:
        card, literal = self.layout.card, self._layers.spelling.literal
        if not card.segments:
            return f"CAST(NULL AS {self._layers.spelling.text})"
        whole = places[0]
        for span, place in zip(self.layout.spans[1:], places[1:], strict=True):
            whole = f"(({whole}) * {len(span.side.classes) + 1} + {place})"
        names = [literal(segment.name) for segment in card.segments]
        tests = [(f"({whole}) = {n}", name) for n, name in enumerate(names[:-1])]
        if not card.parts:
            tests = _reached(self.layout.spans[0], self.sides[0], names)
        return choice(tests, names[-1])

    @cached_property
    def unknown(self) -> tuple[str | None, ...]:
        """Whether nothing is known of a side; None where that can't be."""
        found: list[str | None] = []
        for span in self.layout.spans:
            gone = [self._words.is_open(name) for name in span.fields]
            if not span.side.name or not gone:
                found.append(None)
                continue
            gone += [self._tallies.nothing[n] for n in span.tallies]
            text = " AND ".join(f"({one})" for one in gone)
            found.append(f"({text})")
        return tuple(found)

    # -- interval --------------------------------------------------------------------------------

    @cached_property
    def ends(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The totals of the sides with every open term at its least, and at its most."""
        least, most = (
            self._ends(f"{PIECE}{name}", range(len(self.layout.card.terms)), end)
            for end, name in enumerate(("l", "h"))
        )
        return least, most

    def low_and_high(self) -> tuple[str, str]:
        """The ends of the interval."""
        low, high = self.ends
        return sum_of(low), sum_of(high)

    @cached_property
    def unsure(self) -> tuple[str, ...]:
        """Whether each side is not certain."""
        found = []
        for number, (span, nothing) in enumerate(zip(self.layout.spans, self.unknown, strict=True)):
            low, high = (_place(span, end[number]) for end in self.ends)
            apart = f"({low}) <> ({high})"
            text = apart if nothing is None else f"({apart}) OR {nothing}"
            found.append(self._layers.add(f"{PIECE}u{number}", f"({text})"))
        return tuple(found)

    def certain(self) -> str:
        """Whether low and high lie in one segment."""
        return f"NOT ({' OR '.join(self.unsure)})"

    def ask(self) -> str:
        """The field to ask for, blank when certain."""
        literal = self._layers.spelling.literal
        blank = literal("")
        questions = {
            name: self._layers.add(f"{PIECE}q{n}", self._question(n, name, terms))
            for n, (name, terms, _) in enumerate(self.layout.asked)
        }
        if not questions:
            return blank
        nothing = choice(
            (
                (unknown, literal(span.fields[0]))
                for span, unknown in zip(self.layout.spans, self.unknown, strict=True)
                if unknown is not None
            ),
            blank,
        )
        whole = ", ".join(questions.values())
        best = f"GREATEST({whole})" if len(questions) > 1 else whole
        best = self._layers.add(f"{PIECE}best0", best)
        asked = [(f"{text} = {best}", literal(name)) for name, text in questions.items()]
        return choice(
            [(self.certain(), blank), (f"{best} < 0", nothing), *asked[:-1]], asked[-1][1]
        )

    def _question(self, number: int, name: str, terms: Sequence[int]) -> str:
        """How wide the range of a field is, plus DECIDES if its answer can change the segment; -1
        where no open term of an unsure side reads it while it is missing.
        """
        layout, missing = self.layout, self._words.is_open(name)
        counted = {}
        for term in terms:
            opened = self._words.is_open(term)
            if opened is not None:
                side = layout.side_of[term]
                sure = "" if len(layout.spans) == 1 else f" AND {self.unsure[side]}"
                counted[term] = f"{opened}{sure}"
        if missing is None or not counted:
            return big(-1)
        some = " OR ".join(f"({test})" for test in counted.values())
        width = sum_of(
            [choice([(test, big(layout.ranges[t]))], big(0)) for t, test in counted.items()]
        )
        now = self.places(self.sides, self.unknown)
        decides = []
        for end in (0, 1):
            moved = self._ends(f"{PIECE}q{number}_{end}_", counted, end, counted)
            then = self.places(moved, self.unknown)
            decides += [f"({a}) <> ({b})" for a, b in zip(now, then, strict=True) if a != b]
        for term, test in counted.items():
            nothing = self.unknown[layout.side_of[term]]
            if nothing is not None:
                decides.append(f"({test} AND {nothing})")
        more = choice([(" OR ".join(decides), big(DECIDES))], big(0)) if decides else big(0)
        return choice([(f"({missing}) AND ({some})", f"{width} + {more}")], big(-1))

    def _ends(
        self,
        name: str,
        terms: Iterable[int],
        end: int,
        tests: Mapping[int, str] | None = None,
    ) -> tuple[str, ...]:
        """The totals with open terms at their least (0) or most (1), the others where they are.

        tests: when a term is moved, if not whenever it is open.
        """
        layout = self.layout
        moves: dict[int, list[str]] = {}
        for term in terms:
            test = self._words.is_open(term) if tests is None else tests[term]
            if test is None:
                continue
            points = sum_of([big(layout.extremes[term][end]), *self._now(term)])
            moves.setdefault(layout.slots[term], []).append(choice([(test, points)], big(0)))
        complete = " AND ".join(f"{word} = 0" for word in self._words.open_words)
        sums = list(self._words.sums)
        for slot, parts in moves.items():
            moved = choice([(complete, big(0))], sum_of(parts)) if complete else sum_of(parts)
            sums[slot] = self._layers.add(f"{name}{slot}_", f"({sums[slot]} + {moved})")
        return tuple(
            self._layers.add(f"{name}t{n}", self._total(span, sums))
            for n, span in enumerate(layout.spans)
        )

    def _now(self, term: int) -> list[str]:
        """What a term gives as it is, taken away."""
        parts = []
        for n, bin_ in enumerate(self.layout.card.terms[term].bins):
            word, bit = divmod(self.layout.place[term, n], WORD_BITS)
            if bin_.points:
                test = has(self._words.masks[word], 1 << bit)
                parts.append(choice([(test, big(-bin_.points))], big(0)))
        return parts

    def _total(self, span: Span, sums: Sequence[str]) -> str:
        parts = [
            clamped(sums[slot], clamp.floor, clamp.cap)
            for slot, clamp in zip(
                span.slots, self.layout.clamps[span.slots.start : span.slots.stop], strict=True
            )
        ]
        whole = sum_of([*parts, big(span.base)] if span.base else parts)
        return clamped(whole, span.clamp.floor, span.clamp.cap)


def _place(span: Span, total: str) -> str:
    """The place of the first class of a side that a total reaches."""
    places = [str(n) for n in range(len(span.side.classes))]
    if not places:
        return "0"
    reached = _reached(span, total, places)
    last = str(len(places)) if span.side.classes[-1].lowest is not None else places[-1]
    return choice(reached, last)


def _reached(span: Span, total: str, values: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for segment, value in zip(span.side.classes, values, strict=True):
        if segment.lowest is None:
            break
        found.append((f"{total} >= {big(segment.lowest)}", value))
    return found
