"""A card as arrays: what the decoder reads, so that one compiled decoder serves every card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import BLOCK
from scoreline.engines.local.words import OPEN_BITS, OpenLayout
from scoreline.language.tree import fields_read
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import signed_text
from scoreline.scorecard.reasons import OTHER, term_reasons

Ints = npt.NDArray[np.int64]
OpenInts = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
LEAST = int(np.iinfo(np.int64).min)
MOST = int(np.iinfo(np.int64).max)
NUMBER = len("-922337203685477.5807")
"""The longest number of points there can be."""


class Sums(NamedTuple):
    """How bits become a score.

    bits: (points, slot, term) of each bit; tallies: (slot, term) of each event term; strong: the
    bits worth reading, by word; floors, caps: of each slot; floor, cap: of the total; lowest: the
    least score of each segment.
    """

    bits: Ints
    tallies: Ints
    strong: Ints
    floors: Ints
    caps: Ints
    base: int
    floor: int
    cap: int
    lowest: Ints


class Opens(NamedTuple):
    """What open bits do to a score; the first bits stand for fields, the others for terms.

    fields: the bits of fields, by open word; clear: bits of the mask that its terms have (open bit
    x word); moves: (slot, least, most), the sums of its terms at their ends, of bit i from first[i]
    to first[i + 1]; width: most - least, or -1 if the bit opens no term; readers: the bits of terms
    that read a field (field x open word).
    """

    fields: Ints
    clear: Ints
    moves: Ints
    first: Ints
    width: Ints
    readers: Ints


class Labels(NamedTuple):
    """The texts of reasons as bytes: text i is bytes[start[i] : start[i + 1]], a "; " before each.

    One for each bit with its points; the base with its points; the cap and the floor of each group
    and of the total, then `other`, then each event term, without. clamps, other, tallies: where
    they begin; most: lines to show (0: no texts at all); room: bytes a row may need.
    """

    bytes: Bytes
    start: Ints
    clamps: int
    other: int
    tallies: int
    most: int
    room: int


def sums_of(layout: Layout) -> Sums:
    """The table of sums of a card."""
    card = layout.card
    return Sums(
        bits=_ints([(bit.points, layout.slots[bit.term], bit.term) for bit in layout.bits]).reshape(
            -1, 3
        ),
        tallies=_ints([(layout.slots[place], place) for place, _ in card.tallies]).reshape(-1, 2),
        strong=_words(layout, layout.strong),
        floors=_ints([_floor(clamp) for clamp in layout.clamps]),
        caps=_ints([_cap(clamp) for clamp in layout.clamps]),
        base=card.base,
        floor=_floor(card.total),
        cap=_cap(card.total),
        lowest=_ints([LEAST if s.lowest is None else s.lowest for s in card.segments]),
    )


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
        width.append(sum(most - least for least, most in ends.values()) if terms else -1)
    readers = np.zeros((len(opened.fields), opened.words), np.int64)
    for bit, term in enumerate(opened.terms, start=len(opened.fields)):
        for name in fields_read(layout.card.terms[term].of):
            readers[opened.fields.index(name), bit // OPEN_BITS] |= 1 << bit % OPEN_BITS
    fields = _cut((1 << len(opened.fields)) - 1, opened.words, OPEN_BITS)
    return Opens(fields, clear, _ints(moves).reshape(-1, 3), _ints(first), _ints(width), readers)


def labels_of(layout: Layout, most: int) -> Labels:
    """The table of texts of a card; `most` lines are shown, 0 means all of them."""
    card = layout.card
    lines = [reason.text for reason in term_reasons(layout)]
    clamps = [group.name for group in card.groups] + ["total"]
    texts = [
        *lines,
        f"base {signed_text(card.base)}",
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
        clamps=len(lines) + 1,
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
