"""Where the value of a term falls: into which bin, and the points that it gives there."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import Any

from scoreline.language.tree import Scalar
from scoreline.scorecard.model import Edge, Holds, Missing, OneOf, Otherwise, Range, Term, Test

NO_BIN = -1
"""Where a value falls that no bin holds; it gives 0 points."""


def test_holds(test: Test, value: Scalar | None) -> bool:
    """Whether a bin's test holds for a value by itself, whatever the bins before it say."""
    match test:
        case Holds():
            return value is True
        case Range(lower, upper):
            return value is not None and in_range(value, lower, upper)
        case OneOf(values):
            return value is not None and value in values
        case Otherwise():
            return value is not None
        case Missing():
            return value is None


def in_range(value: Any, lower: Edge | None, upper: Edge | None) -> bool:
    """Whether lower <= value < upper."""
    return (lower is None or value >= lower) and (upper is None or value < upper)


class Bins:
    """The bins of a term, looked up by value: there may be thousands of them."""

    def __init__(self, term: Term) -> None:
        self._lists: dict[Scalar, list[int]] = {}
        self._others: list[tuple[int, Test]] = []
        ranges: list[tuple[Any, Any, int]] = []
        for place, bin_ in enumerate(term.bins):
            match bin_.test:
                case OneOf(values):
                    for value in values:
                        self._lists.setdefault(value, []).append(place)
                case Range(lower, upper) if None not in (lower, upper):
                    ranges.append((lower, upper, place))
                case test:
                    self._others.append((place, test))
        ranges.sort()
        self._ranges = ranges
        if any(after[0] < before[1] for before, after in itertools.pairwise(ranges)):
            self._others += [(place, Range(low, high)) for low, high, place in ranges]
            self._ranges = []
        self._starts = [lower for lower, _, _ in self._ranges]

    @property
    def cost(self) -> int:
        """Steps of one look, about."""
        return 1 + len(self._others)

    def holding(self, value: Scalar | None) -> list[int]:
        """The places of all bins whose tests hold for a value, in their order."""
        found = [place for place, test in self._others if test_holds(test, value)]
        if value is not None:
            found += self._lists.get(value, [])
        if self._starts and value is not None:
            _, upper, place = self._ranges[bisect_right(self._starts, value) - 1]
            if self._starts[0] <= value < upper:
                found.append(place)
        return sorted(found)

    def fall_of(self, value: Scalar | None) -> int:
        """The place of the first bin that holds a value, or NO_BIN."""
        return next(iter(self.holding(value)), NO_BIN)


def points_at(term: Term, fall: int) -> int:
    """The scaled points that a term gives where its value falls into this bin."""
    return 0 if fall == NO_BIN else term.bins[fall].points
