"""What a score can still become: its interval, whether the segment is certain, what to ask next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scoreline.scorecard.layout import Layout


def interval(
    layout: Layout, mask: int, sums: Sequence[int], open_terms: Collection[int]
) -> tuple[int, int]:
    """(low, high): the score with every open term at its least, and at its most."""
    return (
        _moved(layout, mask, sums, open_terms, most=False),
        _moved(layout, mask, sums, open_terms, most=True),
    )


def next_question(
    layout: Layout,
    mask: int,
    sums: Sequence[int],
    open_terms: Collection[int],
    missing: Collection[str],
) -> str:
    """The missing field to ask for: one that can change the segment, else any; the widest wins.

    Ties go to the first in `fields`. Blank when no open term reads a missing field. The caller
    blanks it when the segment is certain.
    """
    segment = layout.card.segment_of(layout.total(sums))
    open_terms = frozenset(open_terms)
    best, best_rank = "", (False, -1)
    for field, readers in layout.readers.items():
        terms = [t for t in readers if t in open_terms]
        if field not in missing or not terms:
            continue
        ends = [_moved(layout, mask, sums, terms, most=most) for most in (False, True)]
        decides = any(layout.card.segment_of(end) is not segment for end in ends)
        width = sum(layout.extremes[t][1] - layout.extremes[t][0] for t in terms)
        if (decides, width) > best_rank:
            best, best_rank = field, (decides, width)
    return best


def _moved(
    layout: Layout, mask: int, sums: Sequence[int], terms: Collection[int], *, most: bool
) -> int:
    """The score with these terms at their least or most and the others where they are."""
    moved = list(sums)
    for t in terms:
        now = layout.points_at[t].get(mask & layout.term_masks[t], 0)
        moved[layout.slots[t]] += layout.extremes[t][most] - now
    return layout.total(moved)
