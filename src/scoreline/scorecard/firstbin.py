"""Which bin of a term a value falls into, by look-up: for terms of many bins."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from scoreline.scorecard.model import Bin, OneOf, Otherwise, Range, Term


class FirstBin:
    """A known value -> the number of the first bin that holds it, or of `otherwise`, or None.

    Values that are listed are a dictionary; ranges are painted, the first one last, on the cells
    between their edges, so that a value costs a binary search however many bins there are.
    """

    def __init__(self, term: Term) -> None:
        self._none = len(term.bins)
        self._otherwise: int | None = None
        self.listed: dict[Any, int] = {}
        ranges: list[tuple[int, Range]] = []
        for number, bin_ in enumerate(term.bins):
            match bin_.test:
                case OneOf(values):
                    for value in values:
                        self.listed.setdefault(value, number)
                case Range():
                    ranges.append((number, bin_.test))
                case Otherwise():
                    self._otherwise = number
                case _:
                    pass
        edges = {edge for _, test in ranges for edge in (test.lower, test.upper)}
        self.edges: list[Any] = sorted(edges - {None})
        self._cells = [self._none] * (len(self.edges) + 1)
        for number, test in reversed(ranges):
            start = 0 if test.lower is None else bisect_right(self.edges, test.lower)
            end = len(self._cells) if test.upper is None else bisect_right(self.edges, test.upper)
            self._cells[start:end] = [number] * (end - start)

    def __call__(self, value: Any) -> int | None:
        """The number of the bin of a known value."""
        cell = bisect_right(self.edges, value) if self.edges else 0
        found = min(self.listed.get(value, self._none), self._cells[cell])
        return self._otherwise if found == self._none else found

    def below(self) -> int | None:
        """The bin of a value that is not listed and below every edge."""
        return self._otherwise if self._cells[0] == self._none else self._cells[0]


def covered(bin_: Bin, below: object) -> object:
    """The value below which no known value is left, once this bin had its chance."""
    match bin_.test:
        case Range(lower, upper) if upper is not None and (lower is None or lower == below):
            return upper
    return below
