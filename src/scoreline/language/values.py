"""What the operators of the language give on Python values: the one definition that
the generated functions and the four-valued interpreter share.

Numbers are IEEE doubles; None is unknown. Moments are aware datetimes in UTC.
"""

from __future__ import annotations

import datetime as dt
import math

_MIDNIGHT = dt.time(tzinfo=dt.UTC)


def add(a: float | None, b: float | None) -> float | None:
    """a + b; unknown if not finite."""
    return None if a is None or b is None else _finite(float(a) + float(b))


def subtract(a: float | None, b: float | None) -> float | None:
    """a - b; unknown if not finite."""
    return None if a is None or b is None else _finite(float(a) - float(b))


def multiply(a: float | None, b: float | None) -> float | None:
    """a * b; unknown if not finite."""
    return None if a is None or b is None else _finite(float(a) * float(b))


def divide(a: float | None, b: float | None) -> float | None:
    """a / b; unknown if b is zero or the result is not finite."""
    return None if a is None or b is None or b == 0 else _finite(float(a) / float(b))


def midnight(date: dt.date | None) -> dt.datetime | None:
    """The 00:00 UTC of a date."""
    return None if date is None else dt.datetime.combine(date, _MIDNIGHT)


def days(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    """Whole days from start to end: floor(seconds / 86,400)."""
    return None if start is None or end is None else float((end - start).days)


def both(parts: tuple[bool | None, ...]) -> bool | None:
    """Three-valued AND."""
    return False if False in parts else None if None in parts else True


def either(parts: tuple[bool | None, ...]) -> bool | None:
    """Three-valued OR."""
    return True if True in parts else None if None in parts else False


def negated(value: bool | None) -> bool | None:
    """Three-valued NOT."""
    return None if value is None else not value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


ARITHMETIC = {"+": add, "-": subtract, "*": multiply, "/": divide}
