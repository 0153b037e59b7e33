"""The columns of a typed record: whether each value is of its column's kind, in one look-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from operator import itemgetter
from types import NoneType
from typing import Any

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

NOTHING = frozenset({"NaTType", "NAType"})
"""Names of classes of pandas whose only value is missing; NaT even is a datetime."""

IN_WORDS: dict[Kind, str] = {
    "text": "a text",
    "choice": "a text",
    "number": "a number",
    "yes/no": "True or False (yes or no)",
    "date": "a date",
    "time": "a datetime with a time zone",
}
"""What may stand in a column of a kind, for people."""

ROWS_KEPT = 4096
"""Rows of classes that are remembered; others are worked out again."""

Change = Callable[[Any], object]
Plan = tuple[tuple[int, ...], tuple[tuple[int, Change], ...], bool]
"""(places of the values that must become floats, places of others that change and how, whether a
value is missing)."""


class Classes(dict[tuple[type, ...], Plan]):
    """The classes of a row's values -> what to do with the row.

    Looking up a row of classes raises TypeError if one of them does not fit its column.

    >>> Classes(["number", "text"])[int, str]
    ((0,), (), False)
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        super().__init__()
        self._columns = [_Column(kind) for kind in kinds]

    def __missing__(self, classes: tuple[type, ...]) -> Plan:
        pairs = zip(self._columns, classes, strict=True)
        found = [(place, column[cls]) for place, (column, cls) in enumerate(pairs)]
        floats = tuple(place for place, change in found if change is float)
        odd = tuple((place, change) for place, change in found if change not in (None, float))
        plan = floats, odd, NoneType in classes
        if len(self) < ROWS_KEPT:
            self[classes] = plan
        return plan


class _Column(dict[type, Change | None]):
    """Class -> how such a value becomes one of the column's; None if it stays as it is."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, cls: type) -> Change | None:
        if not fits(self._kind, cls):
            raise TypeError(self._kind)
        self[cls] = _change(self._kind, cls)
        return self[cls]


def _change(kind: Kind, cls: type) -> Change | None:
    if cls is NoneType:
        return None
    if cls.__name__ in NOTHING:
        return _nothing
    if kind == "number":
        return None if cls is float else float
    if issubclass(cls, float):
        return _only_nan
    return bool if kind == "yes/no" and cls is not bool else None


def _nothing(value: object) -> None:
    """What NaT and NA stand for."""


def _only_nan(value: float) -> None:
    """NaN is missing in every column; another float fits numbers alone."""
    if value == value:
        raise TypeError(value)


def picker(columns: Iterable[str]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    """A function that gives a record's values of these columns; KeyError if one is absent."""
    first, *rest = columns
    if rest:
        return itemgetter(first, *rest)
    return lambda record: (record[first],)


def fits(kind: Kind, cls: type) -> bool:
    """Whether values of a class are typed values of a kind, or may be missing.

    A database gives numbers as Decimals too, a frame as numpy's; NaN stands in every column.

    >>> fits("number", int), fits("number", bool), fits("date", dt.datetime)
    (True, False, False)
    """
    if cls is NoneType or cls.__name__ in NOTHING or issubclass(cls, float):
        return True
    if kind == "number":
        return issubclass(cls, Real | Decimal) and not issubclass(cls, bool)
    if kind == "date" and issubclass(cls, dt.datetime):
        return False
    return issubclass(cls, EXACT[kind]) or (kind == "yes/no" and _is_numpy_bool(cls))


def _is_numpy_bool(cls: type) -> bool:
    return cls.__module__ == "numpy" and cls.__name__ in ("bool", "bool_")
