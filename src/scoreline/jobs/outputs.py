"""The files a run writes: named, and refused if they can't be, before any work begins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scoreline.errors import UsageError
from scoreline.quality.reading.postgres import is_postgres
from scoreline.quality.table import RejectedRow
from scoreline.quality.writing.files import (
    check_ending,
    check_place,
    is_rejected_file,
    write_rejected,
)

STDOUT = "-"


@dataclass(frozen=True)
class Outputs:
    """Where a run writes; None is nowhere.

    table: the scored table, by extension, `-` for csv on standard output; page: the HTML page;
    findings: the examples of findings, by extension; card: a scorecard that was learnt; labels: the
    file of pairs that people answer, which is read before; beside: what may stand beside the table,
    under names of its own.
    """

    table: str | None = None
    page: Path | None = None
    findings: str | None = None
    card: Path | None = None
    labels: Path | None = None
    beside: tuple[Path, ...] = ()

    @property
    def rejected(self) -> Path | None:
        """Where rejected rows go: beside the table, if that is a file."""
        if self.table is None or self.to_stdout or self.in_database:
            return None
        return Path(f"{self.table}.rejected.csv")

    @property
    def in_database(self) -> bool:
        """Whether the table is one of a database."""
        return is_postgres(self.table)

    @property
    def to_stdout(self) -> bool:
        """Whether the table goes to standard output, or to a pipe or device."""
        path = Path("" if self.in_database else self.table or "")
        return self.table == STDOUT or (path.exists() and not (path.is_file() or path.is_dir()))

    def files(self) -> Iterator[Path]:
        """Every file that may be written."""
        named = (
            None if self.in_database else self.table,
            self.rejected,
            self.rejected_events,
            self.page,
            self.findings,
            self.card,
            self.labels,
            *self.beside,
        )
        return (Path(name) for name in named if name is not None and str(name) != STDOUT)

    def check(
        self, inputs: Iterable[object] = (), *, any_ending: bool = False, database: bool = False
    ) -> None:
        """Raise UsageError for what can't be written, before work begins.

        inputs: the files that are read; none of them may be written. None and `-` name no file;
        any_ending: whether the table is written as it comes, in whatever format that is; database:
        whether it may be one of a database.
        """
        if self.in_database and not database:
            raise UsageError(
                "A table of PostgreSQL can't be written here.",
                "Name a file; `score --engine postgres` and `fill` write tables.",
            )
        named = (
            ("--report", self.page),
            ("--findings", self.findings),
            ("--model", self.card),
            ("--labels", self.labels),
        )
        for option, path in named:
            if path is not None and str(path) == STDOUT:
                raise UsageError(f"`{option}` needs the name of a file.", f"{option} FILE")
        if self.page is not None and self.page.suffix.lower() not in (".html", ".htm"):
            raise UsageError(f"{self.page}: a page is HTML.", "Name it FILE.html.")
        own = None if any_ending or self.in_database else self.table
        for table in (own, self.findings, self.labels):
            check_ending(table)
        self._refuse_overwriting(inputs)
        for path in self.files():
            check_place(path)

    def _refuse_overwriting(self, inputs: Iterable[object]) -> None:
        seen = {_real(path) for path in inputs if path is not None and str(path) != STDOUT}
        for path in self.files():
            if _real(path) in seen:
                raise UsageError(
                    f"{path} is used already; it would be overwritten.",
                    "Name another file to write.",
                )
            seen.add(_real(path))

    def write_rejected(
        self, rows: Iterable[RejectedRow], events: Iterable[RejectedRow] = ()
    ) -> None:
        """Write rejected rows and events beside the table; without any, earlier ones are removed.

        A file of such a name that is no file of rejected rows stays.
        """
        _write_rejected(rows, self.rejected)
        _write_rejected(events, self.rejected_events)

    @property
    def rejected_events(self) -> Path | None:
        """Where rejected events go: beside the table, if that is a file."""
        return None if self.rejected is None else Path(f"{self.table}.rejected-events.csv")

    def written(self) -> list[Path]:
        """The files that are there now, in the order they are named."""
        return [path for path in self.files() if path.is_file()]


def _write_rejected(rows: Iterable[RejectedRow], path: Path | None) -> None:
    if path is None:
        return
    if rows := list(rows):
        write_rejected(rows, path)
    elif is_rejected_file(path):
        path.unlink()


def _real(path: object) -> str:
    return os.path.realpath(str(path))
