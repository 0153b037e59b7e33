"""numpy and pandas values -> the plain Python values they stand for, importing neither."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

_PLAIN = frozenset({str, int, bool, date, bytes})
_NOTHING = frozenset({"NAType", "NaTType"})


def simplify(value: object) -> object | None:
    """The plain Python value; None for None, NaN, NaT and NA.

    >>> simplify(float("nan")) is None, simplify(2.5)
    (True, 2.5)
    """
    kind = type(value)
    if value is None or kind in _PLAIN:
        return value
    if kind is float:
        return None if value != value else value
    if kind is datetime:
        return value
    return _unusual(value)


def _unusual(value: object) -> object | None:
    """The plain value of a subclass, a numpy scalar or a pandas scalar."""
    if type(value).__name__ in _NOTHING:
        return None
    if isinstance(value, Enum):
        return simplify(value.value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else value
    if isinstance(value, datetime):
        return _datetime(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "dtype") and hasattr(value, "item"):
        return _numpy_scalar(value)
    return value


def _datetime(value: datetime) -> datetime:
    """A plain datetime; pandas' nanoseconds fall away."""
    return datetime(
        value.year, value.month, value.day, value.hour, value.minute, value.second,
        value.microsecond, tzinfo=value.tzinfo, fold=value.fold,
    )  # fmt: skip


def _numpy_scalar(value: object) -> object | None:
    """The Python value of a numpy scalar; moments in microseconds, for Python has no finer ones."""
    dtype = value.dtype  # type: ignore[attr-defined]
    if getattr(value, "shape", ()) != ():
        return value
    if dtype.kind == "f":  # a long double is its own item
        return simplify(float(value))  # type: ignore[arg-type]
    if dtype.kind == "M":
        value = value.astype("datetime64[us]")  # type: ignore[attr-defined]
    plain = value.item()  # type: ignore[attr-defined]
    return plain if type(plain) is type(value) else simplify(plain)
