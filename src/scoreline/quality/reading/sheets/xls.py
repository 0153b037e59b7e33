"""A sheet of an old .xls workbook as a table of text, by calamine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.quality.reading.sheets.cells import digits_of, number_text
from scoreline.quality.reading.sheets.plainrows import TextRow
from scoreline.quality.reading.sheets.xlsx import note_sheets, said_sheet, table_of_sheet
from scoreline.quality.table import Notes, Scratch, Table

_SAVE_AS = "Open it in the program it comes from and save it as xlsx."


def read_xls(source: str, path: Path, sheet: str | None, scratch: Scratch) -> Table:
    """The sheet of the .xls workbook at `path` that the user named, or its first with cells."""
    import python_calamine as calamine

    notes = Notes()
    sheet = None if sheet is None else said_sheet(sheet)
    try:
        book = calamine.load_workbook(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise UsageError(f"The workbook has no sheet {sheet!r}.", did_you_mean(sheet, names))
        for name in [sheet] if sheet is not None else names:
            rows = _texts(book.get_sheet_by_name(name), notes)
            first = next(rows, None)
            if first is not None:
                others = [other for other in names if other != name]
                if others and sheet is None:
                    note_sheets(name, others, notes)
                return table_of_sheet(source, "xlsx", first, rows, notes, scratch)
    except calamine.PasswordError:
        raise DataError("The workbook is encrypted.", "Save it without a password.") from None
    except calamine.CalamineError as error:
        raise DataError(f"The old Office file has no sheets to read ({error}).", _SAVE_AS) from None
    raise DataError("The workbook has no cells.", "It needs a row of headers, then a row a record.")


def _texts(sheet: object, notes: Notes) -> Iterator[TextRow]:
    rows: Iterator[list[object]] = sheet.iter_rows()  # type: ignore[attr-defined]
    for number, values in enumerate(rows, start=1):
        texts = {column: _text(value) for column, value in enumerate(values, start=1)}
        texts = {column: text for column, text in texts.items() if text}
        for text in texts.values():
            if digits_of(text) > 15:
                notes.count("long-number", number)
        if texts:
            yield number, list(texts), list(texts.values()), False


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(repr(value))
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
