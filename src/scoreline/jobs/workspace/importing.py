"""Import files into a workspace: records, their events, their outcomes; all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from scoreline.errors import Finding, UsageError
from scoreline.jobs.options import Progress
from scoreline.jobs.workspace.columns import RecordFindings
from scoreline.jobs.workspace.event_files import EventsDone, take_events
from scoreline.jobs.workspace.left_out import left_out, unfit, unfit_reason
from scoreline.jobs.workspace.outcome_files import OutcomesDone, OutcomeWords, take_outcomes
from scoreline.jobs.workspace.telling import Effects, effects, findings_json
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.facts import Row, Stored, store_rows
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.reading.files import refuse_unused
from scoreline.quality.table import ROW, ReadOptions, RejectedRow, Table
from scoreline.quality.writing.files import write_rejected
from scoreline.scoring.sources import Source, opened, read_again
from scoreline.scoring.stored import told_values

PIECE = 50_000
"""Rows that are taken at once."""


@dataclass(frozen=True, slots=True)
class Files:
    """What is imported: any of records, events and outcomes.

    won, lost: which values of the outcomes' columns mean what, as `--won` says it. order: of day,
    month and year in the moments of events and outcomes: `dmy`, `mdy` or `ymd`. read: how the
    files are read; each takes what it has a use for.
    """

    data: Source | None = None
    events: Source | None = None
    outcomes: Source | None = None
    won: str | None = None
    lost: str | None = None
    order: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)


@dataclass
class Imported:
    """What an import did: records, events, outcomes, and what could not be used."""

    rows: int = 0
    stored: Stored = field(default_factory=Stored)
    events: EventsDone = field(default_factory=EventsDone)
    outcomes: OutcomesDone = field(default_factory=OutcomesDone)
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    effects: Effects | None = None

    def left_out_rows(self) -> list[RejectedRow]:
        """What could not be used: records, events, outcomes."""
        return [*self.rejected, *self.events.rejected, *self.outcomes.rejected]

    @property
    def left_out(self) -> int:
        """How much could not be used."""
        return len(self.left_out_rows())

    def json(self) -> dict[str, object]:
        """The object that `import --format json` prints."""
        found: dict[str, object] = {
            "rows": self.rows,
            "new": self.stored.new,
            "changed": self.stored.changed,
            "same": self.stored.same,
            "rejected": len(self.rejected),
            "findings": findings_json(self.findings),
            "events": self.events.json(),
            "outcomes": self.outcomes.json(),
        }
        return found | (self.effects.json() if self.effects else {})


def import_files(
    workspace: Workspace,
    files: Files,
    as_of: dt.datetime,
    *,
    actions: bool = True,
    progress: Progress | None = None,
) -> Imported:
    """Keep what the files say and score the records that it changes, in one transaction.

    actions: whether moves are handed over. Rows in = stored + rejected, always.
    """
    _refuse_useless(files)
    key, tell = workspace.settings.key, progress or (lambda _: None)
    # A transaction that clashed with another is done again; the files are opened once, before it.
    with _opened(files) as tables:

        def work(batch: Batch) -> Imported:
            done = _taken(batch, tables, files, key, tell)
            counts = {"rows": done.rows, "events": done.events.new, "outcomes": done.outcomes.kept}
            workspace.note(batch.connection, batch.manner, "import", **counts)
            return done

        done, whole = workspace.batch(Manner(as_of, "import", actions=actions), work)
    done.effects = effects(whole)
    return done


def _refuse_useless(files: Files) -> None:
    """Raise UsageError where there is nothing to do, or what is said can have no effect."""
    if files.data is None and files.events is None and files.outcomes is None:
        raise UsageError("There is nothing to import.", "Name a file, --events or --outcomes.")
    if (files.outcomes is None) != (files.won is None):
        raise UsageError("--outcomes and --won go together.", "Say what a win is: --won stage=Won.")
    if files.lost is not None and files.outcomes is None:
        raise UsageError("--lost goes with --outcomes.", "Name the file: --outcomes FILE.")
    if files.order is not None and files.events is None and files.outcomes is None:
        raise UsageError(
            "--order is that of `at` in events and outcomes.",
            "Leave it out; how a field of records writes its dates is said in the card: `order`.",
        )


@dataclass(frozen=True, slots=True)
class _Tables:
    """The files, opened."""

    data: Table | None
    events: Table | None
    outcomes: Table | None


@contextmanager
def _opened(files: Files) -> Iterator[_Tables]:
    """The files as tables that can be read again and again."""
    sources = (files.data, files.events, files.outcomes)
    several = sum(source is not None for source in sources) > 1
    read = replace(files.read, shared=several)
    with ExitStack() as stack:
        tables = [
            None
            if source is None
            else stack.enter_context(opened(stack.enter_context(read_again(source)), read))
            for source in sources
        ]
        refuse_unused([table for table in tables if table is not None], read)
        yield _Tables(*tables)


def _taken(batch: Batch, tables: _Tables, files: Files, key: str, tell: Progress) -> Imported:
    """What became of the files in a batch: records first, for events and outcomes are of them."""
    done = Imported()
    if tables.data is not None:
        with tables.data.reading():
            _take_records(batch, tables.data, key, done, tell)
    if tables.events is not None:
        with tables.events.reading():
            take_events(batch, tables.events, files.order, key, done.events, tell)
    if tables.outcomes is not None:
        words = OutcomeWords(files.won or "", files.lost, files.order)
        with tables.outcomes.reading():
            take_outcomes(batch, tables.outcomes, words, key, done.outcomes)
    return done


def write_rejected_rows(done: Imported, path: Path) -> None:
    """Write what could not be used, with the reason of each: records, events, outcomes."""
    write_rejected(done.left_out_rows(), path)


def _take_records(batch: Batch, table: Table, key: str, done: Imported, tell: Progress) -> None:
    """Keep the records of a table, and score them."""
    dtypes = dict(table.frame.collect_schema())
    boundary = Boundary([], key, table.columns, (), dtypes)
    wrong = RecordFindings(table, key, batch.cards)
    typed = boundary.lazy(table.frame, keep=True)
    odd: list[RejectedRow] = []
    for piece in typed.collect_batches(chunk_size=PIECE, engine="streaming"):
        bad = piece.filter(unfit(KEY))
        odd += [RejectedRow(row, None, unfit_reason(key), "") for row in bad[ROW]]
        piece = piece.filter(~unfit(KEY))
        wrong.look(piece)
        rows = list(_rows(piece, table.columns))
        done.stored += store_rows(batch, rows)
        done.rows += len(rows)
        tell(len(rows))
    done.rejected = left_out(table, boundary, odd)
    done.rows += len(done.rejected)
    done.findings = wrong.all()


def _rows(piece: pl.DataFrame, columns: tuple[str, ...]) -> Iterator[Row]:
    """Keys and raw values; a blank cell says nothing, so that it takes no answer back."""
    values = piece.select(pl.col(KEPT + name).alias(name) for name in columns)
    for key, row in zip(piece[KEY], values.iter_rows(named=True), strict=True):
        yield key, {n: v for n, v in told_values(row).items() if v is not None}
