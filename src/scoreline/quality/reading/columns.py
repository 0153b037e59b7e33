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
    names = Names(notes, cleaned)
    for name in cleaned:
        names.add(name)
    return tuple(names.columns)


class Names:
    """Names of columns, clean and unique, as they are met.

    columns: the names so far; to_come: clean names that no made-up name may take.
    """

    def __init__(self, notes: Notes, to_come: Iterable[str] = ()) -> None:
        self.columns: list[str] = []
        self._notes = notes
        self._used = {ROW}
        self._reserved = set(to_come)
        self._places: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def place_of(self, position: int, header: str) -> int:
        """The place of a new column with a header that may be empty, at a position in the file."""
        self.add(header, position)
        return len(self.columns) - 1

    def place(self, key: str) -> int:
        """The place of the column that `key` names; a new key gets a new column."""
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = len(self.columns)
            self.add(key)
        return found

    def add(self, header: str, position: int | None = None) -> str:
        """The name of one more column; without a header it is named by its position."""
        name = clean_header(header)
        if not name:
            unique = self._free(f"column {position or len(self.columns) + 1}")
            self._notes.count("header-empty", detail=unique)
        elif name in self._used:
            unique = self._free(name)
            self._notes.count("header-duplicate", detail=unique)
        else:
            unique = name
        self._used.add(unique)
        self.columns.append(unique)
        if len(self.columns) > MOST_COLUMNS:
            raise DataError(
                f"The table has more than {MOST_COLUMNS:,} columns.",
                "Leave out the columns that the card does not need.",
            )
        return unique

    def _free(self, name: str) -> str:
        """The name itself, or with the least number that is free."""
        if not self._taken(name):
            return name
        number = self._numbers.get(name, 2)
        while self._taken(f"{name} ({number})"):
            number += 1
        self._numbers[name] = number + 1
        return f"{name} ({number})"

    def _taken(self, name: str) -> bool:
        return name in self._used or name in self._reserved
