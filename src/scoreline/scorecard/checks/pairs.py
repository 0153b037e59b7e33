"""Pair tables: what is wrong with their rows and columns, and cells that no record can be in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from scoreline.errors import Finding
from scoreline.language.tree import Const, Node
from scoreline.scorecard.model import Axis, Missing, Otherwise, Pair, Scorecard, Term
from scoreline.scorecard.pair import chosen

LAST = {Otherwise: 1, Missing: 2}
"""Bins that look at no value come last, so that the first one that holds is the one."""


def written_out(card: Scorecard) -> Scorecard:
    """The card with pair tables as a CASE of columns in each row: what adds up two fields is a
    bound to proof-reading, and what chooses between them is exact.
    """
    if not any(term.pair for term in card.terms):
        return card
    terms = [
        term if term.pair is None else replace(term, of=_nested(term.pair)) for term in card.terms
    ]
    return replace(card, terms=tuple(terms))


def _nested(pair: Pair) -> Node:
    width = len(pair.columns.bins)
    rows = [
        chosen(pair.columns, [Const(float(row * width + n), "number") for n in range(width)])
        for row in range(len(pair.rows.bins))
    ]
    return chosen(pair.rows, rows)


def axes_of(card: Scorecard) -> Scorecard | None:
    """The card of the rows and the columns of all pair tables, each as a term; None without any.

    The points of a bin are the largest of its cells: a row of zeros may be dead without harm.
    """
    terms = [
        _axis_term(term, axis, number)
        for term in card.terms
        if term.pair is not None
        for number, axis in enumerate(term.pair.axes)
    ]
    return replace(card, terms=tuple(terms), segments=(), cases=()) if terms else None


def _axis_term(term: Term, axis: Axis, number: int) -> Term:
    bins = [
        replace(axis.bins[place], points=_largest(term, number, place)) for place in order_of(axis)
    ]
    return Term(term.name, axis.of, axis.text, tuple(bins), line=term.line)


def order_of(axis: Axis) -> list[int]:
    """The places of the axis's bins in the order of those of its term."""
    places = range(len(axis.bins))
    return sorted(places, key=lambda place: LAST.get(type(axis.bins[place].test), 0))


def _largest(term: Term, number: int, place: int) -> int:
    assert term.pair is not None  # noqa: S101 - whose axis this is
    width = len(term.pair.columns.bins)
    cells = [
        cell.points
        for at, cell in enumerate(term.bins)
        if (at // width, at % width)[number] == place
    ]
    return max(cells, key=abs)


def axis_finding(finding: Finding) -> Finding:
    """A finding about rows or columns, with what to write in a pair table."""
    if finding.code != "bin-gap":
        return finding
    return replace(finding, hint="Add `otherwise`, or a row or column for them.")


def check_cells(
    term: Term, falls: Collection[int], rows: Collection[int], columns: Collection[int]
) -> Iterator[Finding]:
    """A warning for each cell that no record is in, though others are in its row and column.

    falls: the cells that values fall into; rows, columns: those of the axes' terms.
    """
    if term.pair is None:
        return
    alive = [
        {order_of(axis)[fall] for fall in found if fall >= 0}
        for axis, found in zip(term.pair.axes, (rows, columns), strict=True)
    ]
    width = len(term.pair.columns.bins)
    for place, cell in enumerate(term.bins):
        row, column = divmod(place, width)
        if place not in falls and row in alive[0] and column in alive[1]:
            yield Finding(
                "bin-dead",
                "info" if not cell.points else "warning",
                f"No record can be in the cell `{cell.label}`: its row and its column exclude each "
                "other.",
                "Write 0 there, for nobody gets its points." if cell.points else "",
                term.name,
                cell.line or term.line,
            )
