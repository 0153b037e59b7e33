"""Typed records of a file: what engines elsewhere score, with the facts that only we can find."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, UsageError
from scoreline.jobs.database.filling import Kept, fill_table
from scoreline.jobs.export import key_column, typed_columns
from scoreline.jobs.options import Progress
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.summary import tapped
from scoreline.quality.boundary import FACTS_VERSION, KEY
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.reading.postgres import address_of
from scoreline.quality.writing.files import sink
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.rows import TypedRows, typed_rows
from scoreline.scoring.sources import Source

ROW = "row"
"""Column of the key where the card names none: the number of the data row."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of typing a file: records written, rows rejected, findings by code.

    counts: of findings by code and field; examples: some of each kind; kept: what came of
    filling a table, None of a file.
    """

    records: int
    rejected: int
    findings: dict[str, int]
    counts: dict[tuple[str, str | None], int]
    examples: tuple[Finding, ...]
    kept: Kept | None = None

    def json(self) -> dict[str, object]:
        """What `fill --format json` prints."""
        return {
            "records": self.records,
            "rejected": self.rejected,
            "findings": self.findings,
            "facts_version": FACTS_VERSION,
            "written": self.kept.written if self.kept else None,
            "repeated": self.kept.repeated if self.kept else None,
        }


def fill_file(
    data: Source,
    card: Scorecard,
    outputs: Outputs,
    read: ReadOptions | None = None,
    progress: Progress | None = None,
) -> Filled:
    """Write the typed records of a file: the key, then what `export` says that its SQL reads.

    outputs: as `Outputs.check` let them pass; rejected rows go beside the file, which is Parquet:
    in a csv file values would lose their types.
    """
    named = None if outputs.in_database else outputs.table
    if named is not None and not named.lower().endswith(".parquet"):
        raise UsageError(
            f"{named}: typed records keep their types in Parquet only.",
            "Name it FILE.parquet.",
        )
    with typed_rows(data, card, read) as rows:
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
        found = rows.findings(), rows.counts(), rows.examples()
        return Filled(count.rows, rows.rejected(), *found, kept)


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
