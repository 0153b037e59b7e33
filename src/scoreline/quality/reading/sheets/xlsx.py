"""A sheet of a workbook as a table of text.

The first row with cells holds the headers. Columns are those with a header or a value; rows
without a value are no rows, wherever they stand. Line numbers are row numbers of the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.quality.reading.columns import Names
from scoreline.quality.reading.rejects import Rejects, too_long
from scoreline.quality.reading.rowstore import RowStore
from scoreline.quality.reading.sheets.cells import date_text, digits_of, number_text, plain_text
from scoreline.quality.reading.sheets.plainrows import NUMBER, PlainRows, Reader, TextRow
from scoreline.quality.reading.sheets.workbook import DIGITS, Cell, Sheet, Workbook
from scoreline.quality.table import LONGEST_CELL, Notes, Scratch, Table


def read_xlsx(source: str, path: Path, sheet: str | None, scratch: Scratch) -> Table:
    """The sheet of the xlsx workbook at `path` that the user named, or its first with cells."""
    notes = Notes()
    book = Workbook(path)
    try:
        chosen = [_named_sheet(book.sheets, sheet)] if sheet else _in_order(book.sheets)
        for candidate in chosen:
            rows = SheetRows(book, notes).rows(candidate)
            first = next(rows, None)
            if first is not None:
                _note_others(book.sheets, candidate, sheet, notes)
                return table_of_sheet(source, "xlsx", first, rows, notes, scratch)
    finally:
        book.close()
    raise DataError("The workbook has no cells.", "It needs a row of headers, then a row a record.")


def _in_order(sheets: list[Sheet]) -> list[Sheet]:
    """Visible sheets before hidden ones."""
    return sorted(sheets, key=lambda sheet: not sheet.visible)


def said_sheet(argument: str) -> str:
    """The name of a sheet as it was meant: where the locale knows no UTF-8, Python hands
    arguments over with a lone surrogate for each of its bytes."""
    if argument.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in argument):
        return argument
    data = argument.encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "replace")


def _named_sheet(sheets: list[Sheet], argument: str) -> Sheet:
    wanted = said_sheet(argument)
    for sheet in sheets:
        if sheet.name == wanted:
            return sheet
    for sheet in sheets:
        if sheet.name.strip().casefold() == wanted.strip().casefold():
            return sheet
    names = [sheet.name for sheet in sheets]
    raise UsageError(f"The workbook has no sheet {wanted!r}.", did_you_mean(wanted, names))


def _note_others(sheets: list[Sheet], chosen: Sheet, said: str | None, notes: Notes) -> None:
    others = [sheet.name for sheet in sheets if sheet is not chosen]
    if others and said is None:
        note_sheets(chosen.name, others, notes)


def note_sheets(chosen: str, others: list[str], notes: Notes) -> None:
    """Say which sheet was read and which were not."""
    listed = ", ".join(others[:10]) + (", ..." if len(others) > 10 else "")
    notes.count("sheets", detail=f"Sheet {chosen} was read; the workbook also has {listed}.")


_STYLES = 1_000


class SheetRows:
    """The rows of one sheet as texts: `workbook.Rows`."""

    def __init__(self, book: Workbook, notes: Notes) -> None:
        self.last = 0
        self._book = book
        self._notes = notes
        self._done: list[TextRow] = []
        self._readers: dict[tuple[str, int], Reader] = {}
        shown = {style for style, shape in enumerate(book.formats) if shape is not None}
        self._plain = PlainRows(book.texts, shown, self._reader)

    def rows(self, sheet: Sheet) -> Iterator[TextRow]:
        """The rows that hold a text."""
        for _ in self._book.read_rows(sheet, self):
            yield from self._done
            self._done.clear()

    def take(self, stretch: str) -> bool:
        """Take plain rows."""
        read = self._plain.read(stretch, self.last)
        if read is None:
            return False
        self._done += read[0]
        self.last = read[1]
        return True

    def add(self, cells: list[Cell]) -> None:
        """Take a row that the parser read."""
        texts: dict[int, str] = {}
        long = False
        for cell in cells:
            if cell[3] is None:
                long = True
            elif text := self._noted(cell, cell[3]):
                texts[cell[0]] = text
        if texts or long:
            self._done.append((self.last, list(texts), list(texts.values()), long))

    def _reader(self, kind: str, style: int) -> Reader:
        """How cells of a kind and style are read."""
        found = self._readers.get((kind, style))
        if found is None:
            found = _reader_of(self._book, kind, style)
            if len(self._readers) < _STYLES:
                self._readers[kind, style] = found
        return found

    def _noted(self, cell: Cell, value: str) -> str:
        """The text of a cell, with a note of what is wrong with it."""
        text, row = self._reader(cell[1], cell[2])(value), self.last
        if text is not None:
            return text
        if cell[1] == "s":
            raise DataError(f"row {row}: a cell names a text that the workbook does not have.")
        if cell[1] == "e":
            self._notes.count("cell-error", row, value)
            return ""
        if not value:
            self._notes.count("formula-uncomputed", row)
            return ""
        self._notes.count("long-number", row)
        return number_text(value.strip())


_AS_STORED = re.compile(NUMBER)


def _reader_of(book: Workbook, kind: str, style: int) -> Reader:
    """How cells of a kind and style are read; what that gives None is a case for a note."""
    if kind == "s":
        return partial(_shared, book.texts)
    if kind in ("str", "inlineStr"):
        return plain_text
    if kind == "b":
        return lambda value: "true" if value.strip() in ("1", "true") else "false"
    if kind == "e":
        return lambda value: None
    if kind == "d":
        return lambda value: value.removesuffix("T00:00:00")
    epoch = book.epoch_1904
    shape = book.formats[style] if style < len(book.formats) else None
    if shape is not None and shape[0] == "0":
        return lambda value: _padded(number_text(value.strip()), len(shape)) if value else None
    if shape is not None:
        return lambda value: date_text(value.strip(), shape, epoch) if value else None
    return _number


def _shared(texts: list[str], value: str) -> str | None:
    usable = value.isascii() and value.isdigit() and len(value) <= DIGITS
    place = int(value) if usable else len(texts)
    return texts[place] if place < len(texts) else None


def _padded(number: str, digits: int) -> str:
    """A whole number with so many digits at least; another one as it is."""
    return number.zfill(digits + number.startswith("-")) if digits_of(number) else number


def _number(value: str) -> str | None:
    if _AS_STORED.fullmatch(value):
        return value
    text = number_text(value.strip())
    return None if not value or (len(text) > 15 and digits_of(text) > 15) else text


def table_of_sheet(
    source: str,
    kind: str,
    header: TextRow,
    rows: Iterator[TextRow],
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """The rows under the header as a table; a column without a header is made when it has a value.

    Columns come in the order of the sheet.
    """
    names = Names(notes, header[2])
    titles = zip(header[1], header[2], strict=True)
    places = {column: names.place_of(column, title) for column, title in titles}
    store = RowStore(names.columns, scratch)
    rejects = Rejects(notes)
    usual, number, last = header[1], 0, header[0]
    for line, filled, texts, long in rows:
        number += 1
        if line > last + 1:
            notes.count("blank-lines", last + 1, times=line - last - 1)
        last = line
        whole = "".join(texts)
        if long or (len(whole) > LONGEST_CELL // 4 and too_long(list(texts))):
            detail = "a cell is longer than 1 MB"
            rejects.add(number, line, "cell-too-long", detail, "\t".join(texts))
            continue
        if "\0" in whole:
            notes.count("nul-bytes", line, times=sum("\0" in text for text in texts))
            texts = [text.replace("\0", "") for text in texts]
        if filled != usual or len(filled) != len(places):
            for column in filled:
                if column not in places:
                    places[column] = names.place_of(column, "")
            by_column = dict(zip(filled, texts, strict=True))
            texts = [by_column.get(column, "") for column in places]
        # unlike a list, a tuple of texts is no work for the collector of garbage
        store.add(number, tuple(texts), len(whole))
    columns = tuple(names.columns[places[column]] for column in sorted(places))
    frame = store.frame().select(*columns, "__row__")
    return Table(source, kind, columns, frame, rejects.rows, notes.findings(), number, scratch)
