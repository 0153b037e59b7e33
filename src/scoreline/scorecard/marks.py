"""The numbers beside which a value makes a difference to a card: what lies between is all the same.

Days since an event grow by one each day; where a card only asks whether they are more than 30, one
day of all matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from scoreline.language.tree import (
    And,
    Compare,
    Const,
    In,
    IsNull,
    Node,
    Not,
    Or,
    Ref,
    children,
    walk,
)


def turning_numbers(
    read: Iterable[tuple[Node, Iterable[object]]], name: str
) -> tuple[int, ...] | None:
    """The whole numbers at which a growing whole value comes to something else, ascending.

    read: expressions, each with the edges of its bins; name: of the value. None where it is
    reckoned with, so that any number can matter.
    """
    marks: set[float] = set()
    for node, edges in read:
        if isinstance(node, Ref) and node.column == name:
            marks.update(edge for edge in edges if isinstance(edge, float))
        elif not _is_only_compared(node, name, marks):
            return None
    finite = [mark for mark in marks if math.isfinite(mark)]
    return tuple(sorted({n for mark in finite for n in (math.ceil(mark), math.floor(mark) + 1)}))


def _is_only_compared(node: Node, name: str, marks: set[float]) -> bool:
    """Whether the value is only compared with numbers, which are noted."""
    if not any(isinstance(part, Ref) and part.column == name for part in walk(node)):
        return True
    match node:
        case (
            Compare(left=Ref(), right=Const(value=float() as number))
            | Compare(left=Const(value=float() as number), right=Ref())
        ):
            marks.add(number)
            return True
        case In(operand=Ref(), values=values):
            marks.update(value for value in values if isinstance(value, float))
            return True
        case IsNull(operand=Ref()):
            return True
        case And() | Or() | Not():
            return all(_is_only_compared(part, name, marks) for part in children(node))
    return False
