"""A csv, tsv or txt file as a table: by Polars itself where the file is proved regular."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.columns import unique_headers
from scoreline.quality.csvgrammar import Grammar
from scoreline.quality.csvlines import Lines
from scoreline.quality.csvrows import RecordReader
from scoreline.quality.encodings import (
    SAMPLE,
    UTF8_MARK,
    Encoding,
    guess_encoding,
    said_encoding,
    transcode,
    utf8_lines_in,
)
from scoreline.quality.rowstore import RowStore
from scoreline.quality.separators import NAMES, guess_separator, said_separator
from scoreline.quality.table import (
    ROW,
    Notes,
    ReadOptions,
    RejectedRow,
    Scratch,
    Table,
    shown,
)

SMALL = 1 << 20
"""Bytes up to which the robust parser reads the file at once, and numba is not wanted."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file as UTF-8: where, from which byte on, its encoding, and did the user say it."""

    path: Path
    start: int
    encoding: Encoding
    said: bool


def as_utf8(path: Path, said: str | None, notes: Notes, scratch: Scratch) -> TextFile:
    """The file as UTF-8, transcoded into `scratch` if it is not; notes what was guessed."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE)
        whole = not stream.read(1)
    encoding = said_encoding(said) if said else guess_encoding(sample, whole)
    if encoding.name == "utf-8":
        start = len(UTF8_MARK) if sample.startswith(UTF8_MARK) else 0
        return TextFile(path, start, encoding, said is not None)
    if encoding.guessed:
        _note_guess(encoding, sample, notes)
    return _transcoded(path, encoding, scratch)


def _note_guess(encoding: Encoding, sample: bytes, notes: Notes) -> None:
    notes.count("encoding-guessed" if encoding.sure else "encoding-unsure", detail=encoding.name)
    if "utf" not in encoding.name:
        for line in utf8_lines_in(sample):
            notes.count("encodings-mixed", line, encoding.name)


def _transcoded(path: Path, encoding: Encoding, scratch: Scratch) -> TextFile:
    target = scratch.path(".txt")
    transcode(path, 0, encoding.name, target)
    return TextFile(target, 0, encoding, said=True)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the data: header cells, and the physical lines they and blanks take."""

    cells: list[str]
    lines: int
    separator: str


def read_csv(source: str, path: Path, options: ReadOptions, scratch: Scratch, kind: str) -> Table:
    """The csv file at `path` as a table; `kind` is the extension's promise: csv, tsv or txt."""
    notes = Notes()
    text = as_utf8(path, options.encoding, notes, scratch)
    head = _head(text, options.separator, kind, notes)
    columns = unique_headers(head.cells, notes)
    if text.path.stat().st_size > SMALL:
        text, table = _by_polars(source, text, head, columns, notes, scratch)
        if table is not None:
            return table
    return _by_rows(source, text, head, columns, notes, scratch)


def _head(text: TextFile, said: str | None, kind: str, notes: Notes) -> Head:
    """Separator and header of the file, which must have one line that is not blank."""
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        sample = stream.read(SAMPLE)
        whole = not stream.read(1)
    first, _, rest = sample.partition(b"\n")
    hint = first.strip(b'"\r ')
    excel = len(hint) == 5 and hint.lower().startswith(b"sep=") and hint[4:].isascii()
    if said is not None:
        separator = said_separator(said)
    elif excel:
        separator = said_separator(hint[4:].decode())
    else:
        guess = guess_separator(sample, whole, "\t" if kind == "tsv" else None)
        separator = guess.separator
        if not guess.sure:
            notes.count("separator-unsure", detail=NAMES[separator])
    lines = Lines(io.BytesIO(rest if excel else sample), number=int(excel))
    record = next(iter(RecordReader(lines, Grammar(separator), 0, notes)), None)
    if record is None:
        raise DataError("The file is empty.", "It needs a line of headers, then a line a record.")
    if record.fault:
        raise DataError(f"line {record.line}: the header can't be read: {record.detail}.")
    return Head(record.cells, lines.number, separator)


def _by_polars(
    source: str,
    text: TextFile,
    head: Head,
    columns: tuple[str, ...],
    notes: Notes,
    scratch: Scratch,
) -> tuple[TextFile, Table | None]:
    """The file, maybe transcoded now that more of it was seen; and its table if it is regular."""
    from scoreline.quality.csvscan import scan_csv_bytes

    start = _offset_of_line(text, head.lines)
    scan = scan_csv_bytes(text.path, start, head.separator, len(columns))
    if scan.undecodable_at is not None and not text.said:
        found = _encoding_around(text, scan.undecodable_at)
        if found.name != "utf-8":
            _note_guess(found, b"", notes)
            text = _transcoded(text.path, found, scratch)
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
    return text, Table(source, kind, columns, frame, [], notes.findings(), scan.rows, scratch)


def _offset_of_line(text: TextFile, lines: int) -> int:
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        for _ in range(lines):
            stream.readline()
        return stream.tell()


def _encoding_around(text: TextFile, offset: int) -> Encoding:
    """The encoding, now that the first non-ASCII text is seen, far down in the file."""
    with text.path.open("rb") as stream:
        if not stream.read(SAMPLE).isascii():
            return text.encoding
        stream.seek(max(0, offset - 1024))
        return guess_encoding(stream.read(SAMPLE).split(b"\n", 1)[-1], whole=False)


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
    rejected: list[RejectedRow] = []
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
            notes.count(record.fault, record.line, text.encoding.name)
            reason = f"{record.fault}: {record.detail}"
            rejected.append(RejectedRow(number, record.line, reason, shown(record.text)))
    kind = "tsv" if head.separator == "\t" else "csv"
    return Table(source, kind, columns, store.frame(), rejected, notes.findings(), number, scratch)
