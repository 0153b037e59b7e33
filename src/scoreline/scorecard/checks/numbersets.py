"""Sets of whole numbers as bits, in pieces so short that wide and thin sets stay small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoreline.scorecard.model import Clamp

PIECE = 1 << 12
PIECE_BYTES = PIECE // 8 + 150
_FULL = (1 << PIECE) - 1


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A set of whole numbers: number n is bit n % PIECE of piece n // PIECE."""

    pieces: Mapping[int, int]

    @staticmethod
    def of(numbers: Iterable[int]) -> NumberSet:
        """The set of these numbers.

        >>> sorted(NumberSet.of([3, -400000]).numbers())
        [-400000, 3]
        """
        pieces: dict[int, int] = {}
        for number in numbers:
            place, bit = divmod(number, PIECE)
            pieces[place] = pieces.get(place, 0) | 1 << bit
        return NumberSet(pieces)

    def __or__(self, other: NumberSet) -> NumberSet:
        found = dict(self.pieces)
        for place, piece in other.pieces.items():
            found[place] = found.get(place, 0) | piece
        return NumberSet(found)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    @property
    def weight(self) -> int:
        """Bytes that it holds at most, about."""
        return len(self.pieces) * PIECE_BYTES

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return sum(piece.bit_count() for piece in self.pieces.values())

    @property
    def runs(self) -> int:
        """How many runs of neighbouring numbers there are, about."""
        return sum((piece & ~(piece << 1)).bit_count() for piece in self.pieces.values())

    def spans(self) -> Iterator[tuple[int, int]]:
        """(first, last) of each run of neighbouring numbers, ascending; runs are cut at pieces."""
        for place in sorted(self.pieces):
            digits = f"{self.pieces[place]:b}"[::-1] + "0"
            first = digits.find("1")
            while first >= 0:
                end = digits.find("0", first)
                yield place * PIECE + first, place * PIECE + end - 1
                first = digits.find("1", end)

    def numbers(self) -> Iterator[int]:
        """Every number, ascending."""
        for first, last in self.spans():
            yield from range(first, last + 1)

    def moved(self, by: int) -> NumberSet:
        """The set with `by` added to each number."""
        if not by:
            return self
        steps, bits = divmod(by, PIECE)
        found: dict[int, int] = {}
        for place, piece in self.pieces.items():
            wide = piece << bits
            for to, part in ((place + steps, wide & _FULL), (place + steps + 1, wide >> PIECE)):
                if part:
                    found[to] = found.get(to, 0) | part
        return NumberSet(found)

    def smeared(self, length: int) -> NumberSet:
        """The set with 0, 1, ... and `length` added to each number."""
        found, reach = self, 0
        while reach < length:
            step = min(reach + 1, length - reach)
            found |= found.moved(step)
            reach += step
        return found

    def plus(
        self, other: NumberSet, pause: Callable[[NumberSet], None] = lambda found: None
    ) -> NumberSet:
        """All sums of a number of each set; `pause` sees what grows, and may raise."""
        few, base = (self, other) if self.runs <= other.runs else (other, self)
        found: dict[int, int] = {}
        for first, last in few.spans():
            for place, piece in base.smeared(last - first).moved(first).pieces.items():
                found[place] = found.get(place, 0) | piece
            pause(NumberSet(found))
        return NumberSet(found)

    def between(self, first: int | None, last: int | None) -> NumberSet:
        """The numbers from first to last, both included; None is open."""
        found: dict[int, int] = {}
        for place, piece in self.pieces.items():
            low = 0 if first is None else max(first - place * PIECE, 0)
            high = PIECE - 1 if last is None else min(last - place * PIECE, PIECE - 1)
            part = piece >> low << low & ((1 << high + 1) - 1) if low <= high else 0
            if part:
                found[place] = part
        return NumberSet(found)

    def clamped(self, clamp: Clamp) -> NumberSet:
        """The set with each number inside the clamp."""
        found = self.between(clamp.floor, clamp.cap)
        if clamp.floor is not None and self.between(None, clamp.floor - 1):
            found |= NumberSet.of([clamp.floor])
        if clamp.cap is not None and self.between(clamp.cap + 1, None):
            found |= NumberSet.of([clamp.cap])
        return found
