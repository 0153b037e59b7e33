"""Text as every engine compares it: NFC, trimmed, inner blanks collapsed; folded for a choice.

Values are brought to this form once, at the boundary, and literals when a condition is read.
Blanks are what Unicode calls white space. At the ends also what can't be seen falls away: zero
widths, byte order marks, direction marks, NUL and the letters that fonts draw as nothing.
"""

from __future__ import annotations

import re
import unicodedata

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


def with_article(noun: str) -> str:
    """The noun with a or an before it.

    >>> with_article("int"), with_article("list")
    ('an int', 'a list')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def sentence(text: str) -> str:
    """The text with a capital letter at its beginning; the others stay.

    >>> sentence("a DataFrame is no moment.")
    'A DataFrame is no moment.'
    """
    return text[:1].upper() + text[1:]
