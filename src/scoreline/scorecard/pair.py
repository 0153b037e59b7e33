"""A pair table as a term: one expression that gives the number of the cell, and a bin a cell.

So engines, intervals and masks know nothing of pair tables. Where a value is in no row or column
the number is unknown, which is no bin; by the rules of the language it is open exactly as long as a
missing field can change the cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.language.tree import And, Arith, Case, Compare, Const, In, IsNull, Node, Not
from scoreline.scorecard.firstbin import covered
from scoreline.scorecard.model import (
    Axis,
    Bin,
    Clamp,
    Missing,
    OneOf,
    Otherwise,
    Pair,
    Range,
    Term,
)

NO_CELL = Const(None, "number")


def pair_term(
    name: str,
    pair: Pair,
    points: Sequence[Sequence[int]],
    group: str | None = None,
    clamp: Clamp | None = None,
    line: int | None = None,
) -> Term:
    """The term of a pair table.

    points: scaled, a list for each row with a number for each column.
    """
    held = clamp or Clamp()
    cells = [
        Bin(
            OneOf((float(row * len(pair.columns.bins) + column),)),
            held.apply(worth),
            pair.rows.bins[row].line,
            written=worth,
            cell=(pair.rows.bins[row], pair.columns.bins[column]),
        )
        for row, line_of_points in enumerate(points)
        for column, worth in enumerate(line_of_points)
    ]
    text = f"{pair.rows.text}, {pair.columns.text}"
    return Term(name, cell_of(pair), text, tuple(cells), group, held, line=line, pair=pair)


def cell_of(pair: Pair) -> Node:
    """The number of the cell, row by row; unknown where the values are in none.

    The sum of two numbers, one of the row and one of the column. A CASE of columns in each row
    would be as large as the table, and cost 3 times as much where there are 10 of each.
    """
    height, width = len(pair.rows.bins), len(pair.columns.bins)
    row = chosen(pair.rows, [Const(float(n * width), "number") for n in range(height)])
    column = chosen(pair.columns, [Const(float(n), "number") for n in range(width)])
    # A sum alone would be open where one value is in no row or column and the other one is missing.
    nowhere: tuple[tuple[Node, Node], ...] = ((IsNull(column), NO_CELL), (IsNull(row), NO_CELL))
    return Case(nowhere, Arith("+", row, column), "number")


def chosen(axis: Axis, values: Sequence[Node]) -> Node:
    """The value of the first bin that holds what the axis looks at; else `otherwise`, `missing`."""
    missing = default = below = None
    branches: list[tuple[Node, Node]] = []
    for bin_, value in zip(axis.bins, values, strict=True):
        match bin_.test:
            case Missing():
                missing = value
            case Otherwise():
                default = value
            case _:
                branches.append((_holds(bin_, axis.of, below), value))
                below = covered(bin_, below)
    if missing is not None or default is not None:
        # `otherwise` is for known values only.
        branches.insert(0, (IsNull(axis.of), NO_CELL if missing is None else missing))
    return Case(tuple(branches), NO_CELL if default is None else default, "number")


def _holds(bin_: Bin, of: Node, below: object) -> Node:
    """The condition that a value is in a range, or one of a list.

    below: no value below this one gets here, for the bins before took them all.
    """
    match bin_.test:
        case Range(lower, upper):
            tests: list[Node] = []
            if lower is not None and (lower != below or upper is None):
                tests.append(Compare(">=", of, Const(lower, of.kind)))
            if upper is not None:
                tests.append(Compare("<", of, Const(upper, of.kind)))
            return tests[0] if len(tests) == 1 else And(tuple(tests))
        case OneOf(values) if of.kind == "yes/no":
            if len(values) > 1:
                return Not(IsNull(of))
            return of if values[0] else Not(of)
        case OneOf((only,)):
            return Compare("=", of, Const(only, of.kind))
        case OneOf(values):
            return In(of, values)
    raise AssertionError(bin_)  # the other tests look at no value
