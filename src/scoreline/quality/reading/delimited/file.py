"""A csv, tsv or txt file as a table: by Polars itself where the file is proved regular."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.reading.columns import unique_headers
from scoreline.quality.reading.delimited.grammar import Grammar
from scoreline.quality.reading.delimited.rows import RecordReader
from scoreline.quality.reading.delimited.separators import NAMES, guess_separator, said_separator
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
        text, table = _by_polars(source, text, head, columns, notes, scratch)
        if table is not None:
            return table
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
) -> tuple[TextFile, Table | None]:
    """The file, maybe transcoded now that more of it was seen; and its table if it is regular."""
    from scoreline.quality.reading.delimited.scan import scan_csv_bytes

    start = _offset_of_line(text, head.lines)
    scan = scan_csv_bytes(text.path, start, head.separator, len(columns))
    if scan.undecodable_at is not None:
        found = encoding_around(text, scan.undecodable_at)
        if found is not None:
            text = transcoded(text.path, found, b"", notes, scratch)
            start = _offset_of_line(text, head.lines)
            scan = scan_csv_bytes(text.path, start, head.separator, len(columns))
    if not scan.clean:
        return text, None
    frame = pl.scan_csv(
        text.path,
        has_header=False,
        skip_lines=head.lines,
        separator=head.separator,
        schema=dict.fromkeys(columns, pl.String),
        null_values=[""] if scan.empty_quotes else None,
        row_index_name=ROW,
        row_index_offset=1,
        glob=False,
    ).select(*columns, pl.col(ROW).cast(pl.Int64))
    kind = "tsv" if head.separator == "\t" else "csv"
    findings = notes.findings()
    plain = frozenset(name for name, sure in zip(columns, scan.plain, strict=True) if sure)
    return text, Table(source, kind, columns, frame, [], findings, scan.rows, scratch, plain)


def _offset_of_line(text: TextFile, lines: int) -> int:
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        for _ in range(lines):
            stream.readline()
        return stream.tell()


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
                continue
            name = text.encoding.name
            rejects.add(number, record.line, record.fault, record.detail, record.text, name)
    kind = "tsv" if head.separator == "\t" else "csv"
    return Table(
        source, kind, columns, store.frame(), rejects.rows, notes.findings(), number, scratch
    )
