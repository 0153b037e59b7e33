"""What one term can tell apart in a block: far fewer cells than the block has states.

A block is cut by all terms of a card. Under the cuts of one term most of its states look alike, so
its expression is settled once for each cell instead of once for each state.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoreline.language.tree import Node, Ref, Scalar
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.cuts import CutPoint, Cuts
from scoreline.scorecard.checks.settle import Known
from scoreline.scorecard.checks.texts import Part
from scoreline.scorecard.checks.variables import listed_values


@dataclass(frozen=True)
class Block:
    """Variables that hang together, and the states that stand for all they can hold."""

    variables: frozenset[Node]
    states: tuple[Known, ...]

    @cached_property
    def columns(self) -> dict[Node, tuple[Scalar | None, ...]]:
        """The value of each variable in each state."""
        return {v: tuple([state[v] for state in self.states]) for v in self.variables}

    @cached_property
    def values(self) -> dict[Node, list[Any]]:
        """The known values of each variable, ascending."""
        return {
            v: sorted({x for x in column if x is not None}) for v, column in self.columns.items()
        }


@dataclass(frozen=True, slots=True)
class Cells:
    """The cell of each state, and a state of each cell, in the order of the states."""

    of: Sequence[Hashable]
    examples: Mapping[Hashable, Known]


def cells(block: Block, cuts: Cuts, clock: Clock) -> Cells:
    """What a term with these cuts can tell apart in a block."""
    linked = {side for link in cuts.links for side in link}
    columns: list[list[Hashable]] = []
    for variable in block.variables:
        if variable not in cuts.at:
            continue
        column: Sequence[Hashable] = block.columns[variable]
        # The few values of a listed fact are told by their names.
        if variable not in linked and not _is_listed(variable):
            parts = _parts(block.values[variable], cuts.at[variable], clock)
            column = list(map(parts.get, column))
        columns.append(list(column))
        clock.work(len(column))
    found: Sequence[Hashable] = (
        columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    )
    # The last one that is written stays: the first state of each cell.
    examples = dict(zip(reversed(found), reversed(block.states), strict=True))
    clock.work(len(found))
    return Cells(found, {cell: examples[cell] for cell in dict.fromkeys(found)})


def _is_listed(variable: Node) -> bool:
    return isinstance(variable, Ref) and bool(listed_values(variable))


def _parts(values: Sequence[Any], cuts: set[CutPoint], clock: Clock) -> dict[Any, Hashable]:
    """For each known value: what the cuts tell of it."""
    tests = [cut for cut in cuts if isinstance(cut, Part)]
    if values and isinstance(values[0], str):
        clock.work(len(values) * len(tests))
        return {
            value: (value if value in cuts else None, *[test.within(value) for test in tests])
            for value in values
        }
    if values and isinstance(values[0], bool):
        return dict(zip(values, values, strict=True))
    points: list[Any] = sorted(cut for cut in cuts if not isinstance(cut, Part))
    clock.work(10 * len(points))
    found: list[int] = []
    for place, point in enumerate(points):
        found += [2 * place] * (bisect_left(values, point) - len(found))
        found += [2 * place + 1] * (bisect_right(values, point) - len(found))
    found += [2 * len(points)] * (len(values) - len(found))
    return dict(zip(values, found, strict=True))
