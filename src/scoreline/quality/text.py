"""Texts of cells: the normal form, which conditions share, and the text of a Python value."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal

from scoreline.language.text import INVISIBLE, fold_normal, folded, normal

__all__ = ["INVISIBLE", "fold_normal", "folded", "normal", "plain_text", "with_article"]


def plain_text(value: object) -> str | None:
    """The text that stands for a Python value in a field of text; None if it is not one value.

    A whole float is written as the integer it is (79123456789.0 is what pandas makes of a
    column of numbers with gaps), a date in ISO form, a moment with a zone in UTC.

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
    if isinstance(value, datetime):  # the same moment is the same text, whatever its zone
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _bytes_text(value)
    return None


def with_article(noun: str) -> str:
    """The noun with a or an before it.

    >>> with_article("int"), with_article("list")
    ('an int', 'a list')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _float_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) <= 2**53:
        return str(int(value))
    return repr(value)


def _bytes_text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
