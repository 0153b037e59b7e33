"""The text of reasons: the strongest lines of a mask, then base and the clamps that bite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, big, choice, clamped, has, signed, sum_of
from scoreline.engines.sql.totals import Totals
from scoreline.engines.sql.words import Words
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import signed_text
from scoreline.scorecard.reasons import OTHER, term_reasons

JOINT = "; "


class ReasonsText:
    """Writes the text of a card's reasons; `most` lines are shown, 0 means all of them."""

    def __init__(
        self, layout: Layout, words: Words, totals: Totals, layers: Layers, most: int
    ) -> None:
        self.layout = layout
        self._words = words
        self._totals = totals
        self._layers = layers
        self._spelling = layers.spelling
        self._lines = [line for line in term_reasons(layout) if line.scaled]
        fixed = len(layout.clamps) + 2 * len(layout.spans)
        self._most = min(most, len(self._lines) + fixed) if most else 0

    def sql(self) -> str:
        """The text of all lines that are shown."""
        shown = self._all_terms() if not self._most else self._first_terms()
        parts = [*shown, *self._adjusted()]
        if not parts:
            return self._spelling.literal("")
        start = len(JOINT) + 1
        return f"SUBSTRING({' || '.join(parts)}, {start})"

    # -- terms -----------------------------------------------------------------------------------

    def _all_terms(self) -> list[str]:
        """Every line of a term that gave points."""
        empty = self._spelling.literal("")
        return [
            choice([(self._lit(place), self._spelling.literal(JOINT + line.text))], empty)
            for place, line in enumerate(self._lines)
        ]

    def _first_terms(self) -> list[str]:
        """The first lines: again and again the lowest bit that is left."""
        left = list(self._strong())
        if not left:
            self._left: list[str] = []
            self._shown: list[str] = []
            return []
        empty = self._spelling.literal("")
        found, self._shown = [], []
        for line in range(min(self._most, len(self._lines))):
            tests = []
            for number, word in enumerate(left):
                low = self._layers.add(f"{PIECE}f{line}_{number}", f"({word} & (-{word}))")
                first = number * WORD_BITS
                labels = [
                    (str(1 << place - first), self._spelling.literal(JOINT + one.text))
                    for place, one in enumerate(self._lines)
                    if place // WORD_BITS == number
                ]
                tests.append((f"{word} <> 0", _by_value(low, labels, empty)))
            found.append(self._layers.add(f"{PIECE}n{line}", choice(tests, empty)))
            self._shown.append(" OR ".join(f"{word} <> 0" for word in left))
            left = self._without_first(line, left)
        self._left = left
        return found

    def _without_first(self, line: int, left: Sequence[str]) -> list[str]:
        """The words without the lowest bit of the first that has one."""
        rest = []
        for number, word in enumerate(left):
            cut = f"({word} & ({word} - {big(1)}))"
            before = " OR ".join(f"{one} <> 0" for one in left[:number])
            text = choice([(before, word)], cut) if before else cut
            rest.append(self._layers.add(f"{PIECE}r{line}_{number}", text))
        return rest

    def _strong(self) -> Iterator[str]:
        """The words of the mask with the bits of lines alone."""
        for number, word in enumerate(self._words.masks):
            bits = len(self._lines) - number * WORD_BITS
            if bits <= 0:
                continue
            held = self._words.bits - number * WORD_BITS
            whole = bits >= min(held, WORD_BITS)
            text = word if whole else f"({word} & {big((1 << bits) - 1)})"
            yield self._layers.add(f"{PIECE}z{number}", text)

    def _lit(self, place: int) -> str:
        word, bit = divmod(place, WORD_BITS)
        return has(self._words.masks[word], 1 << bit)

    # -- base and clamps -------------------------------------------------------------------------

    def _adjusted(self) -> list[str]:
        """The lines of base and of clamps as far as there is room, and what is left over."""
        empty = self._spelling.literal("")
        lines = list(self._adjustments())
        if not self._most:
            return [choice([(test, text)], empty) for _, test, text in lines]
        parts = []
        count = [choice([(shown, big(1))], big(0)) for shown in self._shown]
        rests = self._rest_of_terms()
        for number, (points, test, text) in enumerate(lines):
            used = sum_of(count)
            room = f"{used} < {self._most}"
            parts.append(choice([(f"{test} AND {room}", text)], empty))
            rests.append(choice([(f"{room}", big(0))], points))
            name = self._layers.add(f"{PIECE}c{number}", choice([(test, big(1))], big(0)))
            count = [*count, name]
        if rests:
            rest = self._layers.add(f"{PIECE}rest0", sum_of(rests))
            label = self._spelling.literal(f"{JOINT}{OTHER} ")
            points = signed(rest, self._spelling, whole=self.layout.card.whole)
            parts.append(choice([(f"{rest} <> 0", f"{label} || {points}")], empty))
        return parts

    def _rest_of_terms(self) -> list[str]:
        """The points of the lines that are left."""
        if not self._left or len(self._lines) <= self._most:
            return []
        points = []
        for place, line in enumerate(self._lines):
            word, bit = divmod(place, WORD_BITS)
            if place >= self._most:
                test = has(self._left[word], 1 << bit)
                points.append(choice([(test, big(line.scaled))], big(0)))
        some = " OR ".join(f"{word} <> 0" for word in self._left)
        return [choice([(some, sum_of(points))], big(0))]

    def _adjustments(self) -> Iterator[tuple[str, str, str]]:
        """(points, whether there are any, text) of base, groups and total, side by side."""
        layers, sums = self._layers, self._words.sums
        for number, span in enumerate(self.layout.spans):
            side = span.side
            if span.base:
                label = f"{JOINT}{side.prefix}base {signed_text(span.base)}"
                yield big(span.base), "TRUE", self._spelling.literal(label)
            reached = [big(span.base), sums[span.slots.start]]
            for group, slot in zip(side.card.groups, span.slots[1:], strict=True):
                held = clamped(sums[slot], group.clamp.floor, group.clamp.cap)
                reached.append(held)
                bite = layers.add(f"{PIECE}a{slot}", f"({held} - {sums[slot]})")
                yield from self._bite(side.prefix + group.name, group.clamp, bite)
            before = sum_of(reached)
            bite = layers.add(f"{PIECE}v{number}", f"({self._totals.sides[number]} - {before})")
            yield from self._bite(f"{side.prefix}total", span.clamp, bite)

    def _bite(self, name: str, clamp: Clamp, bite: str) -> Iterator[tuple[str, str, str]]:
        if clamp.is_open:
            return
        literal = self._spelling.literal
        cap, floor = (literal(f"{JOINT}{name} {word} ") for word in ("cap", "floor"))
        points = signed(bite, self._spelling, whole=self.layout.card.whole)
        word = choice([(f"{bite} < 0", cap)], floor)
        yield bite, f"{bite} <> 0", f"{word} || {points}"


def _by_value(value: str, tests: Sequence[tuple[str, str]], default: str) -> str:
    whens = " ".join(f"WHEN {test} THEN {text}" for test, text in tests)
    return f"CASE {value} {whens} ELSE {default} END" if whens else default
