"""Checked tree -> trees of what it is worth while answers are missing, and whether it is open.

The rules are those of `kleene.openly`, said in the language itself, so that whoever can write a
tree down, as a database, can write its openness down too. What is used more than once is bound to
a name first: a tree that repeats a part at each of its levels would double with every one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoreline.language.kleene import opened_by
from scoreline.language.tree import (
    And,
    AsOf,
    Case,
    Coalesce,
    Compare,
    Const,
    IsNull,
    Node,
    Not,
    Or,
    Ref,
    children,
    with_children,
)

Bind = Callable[[Node], Ref]
"""Gives a tree a name: a reference to what it is worth."""
NO = Const(value=False, kind="yes/no")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a tree is worth while answers are missing.

    value: unknown wherever `open` is true; open: never unknown, None if it is never true.
    """

    value: Node
    open: Node | None


def missing(name: str) -> Node:
    """Whether a field is missing or invalid."""
    return IsNull(Ref(name, None, "text", "text"))


def opened(node: Node, bind: Bind) -> Opened:
    """The value of a tree, and whether it is unknown because a missing field was tested.

    Source: the design, 4.5.
    """
    match node:
        case Const() | AsOf() | Ref(settled=True):
            return Opened(node, None)
        case Ref():
            gone = missing(node.field)
            return Opened(_closed(gone, node) if node.fact else node, gone)
        case And() | Or():
            parts = [opened(part, bind) for part in node.parts]
            held = bind(with_children(node, [part.value for part in parts]))
            some = _any([part.open for part in parts])
            return Opened(held, None if some is None else And((IsNull(held), some)))
        case Coalesce():
            return _coalesce(node, [opened(part, bind) for part in node.parts], bind)
        case Case() if (fields := opened_by(node)) is not None:
            some = _any([missing(name) for name in sorted(fields)])
            return Opened(node if some is None else _closed(some, node), some)
        case Case():
            return _case(node, bind)
        case IsNull():
            part = opened(node.operand, bind)
            lacks = IsNull(part.value)
            return Opened(lacks if part.open is None else _closed(part.open, lacks), part.open)
        case _:
            parts = [opened(part, bind) for part in children(node)]
            whole = with_children(node, [part.value for part in parts])
            return Opened(whole, _any([part.open for part in parts]))


def _coalesce(node: Coalesce, parts: Sequence[Opened], bind: Bind) -> Opened:
    """The first part that is known or open."""
    *before, last = parts
    value, open_ = last.value, last.open
    for part in reversed(before):
        known = bind(part.value)
        value = Coalesce((known, value), node.kind)
        later: Node | None = None if open_ is None else And((IsNull(known), open_))
        if part.open is not None:
            here = bind(part.open)
            value = _closed(here, value)
            later = here if later is None else Or((here, later))
        open_ = None if later is None else bind(later)
    return Opened(value, open_)


def _case(node: Case, bind: Bind) -> Opened:
    """The value of the first true branch; with open tests, what all possible ones agree on."""
    tests = [opened(test, bind) for test, _ in node.branches]
    values = [opened(value, bind) for _, value in node.branches]
    values.append(opened(node.default, bind))
    places = [Const(float(place), "number") for place in range(len(values))]
    branches = zip((test.value for test in tests), places, strict=False)
    first = bind(Case(tuple(branches), places[-1], "number"))
    possible = [
        bind(_possible(first, place, test.open))
        for place, test in zip(places, [*tests, Opened(NO, None)], strict=True)
    ]
    bound = [bind(value.value) for value in values]
    nothing = Const(None, node.kind)
    shown = [Case(((p, v),), nothing, node.kind) for p, v in zip(possible, bound, strict=True)]
    found = bind(Coalesce(tuple(shown), node.kind))
    others = [
        And((p, Or((Compare("<>", v, found), And((IsNull(v), Not(IsNull(found))))))))
        for p, v in zip(possible, bound, strict=True)
    ]
    still = [
        And((p, value.open))
        for p, value in zip(possible, values, strict=True)
        if value.open is not None
    ]
    some = bind(Coalesce((_whole([*others, *still]), NO), "yes/no"))
    return Opened(_closed(some, found), some)


def _possible(first: Ref, place: Const, open_: Node | None) -> Node:
    """Whether the branch at a place can be the one that is taken."""
    taken = Compare("=", first, place)
    if open_ is None:
        return taken
    return Or((taken, And((Compare(">", first, place), open_))))


def _any(parts: Sequence[Node | None]) -> Node | None:
    found = [part for part in parts if part is not None]
    return _whole(found) if found else None


def _whole(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _closed(open_: Node, value: Node) -> Node:
    """The value where nothing is open, else unknown."""
    return Case(((Not(open_), value),), Const(None, value.kind), value.kind)
