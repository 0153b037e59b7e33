"""Texts of cells: the normal form, which conditions share, and the text of a Python value."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal

from scoreline.language.text import INVISIBLE, fold_normal, folded, normal, sentence, with_article

__all__ = [
    "INVISIBLE",
    "fold_normal",
    "folded",
    "normal",
    "plain_text",
    "sentence",
    "whole_text",
    "with_article",
]

HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which are no text by themselves."""


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
        return _int_text(value)
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


def whole_text(text: str) -> str:
    """The text with halves of characters replaced: files and columns can't hold them."""
    if text.isascii():
        return text
    return HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _int_text(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # over 4,300 digits, which Python writes only of decimals
        return format(Decimal(value), "f")


def _float_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) <= 2**53:
        return str(int(value))
    return repr(value)


def _bytes_text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
