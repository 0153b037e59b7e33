"""The layout of a card's mask: one bit for each (term, bin), the strongest first.

Bits are ordered once, by absolute points, then by order in the card, bins of 0 points last; so the
lowest bits set *are* the top reasons, and score, reasons, counts and diffs are integer arithmetic.
Tables keep a mask in words of 63 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoreline.language.tree import fields_read
from scoreline.scorecard.model import Bin, Clamp, Missing, Otherwise, Range, Scorecard, Side, Term

WORD_BITS = 63
"""A word is a signed 64-bit integer without its sign."""


@dataclass(frozen=True, slots=True)
class Bit:
    """One (term, bin) by their places in the card, and its scaled points."""

    term: int
    bin: int
    points: int


@dataclass(frozen=True, slots=True)
class Span:
    """A side with the places of its terms in the card, of its slots, and of its tallies.

    fields: those that its terms read, in the order of `fields`; bounded: the slots whose clamp can
    bite; base, clamp: those of the total.
    """

    side: Side
    terms: range
    slots: range
    tallies: range
    fields: tuple[str, ...]
    bounded: tuple[tuple[int, Clamp], ...]
    base: int
    clamp: Clamp

    def total(self, sums: Sequence[int]) -> int:
        """The scaled total of the sums of all slots: base, clamps of groups, clamp of the total."""
        total = self.base + sum(sums[self.slots.start : self.slots.stop])
        for slot, clamp in self.bounded:
            total += clamp.apply(sums[slot]) - sums[slot]
        return self.clamp.apply(total)


@dataclass(frozen=True)
class Layout:
    """Everything about a card that masks are read with; made once for each card."""

    card: Scorecard

    @cached_property
    def bits(self) -> tuple[Bit, ...]:
        """The bits, strongest first."""
        bits = [
            Bit(t, b, bin_.points)
            for t, term in enumerate(self.card.terms)
            for b, bin_ in enumerate(term.bins)
        ]
        return tuple(sorted(bits, key=lambda bit: (-abs(bit.points), bit.term, bit.bin)))

    @cached_property
    def place(self) -> dict[tuple[int, int], int]:
        """The bit's place in the mask by (term, bin)."""
        return {(bit.term, bit.bin): place for place, bit in enumerate(self.bits)}

    @cached_property
    def words(self) -> int:
        """Words that a mask needs; at least one."""
        return max(1, -(-len(self.bits) // WORD_BITS))

    def mask_of(self, words: Iterable[int]) -> int:
        """The mask that words of a table stand for, the lowest first."""
        return joined(words, WORD_BITS)

    @cached_property
    def strong(self) -> int:
        """The mask of all bits whose points are not 0."""
        return (1 << sum(bit.points != 0 for bit in self.bits)) - 1

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where each side has its terms and slots: one after the other."""
        spans: list[Span] = []
        term = slot = tally = 0
        for side in self.card.sides:
            terms = range(term, term + len(side.card.terms))
            slots = range(slot, slot + 1 + len(side.card.groups))
            tallies = range(tally, tally + len(side.card.tallies))
            read = {name for t in terms for name in fields_read(self.card.terms[t].of)}
            fields = tuple(f.name for f in self.card.fields if f.name in read)
            groups = zip(slots[1:], side.card.groups, strict=True)
            bounded = tuple((n, group.clamp) for n, group in groups if not group.clamp.is_open)
            ends = (side.card.base, side.card.total)
            spans.append(Span(side, terms, slots, tallies, fields, bounded, *ends))
            term, slot, tally = terms.stop, slots.stop, tallies.stop
        return tuple(spans)

    @cached_property
    def side_of(self) -> tuple[int, ...]:
        """The number of each term's side."""
        return tuple(number for number, span in enumerate(self.spans) for _ in span.terms)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """Each term's slot of the sums: its side's first without a group, else its group's."""
        own = [slot for span in self.spans for slot in span.slots[1:]]
        places = {group.name: slot for group, slot in zip(self.card.groups, own, strict=True)}
        return tuple(
            places[term.group] if term.group else self.spans[number].slots.start
            for term, number in zip(self.card.terms, self.side_of, strict=True)
        )

    @cached_property
    def clamps(self) -> tuple[Clamp, ...]:
        """The clamp of each slot; a side's first has none."""
        return tuple(
            clamp
            for span in self.spans
            for clamp in (Clamp(), *(group.clamp for group in span.side.card.groups))
        )

    @cached_property
    def extremes(self) -> tuple[tuple[int, int], ...]:
        """(least, most) points of each term over all its bins, 0 where no bin need hold."""
        return tuple(_extremes(term) for term in self.card.terms)

    @cached_property
    def ranges(self) -> tuple[int, ...]:
        """How far each term's points can go: most - least."""
        return tuple(most - least for least, most in self.extremes)

    @cached_property
    def points_at(self) -> tuple[dict[int, int], ...]:
        """For each term: points by the bit that is set (as a mask of that bit alone)."""
        found: list[dict[int, int]] = [{} for _ in self.card.terms]
        for place, bit in enumerate(self.bits):
            found[bit.term][1 << place] = bit.points
        return tuple(found)

    @cached_property
    def term_masks(self) -> tuple[int, ...]:
        """The mask of all the bits of each term."""
        return tuple(sum(points) for points in self.points_at)

    @cached_property
    def readers(self) -> dict[str, tuple[int, ...]]:
        """For each field, in the order of `fields`: the terms that read it."""
        read = [fields_read(term.of) for term in self.card.terms]
        return {
            field.name: tuple(t for t, names in enumerate(read) if field.name in names)
            for field in self.card.fields
        }

    @cached_property
    def asked(self) -> tuple[tuple[str, tuple[int, ...], int], ...]:
        """(field, terms that read it, the same as a mask) of each field that a term reads."""
        read = self.readers.items()
        return tuple((name, terms, sum(1 << t for t in terms)) for name, terms in read if terms)

    def totals(self, sums: Sequence[int]) -> tuple[int, ...]:
        """The scaled total of each side, of the sums of the slots; the score is their sum."""
        return tuple([span.total(sums) for span in self.spans])

    def unknown(
        self, is_missing: Callable[[str], bool], happened: Sequence[bool]
    ) -> tuple[bool, ...]:
        """Which sides of a grid nothing is known of; a card by itself is never unknown.

        A side is unknown when its terms read fields, all of these are missing, and none of its
        event terms counted an event. happened: of each event term, whether it did.
        """
        return tuple(
            bool(span.side.name and span.fields)
            and all(map(is_missing, span.fields))
            and not any(happened[number] for number in span.tallies)
            for span in self.spans
        )

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of each term by its name."""
        return {term.name: place for place, term in enumerate(self.card.terms)}

    def sums(self, mask: int, tallies: Sequence[int] = ()) -> list[int]:
        """The sum of each slot, before its clamp.

        tallies: scaled points of each event term, in the card's order; none of them: all are 0.
        """
        sums = [0] * len(self.clamps)
        for (place, _), points in zip(self.card.tallies, tallies, strict=bool(tallies)):
            sums[self.slots[place]] += points
        for bit in self.set_bits(mask):
            sums[self.slots[bit.term]] += bit.points
        return sums

    def set_bits(self, mask: int) -> list[Bit]:
        """The bits of a mask, strongest first."""
        return [self.bits[place] for place in places(mask)]


def joined(words: Iterable[int], bits: int) -> int:
    """Words of so many bits as one integer, the lowest first.

    >>> joined([0b1, 0b10], 2)
    9
    """
    whole = 0
    for place, word in enumerate(words):
        whole |= word << (bits * place)
    return whole


def places(mask: int) -> tuple[int, ...]:
    """The places of the bits that are set, lowest first.

    >>> places(0b1010)
    (1, 3)
    """
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(found)


def _extremes(term: Term) -> tuple[int, int]:
    points = [b.points for b in term.bins]
    parts = [axis.bins for axis in term.pair.axes] if term.pair is not None else [term.bins]
    if term.is_condition or not all(map(_is_whole, parts)):
        points.append(0)
    return min(points), max(points)


def _is_whole(bins: Sequence[Bin]) -> bool:
    """Whether every value falls into a bin, unknown ones too."""
    return any(isinstance(b.test, Missing) for b in bins) and _covers(bins)


def _covers(bins: Sequence[Bin]) -> bool:
    """Whether every known value falls into a bin."""
    if any(isinstance(b.test, Otherwise) for b in bins):
        return True
    ranges = [b.test for b in bins if isinstance(b.test, Range)]
    # Edges of one term are of one kind, so they compare; -inf and +inf stand apart as None.
    reach: object = None
    covered = False
    while True:
        ends = [
            r.upper
            for r in ranges
            if (r.lower is None if not covered else _within(r.lower, reach, r.upper))
        ]
        if not ends:
            return False
        if None in ends:
            return True
        furthest = max(end for end in ends if end is not None)
        if covered and furthest <= reach:  # type: ignore[operator]
            return False
        reach, covered = furthest, True


def _within(lower: object, reach: object, upper: object) -> bool:
    """Whether a range begins at or before `reach` and goes beyond it."""
    begins = lower is None or lower <= reach  # type: ignore[operator]
    return begins and (upper is None or upper > reach)  # type: ignore[operator]
