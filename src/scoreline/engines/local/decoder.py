"""Words -> score, segment, interval, certain, ask and reasons, a row at a time, in machine code.

Everything about a card comes in as tables (`tables.py`), so these functions are compiled once for
an installation. Scores are scaled integers; see `scorecard.points`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled, part, trailing_zeros
from scoreline.engines.local.decoder_text import write_reasons
from scoreline.engines.local.tables import (
    BASE,
    CAP,
    CLASS,
    FLOOR,
    SLOT,
    TALLY,
    Bytes,
    Flags,
    Ints,
    Labels,
    OpenInts,
    Opens,
    Sums,
)
from scoreline.engines.local.words import OPEN_BITS
from scoreline.scorecard.layout import WORD_BITS


class Found(NamedTuple):
    """What the decoder writes: an entry of each column for each row."""

    score: Ints
    segment: npt.NDArray[np.uint32]
    low: Ints
    high: Ints
    certain: Flags
    ask: npt.NDArray[np.uint32]


class Work(NamedTuple):
    """What a row is worked out in, made once for many rows.

    now: the sum of each slot; moved: how far open terms move it, down and up. totals: of each side;
    ends: of each side, moved down and up; unknown, unsure: whether a side is.
    """

    now: Ints
    moved: Ints
    totals: Ints
    ends: Ints
    unknown: Flags
    unsure: Flags


@compiled
def new_work(sums: Sums) -> Work:
    """Where rows are worked out."""
    slots, sides = sums.floors.size, sums.sides.shape[0] - 1
    return Work(
        np.zeros(slots, np.int64),
        np.zeros((2, slots), np.int64),
        np.zeros(sides, np.int64),
        np.zeros((2, sides), np.int64),
        np.zeros(sides, np.bool_),
        np.zeros(sides, np.bool_),
    )


@compiled
def decode(
    masks: Ints,
    tallies: Ints,
    happened: Flags,
    opened: OpenInts,
    sums: Sums,
    opens: Opens,
    labels: Labels,
    found: Found,
    text: Bytes,
    start: Ints,
    row: int,
) -> int:
    """Decode rows from `row` on, until the text is full; the row to go on with comes out.

    masks, opened: word x row (no open word: no interval); tallies, happened: points, and whether
    any event counted, event term x row; start: where each row's text begins.
    """
    work = new_work(sums)
    sides = work.totals.size
    while row < masks.shape[1]:
        if start[row] + labels.room > text.size:
            return row
        sum_bits(masks, row, sums.strong, sums.bits, work.now)
        add_tallies(tallies, row, sums.tallies, work.now)
        _totals(work, sums)
        for side in range(sides):
            work.totals[side] = work.ends[0, side]
        unknown = 0
        if sides > 1:  # a card by itself is never unknown
            unknown = _find_unknown(opened, happened, row, sums, work)
        certain, ask = unknown == 0, unknown
        if _some(opened, row):
            _move_open(masks, opened, row, sums.bits, opens, work.moved)
            _totals(work, sums)
            certain = not _find_unsure(work, sums)
        found.score[row] = total_of(work.totals)
        found.segment[row] = segment_of(work, sums)
        found.low[row] = total_of(work.ends[0])
        found.high[row] = total_of(work.ends[1])
        if not certain:
            ask = _question(masks, opened, row, sums, opens, work, unknown)
        found.certain[row] = certain
        found.ask[row] = ask
        start[row + 1] = start[row]
        if labels.most:
            start[row + 1] = write_reasons(
                masks, tallies, row, sums, labels, work.now, work.totals, text, start[row]
            )
        row += 1
    return row


@compiled
def scores(masks: Ints, tallies: Ints, sums: Sums, found: Ints) -> None:
    """The scaled score of each row, and nothing else."""
    work = new_work(sums)
    for row in range(masks.shape[1]):
        sum_bits(masks, row, sums.strong, sums.bits, work.now)
        add_tallies(tallies, row, sums.tallies, work.now)
        _totals(work, sums)
        found[row] = 0
        for side in range(work.totals.size):
            found[row] += work.ends[0, side]


# -- score and segment ---------------------------------------------------------------------------


@part
def sum_bits(masks: Ints, row: int, strong: Ints, bits: Ints, now: Ints) -> None:
    """The sum of each slot."""
    for slot in range(now.size):
        now[slot] = 0
    for word in range(masks.shape[0]):
        lit = masks[word, row] & strong[word]
        while lit:
            place = word * WORD_BITS + trailing_zeros(lit)
            now[bits[place, 1]] += bits[place, 0]
            lit &= lit - 1


@part
def add_tallies(tallies: Ints, row: int, places: Ints, now: Ints) -> None:
    """Add the points of event terms to the sums of their slots."""
    for number in range(tallies.shape[0]):
        now[places[number, 0]] += tallies[number, row]


@part
def _totals(work: Work, sums: Sums) -> None:
    """The ends of each side: its total with the slots moved, down and up, set back to 0 then."""
    now, moved, sides = work.now, work.moved, sums.sides
    floors, caps = sums.floors, sums.caps
    for side in range(work.totals.size):
        low = high = sides[side, BASE]
        for slot in range(sides[side, SLOT], sides[side + 1, SLOT]):
            low += min(max(now[slot] + moved[0, slot], floors[slot]), caps[slot])
            high += min(max(now[slot] + moved[1, slot], floors[slot]), caps[slot])
            moved[0, slot] = moved[1, slot] = 0
        work.ends[0, side] = min(max(low, sides[side, FLOOR]), sides[side, CAP])
        work.ends[1, side] = min(max(high, sides[side, FLOOR]), sides[side, CAP])


@part
def total_of(totals: Ints) -> int:
    """The sum of the sides."""
    total = 0
    for side in range(totals.size):
        total += totals[side]
    return total


@part
def class_of(total: int, side: int, sums: Sums) -> int:
    """The place of the first class of a side that is reached; the number of classes if none is."""
    first, end = sums.sides[side, CLASS], sums.sides[side + 1, CLASS]
    for place in range(first, end):
        if total >= sums.lowest[place]:
            return int(place - first)
    return int(end - first)


@part
def segment_of(work: Work, sums: Sums) -> int:
    """The place of the segment of the totals; the number of segments if there is none."""
    found = 0
    for side in range(work.totals.size):
        classes = sums.sides[side + 1, CLASS] - sums.sides[side, CLASS]
        place = classes if work.unknown[side] else class_of(work.totals[side], side, sums)
        found = found * (classes + 1) + place
    return found


@part
def _find_unknown(opened: OpenInts, happened: Flags, row: int, sums: Sums, work: Work) -> int:
    """Find the sides of which nothing is known; 1 + the first field of the first of them, or 0."""
    first = 0
    for side in range(work.totals.size):
        unknown, field = False, 0
        for word in range(opened.shape[0]):
            asked = int(sums.fields[side, word])
            if asked and not field:
                field = word * OPEN_BITS + trailing_zeros(asked) + 1
                unknown = True
            unknown &= int(opened[word, row]) & asked == asked
        for number in range(sums.sides[side, TALLY], sums.sides[side + 1, TALLY]):
            unknown &= not happened[number, row]
        work.unknown[side] = unknown
        if unknown and not first:
            first = field
    return first


# -- interval and question -----------------------------------------------------------------------


@part
def _some(opened: OpenInts, row: int) -> bool:
    some = False
    for word in range(opened.shape[0]):
        some |= opened[word, row] != 0
    return some


@part
def _move(masks: Ints, row: int, bit: int, bits: Ints, opens: Opens, moved: Ints) -> None:
    """Move the terms of an open bit from where they are to their least and their most."""
    for word in range(masks.shape[0]):
        lit = masks[word, row] & opens.clear[bit, word]
        while lit:
            place = word * WORD_BITS + trailing_zeros(lit)
            moved[0, bits[place, 1]] -= bits[place, 0]
            moved[1, bits[place, 1]] -= bits[place, 0]
            lit &= lit - 1
    moves = opens.moves
    for move in range(opens.first[bit], opens.first[bit + 1]):
        moved[0, moves[move, 0]] += moves[move, 1]
        moved[1, moves[move, 0]] += moves[move, 2]


@part
def _move_open(
    masks: Ints, opened: OpenInts, row: int, bits: Ints, opens: Opens, moved: Ints
) -> None:
    """Move every open term."""
    for word in range(opened.shape[0]):
        left = int(opened[word, row])
        while left:
            bit = word * OPEN_BITS + trailing_zeros(left)
            _move(masks, row, bit, bits, opens, moved)
            left &= left - 1


@part
def _find_unsure(work: Work, sums: Sums) -> bool:
    """Find the sides that are not certain; whether there is one."""
    some = False
    for side in range(work.totals.size):
        low, high = work.ends[0, side], work.ends[1, side]
        apart = class_of(low, side, sums) != class_of(high, side, sums)
        work.unsure[side] = apart or work.unknown[side]
        some |= work.unsure[side]
    return some


@part
def _question(
    masks: Ints,
    opened: OpenInts,
    row: int,
    sums: Sums,
    opens: Opens,
    work: Work,
    nothing: int,
) -> int:
    """1 + the place of the field to ask for; `nothing` if no open term reads a missing field."""
    best, best_decides, best_width = nothing, False, -1
    for word in range(opened.shape[0]):
        missing = int(opened[word, row]) & opens.fields[word]
        while missing:
            field = word * OPEN_BITS + trailing_zeros(missing)
            missing &= missing - 1
            width, decides = _move_readers(masks, opened, row, field, sums, opens, work)
            _totals(work, sums)
            if width < 0:
                continue
            for side in range(work.totals.size):
                place = class_of(work.totals[side], side, sums)
                decides |= class_of(work.ends[0, side], side, sums) != place
                decides |= class_of(work.ends[1, side], side, sums) != place
            if (decides and not best_decides) or (decides == best_decides and width > best_width):
                best, best_decides, best_width = field + 1, decides, width
    return best


@part
def _move_readers(
    masks: Ints, opened: OpenInts, row: int, field: int, sums: Sums, opens: Opens, work: Work
) -> tuple[int, bool]:
    """Move the open terms that read a field.

    Comes out: their range on the sides that are not certain, or -1 if there are none; and whether
    one of them is of a side of which nothing is known, for every answer changes its class.
    """
    width, decides = _width(field, opens, work, -1, False)
    _move(masks, row, field, sums.bits, opens, work.moved)
    for word in range(opened.shape[0]):
        left = int(opened[word, row]) & opens.readers[field, word]
        while left:
            bit = word * OPEN_BITS + trailing_zeros(left)
            width, decides = _width(bit, opens, work, width, decides)
            _move(masks, row, bit, sums.bits, opens, work.moved)
            left &= left - 1
    return width, decides


@part
def _width(bit: int, opens: Opens, work: Work, width: int, decides: bool) -> tuple[int, bool]:
    """The range so far and that of an open bit, and whether an unknown side is among its own."""
    for side in range(work.totals.size):
        if work.unsure[side] and opens.width[bit, side] >= 0:
            width = max(width, 0) + opens.width[bit, side]
            decides |= work.unknown[side]
    return width, decides
