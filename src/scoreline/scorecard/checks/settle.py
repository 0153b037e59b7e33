"""Partial answers: a checked tree when the values of some of its fields are known.

What is decided becomes a constant, what is not stays, so that equal remainders mean equal futures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scoreline.language import values
from scoreline.language.kleene import COMPARE, TEXT
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
    Scalar,
    TextTest,
)

Known = Mapping[Node, Scalar | None]
"""Values of fields and facts, and of the moment of scoring; None is unknown."""


def settle(node: Node, known: Known) -> Node:
    """What is left of a tree: a Const if the known values decide it."""
    match node:
        case Const():
            return node
        case Ref() | AsOf():
            return Const(known[node], node.kind) if node in known else node
        case And() | Or():
            return _junction(node, known)
        case Coalesce():
            return _coalesce(node, known)
        case Case():
            return _case(node, known)
        case Compare() | Arith():
            return _pair(node, settle(node.left, known), settle(node.right, known))
        case Days():
            return _pair(node, settle(node.start, known), settle(node.end, known))
        case IsNull():
            return _is_null(settle(node.operand, known))
        case _:
            return _single(node, settle(node.operand, known))


def _is_null(operand: Node) -> Node:
    if isinstance(operand, Const):
        return Const(operand.value is None, "yes/no")
    return Const(False, "yes/no") if isinstance(operand, AsOf) else IsNull(operand)


def _single(node: In | Not | TextTest | Midnight, operand: Node) -> Node:
    if not isinstance(operand, Const):
        return replace(node, operand=operand)
    value: Any = operand.value
    if value is not None:
        match node:
            case In():
                value = value in node.values
            case TextTest():
                value = TEXT[node.op](value, node.text)
            case Not():
                value = not value
            case Midnight():
                value = values.midnight(value)
    return Const(value, node.kind)


def _pair(node: Compare | Arith | Days, left: Node, right: Node) -> Node:
    known: list[Any] = [side.value for side in (left, right) if isinstance(side, Const)]
    if None in known:
        return Const(None, node.kind)
    if len(known) < 2:
        if isinstance(node, Days):
            return Days(left, right)
        return replace(node, left=left, right=right)
    match node:
        case Compare():
            return Const(COMPARE[node.op](*known), node.kind)
        case Arith():
            return Const(values.ARITHMETIC[node.op](*known), node.kind)
        case Days():
            return Const(values.days(*known), node.kind)


def _junction(node: And | Or, known: Known) -> Node:
    decisive = isinstance(node, Or)
    rest: list[Node] = []
    unknown = False
    for part in node.parts:
        left = settle(part, known)
        if not isinstance(left, Const):
            rest.append(left)
        elif left.value is decisive:
            return left
        else:
            unknown = unknown or left.value is None
    if unknown:
        rest.insert(0, Const(None, "yes/no"))
    rest = list(dict.fromkeys(rest))
    if not rest:
        return Const(not decisive, "yes/no")
    return rest[0] if len(rest) == 1 else type(node)(tuple(rest))


def _coalesce(node: Coalesce, known: Known) -> Node:
    rest: list[Node] = []
    for part in node.parts:
        left = settle(part, known)
        if isinstance(left, Const) and left.value is None:
            continue
        rest.append(left)
        if isinstance(left, Const | AsOf):
            break
    if not rest:
        return Const(None, node.kind)
    return rest[0] if len(rest) == 1 else Coalesce(tuple(rest), node.kind)


def _case(node: Case, known: Known) -> Node:
    branches: list[tuple[Node, Node]] = []
    for test, value in node.branches:
        holds = settle(test, known)
        if isinstance(holds, Const) and holds.value is not True:
            continue
        if isinstance(holds, Const):
            return _branched(branches, settle(value, known), node)
        branches.append((holds, settle(value, known)))
    return _branched(branches, settle(node.default, known), node)


def _branched(branches: list[tuple[Node, Node]], default: Node, node: Case) -> Node:
    # A test that only leads to the same value as everything after it decides nothing.
    while branches and branches[-1][1] == default:
        branches.pop()
    return Case(tuple(branches), default, node.kind) if branches else default
