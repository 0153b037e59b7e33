"""The text of reasons: the strongest lines of a mask, then base and the clamps that bite."""

from __future__ import annotations

from collections.abc import Iterator

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.lines import JOINT, Shown, TermLines
from scoreline.engines.sql.spelling import PIECE, big, choice, clamped, signed, sum_of, texts_of
from scoreline.engines.sql.tallies import Tallies
from scoreline.engines.sql.totals import Totals
from scoreline.engines.sql.words import Words
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import signed_text
from scoreline.scorecard.reasons import OTHER


class ReasonsText:
    """Writes the text of a card's reasons; `most` lines are shown, 0 means all of them."""

    def __init__(
        self,
        layout: Layout,
        words: Words,
        totals: Totals,
        tallies: Tallies,
        layers: Layers,
        most: int,
    ) -> None:
        self.layout = layout
        self._words = words
        self._totals = totals
        self._layers = layers
        self._spelling = layers.spelling
        self._terms = TermLines(layout, words, tallies, layers)
        fixed = len(layout.clamps) + 2 * len(layout.spans)
        self._most = min(most, self._terms.most + fixed) if most else 0

    def sql(self) -> str:
        """The text of all lines that are shown."""
        shown = self._terms.first(self._most) if self._most else Shown(self._terms.all(), (), ())
        parts = [*shown.texts, *self._adjusted(shown)]
        if not parts:
            return self._spelling.literal("")
        start = len(JOINT) + 1
        return f"SUBSTRING({texts_of(parts)}, {start})"

    # -- base and clamps -------------------------------------------------------------------------

    def _adjusted(self, shown: Shown) -> list[str]:
        """The lines of base and of clamps as far as there is room, and what is left over."""
        empty = self._spelling.literal("")
        lines = list(self._adjustments())
        if not self._most:
            return [choice([(test, text)], empty) for _, test, text in lines]
        parts = []
        count = [choice([(given, big(1))], big(0)) for given in shown.given]
        rests = list(shown.left)
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
