"""The checked tree: what a condition means once it was read, typed and found to be allowed.

Every node knows its `kind`. Text literals are already normalised (NFC, trimmed, case-folded beside
a choice), dates and moments are real values, BETWEEN and IS TRUE are lowered. Whoever runs a
condition reads this tree and nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scoreline.language.fields import FieldType, Kind, fact_column

Scalar = str | float | bool | dt.date | dt.datetime
Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]
TextOperator = Literal["starts_with", "ends_with", "contains"]


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; `value` None is the unknown that a CASE without ELSE falls to."""

    value: Scalar | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Ref:
    """A field (`fact` None) or a fact of a field.

    settled: whether its value comes from events: it is never open, even if it is missing.
    """

    field: str
    fact: str | None
    kind: Kind
    field_type: FieldType
    settled: bool = False

    @property
    def column(self) -> str:
        """The column of a table of typed records that holds it."""
        return fact_column(self.field, self.fact) if self.fact else self.field


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment of scoring."""

    kind: Kind = "time"


@dataclass(frozen=True, slots=True)
class Midnight:
    """A date as a moment: its 00:00 UTC."""

    operand: Node
    kind: Kind = "time"


@dataclass(frozen=True, slots=True)
class Compare:
    """left op right, both of one kind."""

    op: Comparison
    left: Node
    right: Node
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class In:
    """The operand equals one of the values."""

    operand: Node
    values: tuple[Scalar, ...]
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class IsNull:
    """The operand is unknown."""

    operand: Node
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class Not:
    """Three-valued negation."""

    operand: Node
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class And:
    """Three-valued conjunction of two or more parts."""

    parts: tuple[Node, ...]
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class Or:
    """Three-valued disjunction of two or more parts."""

    parts: tuple[Node, ...]
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class TextTest:
    """Whether a text starts with, ends with or contains a literal."""

    op: TextOperator
    operand: Node
    text: str
    kind: Kind = "yes/no"


@dataclass(frozen=True, slots=True)
class Arith:
    """IEEE double arithmetic; unknown where the result is not finite or the divisor is zero."""

    op: Operator
    left: Node
    right: Node
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days from `start` to `end`, both moments: floor(seconds / 86,400)."""

    start: Node
    end: Node
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first known part."""

    parts: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose test is true, else `default`."""

    branches: tuple[tuple[Node, Node], ...]
    default: Node
    kind: Kind


Node = (
    Const
    | Ref
    | AsOf
    | Midnight
    | Compare
    | In
    | IsNull
    | Not
    | And
    | Or
    | TextTest
    | Arith
    | Days
    | Coalesce
    | Case
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Compare() | Arith():
            return (node.left, node.right)
        case Days():
            return (node.start, node.end)
        case And() | Or() | Coalesce():
            return node.parts
        case Case():
            return (*(part for branch in node.branches for part in branch), node.default)
        case Not() | IsNull() | In() | TextTest() | Midnight():
            return (node.operand,)
        case Const() | Ref() | AsOf():
            return ()


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The same expression over fields of other names; what `names` lacks keeps its own."""
    if not names:
        return node

    if isinstance(node, Ref):
        return replace(node, field=names.get(node.field, node.field))
    return with_children(node, [renamed(part, names) for part in children(node)])


def with_children(node: Node, parts: Sequence[Node]) -> Node:
    """The same node over other parts, given in the order of `children`."""
    match node:
        case Compare() | Arith():
            left, right = parts
            return replace(node, left=left, right=right)
        case Days():
            start, end = parts
            return replace(node, start=start, end=end)
        case And() | Or() | Coalesce():
            return replace(node, parts=tuple(parts))
        case Case():
            branches = tuple(zip(parts[:-1:2], parts[1::2], strict=True))
            return replace(node, branches=branches, default=parts[-1])
        case Not() | IsNull() | In() | TextTest() | Midnight():
            return replace(node, operand=parts[0])
        case Const() | Ref() | AsOf():
            return node


def walk(node: Node) -> Iterator[Node]:
    """Every node, the top first."""
    yield node
    for child in children(node):
        yield from walk(child)


def size(node: Node) -> int:
    """How many parts it has; of a list each value is one.

    >>> size(In(AsOf(), (1.0, 2.0, 3.0)))
    4
    """
    return sum(len(n.values) if isinstance(n, In) else 1 for n in walk(node))


def refs(node: Node) -> tuple[Ref, ...]:
    """The distinct fields and facts read, in order of first use."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, Ref)))


def fields_read(node: Node) -> tuple[str, ...]:
    """Names of the distinct fields read, facts counted to their field; no settled ones."""
    return tuple(dict.fromkeys(ref.field for ref in refs(node) if not ref.settled))


def reads_time(node: Node) -> bool:
    """Whether the moment of scoring matters."""
    return any(isinstance(n, AsOf) for n in walk(node))


def reads_one_field(node: Node) -> bool:
    """Whether all that it is worth hangs on one field that can be open, and on nothing else."""
    others = any(ref.settled for ref in refs(node)) or reads_time(node)
    return len(fields_read(node)) == 1 and not others


def value_text(value: Scalar | None) -> str:
    """A literal as cards and labels write it: 25, 0.5, 2026-01-31, yes.

    >>> value_text(25.0), value_text(True)
    ('25', 'yes')
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else value


def canonical(node: Node) -> list[object]:
    """The tree as nested lists of JSON values: equal lists, equal meaning; a part of fingerprints.

    Spacing, case of keywords and redundant brackets of the text are gone.
    """
    match node:
        case Const():
            return ["const", node.kind, canonical_value(node.value)]
        case Ref():
            return ["ref", node.field, node.fact]
        case AsOf():
            return ["as_of"]
        case In():
            values = [canonical_value(value) for value in node.values]
            return ["in", canonical(node.operand), sorted(values, key=str)]
        case TextTest():
            return [node.op, canonical(node.operand), node.text]
        case Compare() | Arith():
            return [node.op, canonical(node.left), canonical(node.right)]
        case Case():
            branches = [[canonical(t), canonical(v)] for t, v in node.branches]
            return ["case", branches, canonical(node.default)]
        case _:
            return [type(node).__name__.lower(), *(canonical(child) for child in children(node))]


def canonical_value(value: Scalar | None) -> str | bool | None:
    """A literal as one JSON value; numbers as the shortest text that reads back the same."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float):
        assert math.isfinite(value)  # noqa: S101 - parsing refuses other literals
        return repr(value + 0.0)
    return value.isoformat()
