"""When a condition that reads the time may turn: at a few moments, or on every day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scoreline.language.tree import (
    And,
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
    children,
    reads_time,
    walk,
)

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
FURTHEST = 36_525
"""Days ahead that are looked at: a century."""
_CALENDAR = dt.date.max.toordinal()


def turns(
    node: Node,
    values: Sequence[Mapping[str, Any]],
    as_of: dt.datetime,
    edges: Iterable[object] = (),
) -> Iterator[Iterable[dt.datetime]]:
    """Moments, in streams in order, at which an expression may come to something else.

    values: what its columns hold, by turns; edges: of bins that the expression falls into, as far
    as they are numbers.
    """
    if not reads_time(node):
        return
    parts = list(walk(node))
    columns = {part.column for part in parts if isinstance(part, Ref)}
    read = [some.get(column) for some in values for column in columns]
    read += [part.value for part in parts if isinstance(part, Const)]
    moments = {moment for value in read if (moment := _moment(value)) is not None}
    days: set[float] = {float(edge) for edge in edges if isinstance(edge, float)}
    if _looks(node, days):
        yield _sorted_turns(moments, days)
        return
    # What else reads the time may turn with each day that a date or the calendar counts.
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    phases = {(moment - as_of) % DAY: moment for moment in (*moments, midnight)}
    yield from (_with_ticks(days_from(m, as_of), m, as_of) for m in phases.values())
    yield _sorted_turns(moments, ())


def _looks(node: Node, days: set[float], *, top: bool = True) -> bool:
    """Whether the time is only compared with moments, or days with numbers, which are noted."""
    if not reads_time(node):
        return True
    match node:
        case Days(start=start, end=end):
            return top and _is_moment(start) and _is_moment(end)
        case (
            Compare(left=Days() as counted, right=Const(value=float() as number))
            | Compare(left=Const(value=float() as number), right=Days() as counted)
        ):
            days.add(number)
            return _looks(counted, days)
        case In(operand=Days() as counted, values=values):
            days.update(value for value in values if isinstance(value, float))
            return _looks(counted, days)
        case Compare(left=left, right=right):
            return _is_moment(left) and _is_moment(right)
        case And() | Or() | Not() | IsNull() | Coalesce() | Case():
            return all(_looks(part, days, top=False) for part in children(node))
    return False


def _is_moment(node: Node) -> bool:
    plain = node.operand if isinstance(node, Midnight) else node
    return isinstance(plain, Ref | Const | AsOf)


def _sorted_turns(moments: Iterable[dt.datetime], days: Iterable[float]) -> list[dt.datetime]:
    """So many days before and after each moment, the moments themselves, and the ticks after."""
    whole = {0} | {
        count
        for number in days
        if abs(number) < _CALENDAR
        for floor in (math.floor(number),)
        for count in (floor, floor + 1, -floor, -floor - 1)
    }
    found: set[dt.datetime] = set()
    for moment in moments:
        for count in whole:
            try:
                turn = moment + count * DAY
                found |= {turn, turn + MICROSECOND}
            except OverflowError:
                continue
    return sorted(found)


def _with_ticks(
    days: Iterable[dt.datetime], moment: dt.datetime, as_of: dt.datetime
) -> Iterator[dt.datetime]:
    """Moments with the tick after each, for whoever counts days backwards turns there."""
    if (as_of - moment) % DAY == dt.timedelta(0):
        yield as_of + MICROSECOND
    for day in days:
        yield day
        yield day + MICROSECOND


def days_from(
    moment: dt.datetime, as_of: dt.datetime, numbers: Sequence[int] | None = None
) -> Iterator[dt.datetime]:
    """Whole days from a moment, after `as_of`; numbers: only after so many of them, ascending."""
    first = (as_of - moment) // DAY + 1
    days = range(first, first + FURTHEST) if numbers is None else numbers
    for number in days:
        if number < first:
            continue
        try:
            yield moment + number * DAY
        except OverflowError:
            return


def _moment(value: object) -> dt.datetime | None:
    """The moment of a date or time."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return None
