"""What an expression over several fields can come to, and whether every such value happens.

The range comes from intervals, so nothing is left out. A guess is proven when its fields are seen
by nothing else, and values of them were found for every part of the range that the card's cuts
tell apart.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scoreline.language.tree import Arith, Const, Days, Node, Ref, Scalar
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.cuts import Cuts
from scoreline.scorecard.checks.guesses import Guesses, is_arithmetic
from scoreline.scorecard.checks.lines import DAYS, MOST, NUMBER, TINY, Line, line_of, stand_ins
from scoreline.scorecard.checks.settle import settle

FAR = 300_000
"""Days that a date can lie away from any moment between the years 1000 and 9000."""
_NEAR = replace(DAYS, low=-FAR, high=FAR)
_PLAIN = (0.0, 1.0, -1.0, MOST)
_MOST_LEAVES = 3


@dataclass(frozen=True, slots=True)
class Span:
    """The least and most of an expression, and whether it can be unknown by itself."""

    low: float
    high: float
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Guessed:
    """Values that stand for all of a guess; proven: each of them happens, whatever else does."""

    values: tuple[Scalar | None, ...]
    proven: bool


def guessed(node: Node, edges: Sequence[float], clock: Clock, *, alone: bool) -> Guessed:
    """What stands for a guess that is cut at the edges (ascending).

    alone: the fields of the expression are seen by nothing else.
    """
    if node.kind == "yes/no":
        return Guessed((True, False), proven=False)
    if not is_arithmetic(node):
        return Guessed((*stand_ins(NUMBER, edges), None), proven=False)
    span = span_of(node)
    line = DAYS if isinstance(node, Days) else NUMBER
    ends = [*edges, span.low, span.high]
    inside = [value for value in _numbers(line, ends) if span.low <= value <= span.high]
    values = (*inside, None) if span.unknown else (*inside,)
    if not alone:
        return Guessed(values, proven=False)
    if isinstance(node, Days):
        return Guessed(values, proven=all(abs(edge) <= FAR for edge in edges))
    found = {_part(edges, value) for value in _examples(node, edges, clock)}
    return Guessed(values, proven={_part(edges, value) for value in values} <= found)


def _part(edges: Sequence[float], value: float | None) -> tuple[int, int] | None:
    """Which of the parts between the edges, or which edge, a value is."""
    return None if value is None else (bisect_left(edges, value), bisect_right(edges, value))


def _numbers(line: Line, cuts: Sequence[float]) -> tuple[float, ...]:
    found: Any = stand_ins(line, cuts)
    return tuple(found)


def span_of(node: Node) -> Span:
    """The range of an arithmetic expression."""
    match node:
        case Const():
            value: Any = node.value
            return Span(value, value)
        case Arith():
            return _combined(node.op, span_of(node.left), span_of(node.right))
        case Days():
            return Span(float(DAYS.low), float(DAYS.high))
        case Ref() if (line := line_of(node)) is not None:
            low: Any = line.value(line.low)
            high: Any = line.value(line.high)
            return Span(low, high)
        case _:
            return Span(-MOST, MOST, True)


def _combined(op: str, left: Span, right: Span) -> Span:
    unknown = left.unknown or right.unknown
    if op in ("+", "-"):
        ends = (right.low, right.high) if op == "+" else (-right.high, -right.low)
        return _finite([left.low + ends[0], left.high + ends[1]], unknown=unknown)
    divisors = [right.low, right.high]
    if op == "/":
        near_zero = [tiny for tiny in (-TINY, TINY) if right.low <= tiny <= right.high]
        divisors = [*(end for end in divisors if end), *near_zero]
        unknown = unknown or right.low <= 0 <= right.high
    pairs = itertools.product((left.low, left.high), divisors)
    corners = [a / b if op == "/" else a * b for a, b in pairs]
    return _finite(corners or [0.0], unknown=unknown)


def _finite(corners: Sequence[float], *, unknown: bool) -> Span:
    low, high = min(corners), max(corners)
    return Span(max(low, -MOST), min(high, MOST), unknown or low < -MOST or high > MOST)


def _examples(node: Node, edges: Sequence[float], clock: Clock) -> Iterator[float | None]:
    """Values it was seen to take: one leaf moves along its line, the others stay where they are."""
    lines: dict[Ref, Line] = {}
    node = _with_leaves(node, lines)
    if len(lines) > _MOST_LEAVES:
        return
    for moving, line in lines.items():
        others = [leaf for leaf in lines if leaf != moving]
        choices = [[v for v in _PLAIN if _lies_on(lines[leaf], v)] for leaf in others]
        for values in itertools.product(*choices):
            held = settle(node, dict(zip(others, values, strict=True)))
            yield from _along(held, moving, line, edges, clock)


def _with_leaves(node: Node, lines: dict[Ref, Line]) -> Node:
    """The expression with variables for its fields and counts of days; notes their lines."""
    if isinstance(node, Arith):
        left, right = _with_leaves(node.left, lines), _with_leaves(node.right, lines)
        return Arith(node.op, left, right)
    if isinstance(node, Days):
        leaf = Ref(f"days {len(lines)}", None, "number", "integer")
        lines[leaf] = _NEAR
        return leaf
    if isinstance(node, Ref):
        lines[node] = line_of(node) or NUMBER
    return node


def _lies_on(line: Line, number: float) -> bool:
    places = line.places(number)
    return len(set(places)) == 1 and line.low <= places[0] <= line.high


def _along(
    node: Node, moving: Ref, line: Line, edges: Sequence[float], clock: Clock
) -> Iterator[float | None]:
    """The values of an expression in one variable, around every edge."""
    guesses = Guesses()
    guesses.rewrite(node)
    if guesses.found:  # the variable stands in it twice
        return
    cuts = Cuts(clock)
    cuts.look(node, edges)
    turns = [cut for cut in cuts.at[moving] if isinstance(cut, float)]
    for number in stand_ins(line, turns):
        clock.work(10)
        result: Any = settle(node, {moving: number})
        yield result.value
