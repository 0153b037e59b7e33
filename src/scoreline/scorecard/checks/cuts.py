"""Where the tests of a card cut what a field can hold.

A test at the top of an expression is followed down to the fields: through coalesce, CASE, dates
as moments, and arithmetic with a constant, whose turning points are found double by double.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from scoreline.language.kleene import COMPARE
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
    Operator,
    Or,
    Ref,
    Scalar,
    TextTest,
)
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.guesses import variable_of, varies
from scoreline.scorecard.checks.lines import MOST, TINY, boundaries
from scoreline.scorecard.checks.texts import Part
from scoreline.scorecard.model import Bin, OneOf, Range

CutPoint = Scalar | Part
_SEARCH = 200
"""Steps, about, to find where an operation passes a number, double by double."""
_DAY = dt.timedelta(days=1)
_TICK = dt.timedelta(microseconds=1)


@dataclass
class Cuts:
    """The cuts of each variable, and the pairs of variables that are compared."""

    clock: Clock
    at: dict[Node, set[CutPoint]] = field(default_factory=lambda: defaultdict(set))
    links: list[tuple[Node, Node]] = field(default_factory=list)

    def add(self, other: Cuts) -> None:
        """Note what another one noted."""
        for variable, cuts in other.at.items():
            self.at[variable].update(cuts)
        self.links += other.links

    def look(self, node: Node, cuts: Iterable[CutPoint] = ()) -> None:
        """Note what a card can see of an expression that is tested at these values."""
        self.clock.work(1)
        match node:
            case Const():
                pass
            case Ref() | AsOf():
                self.at[node].update(cuts)
            case Midnight():
                self.look(node.operand, dates_around(cuts))
            case Coalesce():
                for part in node.parts:
                    self.look(part, cuts)
            case Case():
                for test, value in node.branches:
                    self.look(test)
                    self.look(value, cuts)
                self.look(node.default, cuts)
            case Arith():
                self._arithmetic(node, cuts)
            case Days():
                self._days(node, cuts)
            case Compare():
                self._compare(node)
            case In():
                self.look(node.operand, node.values)
            case TextTest():
                self.look(node.operand, [Part(node.op, node.text)])
            case IsNull() | Not():
                self.look(node.operand)
            case And() | Or():
                for part in node.parts:
                    self.look(part)

    def _compare(self, node: Compare) -> None:
        left, right = node.left, node.right
        if varies(left) and varies(right):
            self.look(left)
            self.look(right)
            self.links.append((variable_of(left), variable_of(right)))
            return
        side, constant = (left, right) if varies(left) else (right, left)
        value = cast(Const, constant).value
        self.look(side, () if value is None else [value])

    def _arithmetic(self, node: Arith, cuts: Iterable[CutPoint]) -> None:
        on_left = varies(node.left)
        side, constant = (node.left, node.right) if on_left else (node.right, node.left)
        value = cast(Const, constant).value
        if value is None:
            return
        targets = [*(cut for cut in cuts if isinstance(cut, float)), MOST, -MOST]
        self.clock.work(_SEARCH * len(targets))
        self.look(side, _turns(node.op, float(cast(float, value)), targets, on_left=on_left))

    def _days(self, node: Days, cuts: Iterable[CutPoint]) -> None:
        on_start = varies(node.start)
        side, constant = (node.start, node.end) if on_start else (node.end, node.start)
        moment = cast(Const, constant).value
        if moment is None:
            return
        sign = -1 if on_start else 1
        found: list[CutPoint] = []
        for cut in cuts:
            number = cast(float, cut)
            for days in {math.floor(number), math.ceil(number), math.floor(number) + 1}:
                found += _moved(cast(dt.datetime, moment), sign * days)
        self.look(side, found)


def bin_cuts(bins: Iterable[Bin]) -> list[CutPoint]:
    """The values at which the bins of a term cut its expression."""
    found: list[CutPoint] = []
    for bin_ in bins:
        match bin_.test:
            case Range(lower, upper):
                found += [edge for edge in (lower, upper) if edge is not None]
            case OneOf(values):
                found += values
    return found


def dates_around(cuts: Iterable[CutPoint]) -> list[CutPoint]:
    """Cuts among moments as cuts among dates: the date of each and the next one."""
    days = {cut.date() for cut in cuts if isinstance(cut, dt.datetime)}
    return [*days, *(day + _DAY for day in days if day < dt.date.max)]


def _moved(moment: dt.datetime, days: int) -> list[CutPoint]:
    """The moment so many days away and its neighbours; nothing beyond the calendar."""
    found: list[CutPoint] = []
    for ticks in (-1, 0, 1):
        try:
            found.append(moment + dt.timedelta(days=days) + ticks * _TICK)
        except OverflowError:
            continue
    return found


def _turns(
    op: Operator, constant: float, targets: Iterable[float], *, on_left: bool
) -> list[CutPoint]:
    """Where `x op constant` (or `constant op x`) passes one of the targets."""
    compute = partial(_plain, op, constant, on_left=on_left)
    pole = op == "/" and not on_left
    spans = ((-MOST, -TINY), (TINY, MOST)) if pole else ((-MOST, MOST),)
    found: list[CutPoint] = [0.0] if pole else []
    if op == "/" and on_left and constant == 0:
        return found
    for target in dict.fromkeys(targets):
        for test in (COMPARE[">="], COMPARE[">"]):
            for low, high in spans:
                found += boundaries(partial(_passes, test, compute, target), low, high)
    return found


def _plain(op: Operator, constant: float, x: float, *, on_left: bool) -> float:
    """IEEE arithmetic that overflows to infinity, so that it stays monotone."""
    left, right = (x, constant) if on_left else (constant, x)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right


def _passes(test: Any, compute: Any, target: float, x: float) -> bool:
    return bool(test(compute(x), target))
