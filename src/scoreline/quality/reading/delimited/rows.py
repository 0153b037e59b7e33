"""The robust csv parser: repairs what can be repaired, rejects only what cannot, row by row.

It is the reference for what a csv file means. Polars reads a file itself only where `scan` has
proved that nothing here would come out otherwise. The rules, for a header of W cells:

- A record over several lines is believed if its quotes are sound; but if they are sound only by
  chance (its width is wrong, and its first line alone has W cells once the quote is taken as
  text), the first line stands alone. So a quote never closed costs one row, not the rest.
- A row with fewer cells is padded; with more, all of them blank, trimmed; else rejected.
- Bytes that can't be decoded, cells over 1 MB and lines over 8 MB cost their row alone.
- A line of nothing but blanks is no row. A row of empty cells is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scoreline.quality.reading.delimited.grammar import QUOTE, Grammar
from scoreline.quality.reading.lines import Line, Lines
from scoreline.quality.reading.rejects import too_long
from scoreline.quality.table import LONGEST_CELL, LONGEST_LINE, Notes

_NOT_TEXT = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in the file: cells, or the code of why it has none.

    fault: None, or a code of READER_FINDINGS; detail: words for it.
    """

    line: int
    text: str
    cells: list[str]
    fault: str | None = None
    detail: str = ""


class RecordReader:
    """Turns lines into records of one width, counting repairs in `notes`.

    width: cells of the header; 0 takes the first record as it comes.
    """

    def __init__(self, lines: Lines, grammar: Grammar, width: int, notes: Notes) -> None:
        self._lines = lines
        self._grammar = grammar
        self._width = width
        self._notes = notes

    def __iter__(self) -> Iterator[Record]:
        separator, width = self._grammar.separator, self._width
        while (line := self._lines.next()) is not None:
            number, text = line
            body = text.rstrip("\r\n")
            if QUOTE not in body and body.isascii() and "\0" not in body:
                cells = body.split(separator)
                if len(cells) == width and width > 1 and len(body) <= LONGEST_CELL // 4:
                    yield Record(number, body, cells)
                    continue
            if not body.strip(" \x1a"):
                self._notes.count("blank-lines", number)
                continue
            yield self._record(line, body)

    def _record(self, line: Line, body: str) -> Record:
        number, text = line
        if len(text) > LONGEST_LINE:
            return Record(number, body, [], "line-too-long", f"over {LONGEST_LINE:,} characters")
        whole, cells, fault = self._cells(line, body)
        if not whole.isascii() and _NOT_TEXT.search(whole):
            return Record(number, whole, [], "undecodable", "bytes that are no text")
        if fault:
            return Record(number, whole, [], fault, "a quote is opened and never closed")
        if too_long(cells):
            return Record(number, whole, [], "cell-too-long", "a cell is longer than 1 MB")
        if "\0" in whole:
            self._notes.count("nul-bytes", number)
            cells = [cell.replace("\0", "") for cell in cells]
        return self._fitted(Record(number, whole, cells))

    def _fitted(self, record: Record) -> Record:
        """The record at the header's width, or with the fault that keeps it from that."""
        cells, width = record.cells, self._width
        if width == 0 or len(cells) == width:
            return record
        if len(cells) < width:
            self._notes.count("short-row", record.line)
            return Record(record.line, record.text, cells + [""] * (width - len(cells)))
        if not any(cell.strip() for cell in cells[width:]):
            self._notes.count("long-row-trimmed", record.line)
            return Record(record.line, record.text, cells[:width])
        detail = f"{len(cells)} cells where the header has {width}"
        return Record(record.line, record.text, [], "ragged", detail)

    def _cells(self, line: Line, body: str) -> tuple[str, list[str], str | None]:
        """Text, cells and fault of the record that begins on this line."""
        grammar, number = self._grammar, line[0]
        if QUOTE not in body:
            return body, body.split(grammar.separator), None
        cells = grammar.strict(body)
        if cells is not None and self._fits(cells):
            return body, cells, None
        if '\\"' in body:
            escaped = grammar.strict(body, backslash=True)
            if escaped is not None and self._fits(escaped):
                self._notes.count("backslash-quote", number)
                return body, escaped, None
        if " " in body:
            tight = grammar.strict(grammar.without_spaces(body))
            if tight is not None and self._fits(tight):
                self._notes.count("spaced-quote", number)
                return body, tight, None
        if cells is not None:
            return body, cells, None
        return self._over_lines(line, body) or self._with_stray_quotes(line, body)

    def _over_lines(self, line: Line, body: str) -> tuple[str, list[str], str | None] | None:
        """The record over several lines, if that is a sound reading; takes these lines."""
        for backslash in (False, True):
            if not self._grammar.is_open(body, backslash):
                continue
            taken = self._until_closed(line, backslash)
            if taken is None:
                continue
            whole = "".join(text for _, text in [line, *taken]).rstrip("\r\n")
            cells = self._grammar.strict(whole, backslash)
            alone = self._grammar.loose(body)
            by_chance = len(alone) == self._width or (cells is not None and too_long(cells))
            if cells is not None and (self._fits(cells) or not by_chance):
                if backslash:
                    self._notes.count("backslash-quote", line[0])
                return whole, cells, None
            self._lines.give_back(taken)
        return None

    def _until_closed(self, first: Line, backslash: bool) -> list[Line] | None:
        """The lines up to the one where the quote open at the end of `first` is closed.

        None, and nothing taken, if a stray quote, the end of the file or the limit comes first.
        A line inside a quoted cell reads like one that begins with a quote, so each is looked at
        once.
        """
        grammar = self._grammar
        taken: list[Line] = []
        size = len(first[1])
        while (line := self._lines.next()) is not None:
            taken.append(line)
            size += len(line[1])
            if size > LONGEST_LINE:
                break
            inside = QUOTE + line[1].rstrip("\r\n")
            if QUOTE not in line[1]:
                continue
            if grammar.strict(inside, backslash) is not None:
                return taken
            if not grammar.is_open(inside, backslash):
                break
        self._lines.give_back(taken)
        return None

    def _with_stray_quotes(self, line: Line, body: str) -> tuple[str, list[str], str | None]:
        """The line alone with its unsound quotes as text, if that gives a whole row."""
        cells = self._grammar.loose(body)
        if not self._fits(cells) and body.count(QUOTE) % 2:
            return body, [], "unclosed-quote"
        if len(cells) <= self._width or not self._width:
            self._notes.count("stray-quote", line[0])
        return body, cells, None

    def _fits(self, cells: list[str]) -> bool:
        return self._width in (0, len(cells))
