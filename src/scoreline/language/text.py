"""Text as every engine compares it: NFC, trimmed, inner blanks collapsed; folded for a choice.

Values are brought to this form once, at the boundary, and literals when a condition is read.
"""

from __future__ import annotations

import unicodedata

_INVISIBLE_ENDS = "\ufeff\u200b\u200c\u200d\u2060\u00ad\x00"


def normal(text: str) -> str:
    """The text in NFC, without blanks or invisible signs at its ends, inner blanks collapsed.

    >>> normal("  Anna \\u00a0  Lee ")
    'Anna Lee'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    previous = ""
    while composed != previous:
        previous = composed
        composed = composed.strip().strip(_INVISIBLE_ENDS)
    return " ".join(composed.split())


def fold(text: str) -> str:
    """The normal text without regard to case, as a `choice` is kept.

    >>> fold("  SMM ")
    'smm'
    """
    return unicodedata.normalize("NFC", normal(text).casefold())


def inner(text: str, *, folded: bool = False) -> str:
    """A part of a text, as starts_with and its like compare it: one blank at an end stays.

    >>> inner("Dr  ")
    'Dr '
    """
    composed = unicodedata.normalize("NFC", text)
    composed = unicodedata.normalize("NFC", composed.casefold()) if folded else composed
    head = " " if composed[:1].isspace() else ""
    tail = " " if composed[-1:].isspace() else ""
    return head + " ".join(composed.split()) + tail
