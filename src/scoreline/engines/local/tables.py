"""A card as arrays: what the decoder reads, so that one compiled decoder serves every card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import BLOCK
from scoreline.engines.local.words import OPEN_BITS, OpenLayout
from scoreline.language.tree import fields_read
from scoreline.scorecard.layout import WORD_BITS, Layout, Span
from scoreline.scorecard.model import Clamp, Segment
from scoreline.scorecard.points import signed_text
from scoreline.scorecard.reasons import OTHER, term_reasons

Ints = npt.NDArray[np.int64]
OpenInts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
SLOT, CLASS, TALLY, BASE, FLOOR, CAP = range(6)
"""The columns of `Sums.sides`."""
LEAST = int(np.iinfo(np.int64).min)
MOST = int(np.iinfo(np.int64).max)
NUMBER = len("-922337203685477.5807")
"""The longest number of points there can be."""


class Sums(NamedTuple):
    """How bits become a score.

    bits: (points, slot, term) of each bit; tallies: (slot, term) of each event term; strong: the
    bits worth reading, by word; floors, caps: of each slot. sides: (first slot, first class, first
    event term, base, floor, cap) of each side, and a row that ends the last one; lowest: the least
    total of each class; fields: the open bits of the fields by which a side may be unknown (side x
    open word).
    """

    bits: Ints
    tallies: Ints
    strong: Ints
    floors: Ints
    caps: Ints
    sides: Ints
    lowest: Ints
    fields: Ints


class Opens(NamedTuple):
    """What open bits do to a score; the first bits stand for fields, the others for terms.

    fields: the bits of fields, by open word; clear: bits of the mask that its terms have (open bit
    x word); moves: (slot, least, most), the sums of its terms at their ends, of bit i from first[i]
    to first[i + 1]; width: most - least by side, or -1 if the bit opens no term of it; readers:
    the bits of terms that read a field (field x open word).
    """

    fields: Ints
    clear: Ints
    moves: Ints
    first: Ints
    width: Ints
    readers: Ints


class Labels(NamedTuple):
    """The texts of reasons as bytes: text i is bytes[start[i] : start[i + 1]], a "; " before each.

    One for each bit with its points; the base of each side with its points; for each side the cap
    and the floor of each group and of the total, then `other`, then each event term, without.
    bases, clamps, other, tallies: where they begin; most: lines to show (0: no texts at all);
    room: bytes a row may need.
    """

    bytes: Bytes
    start: Ints
    bases: int
    clamps: int
    other: int
    tallies: int
    most: int
    room: int


def sums_of(layout: Layout, opened: OpenLayout) -> Sums:
    """The table of sums of a card."""
    card = layout.card
    classes: list[Segment] = []
    sides = []
    for span in layout.spans:
        sides.append(_side(span, len(classes)))
        classes += span.side.classes
    ends = (len(layout.clamps), len(classes), len(card.tallies), 0, 0, 0)
    return Sums(
        bits=_ints([(bit.points, layout.slots[bit.term], bit.term) for bit in layout.bits]).reshape(
            -1, 3
        ),
        tallies=_ints([(layout.slots[place], place) for place, _ in card.tallies]).reshape(-1, 2),
        strong=_words(layout, layout.strong),
        floors=_ints([_floor(clamp) for clamp in layout.clamps]),
        caps=_ints([_cap(clamp) for clamp in layout.clamps]),
        sides=_ints([*sides, ends]),
        lowest=_ints([LEAST if s.lowest is None else s.lowest for s in classes]),
        fields=_ints([_asked(span, opened) for span in layout.spans]),
    )


def _side(span: Span, first_class: int) -> tuple[int, ...]:
    """The row of a side."""
    card = span.side.card
    first = (span.slots.start, first_class, span.tallies.start)
    return (*first, card.base, _floor(card.total), _cap(card.total))


def _asked(span: Span, opened: OpenLayout) -> Ints:
    """The open bits of the fields by which a side may be unknown; a card by itself never is."""
    names = span.fields if span.side.name else ()
    bits = sum(1 << opened.fields.index(name) for name in names)
    return _cut(bits, opened.words, OPEN_BITS)


def opens_of(layout: Layout, opened: OpenLayout) -> Opens:
    """The table of open bits of a card."""
    owners = [*(opened.opened_by[name] for name in opened.fields), *((t,) for t in opened.terms)]
    clear = np.zeros((len(owners), layout.words), np.int64)
    moves: list[tuple[int, int, int]] = []
    first, width = [0], []
    for bit, terms in enumerate(owners):
        ends: dict[int, list[int]] = {}
        for term in terms:
            clear[bit] |= _words(layout, layout.term_masks[term] & layout.strong)
            reached = ends.setdefault(layout.slots[term], [0, 0])
            for end, points in enumerate(layout.extremes[term]):
                reached[end] += points
        moves += [(slot, least, most) for slot, (least, most) in ends.items()]
        first.append(len(moves))
        width.append([_width(layout, terms, side) for side in range(len(layout.spans))])
    readers = np.zeros((len(opened.fields), opened.words), np.int64)
    for bit, term in enumerate(opened.terms, start=len(opened.fields)):
        for name in fields_read(layout.card.terms[term].of):
            readers[opened.fields.index(name), bit // OPEN_BITS] |= 1 << bit % OPEN_BITS
    fields = _cut((1 << len(opened.fields)) - 1, opened.words, OPEN_BITS)
    widths = _ints(width).reshape(-1, len(layout.spans))  # two-dimensional also where there is none
    return Opens(fields, clear, _ints(moves).reshape(-1, 3), _ints(first), widths, readers)


def _width(layout: Layout, terms: Sequence[int], side: int) -> int:
    """How far terms of a side can go; -1 if none of them is its own."""
    own = [layout.ranges[term] for term in terms if layout.side_of[term] == side]
    return sum(own) if own else -1


def labels_of(layout: Layout, most: int) -> Labels:
    """The table of texts of a card; `most` lines are shown, 0 means all of them."""
    card = layout.card
    lines = [reason.text for reason in term_reasons(layout)]
    sides = card.sides
    clamps = [
        f"{side.prefix}{name}"
        for side in sides
        for name in (*(group.name for group in side.card.groups), "total")
    ]
    texts = [
        *lines,
        *(f"{side.prefix}base {signed_text(side.card.base)}" for side in sides),
        *(f"{name} {word} " for name in clamps for word in ("cap", "floor")),
        f"{OTHER} ",
        *(f"{card.terms[place].name} " for place, _ in card.tallies),
    ]
    parts = [f"; {text}".encode() for text in texts]
    start = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=start[1:])
    # Texts are copied in blocks, so the last one of a row may spill over its end.
    possible = sorted((len(part) + NUMBER for part in parts), reverse=True)
    shown = most or len(parts)
    return Labels(
        bytes=np.frombuffer(b"".join(parts) + bytes(BLOCK), np.uint8),
        start=start,
        bases=len(lines),
        clamps=len(lines) + len(sides),
        other=len(parts) - 1 - len(card.tallies),
        tallies=len(parts) - len(card.tallies),
        most=shown,
        room=sum(possible[: shown + 1]) + BLOCK,
    )


def _words(layout: Layout, mask: int) -> Ints:
    """A mask cut into its words."""
    return _cut(mask, layout.words, WORD_BITS)


def _cut(mask: int, words: int, size: int) -> Ints:
    return _ints([mask >> size * word & (1 << size) - 1 for word in range(words)])


def _floor(clamp: Clamp) -> int:
    return LEAST if clamp.floor is None else clamp.floor


def _cap(clamp: Clamp) -> int:
    return MOST if clamp.cap is None else clamp.cap


def _ints(values: Sequence[Any]) -> Ints:
    return np.array(values, dtype=np.int64)
