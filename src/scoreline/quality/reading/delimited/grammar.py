"""One csv record as cells: by the strict grammar of quotes, and by two forgiving ones.

A cell that begins with a quote ends with a quote that stands before a separator or the end;
inside, a quote is doubled. A quote inside a cell that does not begin with one is plain text.
"""

from __future__ import annotations

import csv
import re

QUOTE = '"'
_ESCAPED = re.compile(r'\\(["\\])')
_csv_limit = 131_072  # of Python's csv module; a process-wide setting that is not ours to change


class Grammar:
    """How cells are told apart with one separator."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        mark = re.escape(separator)
        # possessive quantifiers keep hostile input from being tried in every possible way
        self._strict_cell = re.compile(
            rf'(?:"((?:[^"]++|"")*+)"|((?!")[^{mark}]*+))({mark}|\Z)', re.DOTALL
        )
        self._loose_cell = re.compile(
            rf'(?:"((?:[^"]++|""|"(?!{mark}|\Z))*+)"|((?!")[^{mark}]*+))({mark}|\Z)', re.DOTALL
        )
        self._backslash_cell = re.compile(
            rf'(?:"((?:[^"\\]++|\\.)*+)"|((?!")[^{mark}]*+))({mark}|\Z)', re.DOTALL
        )
        self._plain_cell = re.compile(rf"(\Z\A)?([^{mark}]*+)({mark}|\Z)", re.DOTALL)
        self._spaced = re.compile(rf'(?:(?<={mark})|\A) +(?=")|(?<=") +(?={mark}|\Z)')

    def strict(self, text: str, backslash: bool = False) -> list[str] | None:
        """The cells of a record with sound quotes, else None.

        backslash: quotes inside quoted cells are escaped by a backslash, not doubled.
        """
        if backslash:
            cells = self._by_expression(self._backslash_cell, text)
            return cells and [_ESCAPED.sub(r"\1", cell) for cell in cells]
        if len(text) < _csv_limit:
            return self._by_module(text)
        return self._by_expression(self._strict_cell, text)

    def is_open(self, text: str, backslash: bool = False) -> bool:
        """Whether the text, sound so far, ends inside a quoted cell."""
        return (
            self.strict(text, backslash) is None
            and self.strict(text + QUOTE, backslash) is not None
        )

    def loose(self, text: str) -> list[str]:
        """The cells with stray quotes taken as text; a quote never closed is text too."""
        cells: list[str] = []
        position = 0
        cell = self._loose_cell
        while True:
            found = cell.match(text, position)
            if found is None:  # a quote is not closed up to the end: from here on all is text,
                cell = self._plain_cell  # and looking again for each cell would be quadratic
                continue
            cells.append(_content(found))
            if not found.group(3):
                return cells
            position = found.end()

    def without_spaces(self, text: str) -> str:
        """The text without blanks between a separator and a quote."""
        return self._spaced.sub("", text)

    def _by_module(self, text: str) -> list[str] | None:
        try:
            rows = list(
                csv.reader(
                    (text,),
                    delimiter=self.separator,
                    quotechar=QUOTE,
                    strict=True,
                )
            )
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _by_expression(self, expression: re.Pattern[str], text: str) -> list[str] | None:
        cells: list[str] = []
        position = 0
        while True:
            found = expression.match(text, position)
            if found is None:
                return None
            cells.append(_content(found))
            if not found.group(3):
                return cells
            position = found.end()


def _content(found: re.Match[str]) -> str:
    quoted = found.group(1)
    return found.group(2) if quoted is None else quoted.replace('""', QUOTE)
