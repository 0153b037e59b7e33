"""Bins that no value can reach, bins that share values, and gaps between bins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from scoreline.errors import Finding
from scoreline.language.tree import Ref, Scalar, value_text
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.falls import NO_BIN, Bins
from scoreline.scorecard.checks.seen import Values
from scoreline.scorecard.checks.variables import listed_values
from scoreline.scorecard.checks.wording import bound_if, listed
from scoreline.scorecard.model import Bin, Edge, Holds, Missing, OneOf, Otherwise, Range, Term

Holding = Mapping[Scalar | None, Sequence[int]]
"""The bins that hold a value, by each value that a term can come to."""


def check_bins(term: Term, values: Values, clock: Clock, *, proven: bool) -> Iterator[Finding]:
    """Findings about the bins of a term; proven: each of the values happens."""
    bins = Bins(term)
    holding: dict[Scalar | None, list[int]] = {}
    for value in values:
        holding[value] = bins.holding(value)
        clock.work(bins.cost)
    reached = {found[0] for found in holding.values() if found}
    taken = set[int]().union(*holding.values())
    for place, bin_ in enumerate(term.bins):
        if place not in reached and not isinstance(bin_.test, Holds):
            yield _dead(term, bin_, _why_dead(term, bin_, taken=place in taken))
    if not term.is_condition:
        yield from _dead_values(term, values)
        yield from _overlaps(term, holding, reached, proven=proven)
        yield from _gaps(term, holding, proven=proven)


def _dead(term: Term, bin_: Bin, why: str) -> Finding:
    idle = isinstance(bin_.test, Missing | Otherwise) and not bin_.points
    return Finding(
        "bin-dead",
        "info" if idle else "warning",
        f"No record can be in the bin `{bin_.label}`: {why}.",
        "Leave it out." if idle else "Leave it out, or change what it looks for.",
        term.name,
        bin_.line or term.line,
    )


def _why_dead(term: Term, bin_: Bin, *, taken: bool) -> str:
    test: Any = bin_.test
    if isinstance(test, Range) and None not in (test.lower, test.upper):
        edges: Any = (test.lower, test.upper)
        if edges[0] >= edges[1]:
            return "its `from` is not less than its `below`"
    if isinstance(test, Missing):
        return f"`{term.text}` is never unknown"
    if taken:
        return "the bins before it take all its values"
    return f"`{term.text}` never has such a value"


def _dead_values(term: Term, values: Values) -> Iterator[Finding]:
    """Values of a bin that never occur, where others of the bin do."""
    for bin_ in term.bins:
        if not isinstance(bin_.test, OneOf):
            continue
        never = [value for value in bin_.test.values if value not in values]
        if never and len(never) < len(bin_.test.values):
            names = listed([value_text(value) for value in never], "or")
            yield Finding(
                "bin-dead",
                "warning",
                f"`{term.text}` is never {names}, which the bin `{bin_.label}` looks for.",
                "Leave it out of the bin, or of what counts as missing.",
                term.name,
                bin_.line or term.line,
            )


def _overlaps(
    term: Term, holding: Holding, reached: Collection[int], *, proven: bool
) -> Iterator[Finding]:
    """Bins that share values with an earlier one, though they have others of their own."""
    shared: dict[int, tuple[int, list[Scalar | None]]] = {}
    for value, places in holding.items():
        first, *later = places or [NO_BIN]
        for place in later:
            if not isinstance(term.bins[place].test, OneOf | Range):
                continue
            earlier, found = shared.setdefault(place, (first, []))
            if place in reached and earlier == first:
                found.append(value)
    for place, (first, found) in sorted(shared.items()):
        if not found:
            continue
        one, other = term.bins[first], term.bins[place]
        both = isinstance(one.test, OneOf) and isinstance(other.test, OneOf)
        what = listed([value_text(value) for value in found]) if both else "values"
        yield Finding(
            "bin-overlap",
            "warning",
            bound_if(
                not proven,
                f"The bins `{one.label}` and `{other.label}` share {what}: the first of "
                f"them counts.",
            ),
            "Let each value fall into one bin.",
            term.name,
            other.line or term.line,
        )


def _gaps(term: Term, holding: Holding, *, proven: bool) -> Iterator[Finding]:
    """Known values that fall into no bin."""
    left = [value for value, found in holding.items() if value is not None and not found]
    if not left:
        return
    ranged = any(isinstance(b.test, Range) for b in term.bins)
    names = _ranges(term, left) if ranged else _names(term, left)
    yield Finding(
        "bin-gap",
        "warning" if ranged else "info",
        bound_if(not proven, f"No bin of `{term.text}` has {names}: they get 0 points."),
        "Add - {otherwise: 0} or a bin for them.",
        term.name,
        term.line,
    )


def _ranges(term: Term, left: Sequence[Any]) -> str:
    """The ranges between edges that hold the values that are left."""
    edges: set[Any] = set()
    for bin_ in term.bins:
        if isinstance(bin_.test, Range):
            edges.update(e for e in (bin_.test.lower, bin_.test.upper) if e is not None)
        elif isinstance(bin_.test, OneOf):
            edges.update(bin_.test.values)
    ordered = sorted(edges)
    found: dict[tuple[int, int], bool] = {}
    for value in left:
        ends = bisect_right(ordered, value) - 1, bisect_right(ordered, value)
        found[ends] = found.get(ends, False) or value == ordered[ends[0]]
    return listed(
        [
            _range_text(
                ordered[lower] if lower >= 0 else None,
                ordered[upper] if upper < len(ordered) else None,
                closed=closed,
            )
            for (lower, upper), closed in sorted(found.items())
        ]
    )


def _range_text(lower: Edge | None, upper: Edge | None, *, closed: bool) -> str:
    """The values between two edges; closed: with the lower one, which otherwise has a bin."""
    if closed or lower is None:
        return Bin(Range(lower, upper), 0).label
    above = f"above {value_text(lower)}"
    return above if upper is None else f"{above} and below {value_text(upper)}"


def _names(term: Term, left: Sequence[Scalar]) -> str:
    """The values that are left, if there are only so many values; else `other values`."""
    few = term.of.kind == "yes/no" or (isinstance(term.of, Ref) and listed_values(term.of))
    return listed(sorted(map(value_text, left))) if few else "other values"
