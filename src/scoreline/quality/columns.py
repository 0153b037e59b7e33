"""Headers as names: clean, unique, none empty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from scoreline.errors import DataError
from scoreline.quality.table import MOST_COLUMNS, ROW, Notes

_BLANKS = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u00ad\0"), None)


def clean_header(text: str) -> str:
    r"""A header trimmed, in NFC, inner blanks collapsed, invisible marks removed.

    >>> clean_header(" First\n name ")
    'First name'
    """
    visible = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return _BLANKS.sub(" ", visible).strip()


def unique_headers(cells: Iterable[str | None], notes: Notes) -> tuple[str, ...]:
    """Clean names, one a column: duplicates become `name (2)`, empty ones `column 3`.

    >>> unique_headers(["id", " id", ""], Notes())
    ('id', 'id (2)', 'column 3')
    """
    cleaned = [clean_header(cell or "") for cell in cells]
    if len(cleaned) > MOST_COLUMNS:
        raise DataError(
            f"The table has {len(cleaned):,} columns; at most {MOST_COLUMNS:,} are read.",
            "Leave out the columns that the card does not need.",
        )
    taken = {ROW} | set(cleaned)
    used: set[str] = {ROW}
    names = []
    for position, name in enumerate(cleaned, start=1):
        if not name:
            unique = _free(f"column {position}", taken)
            notes.count("header-empty", detail=unique)
        elif name in used:
            unique = _free(name, taken)
            notes.count("header-duplicate", detail=unique)
        else:
            unique = name
        taken.add(unique)
        used.add(unique)
        names.append(unique)
    return tuple(names)


def _free(name: str, taken: set[str]) -> str:
    """The name itself, or with the least number that is free."""
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
