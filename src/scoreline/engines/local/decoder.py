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
from scoreline.engines.local.tables import Bytes, Ints, Labels, OpenInts, Opens, Sums
from scoreline.engines.local.words import OPEN_BITS
from scoreline.scorecard.layout import WORD_BITS


class Found(NamedTuple):
    """What the decoder writes: an entry of each column for each row."""

    score: Ints
    segment: npt.NDArray[np.uint32]
    low: Ints
    high: Ints
    certain: npt.NDArray[np.bool_]
    ask: npt.NDArray[np.uint32]


@compiled
def decode(
    masks: Ints,
    tallies: Ints,
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

    masks, opened: word x row (no open word: no interval); tallies: points, event term x row;
    start: where each row's text begins.
    """
    scores, segments, lows, highs, certains, asks = found
    now = np.zeros(sums.floors.size, np.int64)
    moved = np.zeros((2, now.size), np.int64)
    while row < masks.shape[1]:
        if start[row] + labels.room > text.size:
            return row
        sum_bits(masks, row, sums.strong, sums.bits, now)
        add_tallies(tallies, row, sums.tallies, now)
        score, _ = _totals(now, moved, sums)
        scores[row] = lows[row] = highs[row] = score
        segments[row] = segment_of(score, sums.lowest)
        certains[row] = True
        asks[row] = 0
        if _some(opened, row):
            _move_open(masks, opened, row, sums.bits, opens, moved)
            lows[row], highs[row] = _totals(now, moved, sums)
            if segment_of(lows[row], sums.lowest) != segment_of(highs[row], sums.lowest):
                certains[row] = False
                asks[row] = _question(masks, opened, row, sums, opens, now, moved, segments[row])
        start[row + 1] = start[row]
        if labels.most:
            start[row + 1] = write_reasons(
                masks, tallies, row, sums, labels, now, score, text, start[row]
            )
        row += 1
    return row


@compiled
def scores(masks: Ints, tallies: Ints, sums: Sums, found: Ints) -> None:
    """The scaled score of each row, and nothing else."""
    now = np.zeros(sums.floors.size, np.int64)
    moved = np.zeros((2, now.size), np.int64)
    for row in range(masks.shape[1]):
        sum_bits(masks, row, sums.strong, sums.bits, now)
        add_tallies(tallies, row, sums.tallies, now)
        found[row], _ = _totals(now, moved, sums)


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
def _totals(now: Ints, moved: Ints, sums: Sums) -> tuple[int, int]:
    """The scores with the slots moved down and up; what moved them is set back to 0."""
    floors, caps, low, high = sums.floors, sums.caps, sums.base, sums.base
    for slot in range(now.size):
        low += min(max(now[slot] + moved[0, slot], floors[slot]), caps[slot])
        high += min(max(now[slot] + moved[1, slot], floors[slot]), caps[slot])
        moved[0, slot] = moved[1, slot] = 0
    low = min(max(low, sums.floor), sums.cap)
    return low, min(max(high, sums.floor), sums.cap)


@part
def segment_of(score: int, lowest: Ints) -> int:
    """The place of the first segment reached; the number of segments if there is none."""
    for place in range(lowest.size):
        if score >= lowest[place]:
            return place
    return lowest.size


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
def _question(
    masks: Ints,
    opened: OpenInts,
    row: int,
    sums: Sums,
    opens: Opens,
    now: Ints,
    moved: Ints,
    segment: int,
) -> int:
    """1 + the place of the field to ask for; 0 for none."""
    best, best_decides, best_width = 0, False, -1
    for word in range(opened.shape[0]):
        missing = int(opened[word, row]) & opens.fields[word]
        while missing:
            field = word * OPEN_BITS + trailing_zeros(missing)
            missing &= missing - 1
            width = _move_readers(masks, opened, row, field, sums.bits, opens, moved)
            low, high = _totals(now, moved, sums)
            if width < 0:
                continue
            decides = (
                segment_of(low, sums.lowest) != segment or segment_of(high, sums.lowest) != segment
            )
            if (decides and not best_decides) or (decides == best_decides and width > best_width):
                best, best_decides, best_width = field + 1, decides, width
    return best


@part
def _move_readers(
    masks: Ints, opened: OpenInts, row: int, field: int, bits: Ints, opens: Opens, moved: Ints
) -> int:
    """Move the open terms that read a field; their range, or -1 if there are none."""
    width = int(opens.width[field])
    _move(masks, row, field, bits, opens, moved)
    for word in range(opened.shape[0]):
        left = int(opened[word, row]) & opens.readers[field, word]
        while left:
            bit = word * OPEN_BITS + trailing_zeros(left)
            width = max(width, 0) + opens.width[bit]
            _move(masks, row, bit, bits, opens, moved)
            left &= left - 1
    return width
