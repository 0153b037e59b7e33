"""What a score can still become: its interval, whether the segment is certain, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoreline.scorecard.layout import Layout, places


def interval(layout: Layout, mask: int, sums: Sequence[int], opened: int) -> tuple[int, int]:
    """(low, high): the score with every open term at its least, and at its most.

    mask, sums: of the record as it is; opened: the open terms as a mask of their places.
    """
    terms = places(opened)
    return _moved(layout, mask, sums, terms, 0), _moved(layout, mask, sums, terms, 1)


def next_question(
    layout: Layout,
    mask: int,
    sums: Sequence[int],
    opened: int,
    is_missing: Callable[[str], bool],
) -> str:
    """The missing field to ask for: one that can change the segment, else any; the widest wins.

    Ties go to the first in `fields`. Blank when no open term reads a missing field. The caller
    blanks it when the segment is certain.
    """
    candidates = []
    for field, readers, readers_mask in layout.asked:
        if opened & readers_mask and is_missing(field):
            terms = [t for t in readers if opened >> t & 1]
            candidates.append((sum(layout.ranges[t] for t in terms), field, terms))
    if not candidates:
        return ""
    candidates.sort(key=lambda candidate: -candidate[0])
    segment_place = layout.card.segment_place
    segment = segment_place(layout.total(sums))
    for _, field, terms in candidates:
        for end in (0, 1):
            if segment_place(_moved(layout, mask, sums, terms, end)) != segment:
                return field
    return candidates[0][1]


def _moved(layout: Layout, mask: int, sums: Sequence[int], terms: Sequence[int], end: int) -> int:
    """The score with these terms at their least (0) or most (1) and the others where they are."""
    moved = list(sums)
    for t in terms:
        now = layout.points_at[t].get(mask & layout.term_masks[t], 0)
        moved[layout.slots[t]] += layout.extremes[t][end] - now
    return layout.total(moved)
