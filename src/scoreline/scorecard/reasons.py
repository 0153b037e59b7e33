"""Reasons: the lines of a score, which always sum to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scoreline.scorecard.layout import Layout, places
from scoreline.scorecard.model import Clamp, Scorecard
from scoreline.scorecard.points import points_text, signed_text, unscaled

OTHER = "other"


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


def term_reasons(layout: Layout) -> tuple[Reason, ...]:
    """The reason of each bit, made once for each card."""
    terms = layout.card.terms
    return tuple(
        Reason(terms[bit.term].name, terms[bit.term].bins[bit.bin].label, bit.points)
        for bit in layout.bits
    )


def base_lines(card: Scorecard) -> list[Reason]:
    """The line of the card's base, if it has one."""
    return [Reason("base", "", card.base)] if card.base else []


def adjustment_names(groups: Iterable[str]) -> tuple[str, ...]:
    """Names of the lines of a score that are no terms: base, caps and floors of groups and total.

    >>> adjustment_names([])
    ('base', 'total cap', 'total floor')
    """
    ends = (f"{name} {end}" for name in (*groups, "total") for end in ("cap", "floor"))
    return ("base", *ends)


def adjustments(layout: Layout, sums: Sequence[int]) -> list[Reason]:
    """Base and the clamps that bite, in this order: base, groups, total."""
    card = layout.card
    lines = base_lines(card)
    reached = card.base
    for group, clamp, part in zip(card.groups, layout.clamps[1:], sums[1:], strict=True):
        lines += _bite(group.name, clamp, part)
        reached += clamp.apply(part)
    return lines + _bite("total", card.total, reached + sums[0])


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

    def of(self, mask: int, sums: Sequence[int] | None = None) -> list[Reason]:
        """The terms that gave points, the strongest first, then base and the clamps that bite.

        sums: those of the slots, where they are known already.
        """
        layout = self._layout
        sums = layout.sums(mask) if sums is None else sums
        given = [self._terms[place] for place in places(mask & layout.strong)]
        return given + adjustments(layout, sums)


def zero_lines(layout: Layout, mask: int, open_terms: Collection[int]) -> list[Reason]:
    """The terms that gave nothing, in the card's order, with why: no, in no bin, missing, ..."""
    lines = []
    for place, term in enumerate(layout.card.terms):
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
