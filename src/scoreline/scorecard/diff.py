"""Who moves between two cards, and by which line: each mover counts once (design 4.10).

A mover is blamed on the line, a term or an adjustment, with the largest change in the direction of
its move; ties go to the order of the new card; with no such line it is the segments that changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import adjustments, adjustments_of

SEGMENTS = "segments"
"""What is blamed when no line moved in the direction of the move."""


def blame(old: Mapping[str, int], new: Mapping[str, int], order: Sequence[str], sign: int) -> str:
    """The line that moved a record.

    old, new: scaled points by line; order: all lines, the new card's first; sign: 1 for a move up,
    -1 for one down.

    >>> blame({"phone": 1, "budget": 3}, {"phone": 2, "budget": 0}, ["phone", "budget"], 1)
    'phone'
    """
    best, most = SEGMENTS, 0
    for line in order:
        change = sign * (new.get(line, 0) - old.get(line, 0))
        if change > most:
            best, most = line, change
    return best


Lit = tuple[int, tuple[int, ...]]
"""The mask of a record on a card, and the scaled points of its event terms."""


class Differ:
    """Blames moves between two cards, from masks."""

    def __init__(self, old: Scorecard, new: Scorecard) -> None:
        self.old, self.new = Layout(old), Layout(new)
        names = [*_line_names(new), *_line_names(old)]
        self.order = tuple(dict.fromkeys(names))
        self._rank = {segment.name: place for place, segment in enumerate(new.segments)}
        self._old_lines = lru_cache(100_000)(lambda lit: _lines(self.old, *lit))
        self._new_lines = lru_cache(100_000)(lambda lit: _lines(self.new, *lit))

    def line(self, old_segment: str, new_segment: str, old_lit: Lit, new_lit: Lit) -> str:
        """The line that moved a record which came to this on each card."""
        old, new = self._old_lines(old_lit), self._new_lines(new_lit)
        sign = self._direction(old_segment, new_segment, sum(new.values()) - sum(old.values()))
        return blame(old, new, self.order, sign)

    def _direction(self, old_segment: str, new_segment: str, change: int) -> int:
        """1 up, -1 down: by the new card's order; by the score for a segment it does not have."""
        if old_segment in self._rank and new_segment in self._rank:
            return 1 if self._rank[new_segment] < self._rank[old_segment] else -1
        return (change > 0) - (change < 0)


def _line_names(card: Scorecard) -> list[str]:
    return [*(term.name for term in card.terms), *adjustments_of(card)]


def _lines(layout: Layout, mask: int, tallies: tuple[int, ...]) -> dict[str, int]:
    terms = layout.card.terms
    lines = Counter({terms[bit.term].name: bit.points for bit in layout.set_bits(mask)})
    for (place, _), points in zip(layout.card.tallies, tallies, strict=True):
        lines[terms[place].name] = points
    for line in adjustments(layout, layout.sums(mask, tallies)):
        lines[line.term] += line.scaled
    return lines
