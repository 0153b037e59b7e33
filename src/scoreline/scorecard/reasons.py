"""Reasons: the lines of a score, which always sum to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoreline.language.tree import Scalar
from scoreline.scorecard.events import Tally
from scoreline.scorecard.layout import Layout, places
from scoreline.scorecard.model import Clamp, Scorecard
from scoreline.scorecard.points import points_text, signed_text, unscaled

OTHER = "other"
NOTHING_COUNTED = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """A line of a score: term, bin and points; base and clamps that bite are lines too.

    scaled: points in ten-thousandths, which sum exactly; points: the same for people.
    """

    term: str
    bin: str
    scaled: int

    @property
    def points(self) -> int | float:
        """Points as people see them."""
        return unscaled(self.scaled)

    @property
    def text(self) -> str:
        """The line as output files show it.

        >>> Reason("budget suits", "yes", 30000).text
        'budget suits +3'
        """
        return f"{self.term} {signed_text(self.scaled)}"


def tally_label(tally: Tally, clamp: Clamp, events: int, points: int) -> str:
    """What a line of an event term says: `5 x 1, cap 3`, `2 x 10 aged to 7.5`, `none`.

    events: how many count; points: their sum before the term's own clamp.
    """
    text = f"{events} x {points_text(tally.points)}" if events else NOTHING_COUNTED
    if points != events * tally.points:
        text += f" aged to {points_text(points)}"
    held = clamp.apply(points)
    if held == points:
        return text
    return f"{text}, {'cap' if held < points else 'floor'} {points_text(held)}"


def counted_some(line: Reason) -> bool:
    """Whether the line of an event term counts any event.

    >>> counted_some(Reason("webinars", "none, floor 2", 20000))
    False
    """
    return line.bin.partition(",")[0] != NOTHING_COUNTED


def nothing_happened(card: Scorecard) -> tuple[Reason, ...]:
    """The line of each event term of a record without events."""
    return tuple(
        Reason(term.name, tally_label(term.tally, term.clamp, 0, 0), term.clamp.apply(0))
        for term in card.terms
        if term.tally is not None
    )


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the events of a record come to as of a moment.

    lines: of each event term, in the card's order; features: the value of each feature by name,
    None if missing; ignored: how many events came in bursts and count for nothing.
    """

    lines: tuple[Reason, ...] = ()
    features: Mapping[str, Scalar | None] = field(default_factory=dict)
    ignored: int = 0


def no_behaviour(card: Scorecard) -> Behaviour:
    """What nothing comes to."""
    features = {feature.name: feature.of_nothing for feature in card.features}
    return Behaviour(nothing_happened(card), features)


def ordered(terms: Sequence[Reason], tallies: Sequence[Reason], layout: Layout) -> list[Reason]:
    """Lines of terms and of event terms together, the strongest first, then in the card's order.

    terms: in that order already; tallies: one for each event term; those of 0 points are left out.
    """
    given = [line for line in tallies if line.scaled]
    if not given:
        return list(terms)
    rank = layout.rank
    return sorted([*terms, *given], key=lambda line: (-abs(line.scaled), rank[line.term]))


def term_reasons(layout: Layout) -> tuple[Reason, ...]:
    """The reason of each bit, made once for each card."""
    terms = layout.card.terms
    return tuple(
        Reason(terms[bit.term].name, terms[bit.term].bins[bit.bin].label, bit.points)
        for bit in layout.bits
    )


def base_lines(card: Scorecard) -> list[Reason]:
    """The line of the card's base, if it has one; of a grid that of each card."""
    return [
        Reason(f"{side.prefix}base", "", side.card.base) for side in card.sides if side.card.base
    ]


def adjustment_names(groups: Iterable[str]) -> tuple[str, ...]:
    """Names of the lines of a score that are no terms: base, caps and floors of groups and total.

    >>> adjustment_names([])
    ('base', 'total cap', 'total floor')
    """
    ends = (f"{name} {end}" for name in (*groups, "total") for end in ("cap", "floor"))
    return ("base", *ends)


def adjustments_of(card: Scorecard) -> list[str]:
    """The names of the lines that a card's scores can have beside its terms."""
    return [
        f"{side.prefix}{name}"
        for side in card.sides
        for name in adjustment_names(group.name for group in side.card.groups)
    ]


def adjustments(layout: Layout, sums: Sequence[int]) -> list[Reason]:
    """Base and the clamps that bite, in this order: base, groups, total; side by side in a grid."""
    lines: list[Reason] = []
    for span in layout.spans:
        card, prefix = span.side.card, span.side.prefix
        if card.base:
            lines.append(Reason(f"{prefix}base", "", card.base))
        reached = card.base + sums[span.slots.start]
        for group, slot in zip(card.groups, span.slots[1:], strict=True):
            lines += _bite(prefix + group.name, group.clamp, sums[slot])
            reached += group.clamp.apply(sums[slot])
        lines += _bite(f"{prefix}total", card.total, reached)
    return lines


def _bite(name: str, clamp: Clamp, points: int) -> list[Reason]:
    clamped = clamp.apply(points)
    if clamped == points:
        return []
    word = "cap" if clamped < points else "floor"
    return [Reason(f"{name} {word}", f"{word} {points_text(clamped)}", clamped - points)]


class Lines:
    """The lines of a card's scores, from their masks."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._terms = term_reasons(layout)

    def of(
        self, mask: int, sums: Sequence[int] | None = None, tallies: Sequence[Reason] = ()
    ) -> list[Reason]:
        """The terms that gave points, the strongest first, then base and the clamps that bite.

        sums: those of the slots, where they are known already; tallies: the lines of event terms.
        """
        layout = self._layout
        if sums is None:
            sums = layout.sums(mask, [line.scaled for line in tallies])
        given = [self._terms[place] for place in places(mask & layout.strong)]
        return ordered(given, tallies, layout) + adjustments(layout, sums)


def zero_lines(
    layout: Layout, mask: int, open_terms: Collection[int], tallies: Sequence[Reason] = ()
) -> list[Reason]:
    """The terms that gave nothing, in the card's order, with why: no, in no bin, missing, ...

    tallies: the lines of event terms.
    """
    lines = []
    empty = {line.term: line for line in tallies if not line.scaled}
    for place, term in enumerate(layout.card.terms):
        if term.tally is not None:
            lines += [empty[term.name]] if term.name in empty else []
            continue
        lit = mask & layout.term_masks[place]
        if not lit:
            label = "no" if term.is_condition else "in no bin"
            label = "missing" if place in open_terms else label
            lines.append(Reason(term.name, label, 0))
        elif not layout.points_at[place][lit]:
            bit = layout.set_bits(lit)[0]
            lines.append(Reason(term.name, term.bins[bit.bin].label, 0))
    return lines


def reasons_text(lines: Sequence[Reason], most: int = 3) -> str:
    """The first `most` lines joined by semicolons, the rest as `other +x`; 0 means all of them.

    >>> reasons_text([Reason("budget suits", "yes", 30000), Reason("phone", "yes", 10000)], 1)
    'budget suits +3; other +1'
    """
    shown = list(lines[:most]) if most else list(lines)
    rest = sum(line.scaled for line in lines[len(shown) :])
    texts = [line.text for line in shown]
    return "; ".join([*texts, f"{OTHER} {signed_text(rest)}"] if rest else texts)
