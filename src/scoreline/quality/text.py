"""The normal form of text: NFC, trimmed, inner blanks collapsed (design 4.1).

Blanks are what Unicode calls white space. At the ends also what can't be seen falls away: zero
widths, byte order marks, direction marks, NUL and the letters that fonts draw as nothing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

INVISIBLE = (
    "\x00\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u2800\u3164\ufeff"
)
"""Characters that are trimmed at the ends besides white space, and kept inside."""

_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_ENDS = _WHITE + INVISIBLE
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")


def normal(text: str) -> str:
    """The text in NFC, trimmed, each run of blanks one space; empty if nothing is left.

    >>> normal("  Ivan\\u00a0 Petrov\\ufeff")
    'Ivan Petrov'
    """
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", " ".join(text.strip(_ENDS).split()))


def folded(text: str) -> str:
    """The normal form without the difference of small and capital letters.

    >>> folded(" SMM ")
    'smm'
    """
    return fold_normal(normal(text))


def fold_normal(text: str) -> str:
    """The folded form of a text that is normal already."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text.casefold())


def plain_text(value: object) -> str | None:
    """The text that stands for a Python value in a field of text; None if it is not one value.

    A whole float is written as the integer it is (79123456789.0 is what pandas makes of a
    column of numbers with gaps), a date in ISO form, a moment with its offset from UTC.

    >>> plain_text(7.0), plain_text(True), plain_text([1])
    ('7', 'true', None)
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep="T")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _bytes_text(value)
    return None


def _float_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) <= 2**53:
        return str(int(value))
    return repr(value)


def _bytes_text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
