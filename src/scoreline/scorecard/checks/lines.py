"""Ordered values as places on a line of whole numbers, so that cuts between them are exact.

Numbers are doubles in their order, dates are days, moments are microseconds. A few places stand
for all: every cut, and one or more places from each gap between neighbouring cuts.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from scoreline.language.fields import FieldType
from scoreline.language.tree import AsOf, Ref, Scalar

MOST = sys.float_info.max
TINY = math.ulp(0.0)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """The values of an ordered kind, by places from `low` to `high`.

    value: what stands at a place; places: where a cut at a value falls, at it or on its two sides.
    """

    low: int
    high: int
    value: Callable[[int], Scalar]
    places: Callable[[Any], tuple[int, ...]]


def number_place(number: float) -> int:
    """The place of a double among all doubles; 0.0 and -0.0 have one place.

    >>> number_place(5e-324) - number_place(-0.0)
    1
    """
    bits: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return bits if bits >= 0 else -(bits & (2**63 - 1))


def number_at(place: int) -> float:
    """The double at a place."""
    number: float = struct.unpack("<d", struct.pack("<q", abs(place)))[0]
    return number if place >= 0 else -number


def _moment_place(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _whole_places(number: float) -> tuple[int, ...]:
    return (math.floor(number), math.ceil(number))


NUMBER = Line(
    number_place(-MOST), number_place(MOST), number_at, lambda number: (number_place(number),)
)
MONEY = replace(NUMBER, low=0)
WHOLE = Line(-(2**53), 2**53, float, _whole_places)
DAYS = replace(WHOLE, low=-dt.date.max.toordinal(), high=dt.date.max.toordinal())
DATE = Line(
    1, dt.date.max.toordinal(), dt.date.fromordinal, lambda date: (dt.date.toordinal(date),)
)
TIME = Line(
    _moment_place(dt.datetime.min.replace(tzinfo=dt.UTC)),
    _moment_place(dt.datetime.max.replace(tzinfo=dt.UTC)),
    lambda place: _EPOCH + place * _MICROSECOND,
    lambda moment: (_moment_place(moment),),
)
LINES: dict[FieldType, Line] = {
    "number": NUMBER,
    "money": MONEY,
    "integer": WHOLE,
    "date": DATE,
    "time": TIME,
}


def line_of(variable: Ref | AsOf) -> Line | None:
    """The line of a field's values; None if they have no order."""
    if isinstance(variable, AsOf):
        return TIME
    return LINES.get(variable.field_type) if variable.fact is None else None


def stand_ins(line: Line, cuts: Iterable[Scalar], each: int = 1) -> tuple[Scalar, ...]:
    """Values that stand for all of a line: the cuts, and `each` values of every gap.

    >>> stand_ins(WHOLE, [2.5, 3.0])
    (-4503599627370495.0, 2.0, 3.0, 4503599627370498.0)
    """
    places = {place for cut in cuts for place in line.places(cut)}
    inside = sorted(place for place in places if line.low <= place <= line.high)
    found: list[int] = []
    begin = line.low
    for place in inside:
        found += [*_spread(begin, place - 1, each), place]
        begin = place + 1
    found += _spread(begin, line.high, each)
    return tuple(line.value(place) for place in found)


def _spread(first: int, last: int, each: int) -> Iterator[int]:
    """At most `each` places of a gap, all of them if there are no more."""
    size = last - first + 1
    if size <= each:
        yield from range(first, last + 1)
    else:
        yield from (first + size * (2 * i + 1) // (2 * each) for i in range(each))


def boundaries(
    holds: Callable[[float], bool], low: float = -MOST, high: float = MOST
) -> tuple[float, ...]:
    """The two neighbouring doubles between which a test changes, once, from `low` to `high`.

    Empty if it does not change. `holds` must be monotone there.

    >>> boundaries(lambda x: x / 12 >= 1000)
    (11999.999999999998, 12000.0)
    """
    before, after = number_place(low), number_place(high)
    at_low = holds(low)
    if holds(high) == at_low:
        return ()
    while after - before > 1:
        middle = (before + after) // 2
        if holds(number_at(middle)) == at_low:
            before = middle
        else:
            after = middle
    return (number_at(before), number_at(after))
