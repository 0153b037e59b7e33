"""A cleaned file with its log: what was changed, taken back, accepted; and the base as it was."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.jobs.quality.merging import cell_text, gone_rows
from scoreline.jobs.quality.original import (
    Original,
    copy_file,
    draft_of_copy,
    draft_of_original,
    is_original,
)
from scoreline.jobs.quality.suggesting import VERSION, Accepted, read_suggestions
from scoreline.quality.changes.change import STANDS, Change, Place, backward, forward
from scoreline.quality.changes.log import draft_of_log, hash_of, log_file, read_log
from scoreline.quality.changes.undo import in_force, undone
from scoreline.quality.formulas import harmless_text
from scoreline.quality.reading.files import open_table
from scoreline.quality.writing.files import (
    FOR_SPREADSHEETS,
    Draft,
    as_texts,
    of_table,
    sink,
    write_together,
)

SUGGESTIONS = ".suggestions.csv"


class Back(Enum):
    """What came back: the source byte for byte, or its cells alone, and why not the bytes."""

    BYTES = "byte for byte"
    OTHER_FORMAT = "cells"
    NO_FILE = "cells, for the base was no file"
    NO_COPY = "cells, for the copy of the source is gone"


def beside(out: str | Path) -> tuple[Path, Path, Path]:
    """The files that may stand beside a cleaned one: its log, suggestions that wait, its source."""
    return log_file(out), Path(f"{out}{SUGGESTIONS}"), copy_file(out)


def write_clean(
    frame: pl.DataFrame,
    log: Sequence[Change],
    waiting: pl.DataFrame,
    out: str,
    source: Path | None,
) -> None:
    """Write a cleaned base and all that stands beside it: all of it, or nothing.

    waiting: the suggestions; source: the file whose copy is kept, None if its cells are enough.
    Files of an earlier base that would be beside this one are removed.
    """
    _, suggestions, copy = beside(out)
    drafts = [_draft(frame, out), draft_of_log(log, out)]
    if waiting.height:
        drafts.append(of_table(waiting.lazy(), suggestions))
    if source is not None:
        drafts.append(draft_of_copy(source, out))
    write_together(drafts)
    for path, needed in ((suggestions, waiting.height), (copy, source is not None)):
        if not needed:
            path.unlink(missing_ok=True)


class CleanFile:
    """A cleaned file with its log: its changes can be listed, taken back, and more accepted.

    Nothing is written before `save`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.log = read_log(log_file(path))
        self.original = self._original()
        with open_table(self.path) as table:
            frame = table.frame.select(map(exactly, table.columns)).collect(engine="streaming")
        named = {one.field for one in self.changes} | set(self.original.columns)
        written = {harmless_text(name): name for name in named}
        frame = frame.rename({name: written.get(name, name) for name in frame.columns})
        self.frame = _with_gone(frame, self.changes)
        unknown = named - set(self.frame.columns)
        if unknown:
            raise DataError(f"{self.path} lacks the column `{min(unknown)}` of its log.", "")

    def _original(self) -> Original:
        first = self.log[0]
        try:
            return Original.of_text(first.field, first.old)
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{log_file(self.path)} is damaged in its first line.",
                "Take the log that was written with the file.",
            ) from None

    @property
    def changes(self) -> list[Change]:
        """The log without the line of the source."""
        return self.log[1:]

    def standing(self) -> dict[int, bool]:
        """Whether each step is in force."""
        return in_force(self.changes)

    def undo(self, steps: Sequence[int]) -> None:
        """Take steps back, the last one first.

        Raises DependsError where a later step changed the same cells.
        """
        for step in sorted(set(steps), reverse=True):
            self._do(undone(self.changes, step, now(), who()))

    def accept(self, file: str | Path) -> int:
        """Carry out the suggestions in a file; how many were carried out.

        Raises DataError for a row that does not fit the file as it stands.
        """
        own = [name for name in self.frame.columns if name != STANDS]
        said = list(read_suggestions(file, own, self.frame.height))
        cells: dict[Place, str | None] = {}
        columns = {one.column: as_texts(self.frame[one.column]) for one in said}
        changes: list[Change] = []
        for one in said:
            place = str(one.row + 1), one.column
            held = cells.get(place, cell_text(columns[one.column][one.row]))
            if not one.fits(held):
                raise DataError(
                    f"{file}, row {one.number}: The cell holds something else by now.",
                    "Take the row out, or make the suggestions anew.",
                )
            changes.append(self._change(one, held, self.log[-1].step + len(changes) + 1))
            cells[place] = changes[-1].new
        self._do(changes)
        return len(said)

    def _change(self, one: Accepted, held: str | None, step: int) -> Change:
        meant = one.to_write(for_spreadsheets=for_spreadsheets(self.path))
        row = str(one.row + 1)
        return Change(step, row, one.column, held, meant, one.rule, VERSION, now(), who())

    def back(self, out: str | Path) -> Back:
        """Write the base as it was before all changes; whether its very bytes could be had.

        Raises DataError if what comes out is not what went in: the file was changed otherwise.
        """
        if Path(out).exists() and Path(out).name == Path(self.original.source).name:
            raise DataError(
                f"{out} is the file that was cleaned, or is called like it.",
                "Write the base beside it under another name.",
            )
        cells = self._cells(self.changes)
        backward(cells, self.changes)
        frame = with_cells(self.frame, cells, self.changes)
        frame = frame.select(map(exactly, self.original.columns))
        if hash_of(frame.select(map(exactly, self.original.compared))) != self.log[0].new:
            raise DataError(
                f"{self.path} is not the file that its log was written for.",
                "It was changed by other means since.",
            )
        if not self.original.is_named_like(str(out)):
            return self._cells_back(frame, out, Back.OTHER_FORMAT)
        if self.original.sha256 is None:
            return self._cells_back(frame, out, Back.NO_FILE)
        if self.original.copied:
            if not copy_file(self.path).exists():
                return self._cells_back(frame, out, Back.NO_COPY)
            write_together([draft_of_original(self.path, self.original, str(out))])
            return Back.BYTES
        self._cells_back(frame, out, Back.BYTES)
        return Back.BYTES if is_original(Path(out), self.original) else Back.NO_COPY

    def _cells_back(self, frame: pl.DataFrame, out: str | Path, what: Back) -> Back:
        sink(frame.lazy(), str(out), formulas="keep")
        return what

    def save(self) -> None:
        """Write the file and its log."""
        write_together([_draft(self.frame, self.path), draft_of_log(self.log, self.path)])

    def _do(self, changes: Sequence[Change]) -> None:
        cells = self._cells(changes)
        forward(cells, changes)
        self.frame = with_cells(self.frame, cells, changes)
        self.log += changes

    def _cells(self, changes: Iterable[Change]) -> dict[Place, str | None]:
        """The cells that changes touch, as they are."""
        rows: dict[str, list[int]] = {}
        for change in changes:
            row = int(change.record)
            if not 0 < row <= self.frame.height:
                raise DataError(f"{self.path} has no row {change.record}, which its log names.", "")
            rows.setdefault(change.field, []).append(row - 1)
        found: dict[Place, str | None] = {}
        for name, places in rows.items():
            for place, value in zip(places, as_texts(self.frame[name].gather(places)), strict=True):
                text = cell_text(value)
                if text is not None:
                    found[str(place + 1), name] = text
        return found


def with_cells(
    frame: pl.DataFrame, cells: Mapping[Place, str | None], changes: Iterable[Change]
) -> pl.DataFrame:
    """A base with the cells that changes touch as given.

    Raises DataError for a text that its column can't hold.
    """
    by_column: dict[str, dict[int, str | None]] = {}
    for change in changes:
        place = int(change.record) - 1
        by_column.setdefault(change.field, {})[place] = cells.get(change.place)
    for name, values in by_column.items():
        texts = pl.Series(list(values.values()), dtype=pl.String)
        try:
            column = frame[name].clone().scatter(list(values), texts.cast(frame[name].dtype))
        except pl.exceptions.PolarsError:
            raise DataError(
                f"The column `{name}` of the file holds no texts ({frame[name].dtype}).",
                "Write the clean base as csv, which holds any.",
            ) from None
        frame = frame.with_columns(column.alias(name))
    return frame


def with_stands(frame: pl.DataFrame) -> pl.DataFrame:
    """The base with a column that says of each row what it is part of."""
    return frame.with_columns(pl.lit(None, pl.String).alias(STANDS))


def for_spreadsheets(out: str) -> bool:
    """Whether a file opens in a spreadsheet."""
    return out.lower().endswith(FOR_SPREADSHEETS)


def now() -> dt.datetime:
    """When a change is made, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def who() -> str:
    """Who makes a change: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _with_gone(written: pl.DataFrame, changes: Sequence[Change]) -> pl.DataFrame:
    """The base of a file, with an empty row in the place of each that is part of another."""
    gone = set(gone_rows(changes))
    frame = with_stands(written)
    if not gone:
        return frame
    standing = iter(range(written.height))
    rows = [
        None if row in gone else next(standing, None) for row in range(written.height + len(gone))
    ]
    into = {int(c.record) - 1: c.new for c in changes if c.field == STANDS}
    stands = [into[row] if row in gone else None for row in range(len(rows))]
    whole = frame.select(pl.all().gather(pl.Series(rows, dtype=pl.UInt32)))
    return whole.with_columns(pl.Series(STANDS, stands, dtype=pl.String))


def _draft(frame: pl.DataFrame, out: str) -> Draft:
    """The rows that stand; what spreadsheets would run in a cell was made harmless before."""
    if STANDS in frame.columns:
        frame = frame.filter(exactly(STANDS).is_null()).drop(STANDS)
    if for_spreadsheets(out):
        frame = frame.rename({name: harmless_text(name) for name in frame.columns})
    return of_table(frame.lazy(), out, formulas="keep")
