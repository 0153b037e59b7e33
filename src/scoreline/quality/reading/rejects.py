"""The rows that a reader rejects, kept within bounds of memory; what makes a cell too long."""

from __future__ import annotations

import sys

from scoreline.errors import DataError
from scoreline.quality.table import LONGEST_CELL, Notes, RejectedRow, shown

MOST_REJECTED = 500_000
"""More rejected rows than that are no flaw of a table: then the file is refused."""
MOST_RAW = 32 << 20
SHORT_RAW = 80


class Rejects:
    """Gathers rejected rows, and counts them in `notes`.

    A row is shown by up to 2,000 characters, and after 32 million in all by 80.
    """

    def __init__(self, notes: Notes) -> None:
        self.rows: list[RejectedRow] = []
        self._notes = notes
        self._size = 0

    def add(
        self, number: int, line: int, code: str, detail: str, text: str, about: str | None = None
    ) -> None:
        """One more: data row, line, a code of READER_FINDINGS, words, the row as text.

        about: the detail of the finding, where its message has one.
        """
        self._notes.count(code, line, about)
        raw = shown(text if self._size < MOST_RAW else text[:SHORT_RAW])
        self._size += len(raw)
        self.rows.append(RejectedRow(number, line, sys.intern(f"{code}: {detail}"), raw))
        if len(self.rows) > MOST_REJECTED:
            first = self.rows[0]
            raise DataError(
                f"More than {MOST_REJECTED:,} rows can't be read; the first is "
                f"line {first.line} ({first.reason}).",
                "Is the separator right, and the first line the header?",
            )


def too_long(cells: list[str]) -> bool:
    """Whether a cell is longer than LONGEST_CELL bytes.

    >>> too_long(["short"])
    False
    """
    return any(
        len(cell) > LONGEST_CELL // 4
        and len(cell.encode("utf-8", "surrogateescape")) > LONGEST_CELL
        for cell in cells
    )
