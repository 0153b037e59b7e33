"""The columns of a typed record: whether each value is of its column's kind, in one look-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from types import NoneType

from scoreline.language.fields import Kind

EXACT: dict[Kind, type] = {
    "text": str,
    "choice": str,
    "number": float,
    "yes/no": bool,
    "date": dt.date,
    "time": dt.datetime,
}
"""The class that values of a kind usually have."""

ROWS_KEPT = 4096
"""Rows of classes that are remembered; others are worked out again."""

Plan = tuple[tuple[int, ...], bool]
"""(places of the values that must become floats, whether a value is missing)."""


class Classes(dict[tuple[type, ...], Plan]):
    """The classes of a row's values -> what to do with the row.

    Looking up a row of classes raises TypeError if one of them does not fit its column.

    >>> Classes(["number", "text"])[int, str]
    ((0,), False)
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        super().__init__()
        self._columns = [_Column(kind) for kind in kinds]

    def __missing__(self, classes: tuple[type, ...]) -> Plan:
        pairs = zip(self._columns, classes, strict=True)
        floats = tuple(place for place, (column, cls) in enumerate(pairs) if column[cls])
        plan = floats, NoneType in classes
        if len(self) < ROWS_KEPT:
            self[classes] = plan
        return plan


class _Column(dict[type, bool]):
    """Class -> whether such a value must become a float."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, cls: type) -> bool:
        if not fits(self._kind, cls):
            raise TypeError(self._kind)
        self[cls] = self._kind == "number" and cls not in (float, NoneType)
        return self[cls]


def picker(columns: Iterable[str]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    """A function that gives a record's values of these columns; KeyError if one is absent."""
    first, *rest = columns
    if rest:
        return itemgetter(first, *rest)
    return lambda record: (record[first],)


def fits(kind: Kind, cls: type) -> bool:
    """Whether values of a class are typed values of a kind, or missing.

    A database gives numbers as Decimals too.

    >>> fits("number", int), fits("number", bool), fits("date", dt.datetime)
    (True, False, False)
    """
    if cls is NoneType:
        return True
    if kind == "number":
        return issubclass(cls, float | int | Decimal) and not issubclass(cls, bool)
    if kind == "date" and issubclass(cls, dt.datetime):
        return False
    return issubclass(cls, EXACT[kind])
