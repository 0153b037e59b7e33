"""Openness: what a condition is worth while missing answers could still come.

Values are those of the language plus two unknowns: `None`, unknown though settled (a division by
zero, a CASE that falls through, a fact that a present field does not have), and `OPEN`, unknown
because a missing or invalid field was tested, `is null` and facts included (design 4.5).
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from scoreline.language import values
from scoreline.language.tree import (
    And,
    Arith,
    AsOf,
    Case,
    Coalesce,
    Compare,
    Const,
    Days,
    In,
    IsNull,
    Midnight,
    Node,
    Not,
    Or,
    Ref,
    TextTest,
    fields_read,
    walk,
)


class Open(Enum):
    """The unknown that an answer may settle."""

    OPEN = "open"


OPEN = Open.OPEN
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TEXT: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": operator.contains,
}


STRICT = (Const, AsOf, Midnight, Compare, Arith, Days, In, Not, TextTest)


def is_strict(node: Node) -> bool:
    """Whether the node is OPEN in every record that lacks one of the fields it reads."""
    return all(isinstance(p, STRICT) or (isinstance(p, Ref) and not p.fact) for p in walk(node))


def opened_by(node: Node) -> frozenset[str] | None:
    """The fields each of which, if missing, makes the node OPEN, and nothing else does.

    None where openness hangs on more than that: on values, or on which of its fields is missing.
    """
    match node:
        case And() | Or():
            return _all_by(node.parts)
        case IsNull() | Not():
            return opened_by(node.operand)
        case Case():
            values = [node.default, *(value for _, value in node.branches)]
            # With all of its tests open a CASE is, unless its branches agree.
            told = all(isinstance(value, Const) for value in values) and len({*values}) > 1
            return _all_by([test for test, _ in node.branches]) if told else None
    if all(isinstance(part, (*STRICT, Ref)) for part in walk(node)):
        return frozenset(fields_read(node))
    return None


def _all_by(nodes: Sequence[Node]) -> frozenset[str] | None:
    """The fields that open all of the nodes together, if they are the same for each."""
    found = {opened_by(node) for node in nodes}
    return found.pop() if len(found) == 1 else None


def openly(node: Node, record: Mapping[str, Any], as_of: dt.datetime | None) -> Any:
    """The value of a node: a value of the language, None (settled unknown) or OPEN.

    record: typed values by column; a field that is None or absent is missing.
    """
    match node:
        case Const():
            return node.value
        case Ref():
            return _reference(node, record)
        case AsOf():
            return as_of
        case And() | Or():
            return _junction(node, record, as_of)
        case Case():
            return _case(node.branches, node.default, record, as_of)
        case Coalesce():
            for part in node.parts:
                value = openly(part, record, as_of)
                if value is not None:
                    return value
            return None
        case Compare() | Arith():
            left, right = (openly(part, record, as_of) for part in (node.left, node.right))
        case Days():
            left, right = (openly(part, record, as_of) for part in (node.start, node.end))
        case In() | IsNull() | Not() | TextTest() | Midnight():
            left, right = openly(node.operand, record, as_of), True
    if OPEN in (left, right):
        return OPEN
    if isinstance(node, IsNull):
        return left is None
    if left is None or right is None:
        return None
    return _apply(node, left, right)


def _reference(node: Ref, record: Mapping[str, Any]) -> Any:
    field = record.get(node.field)
    # A NaN handed over as a typed value is missing, as everywhere.
    if node.settled:
        return None if field != field else field
    return OPEN if field is None or field != field else record.get(node.column)


def _apply(node: Node, left: Any, right: Any) -> Any:
    match node:
        case Compare():
            return COMPARE[node.op](left, right)
        case Arith():
            return values.ARITHMETIC[node.op](left, right)
        case Days():
            return values.days(left, right)
        case In():
            return left in node.values
        case Not():
            return not left
        case TextTest():
            return TEXT[node.op](left, node.text)
        case Midnight():
            return values.midnight(left)
    raise AssertionError(node)  # every other node was answered before


def _junction(node: And | Or, record: Mapping[str, Any], as_of: dt.datetime | None) -> Any:
    decisive = isinstance(node, Or)
    found = [openly(part, record, as_of) for part in node.parts]
    if any(value is decisive for value in found):
        return decisive
    if OPEN in found:
        return OPEN
    return None if None in found else not decisive


def _case(
    branches: tuple[tuple[Node, Node], ...],
    default: Node,
    record: Mapping[str, Any],
    as_of: dt.datetime | None,
) -> Any:
    """The first branch whose test is true; with an open test, what its two ways agree on."""
    if not branches:
        return openly(default, record, as_of)
    (test, value), rest = branches[0], branches[1:]
    holds = openly(test, record, as_of)
    if holds is True:
        return openly(value, record, as_of)
    otherwise = _case(rest, default, record, as_of)
    if holds is not OPEN:
        return otherwise
    taken = openly(value, record, as_of)
    return taken if taken == otherwise else OPEN
