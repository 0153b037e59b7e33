"""A frame as the one sheet of an xlsx workbook, row by row: text is text, never a formula."""

from __future__ import annotations

import datetime as dt
import math
from typing import IO, Any

import polars as pl

from scoreline.errors import DataError

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
EXACT = 10**15
"""Excel keeps 15 digits: longer whole numbers are written as text."""

_AS_CSV = "Write it as csv or parquet."


def write_xlsx(frame: pl.LazyFrame, target: str | IO[bytes]) -> None:
    """Write the frame to `target`. Raises DataError for what a sheet can't hold."""
    from xlsxwriter import Workbook

    names = frame.collect_schema().names()
    if len(names) > MOST_COLUMNS:
        raise DataError(f"A sheet has at most {MOST_COLUMNS:,} columns.", _AS_CSV)
    book = Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    try:
        for column, name in enumerate(names):
            sheet.write_string(0, column, _text(name), bold)
        row = 0
        for batch in frame.collect_batches(maintain_order=True):
            if row + batch.height >= MOST_ROWS:
                raise DataError(f"A sheet has at most {MOST_ROWS:,} rows.", _AS_CSV)
            for values in batch.iter_rows():
                row += 1
                for column, value in enumerate(values):
                    if value is not None:
                        _write(sheet, row, column, value, moment)
    finally:
        book.close()


def _write(sheet: Any, row: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, _text(value))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int):
        if -EXACT < value < EXACT:
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value))
    elif isinstance(value, float):
        if math.isfinite(value):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value))
    elif isinstance(value, dt.datetime):
        if value.tzinfo is None and value.year >= 1900:
            sheet.write_datetime(row, column, value, moment)
        else:
            sheet.write_string(row, column, value.isoformat())
    elif isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, _text(str(value)))


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise DataError(f"A cell of a sheet has at most {LONGEST_TEXT:,} characters.", _AS_CSV)
    return value
