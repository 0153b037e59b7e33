"""Arithmetic for databases that raise an error where IEEE gives an infinity, or nothing but zero.

One failing row would end the whole statement, so the operation stands behind tests that can't fail
themselves: beyond what is always safe, both operands are brought near 1 by powers of two, which is
exact, and the result there says whether the real one is too large for a double (then it is unknown,
as everywhere) or so small that it is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

Number = Callable[[float], exp.Expr]
"""Writes a double."""
REACH = 511
"""Products and quotients of doubles between 2^-REACH and 2^REACH are doubles."""
LARGEST, SMALLEST = 1024, -1075
"""Results from 2^LARGEST on overflow, those up to 2^SMALLEST are zero."""
NEAR = {"large": -512, "usual": 0, "tiny": 600}
"""The power of two by which an operand of a size is brought near 1."""
SLIGHT = 2.0**900
"""Added to another number this is too little to make it overflow."""


def guarded(op: str, left: exp.Expr, right: exp.Expr, plain: exp.Expr, number: Number) -> exp.Expr:
    """`plain`, which is left op right, where it is a double; NULL beyond, zero below.

    left, right: columns or literals, for they are repeated; a division by 0 is NULL.
    """
    if op in "+-":
        return _sum(op, left, right, plain, number)
    ifs = [_if(exp.or_(*(_is(exp.EQ, part, number(0.0)) for part in (left, right))), plain)]
    if op == "/":
        ifs = [
            _if(_is(exp.EQ, right, number(0.0)), exp.null()),
            _if(_is(exp.EQ, left, number(0.0)), plain),
        ]
    found = list(_by_size(op, left, right, plain, number))
    usual = exp.and_(_of_size(left, "usual", number), _of_size(right, "usual", number))
    return exp.Case(ifs=[_if(usual, plain), *ifs, *found], default=plain)


def _by_size(
    op: str, left: exp.Expr, right: exp.Expr, plain: exp.Expr, number: Number
) -> Iterator[exp.If]:
    """What comes out where the operands are not both of usual size, and it is not just `plain`."""
    for size, by in NEAR.items():
        for other, other_by in NEAR.items():
            moved = by + other_by if op == "*" else by - other_by
            test = exp.and_(_of_size(left, size, number), _of_size(right, other, number))
            kind = exp.Mul if op == "*" else exp.Div
            near = kind(this=_near(left, by, number), expression=_near(right, other_by, number))
            if isinstance(near, exp.Div):
                near.set("typed", True)
            if _may_overflow(op, size, other):
                fits = exp.LT(this=near, expression=number(2.0 ** (LARGEST + moved)))
                yield _if(test, exp.Case(ifs=[_if(fits, plain)], default=exp.null()))
            elif _may_vanish(op, size, other):
                gone = exp.LTE(this=near, expression=number(2.0 ** (SMALLEST + moved)))
                yield _if(test, exp.Case(ifs=[_if(gone, number(0.0))], default=plain))


def _may_overflow(op: str, size: str, other: str) -> bool:
    sizes = {(size, other)}
    if op == "*":
        return bool(sizes & {("large", "large"), ("large", "usual"), ("usual", "large")})
    return bool(sizes & {("large", "tiny"), ("large", "usual"), ("usual", "tiny")})


def _may_vanish(op: str, size: str, other: str) -> bool:
    sizes = {(size, other)}
    if op == "*":
        return bool(sizes & {("tiny", "tiny"), ("tiny", "usual"), ("usual", "tiny")})
    return bool(sizes & {("tiny", "large"), ("tiny", "usual"), ("usual", "large")})


def _sum(op: str, left: exp.Expr, right: exp.Expr, plain: exp.Expr, number: Number) -> exp.Expr:
    half = number(0.5)
    kind = exp.Add if op == "+" else exp.Sub
    near = kind(
        this=exp.Paren(this=exp.Mul(this=left, expression=half)),
        expression=exp.Paren(this=exp.Mul(this=right, expression=half)),
    )
    slight = exp.or_(_is(exp.LT, left, number(SLIGHT)), _is(exp.LT, right, number(SLIGHT)))
    fits = exp.LT(this=exp.Abs(this=near), expression=number(2.0 ** (LARGEST - 1)))
    return exp.Case(ifs=[_if(slight, plain), _if(fits, plain)], default=exp.null())


def _of_size(operand: exp.Expr, size: str, number: Number) -> exp.Expr:
    least, most = number(2.0**-REACH), number(2.0**REACH)
    if size == "large":
        return _is(exp.GT, operand, most)
    if size == "tiny":
        return _is(exp.LT, operand, least)
    return exp.and_(_is(exp.GTE, operand, least), _is(exp.LTE, operand, most))


def _near(operand: exp.Expr, by: int, number: Number) -> exp.Expr:
    """The size of the operand, brought near 1."""
    size = exp.Abs(this=operand)
    if not by:
        return size
    return exp.Paren(this=exp.Mul(this=size, expression=number(2.0**by)))


def _is(kind: type[exp.Binary], operand: exp.Expr, number: exp.Expr) -> exp.Expr:
    return kind(this=exp.Abs(this=operand), expression=number)


def _if(test: exp.Expr, value: exp.Expr) -> exp.If:
    return exp.If(this=test, true=value)
