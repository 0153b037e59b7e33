"""Import files into a workspace: records, their events, their outcomes; all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from scoreline.analytics.outcomes import parse_spec, read_outcomes
from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, UsageError
from scoreline.jobs.options import Progress
from scoreline.jobs.workspace.columns import RecordFindings
from scoreline.jobs.workspace.event_files import EventsDone, take_events
from scoreline.jobs.workspace.left_out import (
    left_out,
    text_of,
    unfit,
    unfit_reason,
)
from scoreline.jobs.workspace.telling import Effects, effects, findings_json
from scoreline.language.fields import Field
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.facts import Row, Stored, store_rows
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.table import ROW, ReadOptions, RejectedRow, Table
from scoreline.quality.writing.files import write_rejected
from scoreline.scorecard.events import AT
from scoreline.scoring.events import SAY_ORDER, no_moment
from scoreline.scoring.sources import Source, opened, read_again
from scoreline.scoring.stored import told_values
from scoreline.store import outcomes as stored_outcomes
from scoreline.store import records

PIECE = 50_000
"""Rows that are taken at once."""


@dataclass(frozen=True, slots=True)
class Files:
    """What is imported: any of records, events and outcomes.

    won, lost: which values of the outcomes' columns mean what, as `--won` says it. order: of day,
    month and year in the moments of events and outcomes: `dmy`, `mdy` or `ymd`.
    """

    data: Source | None = None
    events: Source | None = None
    outcomes: Source | None = None
    won: str | None = None
    lost: str | None = None
    order: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)


@dataclass
class OutcomesDone:
    """What became of outcomes.

    added: those of records that had none, further ones, and those known before; open: rows that
    say neither.
    """

    added: stored_outcomes.Added = field(default_factory=stored_outcomes.Added)
    open: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many were not known before."""
        return self.added.new + self.added.changed

    def json(self) -> dict[str, object]:
        """The part of `import --format json` that is about outcomes."""
        return {
            "new": self.added.new,
            "changed": self.added.changed,
            "same": self.added.same,
            "open": self.open,
            "rejected": len(self.rejected),
            "findings": findings_json(self.findings),
        }


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
    if files.data is None and files.events is None and files.outcomes is None:
        raise UsageError("There is nothing to import.", "Name a file, --events or --outcomes.")
    if (files.outcomes is None) != (files.won is None):
        raise UsageError("--outcomes and --won go together.", "Say what a win is: --won stage=Won.")

    def work(batch: Batch) -> Imported:
        done = Imported()
        tell = progress or (lambda _: None)
        if files.data is not None:
            _records(batch, files.data, files.read, workspace.settings.key, done, tell)
        if files.events is not None:
            with opened(files.events) as table:
                take_events(batch, table, files.order, workspace.settings.key, done.events, tell)
        if files.outcomes is not None:
            _outcomes(batch, files, workspace.settings.key, done.outcomes)
        counts = {"rows": done.rows, "events": done.events.new, "outcomes": done.outcomes.kept}
        workspace.note(batch.connection, batch.manner, "import", **counts)
        return done

    with ExitStack() as stack:
        # A transaction that clashed with another is done again, and standard input is read once.
        files = replace(
            files,
            data=_kept(stack, files.data),
            events=_kept(stack, files.events),
            outcomes=_kept(stack, files.outcomes),
        )
        done, outcome = workspace.batch(Manner(as_of, "import", actions=actions), work)
    done.effects = effects(outcome)
    return done


def _kept(stack: ExitStack, source: Source | None) -> Source | None:
    return None if source is None else stack.enter_context(read_again(source))


def write_rejected_rows(done: Imported, path: Path) -> None:
    """Write what could not be used, with the reason of each: records, events, outcomes."""
    write_rejected(done.left_out_rows(), path)


def _records(
    batch: Batch, data: Source, read: ReadOptions, key: str, done: Imported, tell: Progress
) -> None:
    with opened(data, read) as table:
        boundary = _boundary(table, key, [])
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


def _outcomes(batch: Batch, files: Files, key: str, done: OutcomesDone) -> None:
    won = parse_spec(files.won or "")
    lost = parse_spec(files.lost, "--lost") if files.lost else None
    with opened(files.outcomes or "", files.read) as table:
        dated = header_of([AT.name], table.columns)
        moment = replace(AT, order=files.order)
        boundary = _boundary(table, key, [moment] if dated is not None else [])
        typed = boundary.lazy(table.frame, keep=True).collect(engine="streaming")
        texts = typed.select(pl.col(KEPT + name).alias(name) for name in table.columns)
        found = read_outcomes(texts, won, lost)
        blank = [None] * typed.height
        moments = blank if dated is None else typed[AT.name].cast(pl.Int64).to_list()
        said = blank if dated is None else typed.select(text_of(exactly(KEPT + dated))).to_series()
        keys = typed[KEY].to_list()
        people = records.by_keys(batch.connection, list(dict.fromkeys(keys)), lock=True)
        told: list[stored_outcomes.Outcome] = []
        unusable: list[RejectedRow] = []
        rows = zip(typed[ROW], keys, found.rows, moments, said, strict=True)
        for row, own, outcome, at, text in rows:
            if own not in people:
                unusable.append(RejectedRow(row, None, f"no record has this `{key}`", ""))
            elif outcome == "open":
                done.open += 1
            elif dated is not None and at is None:
                unusable.append(RejectedRow(row, None, no_moment(moment, text, SAY_ORDER), ""))
            else:
                told.append((people[own].id, str(outcome), at))
        done.rejected = left_out(table, boundary, unusable)
        done.added = stored_outcomes.add(batch.connection, told, batch.now)
        done.findings = list(table.findings)


def _boundary(table: Table, key: str, fields: list[Field]) -> Boundary:
    dtypes = dict(table.frame.collect_schema())
    return Boundary(fields, key, table.columns, (), dtypes)
