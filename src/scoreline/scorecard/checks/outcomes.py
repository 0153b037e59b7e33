"""Which bins of a term hold a value, and the points that it gives."""

from __future__ import annotations

from typing import Any

from scoreline.language.tree import Scalar
from scoreline.scorecard.model import Edge, Holds, Missing, OneOf, Otherwise, Range, Term, Test


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


def bin_of(term: Term, value: Scalar | None) -> int | None:
    """The place of the first bin that holds a value."""
    return next((i for i, b in enumerate(term.bins) if test_holds(b.test, value)), None)


def points_of(term: Term, value: Scalar | None) -> int:
    """The scaled points that a term gives for a value of its expression."""
    place = bin_of(term, value)
    return 0 if place is None else term.bins[place].points
