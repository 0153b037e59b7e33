"""A clean file with its log: what was changed, taken back, accepted; and the source of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.jobs.quality.beside import for_spreadsheets, proved, read_clean
from scoreline.jobs.quality.source import (
    SourceLine,
    blocks,
    copy_file,
    draft_of_source,
    is_source,
    sha256_of,
)
from scoreline.jobs.quality.standing import cell_text, cells_at, with_cells, with_gone
from scoreline.jobs.quality.suggesting import VERSION, Accepted, read_suggestions
from scoreline.quality.changes.acts import Act, now, who
from scoreline.quality.changes.change import STANDS, Change, Place, backward, forward
from scoreline.quality.changes.log import draft_of_log, hash_of, log_file, read_log
from scoreline.quality.changes.undo import in_force, undone
from scoreline.quality.writing.files import Draft, Target, as_texts, sink, write_together


class Back(Enum):
    """What came back: the source byte for byte, or its cells alone, and why not the bytes."""

    BYTES = "byte for byte"
    OTHER_FORMAT = "cells"
    NO_FILE = "cells, for the source was no file"
    COPY_GONE = "cells, for the copy of the source is gone"
    OTHER_BYTES = "cells, which make other bytes than the source had"


class CleanFile:
    """A clean file with its log: its changes can be listed, taken back, and more accepted.

    Nothing is written before `save`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        log = log_file(path)
        self._log_read = sha256_of(blocks(log)) if log.is_file() else ""
        self.log = read_log(log)
        self.source = self._source()
        changed = dict.fromkeys(one.field for one in self.changes if one.field != STANDS)
        named = list(dict.fromkeys((*self.source.columns, *changed)))
        frame = read_clean(path, named)
        unknown = set(named) - set(frame.columns)
        if unknown:
            raise DataError(f"{self.path} lacks the column `{min(unknown)}` of its log.", "")
        self.frame = with_gone(frame, self.changes)

    def _source(self) -> SourceLine:
        first = self.log[0]
        try:
            return SourceLine.of_text(first.field, first.old)
        except ValueError:
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
        columns = {one.column: as_texts(self.frame[one.column]) for one in said}
        cells: dict[Place, str | None] = {}
        changes: list[Change] = []
        for one in said:
            self._refuse_gone(one, file)
            held = cells.get(one.place, cell_text(columns[one.column][one.row]))
            if not one.fits(held):
                raise DataError(
                    f"{file}, row {one.number}: The cell holds something else by now.",
                    "Take the row out, or make the suggestions anew.",
                )
            changes.append(self._change(one, held, self.log[-1].step + len(changes) + 1))
            cells[one.place] = changes[-1].new
        self._do(changes)
        return len(said)

    def _refuse_gone(self, one: Accepted, file: str | Path) -> None:
        """Raise DataError for a row that is part of another: nothing is written of it."""
        into = self.frame[STANDS][one.row]
        if into is not None:
            raise DataError(
                f"{file}, row {one.number}: Row {one.row + 1:,} is part of row {into} by now.",
                "Take the row out, or take the joining back first.",
            )

    def _change(self, one: Accepted, held: str | None, step: int) -> Change:
        meant = one.to_write(for_spreadsheets=for_spreadsheets(self.path))
        return Act.of_now(one.rule, VERSION).change(step, one.place, held, meant)

    def back(self, out: str | Path) -> Back:
        """Write the source again; whether its very bytes could be had.

        Raises DataError if what comes out is not what went in: the file was changed otherwise.
        """
        if Path(out).exists() and Path(out).name == Path(self.source.name).name:
            raise DataError(
                f"{out} is the file that was cleaned, or is called like it.",
                "Write the source beside it under another name.",
            )
        frame = self._source_cells()
        if not self._is_source(frame):
            raise DataError(
                f"{self.path} is not the file that its log was written for.",
                "It was changed by other means since.",
            )
        return self._write_back(frame, out)

    @cached_property
    def changed_otherwise(self) -> bool:
        """Whether the file was changed by more than its log, so that it can't go back."""
        return not self._is_source(self._source_cells())

    def _source_cells(self) -> pl.DataFrame:
        frame = with_cells(self.frame, self._replayed(), self.changes)
        return frame.select(map(exactly, self.source.columns))

    def _is_source(self, frame: pl.DataFrame) -> bool:
        return hash_of(frame.select(map(exactly, self.source.compared))) == self.log[0].new

    def _write_back(self, frame: pl.DataFrame, out: str | Path) -> Back:
        """Write the source: its bytes from the copy, or its cells."""
        like_source = self.source.is_named_like(str(out))
        if like_source and self.source.copied and copy_file(self.path).exists():
            write_together([draft_of_source(self.path, self.source, str(out))])
            return Back.BYTES
        sink(frame.lazy(), str(out), formulas="keep")
        if not like_source:
            return Back.OTHER_FORMAT
        if self.source.sha256 is None:
            return Back.NO_FILE
        if self.source.copied:
            return Back.COPY_GONE
        return Back.BYTES if is_source(Path(out), self.source) else Back.OTHER_BYTES

    def save(self) -> None:
        """Write the file and its log.

        Raises DataError if the log would not lead back to the source, if a cell would not read
        back from the file, or if somebody else has written the log since it was read.
        """
        self._replayed()
        with proved(self.frame, self.path) as (draft, sure):
            lost = [one for one in self.source.compared if one not in sure]
            if lost:
                raise DataError(
                    f"A cell of `{lost[0]}` would not read back from {self.path}.",
                    "Clean the base anew, into a file of Parquet.",
                )
            write_together([draft, self._draft_of_log()])

    def _draft_of_log(self) -> Draft:
        """The log, which is not written if another one than was read is there by then."""
        name, write = draft_of_log(self.log, self.path)

        def unless_changed(target: Target) -> None:
            write(target)
            log = log_file(self.path)
            if not log.is_file() or sha256_of(blocks(log)) != self._log_read:
                raise DataError(
                    f"{log} was written by somebody else meanwhile.",
                    "Nothing was changed; do it again.",
                )

        return name, unless_changed

    def _replayed(self) -> dict[Place, str | None]:
        """The cells that the log touches, as the source had them.

        Raises OtherBaseError at a cell that does not hold what the log left.
        """
        cells = cells_at(self.frame, self.changes)
        backward(cells, self.changes)
        return cells

    def _do(self, changes: Sequence[Change]) -> None:
        cells = cells_at(self.frame, changes)
        forward(cells, changes)
        self.frame = with_cells(self.frame, cells, changes)
        self.log += changes
