"""What a score can still become: its interval, whether the segment is certain, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoreline.scorecard.layout import Layout, places


def interval(
    layout: Layout, mask: int, sums: Sequence[int], opened: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(low, high) totals of the sides: with every open term at its least, and at its most.

    mask, sums: of the record as it is; opened: the open terms as a mask of their places.
    """
    terms = places(opened)
    return _moved(layout, mask, sums, terms, 0), _moved(layout, mask, sums, terms, 1)


def unsettled(
    layout: Layout, low: Sequence[int], high: Sequence[int], unknown: Sequence[bool] = ()
) -> tuple[bool, ...]:
    """Which sides are not certain: unknown ones, and those whose ends lie in different classes."""
    if low == high:
        return tuple(unknown) or (False,) * len(low)
    apart = [
        low[number] != high[number] and side.place(low[number]) != side.place(high[number])
        for number, side in enumerate(layout.card.sides)
    ]
    return tuple([one or nothing for one, nothing in zip(apart, unknown or apart, strict=True)])


def next_question(
    layout: Layout,
    mask: int,
    sums: Sequence[int],
    opened: int,
    is_missing: Callable[[str], bool],
    unsure: Sequence[bool] = (True,),
    unknown: Sequence[bool] = (),
) -> str:
    """The missing field to ask for: one that can change the segment, else any; the widest wins.

    Ties go to the first in `fields`. Only open terms of the sides that are `unsure` count; every
    answer to an unknown side changes its class. Where no open term reads a missing field it is the
    first field of the first unknown side, or blank. The caller blanks it when all is certain.
    """
    candidates, some_sure = [], False in unsure
    for field, readers, readers_mask in layout.asked:
        if opened & readers_mask and is_missing(field):
            terms = [t for t in readers if opened >> t & 1]
            if some_sure:
                terms = [t for t in terms if unsure[layout.side_of[t]]]
            if terms:
                candidates.append((sum(layout.ranges[t] for t in terms), field, terms))
    if not candidates:
        nothing = (s.fields[0] for s, u in zip(layout.spans, unknown or (False,), strict=True) if u)
        return next(nothing, "")
    candidates.sort(key=lambda candidate: -candidate[0])
    segment_place = layout.card.segment_place
    segment = segment_place(*layout.totals(sums))
    for _, field, terms in candidates:
        if unknown and any(unknown[layout.side_of[t]] for t in terms):
            return field
        for end in (0, 1):
            if segment_place(*_moved(layout, mask, sums, terms, end)) != segment:
                return field
    return candidates[0][1]


def _moved(
    layout: Layout, mask: int, sums: Sequence[int], terms: Sequence[int], end: int
) -> tuple[int, ...]:
    """The totals with these terms at their least (0) or most (1) and the others where they are."""
    moved = list(sums)
    for t in terms:
        now = layout.points_at[t].get(mask & layout.term_masks[t], 0)
        moved[layout.slots[t]] += layout.extremes[t][end] - now
    return layout.totals(moved)
