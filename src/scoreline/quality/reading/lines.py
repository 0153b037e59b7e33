"""Physical lines of a text file, numbered, bounded in length, and able to be given back."""

from __future__ import annotations

import io
from collections import deque
from typing import BinaryIO

from scoreline.quality.table import LONGEST_LINE

Line = tuple[int, str]
"""Number of the physical line, and its text with the line end."""


class Lines:
    """The lines of a UTF-8 file; bytes that are not UTF-8 become lone surrogates.

    LF, CR LF and a bare CR end a line; other Unicode line ends do not. A line longer than
    LONGEST_LINE comes cut to one character more than that, which is how to know it.
    """

    def __init__(self, stream: BinaryIO, number: int = 0) -> None:
        self._text = io.TextIOWrapper(
            stream, encoding="utf-8", errors="surrogateescape", newline=""
        )
        self._number = number
        self._back: deque[Line] = deque()
        self._size = 0
        self._cut: dict[int, int] = {}

    def next(self) -> Line | None:
        """The next line, or None at the end of the file."""
        if self._back:
            return self._back.popleft()
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            return None
        self._size += _bytes_of(line)
        if len(line) > LONGEST_LINE:
            self._cut[self._number + 1] = _bytes_of(line) + self._skip_rest(line)
        self._number += 1
        return self._number, line

    @property
    def number(self) -> int:
        """How many physical lines were taken so far."""
        return self._number - len(self._back)

    @property
    def size(self) -> int:
        """How many bytes the lines have that were taken so far."""
        return self._size - sum(self._cut.get(n, _bytes_of(text)) for n, text in self._back)

    def give_back(self, lines: list[Line]) -> None:
        """Let `next` return these lines again, in this order."""
        self._back.extendleft(reversed(lines))

    def close(self) -> None:
        """Close the stream."""
        self._text.close()

    def _skip_rest(self, line: str) -> int:
        """Read a line that was cut to its end; how many bytes that were comes out."""
        before = self._size
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(LONGEST_LINE)
            self._size += _bytes_of(line)
        return self._size - before


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
