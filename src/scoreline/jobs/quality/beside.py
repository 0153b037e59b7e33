"""A clean base and what stands beside it: written together, and proved to read back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, counted
from scoreline.jobs.quality.source import (
    SourceFile,
    SourceLine,
    aside,
    blocks,
    copy_file,
    draft_of_copy,
    earlier_copy,
    source_line,
)
from scoreline.jobs.quality.standing import standing_rows
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.changes.acts import Act
from scoreline.quality.changes.change import Change
from scoreline.quality.changes.log import SOURCE, draft_of_log, hash_of, log_file
from scoreline.quality.formulas import harmless_headers
from scoreline.quality.reading.files import ReadOptions, open_table
from scoreline.quality.writing.files import (
    FOR_SPREADSHEETS,
    Draft,
    as_texts,
    ending_of,
    of_table,
    sink,
    write_bytes,
    write_together,
)

SUGGESTIONS = ".suggestions.csv"


@dataclass(frozen=True)
class NewBase:
    """A base that was cleaned and is to be written.

    source: its name; file: where its bytes are, None if it was no file; before: its cells; after:
    what they are now, with `STANDS` where rows were joined; changes: between the two; waiting: the
    suggestions.
    """

    source: str
    file: SourceFile | None
    before: pl.DataFrame
    after: pl.DataFrame
    changes: Sequence[Change]
    waiting: pl.DataFrame


@dataclass(frozen=True)
class Written:
    """What was written beside a clean base.

    copied: whether a copy of the source; kept: where the copy of an earlier source went.
    """

    copied: bool
    kept: Path | None = None


def beside(out: str | Path) -> tuple[Path, Path, Path]:
    """The files that may stand beside a clean one: its log, suggestions that wait, a copy."""
    return log_file(out), Path(f"{out}{SUGGESTIONS}"), copy_file(out)


def for_spreadsheets(out: str) -> bool:
    """Whether a file opens in a spreadsheet."""
    return out.lower().endswith(FOR_SPREADSHEETS)


def write_clean(new: NewBase, out: str) -> Written:
    """Write a clean base and all that stands beside it: all of it, or nothing.

    Of an earlier base of this name only the copy of its source stays, under a number, where it may
    be the last one. Raises DataError if the source is another file than the one that was read.
    """
    _, suggestions, copy = beside(out)
    earlier = earlier_copy(out, new.file)
    kept = None if earlier is None else aside(earlier)
    with proved(new.after, out) as (draft, sure):
        line = source_line(new.source, new.file, new.before, sure)
        drafts = [draft, draft_of_log([_first(new.before, line), *new.changes], out)]
        if new.waiting.height:
            drafts.append(of_table(new.waiting.lazy(), suggestions))
        if kept is not None:
            drafts.append((str(kept), lambda target: write_bytes(blocks(copy), target)))
        if new.file is not None and line.copied:
            drafts.append(draft_of_copy(new.file, out))
        write_together(drafts)
    for path, needed in ((suggestions, new.waiting.height), (copy, line.copied)):
        if not needed:
            path.unlink(missing_ok=True)
    return Written(line.copied, kept)


def _first(base: pl.DataFrame, line: SourceLine) -> Change:
    cells = hash_of(base.select(map(exactly, line.compared)))
    act = Act.of_now(SOURCE, FACTS_VERSION)
    return act.change(0, ("", line.name), line.text(), cells)


@contextmanager
def proved(frame: pl.DataFrame, out: str) -> Iterator[tuple[Draft, frozenset[str]]]:
    """A clean base for `write_together`, and the columns whose cells read back from it.

    frame: what spreadsheets would run in a cell was made harmless before. What a format can't hold
    (csv a zero byte, a sheet microseconds) is found by reading what was written. Raises DataError
    where rows would be lost, by whose numbers the log names them.
    """
    rows = standing_rows(frame)
    written = rows
    if for_spreadsheets(out):
        written = rows.rename(harmless_headers(rows.columns))
    with tempfile.TemporaryDirectory(prefix="scoreline-") as folder:
        made = Path(folder) / f"clean{ending_of(out)}"
        sink(written.lazy(), made, formulas="keep")
        sure = frozenset(_same(rows, made, out) if rows.height else rows.columns)
        yield (out, lambda target: write_bytes(blocks(made), target)), sure


def _same(rows: pl.DataFrame, made: Path, out: str) -> Iterator[str]:
    """The columns whose cells are the same texts in the file that was made of them."""
    try:
        read = read_clean(made, rows.columns)
    except DataError:
        raise DataError(f"{out} could not be read again.", "Write the base as Parquet.") from None
    if read.height != rows.height:
        lost = f"{counted(rows.height - read.height, 'row')} that holds nothing"
        raise DataError(f"{out} would lose {lost}.", "Write the base as csv or Parquet.")
    for name in rows.columns:
        if name in read.columns and _texts(rows[name]).equals(_texts(read[name])):
            yield name


def _texts(cells: pl.Series) -> pl.Series:
    return as_texts(cells).fill_null("")


def read_clean(path: str | Path, columns: Sequence[str]) -> pl.DataFrame:
    """A clean base as it is written, under the headers that its columns had.

    columns: all of them. What is read is what we write: UTF-8 with commas, or tabs in tsv.
    """
    name = str(path).lower().removesuffix(".gz")
    text = {".csv": ",", ".tsv": "\t"}.get(Path(name).suffix)
    options = ReadOptions() if text is None else ReadOptions("utf-8", text)
    with open_table(path, options) as table:
        frame = table.frame.select(map(exactly, table.columns)).collect(engine="streaming")
    if not for_spreadsheets(str(path)):
        return frame
    headers = {written: header for header, written in harmless_headers(columns).items()}
    return frame.rename({one: headers.get(one, one) for one in frame.columns})
