"""A csv, tsv or txt file as a table: by Polars itself where the file is proved regular."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
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
    if text.path.stat().st_size > SMALL:
        return _by_polars(source, text, head, columns, notes, scratch)
    return _by_rows(source, text, head, columns, notes, scratch)


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


def _by_polars(
    source: str,
    text: TextFile,
    head: Head,
    columns: tuple[str, ...],
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """A large file, maybe transcoded now that more of it is seen."""
    before = deepcopy(notes)
    try:
        return _by_scan(source, text, head, columns, notes, scratch)
    except OtherEncodingError as error:
        text = transcoded(text.path, error.encoding, b"", before, scratch)
        return _by_scan(source, text, head, columns, before, scratch)


def _by_scan(
    source: str,
    text: TextFile,
    head: Head,
    columns: tuple[str, ...],
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """A large file in the encoding that it is taken for; OtherEncodingError if it is another."""
    from scoreline.quality.reading.delimited.scan import scan_csv_bytes

    start = _offset_of_line(text, head.lines)
    scan = scan_csv_bytes(text.path, start, head.separator, len(columns))
    _refuse_undecodable(text, scan)
    skipped = _lines_to_skip(text, start)
    if not scan.clean or skipped is None:
        return _mended(source, text, head, columns, scan, start, notes, scratch)
    frame = _regular(text.path, skipped, head.separator, columns, scan.empty_quotes)
    return _table(source, head, columns, frame, Rejects(notes), scan, notes, scratch)


def _mended(
    source: str,
    text: TextFile,
    head: Head,
    columns: tuple[str, ...],
    scan: Scan,
    start: int,
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """The file with its flawed records mended, or rejected."""
    from scoreline.quality.reading.delimited.mended import mend, numbers_without

    rejects = Rejects(notes)

    def reject(number: int, record: Record) -> None:
        _reject(rejects, text, number, record)

    path = scratch.path(".csv")
    with path.open("wb") as out:
        out.write(b"header\n")
        look = partial(_refuse_undecodable, text)
        mended = mend(text.path, scan, start, head.lines, head.separator, notes, reject, out, look)
    frame = _regular(path, 1, head.separator, columns, mended.empty_quotes)
    if rejects.rows:
        frame = frame.with_columns(numbers_without([row.row for row in rejects.rows]))
    return _table(source, head, columns, frame, rejects, mended, notes, scratch)


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


def _table(
    source: str,
    head: Head,
    columns: tuple[str, ...],
    frame: pl.LazyFrame,
    rejects: Rejects,
    found: Scan | Mended,
    notes: Notes,
    scratch: Scratch,
) -> Table:
    plain = frozenset(name for name, sure in zip(columns, found.plain, strict=True) if sure)
    kind = "tsv" if head.separator == "\t" else "csv"
    findings = notes.findings()
    return Table(source, kind, columns, frame, rejects.rows, findings, found.rows, scratch, plain)


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


def _by_rows(
    source: str,
    text: TextFile,
    head: Head,
    columns: tuple[str, ...],
    notes: Notes,
    scratch: Scratch,
) -> Table:
    """The file row by row, repaired where it can be."""
    store = RowStore(list(columns), scratch)
    rejects = Rejects(notes)
    number = 0
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        lines = Lines(stream)
        for _ in range(head.lines):
            lines.next()
        for record in RecordReader(lines, Grammar(head.separator), len(columns), notes):
            number += 1
            if record.fault is None:
                store.add(number, record.cells, len(record.text))
            else:
                _reject(rejects, text, number, record)
    kind = "tsv" if head.separator == "\t" else "csv"
    return Table(
        source, kind, columns, store.frame(), rejects.rows, notes.findings(), number, scratch
    )
