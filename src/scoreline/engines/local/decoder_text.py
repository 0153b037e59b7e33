"""The texts of reasons, written by the compiled decoder: bytes of labels, one row after another."""

from __future__ import annotations

from scoreline.engines.local.compiled import BLOCK, copy_block, part, trailing_zeros
from scoreline.engines.local.tables import BASE, SLOT, Bytes, Ints, Labels, Sums
from scoreline.scorecard.layout import WORD_BITS
from scoreline.scorecard.points import SCALE

PLUS, MINUS, POINT, ZERO = b"+-.0"
DECIMALS = 4
STRONGEST = 2**63 - 1
SEPARATOR = len("; ")


@part
def write_reasons(
    masks: Ints,
    tallies: Ints,
    row: int,
    sums: Sums,
    labels: Labels,
    now: Ints,
    totals: Ints,
    text: Bytes,
    at: int,
) -> int:
    """Write the lines of a row; the end of its text comes out. totals: of each side."""
    begin, left, rest = at, labels.most, 0
    for side in range(totals.size):
        rest += totals[side]
    tally = next_tally(tallies, row, sums.tallies, STRONGEST, -1)
    for word in range(masks.shape[0]):
        lit = masks[word, row] & sums.strong[word]
        while lit and left:
            place = word * WORD_BITS + trailing_zeros(lit)
            strength, term = abs(sums.bits[place, 0]), sums.bits[place, 2]
            while tally >= 0 and left:
                points, other = tallies[tally, row], sums.tallies[tally, 1]
                if abs(points) < strength or (abs(points) == strength and other > term):
                    break
                at = _signed(points, text, _label(labels, labels.tallies + tally, text, at, begin))
                rest -= points
                left -= 1
                tally = next_tally(tallies, row, sums.tallies, abs(points), other)
            if left:
                at = _label(labels, place, text, at, begin)
                rest -= sums.bits[place, 0]
                left -= 1
            lit &= lit - 1
    while tally >= 0 and left:
        points, other = tallies[tally, row], sums.tallies[tally, 1]
        at = _signed(points, text, _label(labels, labels.tallies + tally, text, at, begin))
        rest -= points
        left -= 1
        tally = next_tally(tallies, row, sums.tallies, abs(points), other)
    # Once as many terms are shown as may be, base and the clamps are part of the rest.
    for side in range(totals.size):
        if left and sums.sides[side, BASE]:
            at = _label(labels, labels.bases + side, text, at, begin)
            rest -= sums.sides[side, BASE]
            left -= 1
        if left:
            at, rest, left = _clamps(
                sums, labels, now, side, totals[side], rest, left, text, at, begin
            )
    if rest:
        at = _signed(rest, text, _label(labels, labels.other, text, at, begin))
    return at


@part
def next_tally(tallies: Ints, row: int, places: Ints, strength: int, term: int) -> int:
    """The event term that comes after a line of this strength and place; -1 for none."""
    best, most = -1, 0
    for number in range(tallies.shape[0]):
        points = abs(tallies[number, row])
        after = points < strength or (points == strength and places[number, 1] > term)
        if after and points > most:  # of equal ones the first stands first
            best, most = number, points
    return best


@part
def _clamps(
    sums: Sums,
    labels: Labels,
    now: Ints,
    side: int,
    total: int,
    rest: int,
    left: int,
    text: Bytes,
    at: int,
    begin: int,
) -> tuple[int, int, int]:
    """Write the clamps of a side that bite, at most `left`; (end, rest, left) comes out."""
    reached, end = sums.sides[side, BASE], sums.sides[side + 1, SLOT]
    for slot in range(sums.sides[side, SLOT], end + 1):
        if slot < end:
            bite = min(max(now[slot], sums.floors[slot]), sums.caps[slot]) - now[slot]
            reached += now[slot] + bite
        else:
            bite = total - reached
        if left and bite:
            # A cap takes points away, a floor adds them; the first slot of a side has neither.
            label = labels.clamps + 2 * (slot - 1) + (1 if bite > 0 else 0)
            at = _signed(bite, text, _label(labels, label, text, at, begin))
            rest -= bite
            left -= 1
    return at, rest, left


@part
def _label(labels: Labels, number: int, text: Bytes, at: int, begin: int) -> int:
    """Write a label, the first of a row without what joins it to the one before."""
    place, end = labels.start[number], labels.start[number + 1]
    if at == begin:
        place += SEPARATOR
    size = int(end - place)
    for offset in range(0, size, BLOCK):
        copy_block(text, at + offset, labels.bytes, place + offset)
    return at + size


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
    digits, rest = 1, number // 10
    while rest:
        digits += 1
        rest //= 10
    digits = max(digits, least)
    for place in range(at + digits - 1, at - 1, -1):
        text[place] = ZERO + number % 10
        number //= 10
    return at + digits
