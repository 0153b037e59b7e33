"""Terms -> words: the bits of the bins that hold and the sums of their points, in one pass.

Both fit into one whole number for most cards, so that a score with all its reasons costs what the
score alone would: each CASE gives a bin's bit and, below the bits, its points. Where they don't
fit, the number of each term's bin is worked out first, and words and sums are read from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd

from scoreline.engines.sql.columns import Columns
from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, big, choice, has, sum_of
from scoreline.engines.sql.tallies import Tallies
from scoreline.language.openness import missing, opened
from scoreline.language.tree import And, Compare, Const, In, IsNull, Node, Not, fields_read
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Holds, Missing, OneOf, Otherwise, Range, Term

ROOM = 62
"""Bits of a word that are used: those of a signed whole number without its sign, and one spare."""


def bin_test(term: Term, number: int, value: Node) -> Node:
    """Whether a value falls into a bin, if into none before it."""
    kind = term.of.kind
    match term.bins[number].test:
        case Holds():
            return value
        case Missing():
            return IsNull(value)
        case Otherwise() | Range(None, None):
            return Not(IsNull(value))
        case OneOf(values):
            if len(values) == 1:
                return Compare("=", value, Const(values[0], kind))
            return In(value, values)
        case Range(lower, None):
            return Compare(">=", value, Const(lower, kind))
        case Range(None, upper):
            return Compare("<", value, Const(upper, kind))
        case Range(lower, upper):
            reached = Compare(">=", value, Const(lower, kind))
            return And((reached, Compare("<", value, Const(upper, kind))))


@dataclass(frozen=True)
class Packing:
    """Where bits and sums stand in the one word of a card that has room for both.

    Sums are counted in units from the least that they can be, so that none is below zero.
    """

    layout: Layout
    bits: int

    @cached_property
    def unit(self) -> int:
        """The points that every bin's are a multiple of."""
        return gcd(*(bit.points for bit in self.layout.bits)) or 1

    @cached_property
    def least(self) -> tuple[int, ...]:
        """The least points of each term over its bins and none of them."""
        return tuple(min([0, *(b.points for b in t.bins)]) for t in self.layout.card.terms)

    @cached_property
    def slots(self) -> tuple[tuple[int, int, int], ...]:
        """(first bit, bits, least sum) of each slot."""
        spans, leasts = ([0] * len(self.layout.clamps) for _ in range(2))
        for term, least, slot in zip(
            self.layout.card.terms, self.least, self.layout.slots, strict=True
        ):
            most = max([0, *(b.points for b in term.bins)])
            spans[slot] += (most - least) // self.unit
            leasts[slot] += least
        found, first = [], 0
        for span, least in zip(spans, leasts, strict=True):
            found.append((first, span.bit_length(), least))
            first += span.bit_length()
        return tuple(found)

    @cached_property
    def first_bit(self) -> int:
        """Where the bits of the mask begin."""
        first, size, _ = self.slots[-1]
        return first + size

    @property
    def fits(self) -> bool:
        """Whether one word holds everything."""
        return self.first_bit + self.bits <= ROOM

    def value(self, term: int, number: int | None) -> int:
        """What a term adds to the word with a bin, or with none."""
        points = 0 if number is None else self.layout.card.terms[term].bins[number].points
        first = self.slots[self.layout.slots[term]][0]
        found = ((points - self.least[term]) // self.unit) << first
        if number is not None:
            place = self.layout.place[term, number]
            if place < self.bits:
                found += 1 << (self.first_bit + place)
        return found


class Words:
    """The columns of a card's mask words, sums and open bits; all else is read from them.

    zeros: whether bins of 0 points have their bits too: they are no reasons; opened: whether the
    open bits are wanted.
    """

    def __init__(
        self,
        layout: Layout,
        columns: Columns,
        tallies: Tallies,
        layers: Layers,
        *,
        zeros: bool,
        opened: bool,
    ) -> None:
        self.layout = layout
        self._columns = columns
        self._layers = layers
        used = layout.bits if zeros else [bit for bit in layout.bits if bit.points]
        self.bits = len(used)
        self._open_bits = self._find_open() if opened else {}
        packing = Packing(layout, self.bits)
        self.masks, sums = self._packed(packing) if packing.fits else self._apart()
        self.sums = tuple(self._with_tallies(slot, own, tallies) for slot, own in enumerate(sums))

    def _with_tallies(self, slot: int, bins: str, tallies: Tallies) -> str:
        """The sum of a slot: that of its bins, and the points of its event terms."""
        counted = zip(self.layout.card.tallies, tallies.points, strict=True)
        own = [points for (term, _), points in counted if self.layout.slots[term] == slot]
        return self._layers.add(f"{PIECE}g{slot}", sum_of([bins, *own])) if own else bins

    def _packed(self, packing: Packing) -> tuple[tuple[str, ...], tuple[str, ...]]:
        parts = []
        for place, term in enumerate(self.layout.card.terms):
            values = [(test, str(packing.value(place, n))) for n, test in self._tests(term)]
            if values:
                parts.append(choice(values, str(packing.value(place, None))))
        word = self._layers.add(f"{PIECE}w0", f"CAST({sum_of(parts)} AS BIGINT)")
        shifted = self._layers.spelling.shifted
        sums = []
        for first, size, least in packing.slots:
            held = f"({shifted(word, first)} & {big((1 << size) - 1)})"
            sums.append(f"({held} * {big(packing.unit)} + {big(least)})" if size else big(least))
        mask = self._layers.add(f"{PIECE}m0", shifted(word, packing.first_bit))
        return (mask,), tuple(
            self._layers.add(f"{PIECE}s{slot}", text) for slot, text in enumerate(sums)
        )

    def _apart(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        words: list[list[str]] = [[] for _ in range(max(1, -(-self.bits // WORD_BITS)))]
        sums: list[list[str]] = [[] for _ in self.layout.clamps]
        for place, term in enumerate(self.layout.card.terms):
            tests = self._tests(term)
            if not tests:
                continue
            coded = [(test, str(n + 1)) for n, test in tests]
            code = self._layers.add(f"{PIECE}t{place}", choice(coded, "0"))
            by_word: dict[int, list[tuple[str, str]]] = {}
            points = []
            for n, _ in tests:
                here = f"{code} = {n + 1}"
                bit = self.layout.place[place, n]
                if bit < self.bits:
                    value = big(1 << bit % WORD_BITS)
                    by_word.setdefault(bit // WORD_BITS, []).append((here, value))
                if term.bins[n].points:
                    points.append((here, big(term.bins[n].points)))
            for word, values in by_word.items():
                words[word].append(choice(values, big(0)))
            if points:
                sums[self.layout.slots[place]].append(choice(points, big(0)))
        add = self._layers.add
        masks = tuple(add(f"{PIECE}m{n}", sum_of(parts)) for n, parts in enumerate(words))
        found = tuple(add(f"{PIECE}s{n}", sum_of(parts)) for n, parts in enumerate(sums))
        return masks, found

    def _tests(self, term: Term) -> list[tuple[int, str]]:
        """(bin, test) of each bin, in an order in which the first test that is true decides."""
        if not term.bins:
            return []
        value = term.of
        if not term.is_condition and (len(term.bins) > 1 or term.pair is not None):
            value = self._columns.bind(value)
        last = (Otherwise, Missing)
        ordered = sorted(range(len(term.bins)), key=lambda n: isinstance(term.bins[n].test, last))
        return [(n, self._columns.sql(bin_test(term, n, value))) for n in ordered]

    # -- openness --------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that a term reads, in the order of `fields`."""
        return tuple(name for name, terms in self.layout.readers.items() if terms)

    def _find_open(self) -> dict[int | str, tuple[str, int]]:
        """(word, bit) by which a term is open, and a field missing."""
        tests: dict[int | str, str] = {}
        for name in self.fields:
            tests[name] = self._columns.sql(missing(name))
        for place, term in enumerate(self.layout.card.terms):
            if not fields_read(term.of):
                continue
            node = opened(term.of, self._columns.bind).open
            if node is not None:
                tests[place] = self._columns.sql(node)
        found: dict[int | str, tuple[str, int]] = {}
        known: dict[str, tuple[str, int]] = {}
        distinct = list(dict.fromkeys(tests.values()))
        for first in range(0, len(distinct), ROOM):
            some = distinct[first : first + ROOM]
            bits = [choice([(test, big(1 << n))], big(0)) for n, test in enumerate(some)]
            word = self._layers.add(f"{PIECE}o{first // ROOM}", sum_of(bits))
            known |= {test: (word, 1 << n) for n, test in enumerate(some)}
        for one, test in tests.items():
            found[one] = known[test]
        return found

    def is_open(self, one: int | str) -> str | None:
        """Whether a term is open, or a field missing; None if it never is."""
        found = self._open_bits.get(one)
        return None if found is None else has(*found)

    @property
    def open_words(self) -> Sequence[str]:
        """The words of the open bits."""
        return list(dict.fromkeys(word for word, _ in self._open_bits.values()))
