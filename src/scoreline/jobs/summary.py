"""What came of scoring a file: counted while the rows stream by, told when they are through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import polars as pl

from scoreline.errors import Finding
from scoreline.jobs.options import Progress, ScoreOptions
from scoreline.pages.figures import Segment, Worth
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.table import RejectedRow
from scoreline.quality.writing.files import sink
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import TypedRows


@dataclass(frozen=True)
class ScoreSummary:
    """What came of scoring a file: rows = scored + rejected, counts of segments and findings."""

    card: Scorecard
    as_of: dt.datetime
    rows: int
    scored: int
    rejected: int
    segments: dict[str, int]
    findings: dict[str, int]
    counts: dict[tuple[str, str | None], int]
    examples: tuple[Finding, ...]
    rejected_rows: tuple[RejectedRow, ...]
    worth: Worth | None = None
    rates: tuple[Segment, ...] = ()

    def json(self) -> dict[str, object]:
        """The object that `score --format json` prints."""
        return {
            "rows": self.rows,
            "scored": self.scored,
            "rejected": self.rejected,
            "fingerprint": self.card.fingerprint,
            "as_of": moment_text(self.as_of),
            "facts_version": FACTS_VERSION,
            "segments": self.segments,
            "findings": self.findings,
        }


class RowCount:
    """Counts rows, segments and keys while they stream by; Polars calls it from its threads."""

    def __init__(self, card: Scorecard, progress: Progress | None = None) -> None:
        self._lock = Lock()
        self._progress = progress
        self._keyed = card.key is not None
        self._hashes: list[pl.Series] = []
        self.scored = 0
        self.segments = {segment.name: 0 for segment in card.segments}
        self._unknown = {segment.name for segment in card.segments if segment.unknown}

    def batch(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame as it came, counted."""
        counts = frame["segment"].value_counts() if self.segments else None
        with self._lock:
            self.scored += frame.height
            for name, count in counts.iter_rows() if counts is not None else ():
                if name is not None:
                    self.segments[str(name)] += count
            if self._keyed:
                # 8 bytes a row tell whether any key stands twice; only then keys are compared.
                self._hashes.append(frame["__key__"].hash())
            if self._progress:
                self._progress(frame.height)
        return frame

    def listed(self) -> dict[str, int]:
        """Records by segment; those with a `?`, of a grid, only where there are any."""
        counts = self.segments.items()
        return {name: count for name, count in counts if count or name not in self._unknown}

    def repeats(self) -> bool:
        """Whether some key may stand twice: certain when no, near certain when yes."""
        hashes = pl.concat(self._hashes) if self._hashes else pl.Series(dtype=pl.UInt64)
        return hashes.n_unique() < len(hashes)

    def tap(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the count put into its plan."""
        return tapped(frame, self.batch)


def tapped(frame: pl.LazyFrame, batch: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.LazyFrame:
    """The frame with a look at every row put into its plan: nothing is pushed past it.

    batch: gives the rows as they came; Polars calls it from its threads.
    """
    return frame.map_batches(
        batch,
        schema=frame.collect_schema(),
        streamable=True,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    )


def summary(
    rows: TypedRows, card: Scorecard, options: ScoreOptions, count: RowCount
) -> ScoreSummary:
    """The summary of rows that were run."""
    rejected, findings, examples = rows.rejected_rows(), rows.findings(), rows.examples()
    counts = rows.counts()
    # Keys are read again for this, so everything that the run found was taken before.
    times, repeated = repeated_keys(rows) if count.repeats() else (0, ())
    if times:
        findings["repeated-key"] = counts["repeated-key", None] = times
    return ScoreSummary(
        card=card,
        as_of=options.as_of,
        rows=count.scored + len(rejected),
        scored=count.scored,
        rejected=len(rejected),
        segments=count.listed(),
        findings=findings,
        counts=counts,
        examples=(*repeated, *examples),
        rejected_rows=tuple(rejected),
    )


def repeated_keys(rows: TypedRows) -> tuple[int, tuple[Finding, ...]]:
    """How many keys stand in several rows, and the first as findings; the rows are read again."""
    keys = rows.frame.group_by("__key__").agg(pl.len().alias("rows"), pl.col("__row__").min())
    twice = keys.filter(pl.col("rows") > 1).sort("__row__").collect(engine="streaming")
    return twice.height, tuple(
        Finding(
            "repeated-key",
            "warning",
            f"{count} rows have the same key; each was scored by itself.",
            "Remove duplicates, or name another key in the card.",
            record=key,
            raw=key,
        )
        for key, count in twice.head(EXAMPLES).select("__key__", "rows").iter_rows()
    )


def write_findings(summaries: Sequence[ScoreSummary], path: str) -> None:
    """Writes the examples of all findings: code, level, record, field, raw value, what to do."""
    columns = ("code", "level", "record", "field", "raw", "message", "hint")
    rows = {
        tuple(getattr(finding, column) for column in columns): None
        for found in summaries
        for finding in found.examples
    }
    frame = pl.LazyFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")
    sink(frame, path)
