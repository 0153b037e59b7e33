"""A sheet of a workbook as a table of text.

The first row with cells holds the headers. Columns are those with a header or a value; rows
without a value are no rows, wherever they stand. Line numbers are row numbers of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.quality.reading.columns import Names
from scoreline.quality.reading.rejects import Rejects, too_long
from scoreline.quality.reading.rowstore import RowStore
from scoreline.quality.reading.sheets.cells import date_text, digits_of, number_text, plain_text
from scoreline.quality.reading.sheets.workbook import Cell, Sheet, Workbook
from scoreline.quality.table import Notes, Scratch, Table

TextRow = tuple[int, dict[int, str], bool]
"""Row number, texts by column number, and whether a cell was over 1 MB."""


def read_xlsx(source: str, path: Path, sheet: str | None, scratch: Scratch) -> Table:
    """The sheet of the xlsx workbook at `path` that the user named, or its first with cells."""
    notes = Notes()
    book = Workbook(path)
    try:
        chosen = [_named_sheet(book.sheets, sheet)] if sheet else _in_order(book.sheets)
        for candidate in chosen:
            rows = _texts(book, candidate, notes)
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


def _texts(book: Workbook, sheet: Sheet, notes: Notes) -> Iterator[TextRow]:
    """The rows of a sheet that hold a text."""
    for number, cells in book.rows(sheet):
        texts: dict[int, str] = {}
        long = False
        for cell in cells:
            if cell[3] is None:
                long = True
            elif text := _text(cell, cell[3], book, number, notes):
                texts[cell[0]] = text
        if texts or long:
            yield number, texts, long


def _text(cell: Cell, value: str, book: Workbook, row: int, notes: Notes) -> str:
    """The text of a cell, empty for an error or a formula never computed."""
    _, kind, style, _ = cell
    if kind == "s":
        place = int(value) if value.isascii() and value.isdigit() else -1
        if not 0 <= place < len(book.texts):
            raise DataError(f"row {row}: a cell names a text that the workbook does not have.")
        return plain_text(book.texts[place])
    if kind in ("str", "inlineStr"):
        return plain_text(value)
    if kind == "b":
        return "true" if value.strip() in ("1", "true") else "false"
    if kind == "e":
        notes.count("cell-error", row, value)
        return ""
    if not value:
        notes.count("formula-uncomputed", row)
        return ""
    if kind == "d":
        return value.removesuffix("T00:00:00")
    shape = book.dates[style] if style < len(book.dates) else None
    if shape is not None:
        return date_text(value.strip(), shape, book.epoch_1904)
    text = number_text(value.strip())
    if len(text) > 15 and digits_of(text) > 15:
        notes.count("long-number", row)
    return text


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
    names = Names(notes, header[1].values())
    places = {column: names.place_of(column, header[1][column]) for column in sorted(header[1])}
    store = RowStore(names.columns, scratch)
    rejects = Rejects(notes)
    number, last = 0, header[0]
    for line, texts, long in rows:
        number += 1
        if line > last + 1:
            notes.count("blank-lines", last + 1, times=line - last - 1)
        last = line
        if long or too_long(list(texts.values())):
            detail = "a cell is longer than 1 MB"
            rejects.add(number, line, "cell-too-long", detail, "\t".join(texts.values()))
            continue
        cells: list[str | None] = [None] * len(names.columns)
        size = 0
        for column, text in texts.items():
            if "\0" in text:
                notes.count("nul-bytes", line)
                text = text.replace("\0", "")
            if column not in places:
                places[column] = names.place_of(column, "")
                cells.append(None)
            cells[places[column]] = text
            size += len(text)
        store.add(number, cells, size)
    columns = tuple(names.columns[places[column]] for column in sorted(places))
    frame = store.frame().select(*columns, "__row__")
    return Table(source, kind, columns, frame, rejects.rows, notes.findings(), number, scratch)
