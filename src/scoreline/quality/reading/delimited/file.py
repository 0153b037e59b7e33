"""A csv, tsv or txt file as a table: by Polars itself where the file is proved regular."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.reading.columns import unique_headers
from scoreline.quality.reading.delimited.grammar import Grammar
from scoreline.quality.reading.delimited.rows import Record, RecordReader
from scoreline.quality.reading.delimited.separators import NAMES, guess_separator, said_separator
from scoreline.quality.reading.encodings import Encoding
from scoreline.quality.reading.lines import Lines
from scoreline.quality.reading.rejects import Rejects
from scoreline.quality.reading.rowstore import RowStore
from scoreline.quality.reading.textfile import TextFile, encoding_around, transcoded
from scoreline.quality.table import (
    ROW,
    Notes,
    Scratch,
    Table,
)

if TYPE_CHECKING:
    from scoreline.quality.reading.delimited.mended import Mended
    from scoreline.quality.reading.delimited.scan import Scan

SMALL = 1 << 20
"""Bytes up to which the robust parser reads the file at once, and numba is not wanted."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the data: header cells, and the physical lines they and blanks take."""

    cells: list[str]
    lines: int
    separator: str


@dataclass(frozen=True, slots=True)
class _Csv:
    """A csv file on its way to a table: what it is called, holds and begins with, and its notes."""

    source: str
    text: TextFile
    head: Head
    columns: tuple[str, ...]
    notes: Notes
    scratch: Scratch

    def table(self, frame: pl.LazyFrame, rejects: Rejects, rows: int) -> Table:
        """The table of these rows; rows: how many there are, rejected ones counted."""
        kind = "tsv" if self.head.separator == "\t" else "csv"
        findings = self.notes.findings()
        return Table(
            self.source, kind, self.columns, frame, rejects.rows, findings, rows, self.scratch
        )


def read_csv(
    source: str,
    text: TextFile,
    separator: str | None,
    promised: str | None,
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """The csv file as a table.

    separator: as the user said it; promised: the one that the file's extension stands for.
    """
    head = _head(text, separator, promised, notes)
    columns = unique_headers(head.cells, notes)
    file = _Csv(source, text, head, columns, notes, scratch)
    return _by_polars(file) if text.path.stat().st_size > SMALL else _by_rows(file)


def _head(text: TextFile, said: str | None, promised: str | None, notes: Notes) -> Head:
    """Separator and header of the file, which must have one line that is not blank."""
    sample, whole = text.sample()
    first = sample.partition(b"\n")[0]
    hint = first.strip(b'"\r ')
    excel = len(hint) == 5 and hint.lower().startswith(b"sep=") and hint[4:].isascii()
    if said is not None:
        separator = said_separator(said)
    elif excel:
        separator = said_separator(hint[4:].decode())
    else:
        guess = guess_separator(sample, whole, promised)
        separator = guess.separator
        if not guess.sure:
            notes.count("separator-unsure", detail=NAMES[separator])
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        lines = Lines(stream)
        if excel:
            lines.next()
        record = next(iter(RecordReader(lines, Grammar(separator), 0, notes)), None)
        taken = lines.number
    if record is None:
        raise DataError("The file is empty.", "It needs a line of headers, then a line a record.")
    if record.fault:
        raise DataError(f"line {record.line}: the header can't be read: {record.detail}.")
    return Head(record.cells, taken, separator)


def _by_polars(file: _Csv) -> Table:
    """A large file, maybe transcoded now that more of it is seen."""
    before = deepcopy(file.notes)
    try:
        return _by_scan(file)
    except OtherEncodingError as error:
        text = transcoded(file.text.path, error.encoding, b"", before, file.scratch)
        return _by_scan(replace(file, text=text, notes=before))


def _by_scan(file: _Csv) -> Table:
    """A large file in the encoding that it is taken for; OtherEncodingError if it is another."""
    from scoreline.quality.reading.delimited.scan import scan_csv_bytes

    text, head = file.text, file.head
    start = _offset_of_line(text, head.lines)
    scan = scan_csv_bytes(text.path, start, head.separator, len(file.columns))
    _refuse_undecodable(text, scan)
    skipped = _lines_to_skip(text, start)
    if not scan.clean or skipped is None:
        return _mended(file, scan, start)
    frame = _regular(text.path, skipped, head.separator, file.columns, scan.empty_quotes)
    return _with_plain(file.table(frame, Rejects(file.notes), scan.rows), scan)


def _mended(file: _Csv, scan: Scan, start: int) -> Table:
    """The file with its flawed records mended, or rejected."""
    from scoreline.quality.reading.delimited.mended import mend, numbers_without

    text, head, notes = file.text, file.head, file.notes
    rejects = Rejects(notes)

    def reject(number: int, record: Record) -> None:
        _reject(rejects, text, number, record)

    path = file.scratch.path(".csv")
    with path.open("wb") as out:
        out.write(b"header\n")
        look = partial(_refuse_undecodable, text)
        mended = mend(text.path, scan, start, head.lines, head.separator, notes, reject, out, look)
    frame = _regular(path, 1, head.separator, file.columns, mended.empty_quotes)
    if rejects.rows:
        frame = frame.with_columns(numbers_without([row.row for row in rejects.rows]))
    return _with_plain(file.table(frame, rejects, mended.rows), mended)


def _with_plain(table: Table, found: Scan | Mended) -> Table:
    """The table with the columns that are known to hold nothing a spreadsheet would run."""
    pairs = zip(table.columns, found.plain, strict=True)
    return replace(table, plain=frozenset(name for name, sure in pairs if sure))


class OtherEncodingError(Exception):
    """The file is in another encoding than was seen from its beginning."""

    def __init__(self, encoding: Encoding) -> None:
        super().__init__(encoding.name)
        self.encoding = encoding


def _refuse_undecodable(text: TextFile, scan: Scan) -> None:
    """Raise OtherEncodingError if what stopped the scan tells of another encoding."""
    if scan.undecodable_at is not None:
        found = encoding_around(text, scan.undecodable_at)
        if found is not None:
            raise OtherEncodingError(found)


def _regular(
    path: Path, skipped: int, separator: str, columns: tuple[str, ...], empty_quotes: bool
) -> pl.LazyFrame:
    """A file of regular records as Polars reads it."""
    return pl.scan_csv(
        path,
        has_header=False,
        skip_lines=skipped,
        separator=separator,
        schema=dict.fromkeys(columns, pl.String),
        null_values=[""] if empty_quotes else None,
        row_index_name=ROW,
        row_index_offset=1,
        glob=False,
    ).select(*columns, pl.col(ROW).cast(pl.Int64))


def _offset_of_line(text: TextFile, lines: int) -> int:
    """The byte at which the lines after so many begin."""
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        before = Lines(stream)
        for _ in range(lines):
            before.next()
        return text.start + before.size


def _lines_to_skip(text: TextFile, start: int) -> int | None:
    """How many lines Polars must skip to begin at byte `start`; None if it can't.

    It takes LF alone for the end of a line, in quotes too.
    """
    with text.path.open("rb") as stream:
        head = stream.read(start)
    return head.count(b"\n") if head.endswith(b"\n") else None


def _reject(rejects: Rejects, text: TextFile, number: int, record: Record) -> None:
    name, fault = text.encoding.name, str(record.fault)
    rejects.add(number, record.line, fault, record.detail, record.text, name)


def _by_rows(file: _Csv) -> Table:
    """The file row by row, repaired where it can be."""
    text, head, columns = file.text, file.head, file.columns
    store, rejects, number = RowStore(list(columns), file.scratch), Rejects(file.notes), 0
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        lines = Lines(stream)
        for _ in range(head.lines):
            lines.next()
        for record in RecordReader(lines, Grammar(head.separator), len(columns), file.notes):
            number += 1
            if record.fault is None:
                store.add(number, record.cells, len(record.text))
            else:
                _reject(rejects, text, number, record)
    return file.table(store.frame(), rejects, number)
