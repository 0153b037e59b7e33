"""Typed records of a file: what engines elsewhere score, with the facts that only we can find."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, UsageError
from scoreline.jobs.database.filling import Kept, fill_table, keep_events
from scoreline.jobs.export import key_column, typed_columns
from scoreline.jobs.options import Progress
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.summary import tapped
from scoreline.jobs.typed_events import events_frame
from scoreline.quality.boundary import FACTS_VERSION, KEY
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.reading.postgres import address_of
from scoreline.quality.writing.files import sink
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import NONE, Events
from scoreline.scoring.rows import TypedRows, typed_rows
from scoreline.scoring.sources import Source

ROW = "row"
"""Column of the key where the card names none: the number of the data row."""


@dataclass(frozen=True, slots=True)
class FilledEvents:
    """What came of typing events: those that the card counts and can use, those it can't, and
    how many were added to, changed in or taken out of the table, None of a file.
    """

    events: int
    rejected: int
    written: int | None

    def json(self) -> dict[str, object]:
        """What `fill --format json` prints of events."""
        return {"events": self.events, "rejected": self.rejected, "written": self.written}


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of typing a file: records written, rows rejected, findings by code.

    counts: of findings by code and field; examples: some of each kind; kept: what came of
    filling a table, None of a file. events: what came of the events, None where none were given.
    """

    records: int
    rejected: int
    findings: dict[str, int]
    counts: dict[tuple[str, str | None], int]
    examples: tuple[Finding, ...]
    kept: Kept | None = None
    events: FilledEvents | None = None

    def json(self) -> dict[str, object]:
        """What `fill --format json` prints."""
        return {
            "records": self.records,
            "rejected": self.rejected,
            "findings": self.findings,
            "facts_version": FACTS_VERSION,
            "written": self.kept.written if self.kept else None,
            "repeated": self.kept.repeated if self.kept else None,
            "events": self.events.json() if self.events else None,
        }


def fill_file(
    data: Source,
    card: Scorecard,
    outputs: Outputs,
    read: ReadOptions | None = None,
    progress: Progress | None = None,
    happened: ToFill | None = None,
) -> Filled:
    """Write the typed records of a file: the key, then what `export` says that its SQL reads.

    outputs: as `Outputs.check` let them pass; rejected rows go beside the file, which is Parquet:
    in a csv file values would lose their types. happened: events, and where these go.
    """
    for one in (outputs, happened.outputs if happened else Outputs()):
        if one.table and not one.in_database and not one.table.lower().endswith(".parquet"):
            raise UsageError(
                f"{one.table}: typed values keep their types in Parquet only.",
                "Name it FILE.parquet.",
            )
    with typed_rows(data, card, read, events=happened.events if happened else NONE) as rows:
        count = Count(progress)
        frame = tapped(typed_frame(rows, card), count.batch)
        kept = None
        if outputs.table is None:
            frame.select(pl.len()).collect(engine="streaming")
        elif outputs.in_database:
            kept = fill_table(frame, card, address_of(str(outputs.table)))
        else:
            sink(frame, outputs.table)
            outputs.write_rejected(rows.rejected_rows())
        told = fill_events(rows, card, happened.outputs) if happened and rows.events else None
        found = rows.findings(), rows.counts(), rows.examples()
        return Filled(count.rows, rows.rejected(), *found, kept, told)


def fill_events(rows: TypedRows, card: Scorecard, outputs: Outputs) -> FilledEvents:
    """Write the typed events of a card: each one once, in the order they were recorded."""
    if rows.events is None:
        raise UsageError("There are no events.", "Give them: --events FILE.")
    count, written = Count(), None
    frame = tapped(events_frame(rows.events.kinds, card), count.batch)
    if outputs.in_database:
        written = keep_events(frame, card, address_of(str(outputs.table)))
    else:
        sink(frame, str(outputs.table))
        outputs.write_rejected((), rows.rejected_events())
    return FilledEvents(count.rows, len(rows.rejected_events()), written)


@dataclass(frozen=True, slots=True)
class ToFill:
    """Events of the records, and where they go once they are typed."""

    events: Events
    outputs: Outputs


class Count:
    """Counts rows while they stream by; Polars calls it from its threads."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.rows = 0
        self._lock = Lock()
        self._progress = progress

    def batch(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows as they came, counted."""
        with self._lock:
            self.rows += rows.height
            if self._progress is not None:
                self._progress(rows.height)
        return rows


def typed_frame(rows: TypedRows, card: Scorecard) -> pl.LazyFrame:
    """The key and the typed columns that a card reads; moments are in UTC and say no zone."""
    name = key_column(card)
    key = pl.col("__row__").alias(ROW) if name is None else pl.col(KEY).alias(name)
    columns = [key]
    for name, kind, _ in typed_columns(card):
        column = exactly(name)
        columns.append(column.dt.replace_time_zone(None) if kind == "time" else column)
    return rows.frame.select(columns)
