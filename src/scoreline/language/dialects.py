"""What differs between the databases that conditions are written for: flags and wording, no logic.

In their tables typed records have DOUBLE (or whole-number) columns for numbers, DATE columns for
dates, and for moments timestamps without zone, in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

Micros = Callable[[exp.Expr, exp.Expr], exp.Expr]
Whole = Callable[[exp.Expr, exp.Expr], exp.Expr]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A database's way to write what engines were found to differ on.

    name: SQLGlot's name of it; micros: whole microseconds from a moment to a later one; divided:
    division of whole numbers, towards zero; literal_type: whether 1e0 needs a cast to be a double;
    overflows: whether arithmetic gives infinities and NaN (where not, it raises an error).
    """

    name: str
    micros: Micros
    divided: Whole
    literal_type: bool = False
    overflows: bool = True


def _minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Sub(this=left, expression=right)


def _epoch(function: str) -> Micros:
    """Microseconds by a function that counts them since 1970."""

    def micros(start: exp.Expr, end: exp.Expr) -> exp.Expr:
        return _minus(
            exp.Anonymous(this=function, expressions=[end]),
            exp.Anonymous(this=function, expressions=[start]),
        )

    return micros


def _interval(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """PostgreSQL: the seconds of an interval are an exact decimal with six places."""
    seconds = exp.Extract(this=exp.var("EPOCH"), expression=_minus(end, start))
    product = exp.Mul(this=seconds, expression=exp.Literal.number("1000000"))
    return exp.cast(product, exp.DType.BIGINT)


def _int_div(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.IntDiv(this=left, expression=right)


def _typed_div(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """`/` of whole numbers, which PostgreSQL rounds towards zero."""
    return exp.Div(this=left, expression=right, typed=True)


DIALECTS: dict[str, Dialect] = {
    "duckdb": Dialect("duckdb", _epoch("EPOCH_US"), _int_div),
    "postgres": Dialect("postgres", _interval, _typed_div, literal_type=True, overflows=False),
    "spark": Dialect("spark", _epoch("UNIX_MICROS"), _int_div),
}
