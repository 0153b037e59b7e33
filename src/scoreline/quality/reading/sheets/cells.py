"""The text of a spreadsheet's cell, as a person sees it and without losing a digit."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXCEL_DIGITS = 15
_FURTHEST = 400
"""Powers of ten up to which numbers are written anew; no double goes beyond."""
_LAST_DAY = 2_958_465  # 9999-12-31
_SERIAL = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,16}))?")
_DAY_MS = 86_400_000
_FALSE_LEAP_DAY = 60  # Excel counts a 1900-02-29
_DAY = dt.timedelta(days=1)


def plain_text(stored: str) -> str:
    r"""A text with its escapes resolved: `_x000D_` is a carriage return.

    >>> plain_text("one_x000D_two_x005F_x000D_")
    'one\rtwo_x000D_'
    """
    if "_x" not in stored:
        return stored
    resolved = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), stored)
    return resolved.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number_text(stored: str) -> str:
    """A number without a trailing `.0`, an exponent or binary dust, all its digits kept.

    A sheet shows 15 digits; where 16 or 17 are stored and the first 15 round to a number at least
    4 digits shorter, the rest is dust of binary arithmetic (0.1 + 0.2).

    >>> [number_text(text) for text in ("5.0", "7.9123456789E+10", "0.30000000000000004")]
    ['5', '79123456789', '0.3']
    """
    if stored.isdigit() and stored.isascii() and (stored[0] != "0" or stored == "0"):
        return stored
    try:
        value = Decimal(stored)
    except ArithmeticError:
        return stored
    if not value.is_finite() or abs(value.adjusted()) > _FURTHEST:
        return stored
    if -7 < value.adjusted() < 15:  # whole numbers beyond that may be identifiers
        value = _without_dust(value)
    value = value.normalize() if value else Decimal(0)
    if -20 < value.adjusted() < 40:
        return f"{value:f}"
    return f"{value:e}"


def _without_dust(value: Decimal) -> Decimal:
    if len(value.as_tuple().digits) <= _EXCEL_DIGITS or value == value.to_integral_value():
        return value
    value = Decimal(repr(float(value)))  # what is stored is a binary number; its shortest name
    digits = len(value.as_tuple().digits)
    rounded = Decimal(f"{value:.{_EXCEL_DIGITS - 1}e}").normalize()
    return rounded if len(rounded.as_tuple().digits) <= digits - 4 else value


def digits_of(text: str) -> int:
    """How many digits a whole number has; 0 for another.

    >>> digits_of("-1234"), digits_of("1.5")
    (4, 0)
    """
    bare = text.removeprefix("-")
    return len(bare) if bare.isdigit() else 0


def date_text(stored: str, kind: str, epoch_1904: bool) -> str:
    """A date or time as ISO text; the number itself where it can't be one.

    kind: "date", "time" or "elapsed", see `workbook.date_kind`. A time of day alone is shown only
    for a value below one day. Times are rounded to milliseconds, as sheets show at most.

    >>> date_text("46085", "date", False), date_text("46085.416666666664", "date", False)
    ('2026-03-04', '2026-03-04T10:00:00')
    """
    if found := _SERIAL.fullmatch(stored):
        milliseconds = int(found[1]) * _DAY_MS + (_part_of_day(found[2]) if found[2] else 0)
    else:
        try:
            serial = Decimal(stored)
        except ArithmeticError:
            return stored
        if not serial.is_finite() or not 0 <= serial <= _LAST_DAY or serial.adjusted() < -_FURTHEST:
            return number_text(stored)
        milliseconds = int((serial * _DAY_MS).to_integral_value())
    days, rest = divmod(milliseconds, _DAY_MS)
    if kind == "elapsed":
        return _clock(milliseconds)
    if kind == "time" and days == 0:
        return _clock(milliseconds)
    day = _day(days, epoch_1904)
    if day is None:
        return number_text(stored)
    return f"{day}T{_clock(rest)}" if rest else day


@lru_cache(maxsize=50_000)
def _day(days: int, epoch_1904: bool) -> str | None:
    """The ISO text of a day by its number; None for what is no day."""
    if epoch_1904:
        first = dt.date(1904, 1, 1)
    elif days == _FALSE_LEAP_DAY:
        return None
    else:
        first = dt.date(1899, 12, 31 if days < _FALSE_LEAP_DAY else 30)
    try:
        return (first + days * _DAY).isoformat()
    except OverflowError:
        return None


def _part_of_day(decimals: str) -> int:
    """Milliseconds of a part of a day, a half rounded to the even one, as Decimal rounds it."""
    unit: int = 10 ** len(decimals)
    whole, rest = divmod(int(decimals) * _DAY_MS, unit)
    return whole + (2 * rest > unit or (2 * rest == unit and whole % 2 == 1))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}" + (f".{rest:03}" if rest else "")
