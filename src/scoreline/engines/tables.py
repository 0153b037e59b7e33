"""A card as arrays: what the decoder reads, so that one compiled decoder serves every card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scoreline.engines.words import OpenLayout
from scoreline.language.tree import fields_read
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import points_text, signed_text
from scoreline.scorecard.reasons import OTHER, term_reasons

Ints = npt.NDArray[np.int64]
OpenInts = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
LEAST = int(np.iinfo(np.int64).min)
MOST = int(np.iinfo(np.int64).max)


class Sums(NamedTuple):
    """How bits become a score.

    points, slot: of each bit; strong: the bits worth reading, by word; floor, cap: of each slot;
    lowest: the least score of each segment; names of the others as in the card.
    """

    points: Ints
    slot: Ints
    strong: Ints
    floor: Ints
    cap: Ints
    base: int
    total_floor: int
    total_cap: int
    lowest: Ints


class Opens(NamedTuple):
    """What open bits do to a score; the first `fields` bits are fields, the others are terms.

    clear: bits of the mask that its terms have (open bit x word); least, most: their sums at the
    ends (open bit x slot); width: most - least; some: whether the bit opens any term; reads: the
    fields that a term's bit reads (open bit x field).
    """

    fields: int
    clear: Ints
    least: Ints
    most: Ints
    width: Ints
    some: npt.NDArray[np.bool_]
    reads: npt.NDArray[np.bool_]


class Labels(NamedTuple):
    """The texts of reasons as bytes: text i is bytes[start[i] : start[i + 1]].

    term: one for each bit, points included; clamp: for each slot its cap and floor, then those of
    the total, points not included; base: one; most: lines to show
    (0: no texts at all); room: bytes a row may need.
    """

    bytes: Bytes
    start: Ints
    base: int
    clamps: int
    other: int
    most: int
    room: int


def sums_of(layout: Layout) -> Sums:
    """The table of sums of a card."""
    card = layout.card
    strong = [layout.strong >> WORD_BITS * w & (1 << WORD_BITS) - 1 for w in range(layout.words)]
    lowest = [LEAST if s.lowest is None else s.lowest for s in card.segments]
    return Sums(
        points=_ints([bit.points for bit in layout.bits]),
        slot=_ints([layout.slots[bit.term] for bit in layout.bits]),
        strong=_ints(strong),
        floor=_ints([_floor(clamp) for clamp in layout.clamps]),
        cap=_ints([_cap(clamp) for clamp in layout.clamps]),
        base=card.base,
        total_floor=_floor(card.total),
        total_cap=_cap(card.total),
        lowest=_ints(lowest),
    )


def opens_of(layout: Layout, opened: OpenLayout) -> Opens:
    """The table of open bits of a card."""
    owners = [*(opened.opened_by[name] for name in opened.fields), *((t,) for t in opened.terms)]
    shape = (len(owners), len(layout.clamps))
    least, most = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    clear = np.zeros((len(owners), layout.words), np.int64)
    for bit, terms in enumerate(owners):
        for term in terms:
            ends = layout.extremes[term]
            least[bit, layout.slots[term]] += ends[0]
            most[bit, layout.slots[term]] += ends[1]
            for word in range(layout.words):
                clear[bit, word] |= layout.term_masks[term] >> WORD_BITS * word & (
                    (1 << WORD_BITS) - 1
                )
    reads = np.zeros((len(owners), len(opened.fields)), np.bool_)
    for bit, term in enumerate(opened.terms, start=len(opened.fields)):
        for name in fields_read(layout.card.terms[term].of):
            reads[bit, opened.fields.index(name)] = True
    return Opens(
        fields=len(opened.fields),
        clear=clear,
        least=least,
        most=most,
        width=(most - least).sum(axis=1),
        some=np.array([bool(terms) for terms in owners], np.bool_),
        reads=reads,
    )


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
    ]
    parts = [text.encode() for text in texts]
    start = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=start[1:])
    number = len(points_text(-MOST))
    possible = sorted((len(part) + number + len("; ") for part in parts), reverse=True)
    shown = most or len(parts)
    return Labels(
        bytes=np.frombuffer(b"".join(parts), np.uint8),
        start=start,
        base=len(lines),
        clamps=len(lines) + 1,
        other=len(parts) - 1,
        most=shown,
        room=sum(possible[: shown + 1]),
    )


def _floor(clamp: Clamp) -> int:
    return LEAST if clamp.floor is None else clamp.floor


def _cap(clamp: Clamp) -> int:
    return MOST if clamp.cap is None else clamp.cap


def _ints(values: Sequence[Any]) -> Ints:
    return np.array(values, dtype=np.int64)
