"""Where the value of a term falls: into which bin, and the points that it gives there."""

from __future__ import annotations

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


def fall_of(term: Term, value: Scalar | None) -> int:
    """The place of the first bin that holds a value, or NO_BIN."""
    return next((i for i, b in enumerate(term.bins) if test_holds(b.test, value)), NO_BIN)


def points_at(term: Term, fall: int) -> int:
    """The scaled points that a term gives where its value falls into this bin."""
    return 0 if fall == NO_BIN else term.bins[fall].points
