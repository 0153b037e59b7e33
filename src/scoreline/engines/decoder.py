"""Words -> score, segment, interval, certain, ask and reasons, a row at a time, in machine code.

Everything about a card comes in as tables (`tables.py`), so these functions are compiled once for
an installation. Scores are scaled integers; see `scorecard.points`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoreline.engines.compiled import compiled, part, trailing_zeros
from scoreline.engines.tables import Bytes, Ints, Labels, OpenInts, Opens, Sums
from scoreline.engines.words import OPEN_BITS
from scoreline.scorecard.layout import WORD_BITS
from scoreline.scorecard.points import SCALE

SEMICOLON, BLANK, PLUS, MINUS, POINT, ZERO = b"; +-.0"
DECIMALS = 4


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

    masks, opened: word x row (no open word: no interval); start: where each row's text begins.
    """
    slots = sums.floor.size
    now, low, high = np.zeros(slots, np.int64), np.zeros(slots, np.int64), np.zeros(slots, np.int64)
    rows = masks.shape[1]
    while row < rows:
        if start[row] + labels.room > text.size:
            return row
        _sum_bits(masks, row, sums, now)
        score = _total(now, sums)
        segment = _segment(score, sums)
        found.score[row] = score
        found.segment[row] = segment
        found.low[row] = found.high[row] = score
        found.certain[row] = True
        found.ask[row] = 0
        if _some(opened, row):
            low[:] = now
            high[:] = now
            _move_open(masks, opened, row, sums, opens, low, high)
            found.low[row] = _total(low, sums)
            found.high[row] = _total(high, sums)
            ends = (_segment(found.low[row], sums), _segment(found.high[row], sums))
            if ends[0] != ends[1]:
                found.certain[row] = False
                found.ask[row] = _question(masks, opened, row, sums, opens, now, low, high)
        start[row + 1] = start[row]
        if labels.most:
            start[row + 1] = _reasons(masks, row, sums, labels, now, score, text, start[row])
        row += 1
    return row


@compiled
def scores(masks: Ints, sums: Sums, found: Ints) -> None:
    """The scaled score of each row, and nothing else."""
    now = np.zeros(sums.floor.size, np.int64)
    for row in range(masks.shape[1]):
        _sum_bits(masks, row, sums, now)
        found[row] = _total(now, sums)


# -- score and segment ---------------------------------------------------------------------------


@part
def _sum_bits(masks: Ints, row: int, sums: Sums, now: Ints) -> None:
    """The sum of each slot."""
    now[:] = 0
    for word in range(masks.shape[0]):
        bits = masks[word, row] & sums.strong[word]
        while bits:
            place = word * WORD_BITS + trailing_zeros(bits)
            now[sums.slot[place]] += sums.points[place]
            bits &= bits - 1


@part
def _clamp(points: int, floor: int, cap: int) -> int:
    if points < floor:
        return floor
    return cap if points > cap else points


@part
def _reached(now: Ints, sums: Sums) -> int:
    """Base and the clamped sums, before the clamp of the total."""
    reached = sums.base
    for slot in range(now.size):
        reached += _clamp(now[slot], sums.floor[slot], sums.cap[slot])
    return reached


@part
def _total(now: Ints, sums: Sums) -> int:
    return _clamp(_reached(now, sums), sums.total_floor, sums.total_cap)


@part
def _segment(score: int, sums: Sums) -> int:
    """The place of the first segment reached; the number of segments if there is none."""
    for place in range(sums.lowest.size):
        if score >= sums.lowest[place]:
            return place
    return sums.lowest.size


# -- interval and question -----------------------------------------------------------------------


@part
def _some(opened: OpenInts, row: int) -> bool:
    some = False
    for word in range(opened.shape[0]):
        some |= opened[word, row] != 0
    return some


@part
def _is_open(opened: OpenInts, row: int, bit: int) -> bool:
    return bool(opened[bit // OPEN_BITS, row] >> bit % OPEN_BITS & 1)


@part
def _move(masks: Ints, row: int, bit: int, sums: Sums, opens: Opens, low: Ints, high: Ints) -> None:
    """Move the terms of an open bit from where they are to their least and their most."""
    for word in range(masks.shape[0]):
        bits = masks[word, row] & opens.clear[bit, word] & sums.strong[word]
        while bits:
            place = word * WORD_BITS + trailing_zeros(bits)
            low[sums.slot[place]] -= sums.points[place]
            high[sums.slot[place]] -= sums.points[place]
            bits &= bits - 1
    for slot in range(low.size):
        low[slot] += opens.least[bit, slot]
        high[slot] += opens.most[bit, slot]


@part
def _move_open(
    masks: Ints,
    opened: OpenInts,
    row: int,
    sums: Sums,
    opens: Opens,
    low: Ints,
    high: Ints,
) -> None:
    """Move every open term."""
    for word in range(opened.shape[0]):
        bits = int(opened[word, row])
        while bits:
            bit = word * OPEN_BITS + trailing_zeros(bits)
            _move(masks, row, bit, sums, opens, low, high)
            bits &= bits - 1


@part
def _question(
    masks: Ints,
    opened: OpenInts,
    row: int,
    sums: Sums,
    opens: Opens,
    now: Ints,
    low: Ints,
    high: Ints,
) -> int:
    """1 + the place of the field to ask for; 0 for none. `low` and `high` are used up."""
    segment = _segment(_total(now, sums), sums)
    best, best_decides, best_width = 0, False, -1
    for field in range(opens.fields):
        if not _is_open(opened, row, field):
            continue
        low[:] = now
        high[:] = now
        some, width = opens.some[field], opens.width[field]
        _move(masks, row, field, sums, opens, low, high)
        for bit in range(opens.fields, opens.width.size):
            if opens.reads[bit, field] and _is_open(opened, row, bit):
                some = True
                width += opens.width[bit]
                _move(masks, row, bit, sums, opens, low, high)
        if not some:
            continue
        decides = (
            _segment(_total(low, sums), sums) != segment
            or _segment(_total(high, sums), sums) != segment
        )
        if (decides and not best_decides) or (decides == best_decides and width > best_width):
            best, best_decides, best_width = field + 1, decides, width
    return best


# -- reasons -------------------------------------------------------------------------------------


@part
def _reasons(
    masks: Ints,
    row: int,
    sums: Sums,
    labels: Labels,
    now: Ints,
    score: int,
    text: Bytes,
    at: int,
) -> int:
    """Write the lines of a row; the end of its text comes out."""
    begin, left, rest = at, labels.most, score
    for word in range(masks.shape[0]):
        bits = masks[word, row] & sums.strong[word]
        while bits and left:
            place = word * WORD_BITS + trailing_zeros(bits)
            at = _label(labels, place, text, _joined(text, at, begin))
            rest -= sums.points[place]
            left -= 1
            bits &= bits - 1
    if left and sums.base:
        at = _label(labels, labels.base, text, _joined(text, at, begin))
        rest -= sums.base
        left -= 1
    reached = sums.base + now[0]
    for slot in range(1, now.size):
        clamped = _clamp(now[slot], sums.floor[slot], sums.cap[slot])
        reached += clamped
        if left and clamped != now[slot]:
            at = _bite(labels, slot - 1, clamped - now[slot], text, _joined(text, at, begin))
            rest -= clamped - now[slot]
            left -= 1
    if left and score != reached:
        at = _bite(labels, now.size - 1, score - reached, text, _joined(text, at, begin))
        rest -= score - reached
    if rest:
        at = _label(labels, labels.other, text, _joined(text, at, begin))
        at = _signed(rest, text, at)
    return at


@part
def _joined(text: Bytes, at: int, begin: int) -> int:
    """Write what stands between two lines."""
    if at == begin:
        return at
    text[at] = SEMICOLON
    text[at + 1] = BLANK
    return at + 2


@part
def _label(labels: Labels, number: int, text: Bytes, at: int) -> int:
    for place in range(labels.start[number], labels.start[number + 1]):
        text[at] = labels.bytes[place]
        at += 1
    return at


@part
def _bite(labels: Labels, clamp: int, points: int, text: Bytes, at: int) -> int:
    """Write the line of a clamp that bites: a cap takes points away, a floor adds them."""
    label = labels.clamps + 2 * clamp + (1 if points > 0 else 0)
    return _signed(points, text, _label(labels, label, text, at))


@part
def _signed(points: int, text: Bytes, at: int) -> int:
    """Write scaled points with their sign, without needless zeros."""
    text[at] = MINUS if points < 0 else PLUS
    at = _digits(abs(points) // SCALE, 1, text, at + 1)
    rest, decimals = abs(points) % SCALE, DECIMALS
    if rest:
        while rest % 10 == 0:
            rest //= 10
            decimals -= 1
        text[at] = POINT
        at = _digits(rest, decimals, text, at + 1)
    return at


@part
def _digits(number: int, least: int, text: Bytes, at: int) -> int:
    """Write a number with at least so many digits."""
    digits, rest = least, number // 10**least
    while rest:
        digits += 1
        rest //= 10
    for place in range(at + digits - 1, at - 1, -1):
        text[place] = ZERO + number % 10
        number //= 10
    return at + digits
