"""Checked tree -> SQL of a dialect, printed by SQLGlot from nodes built here.

SQLGlot prints; it translates nothing. Identifiers are quoted, numbers are typed literals (a bare
decimal made DuckDB ten times slower), parts of a text are LIKE with its escape said, division by
zero and results that are not finite are NULL. Each part of a tree is written once, so the SQL grows
with the tree and not faster.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlglot import exp

from scoreline.errors import UsageError, did_you_mean
from scoreline.language.dialects import DIALECTS, Dialect
from scoreline.language.fields import Kind
from scoreline.language.overflow import guarded
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

BINARY: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "/": exp.Div,
}
TYPES: dict[Kind, exp.DType] = {
    "text": exp.DType.TEXT,
    "choice": exp.DType.TEXT,
    "number": exp.DType.DOUBLE,
    "yes/no": exp.DType.BOOLEAN,
    "date": exp.DType.DATE,
    "time": exp.DType.TIMESTAMPNTZ,
}
PATTERNS = {"starts_with": "{}%", "ends_with": "%{}", "contains": "%{}%"}
ESCAPE = "!"
DAY = 86_400_000_000
AGES = 10_000_000
"""More days than lie between any two dates: what makes a difference positive before division."""

ATOMS = (exp.Column, exp.Literal, exp.Func, exp.Cast, exp.Case, exp.Paren, exp.Boolean)


def column_of(name: str) -> exp.Expr:
    """The column of a field or fact: its name, quoted."""
    return exp.column(exp.to_identifier(name, quoted=True))


def render(
    node: Node,
    dialect: str,
    as_of: dt.datetime,
    column: Callable[[str], exp.Expr] = column_of,
) -> str:
    """The SQL of a checked tree in ordinary three-valued logic.

    dialect: one of DIALECTS; as_of: an aware moment; column: how the column of a field or fact is
    written.
    """
    if dialect not in DIALECTS:
        raise UsageError(f"There is no dialect `{dialect}`.", did_you_mean(dialect, DIALECTS))
    return SqlWriter(DIALECTS[dialect], as_of, column).write(node).sql(dialect)


class SqlWriter:
    """Builds SQLGlot's nodes for one dialect.

    bind: gives a tree a name, so that it can be repeated; where arithmetic raises errors, its
    results are kept within doubles only with it.
    """

    def __init__(
        self,
        dialect: Dialect,
        as_of: dt.datetime,
        column: Callable[[str], exp.Expr],
        bind: Callable[[Node], Node] | None = None,
    ) -> None:
        self.dialect = dialect
        self.as_of = as_of
        self.column = column
        self.bind = bind

    def write(self, node: Node) -> exp.Expr:
        """The SQL node of a checked node."""
        match node:
            case Const():
                return self.literal(node.value, node.kind)
            case Ref():
                column = self.column(node.column)
                return exp.cast(column, TYPES["number"]) if node.field_type == "integer" else column
            case AsOf():
                return self.literal(self.as_of, "time")
            case Midnight():
                return exp.cast(self.write(node.operand), TYPES["time"])
            case Compare():
                return _binary(BINARY[node.op], self.write(node.left), self.write(node.right))
            case And() | Or():
                parts = [self.write(part) for part in node.parts]
                return _balanced(exp.And if isinstance(node, And) else exp.Or, parts)
            case Not():
                return exp.Not(this=_inside(self.write(node.operand)))
            case IsNull():
                return exp.Is(this=_inside(self.write(node.operand)), expression=exp.null())
            case In():
                values = [self.literal(value, node.operand.kind) for value in node.values]
                return exp.In(this=_inside(self.write(node.operand)), expressions=values)
            case TextTest():
                return self.text_test(node)
            case Arith():
                return self.arithmetic(node)
            case Days():
                return self.days(self.write(node.start), self.write(node.end))
            case Coalesce():
                first, *others = (self.write(part) for part in node.parts)
                return exp.Coalesce(this=first, expressions=others)
            case Case():
                return self.case(node)

    def literal(self, value: Scalar | None, kind: Kind) -> exp.Expr:
        """A typed literal."""
        if value is None:
            return exp.cast(exp.null(), TYPES[kind])
        if isinstance(value, bool):
            return exp.true() if value else exp.false()
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, dt.datetime):
            text = value.astimezone(dt.UTC).strftime("%m-%d %H:%M:%S.%f")
            return exp.cast(exp.Literal.string(f"{value.year:04d}-{text}"), TYPES["time"])
        if isinstance(value, dt.date):
            return exp.cast(exp.Literal.string(value.isoformat()), TYPES["date"])
        return exp.Literal.string(value)

    def number(self, value: float) -> exp.Expr:
        """A double: digits with an exponent."""
        digits = repr(abs(value)).removesuffix(".0")
        literal: exp.Expr = exp.Literal.number(digits if "e" in digits else f"{digits}e0")
        if self.dialect.literal_type:
            literal = exp.cast(literal, TYPES["number"])
        # Brackets, since some parsers take the two signs of `1-(-2)` for one operator.
        return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal

    def text_test(self, node: TextTest) -> exp.Expr:
        """LIKE with its own escape sign: no two databases have the same default."""
        text = node.text
        for sign in (ESCAPE, "%", "_"):
            text = text.replace(sign, ESCAPE + sign)
        pattern = exp.Literal.string(PATTERNS[node.op].format(text))
        like = exp.Like(this=_inside(self.write(node.operand)), expression=pattern)
        return exp.Escape(this=like, expression=exp.Literal.string(ESCAPE))

    def arithmetic(self, node: Arith) -> exp.Expr:
        """NULL where the divisor is zero or the result is not finite."""
        guards = self.bind if not self.dialect.overflows else None
        parts = (node.left, node.right)
        left, right = (self.write(guards(part) if guards else part) for part in parts)
        divisor = right
        if node.op == "/":
            divisor = exp.Nullif(this=right, expression=self.number(0.0))
        result: exp.Expr = _binary(BINARY[node.op], left, divisor)
        if isinstance(result, exp.Div):
            result.set("typed", True)
        if guards is not None:
            return guarded(node.op, left, right, result, self.number)
        if self.dialect.overflows:
            for name in ("Infinity", "-Infinity", "NaN"):
                word = exp.cast(exp.Literal.string(name), TYPES["number"])
                result = exp.Nullif(this=result, expression=word)
        return result

    def days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        """Whole days, rounded down: databases round a negative quotient towards zero."""
        micros = self.dialect.micros(_inside(start), _inside(end))
        later = _binary(exp.Add, micros, exp.Literal.number(AGES * DAY))
        days = self.dialect.divided(exp.Paren(this=later), exp.Literal.number(DAY))
        return exp.cast(_binary(exp.Sub, days, exp.Literal.number(AGES)), TYPES["number"])

    def case(self, node: Case) -> exp.Expr:
        """CASE WHEN, its ELSE always written."""
        ifs = [exp.If(this=self.write(test), true=self.write(v)) for test, v in node.branches]
        return exp.Case(ifs=ifs, default=self.write(node.default))


def _inside(expression: exp.Expr) -> exp.Expr:
    """The expression as an operand: in brackets unless it is one piece."""
    # SQLGlot counts AND and OR among its functions.
    whole = isinstance(expression, ATOMS) and not isinstance(expression, exp.Connector)
    return expression if whole else exp.Paren(this=expression)


def _binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Binary:
    return kind(this=_inside(left), expression=_inside(right))


def _balanced(kind: type[exp.And | exp.Or], parts: Sequence[exp.Expr]) -> exp.Expr:
    """A junction as a balanced tree: a thousand parts in a row are too deep for DuckDB."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return _binary(kind, _balanced(kind, parts[:half]), _balanced(kind, parts[half:]))
