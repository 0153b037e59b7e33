"""Checked tree -> Polars expressions: ordinary three-valued logic, and openness beside it.

Null is unknown. What is used twice is bound to a column of its own first: Polars shares equal
parts of a plan, but an expression that repeats a part at each of 32 levels could never be built.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl

from scoreline.language.fields import Kind
from scoreline.language.kleene import opened_by
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

MOMENT = pl.Datetime("us", "UTC")
DTYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "yes/no": pl.Boolean(),
    "date": pl.Date(),
    "time": MOMENT,
}
OPERATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: divided(left, right),
}
DAY = 86_400_000_000


def divided(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """left / right as IEEE divides.

    Polars multiplies by 1 / right where `right` is one value for all rows of a batch, which is not
    the same in the last digit; numpy divides.
    """
    return pl.map_batches([left, right], _quotients, return_dtype=pl.Float64(), is_elementwise=True)


def _quotients(parts: Sequence[pl.Series]) -> pl.Series:
    left, right = parts
    with np.errstate(all="ignore"):
        found = pl.Series(left.name, left.to_numpy() / right.to_numpy())
    missing = left.is_null() | right.is_null()
    return found.set(missing, None) if missing.any() else found


FEW = 4
"""Up to so many values, comparing one by one is cheaper than a set."""


def literal(value: Scalar | None, kind: Kind) -> pl.Expr:
    """A constant of a kind; None is its null."""
    return pl.lit(value, dtype=DTYPES[kind])


class Stages:
    """Columns bound to parts of expressions, in stages that can be computed one after another."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.stages: list[list[pl.Expr]] = []
        self._stage_of: dict[str, int] = {}

    def bind(self, expression: pl.Expr) -> pl.Expr:
        """The expression as a column, computed once."""
        name = f"{self.prefix}{len(self._stage_of)}"
        stage = max((self._stage_of.get(n, 0) for n in expression.meta.root_names()), default=0)
        self._stage_of[name] = stage + 1
        if stage == len(self.stages):
            self.stages.append([])
        self.stages[stage].append(expression.alias(name))
        return pl.col(name)


@dataclass(frozen=True)
class Opened:
    """A value while answers are missing: null and open, null though settled, or known.

    value: null wherever `open` is true; open: never null, None if it is never true.
    """

    value: pl.Expr
    open: pl.Expr | None


class Compiler:
    """Writes Polars expressions over columns of typed values.

    column: the name of the column that holds a field or fact.
    """

    def __init__(self, column: Callable[[str], str], as_of: dt.datetime, stages: Stages) -> None:
        self.column = column
        self.as_of = as_of
        self.stages = stages

    def value(self, node: Node) -> pl.Expr:
        """The value in ordinary three-valued logic."""
        match node:
            case Const():
                return literal(node.value, node.kind)
            case Ref():
                return pl.col(self.column(node.column))
            case AsOf():
                return literal(self.as_of, "time")
            case And() | Or():
                return _junction(node, [self.value(part) for part in node.parts])
            case Coalesce():
                return pl.coalesce([self.value(part) for part in node.parts])
            case Case():
                default = self.value(node.default)
                tests = [self.value(test) for test, _ in node.branches]
                return chain(tests, [self.value(value) for _, value in node.branches], default)
            case IsNull():
                return self.value(node.operand).is_null()
            case _:
                return self.strict(node, [self.value(part) for part in _operands(node)])

    def strict(self, node: Node, operands: Sequence[pl.Expr]) -> pl.Expr:
        """The value of a node that is unknown if an operand is."""
        match node:
            case Compare():
                return OPERATORS[node.op](*operands)
            case Arith():
                result = self.stages.bind(OPERATORS[node.op](*operands))
                return pl.when(result.is_finite()).then(result)
            case Not():
                return ~operands[0]
            case In():
                return _is_in(operands[0], node)
            case TextTest():
                return _text_test(operands[0], node)
            case Midnight():
                return operands[0].cast(MOMENT)
            case Days():
                apart = (operands[1] - operands[0]).dt.total_microseconds()
                return (apart // DAY).cast(pl.Float64)
        raise AssertionError(node)  # the other nodes are not strict

    def opened(self, node: Node) -> Opened:
        """The value, and whether it is unknown because a missing field was tested (design 4.5)."""
        match node:
            case Const() | AsOf() | Ref(settled=True):
                return Opened(self.value(node), None)
            case Ref():
                missing = pl.col(self.column(node.field)).is_null()
                value = self.value(node)
                return Opened(pl.when(~missing).then(value) if node.fact else value, missing)
            case And() | Or():
                parts = [self.opened(part) for part in node.parts]
                value = self.stages.bind(_junction(node, [part.value for part in parts]))
                some = _any([part.open for part in parts])
                return Opened(value, None if some is None else value.is_null() & some)
            case Coalesce():
                return self._coalesce([self.opened(part) for part in node.parts])
            case Case() if (fields := opened_by(node)) is not None:
                columns = [pl.col(self.column(name)).is_null() for name in sorted(fields)]
                known, some = self.stages.bind(self.value(node)), _any(columns)
                return Opened(known if some is None else _closed(some, known), some)
            case Case():
                return self._case(node)
            case IsNull():
                part = self.opened(node.operand)
                value = part.value.is_null()
                return Opened(value if part.open is None else _closed(part.open, value), part.open)
            case _:
                parts = [self.opened(part) for part in _operands(node)]
                value = self.strict(node, [part.value for part in parts])
                return Opened(value, _any([part.open for part in parts]))

    def _coalesce(self, parts: Sequence[Opened]) -> Opened:
        """The first part that is known or open."""
        *before, last = parts
        value, opened = last.value, last.open
        for part in reversed(before):
            known = self.stages.bind(part.value)
            rest = self.stages.bind(value)
            value = pl.coalesce(known, rest)
            later = None if opened is None else known.is_null() & opened
            if part.open is not None:
                here = self.stages.bind(part.open)
                value = _closed(here, value)
                later = here if later is None else here | later
            opened = later
        return Opened(value, opened)

    def _case(self, node: Case) -> Opened:
        """The value of the first true branch; with open tests, what all possible ones agree on."""
        tests = [self.opened(test) for test, _ in node.branches]
        values = [self.opened(value) for _, value in node.branches]
        values.append(self.opened(node.default))
        places = [pl.lit(place, dtype=pl.Int32) for place in range(len(values))]
        first = self.stages.bind(chain([t.value for t in tests], places[:-1], places[-1]))
        possible = [
            self.stages.bind(
                first == place
                if test is None or test.open is None
                else (first == place) | ((first > place) & test.open)
            )
            for place, test in zip(places, [*tests, None], strict=True)
        ]
        return self._agreed(possible, values)

    def _agreed(self, possible: Sequence[pl.Expr], values: Sequence[Opened]) -> Opened:
        """What all possible values agree on, null among them; open if they differ."""
        bound = [self.stages.bind(value.value) for value in values]
        shown = [pl.when(p).then(value) for p, value in zip(possible, bound, strict=True)]
        least = self.stages.bind(pl.min_horizontal(shown))
        most = self.stages.bind(pl.max_horizontal(shown))
        unknown = [p & value.is_null() for p, value in zip(possible, bound, strict=True)]
        opened = [
            p & value.open
            for p, value in zip(possible, values, strict=True)
            if value.open is not None
        ]
        differ = (least != most).fill_null(False) | (
            least.is_not_null() & pl.any_horizontal(unknown)
        )
        some = self.stages.bind(pl.any_horizontal([differ, *opened]))
        return Opened(_closed(some, least), some)


def chain(tests: Sequence[pl.Expr], values: Sequence[pl.Expr], default: pl.Expr) -> pl.Expr:
    """The value beside the first test that is true, else the default."""
    whens: Any = pl
    for test, value in zip(tests, values, strict=True):
        whens = whens.when(test).then(value)
    return cast(pl.Expr, whens.otherwise(default)) if tests else default


def _operands(node: Node) -> tuple[Node, ...]:
    match node:
        case Compare() | Arith():
            return (node.left, node.right)
        case Days():
            return (node.start, node.end)
        case Not() | In() | TextTest() | Midnight():
            return (node.operand,)
    raise AssertionError(node)  # the other nodes are not strict


def _junction(node: And | Or, parts: Sequence[pl.Expr]) -> pl.Expr:
    if len(parts) > FEW:
        return pl.all_horizontal(parts) if isinstance(node, And) else pl.any_horizontal(parts)
    return functools.reduce(operator.and_ if isinstance(node, And) else operator.or_, parts)


def _any(parts: Sequence[pl.Expr | None]) -> pl.Expr | None:
    found = [part for part in parts if part is not None]
    return pl.any_horizontal(found) if found else None


def _closed(opened: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The value where nothing is open, else null."""
    return pl.when(~opened).then(value)


def _is_in(operand: pl.Expr, node: In) -> pl.Expr:
    kind = node.operand.kind
    if len(node.values) <= FEW:
        return functools.reduce(operator.or_, [operand == literal(v, kind) for v in node.values])
    return operand.is_in(pl.lit(pl.Series(node.values, dtype=DTYPES[kind])).implode())


def _text_test(operand: pl.Expr, node: TextTest) -> pl.Expr:
    if node.op == "contains":
        return operand.str.contains(node.text, literal=True)
    test = operand.str.starts_with if node.op == "starts_with" else operand.str.ends_with
    return test(node.text)
