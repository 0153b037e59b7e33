"""Score a file: every row gets its score, segment, interval, question and reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Literal

import polars as pl

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, UsageError
from scoreline.jobs.moments import moment_text
from scoreline.jobs.rows import Source, TypedRows, input_column, read_again, typed_rows
from scoreline.pages.figures import Segment, Worth
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.reading.files import ReadOptions, RejectedRow
from scoreline.quality.writing.files import sink, write_rejected
from scoreline.scorecard.model import Scorecard

RESULTS = ("score", "segment", "low", "high", "certain", "ask", "reasons", "fingerprint", "as_of")
ROW_NUMBER = "row"
"""Header of the key when the card names none: the 1-based number of the data row."""

Progress = Callable[[int], None]
"""Told how many more rows were scored."""


@dataclass(frozen=True)
class ScoreOptions:
    """How a file is scored and written.

    as_of: the moment of scoring; reasons: lines of reasons, 0 for all; with_data: input columns
    first; formulas: what happens to cells that a spreadsheet would run.
    """

    as_of: dt.datetime
    reasons: int = 3
    with_data: bool = False
    formulas: Literal["neutralise", "keep"] = "neutralise"
    engine: str = "local"
    read: ReadOptions = field(default_factory=ReadOptions)
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.engine != "local":
            raise UsageError(
                f"There is no engine `{self.engine}`.",
                "Engines: local. PostgreSQL and Spark come with a later version.",
            )
        if self.reasons < 0:
            raise UsageError("The number of reasons is below zero.", "0 means all of them.")


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


class Counter:
    """Counts rows, segments and keys while they stream by; Polars calls it from its threads."""

    def __init__(self, card: Scorecard, progress: Progress | None = None) -> None:
        self._lock = Lock()
        self._progress = progress
        self._keyed = card.key is not None
        self._hashes: list[pl.Series] = []
        self.scored = 0
        self.segments = {segment.name: 0 for segment in card.segments}

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

    def repeats(self) -> bool:
        """Whether some key may stand twice: certain when no, near certain when yes."""
        hashes = pl.concat(self._hashes) if self._hashes else pl.Series(dtype=pl.UInt64)
        return hashes.n_unique() < len(hashes)

    def tap(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the count put into its plan."""
        return frame.map_batches(
            self.batch,
            schema=frame.collect_schema(),
            streamable=True,
            predicate_pushdown=False,
            projection_pushdown=False,
            slice_pushdown=False,
        )


def score_file(
    data: Source, cards: Sequence[Scorecard], out: str | Path | None, options: ScoreOptions
) -> list[ScoreSummary]:
    """Scores a file with each card and writes the table; one summary a card.

    out: file by extension, `-` for csv on stdout, None to count only. With several cards their
    columns stand side by side as `card.score`, `card.segment`, ...
    Rejected rows go to `OUT.rejected.csv`.
    """
    if len(cards) > 1:
        with read_again(data) as kept:
            return _score_side_by_side(kept, cards, out, options)
    card = cards[0]
    with typed_rows(data, card, options.read, keep=options.with_data) as rows:
        counter = Counter(card, options.progress)
        scored = counter.tap(scored_frame(rows, card, options))
        table = scored.select(result_columns(rows, card, options))
        if out is None:
            table.select(pl.len()).collect(engine="streaming")
        else:
            plain = rows.table.plain - {*RESULTS} if options.with_data else ()
            sink(table, out, formulas=options.formulas, plain=plain)
            write_rejected_beside(rows, out)
        return [summary(rows, card, options, counter)]


def summary(
    rows: TypedRows, card: Scorecard, options: ScoreOptions, counter: Counter
) -> ScoreSummary:
    """The summary of rows that were run."""
    rejected, findings, examples = rows.rejected_rows(), rows.findings(), rows.examples()
    log = rows.boundary.findings.counts()
    counts: dict[tuple[str, str | None], int] = {(c, f): n for (c, f), n in log.items()}
    # Keys are read again for this, so everything that the run found was taken before.
    times, repeated = repeated_keys(rows) if counter.repeats() else (0, ())
    if times:
        findings["repeated-key"] = counts["repeated-key", None] = times
    return ScoreSummary(
        card=card,
        as_of=options.as_of,
        rows=counter.scored + len(rejected),
        scored=counter.scored,
        rejected=len(rejected),
        segments=counter.segments,
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


def scored_frame(
    rows: TypedRows, card: Scorecard, options: ScoreOptions, *, masks: bool = False
) -> pl.LazyFrame:
    """Input columns (if kept), `__row__`, `__key__` and the results of the local engine."""
    engine = LocalEngine(card, options.as_of, options.reasons)
    return engine.lazy(rows.frame, masks=masks)


def unused(name: str, taken: set[str]) -> str:
    """The name with `input_` before it, as often as it takes to be new."""
    while name in taken:
        name = f"input_{name}"
    taken.add(name)
    return name


def key_name(card: Scorecard, taken: Collection[str]) -> str:
    """The header of the key: its own name, or `input_` before it beside a result of that name."""
    return unused(card.key or ROW_NUMBER, set(taken))


def result_columns(rows: TypedRows, card: Scorecard, options: ScoreOptions) -> list[pl.Expr]:
    """The columns of the table that `--out` writes, in their order."""
    columns: list[pl.Expr] = []
    results = {*RESULTS, *(() if card.key else (ROW_NUMBER,))}
    if options.with_data:
        taken = results | set(rows.table.columns)
        for name in rows.table.columns:
            to = unused(name, taken) if name in results else name
            columns.append(exactly(input_column(name)).alias(to))
    if not card.key:
        columns.append(pl.col("__row__").alias(ROW_NUMBER))
    elif not options.with_data:
        columns.append(pl.col("__key__").alias(key_name(card, results)))
    columns += [pl.col(name) for name in RESULTS[:-2]]
    columns.append(pl.lit(card.fingerprint).alias("fingerprint"))
    columns.append(pl.lit(moment_text(options.as_of)).alias("as_of"))
    return columns


def write_rejected_beside(rows: TypedRows, out: str | Path) -> None:
    """Writes the rejected rows to `OUT.rejected.csv`; without any, none is left there."""
    if str(out) == "-":
        return
    path = Path(f"{out}.rejected.csv")
    if rejected := rows.rejected_rows():
        write_rejected(rejected, path)
    else:
        path.unlink(missing_ok=True)  # of an earlier run


def _score_side_by_side(
    data: Source, cards: Sequence[Scorecard], out: str | Path | None, options: ScoreOptions
) -> list[ScoreSummary]:
    names = [card.name for card in cards]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two cards are called `{name}`.", "Give one another name.")
    if len({card.key for card in cards}) > 1:
        raise UsageError("The cards name different keys.", "Score with each of them by itself.")
    joined: pl.DataFrame | None = None
    summaries = []
    for card in cards:
        first = joined is None
        one = ScoreOptions(**{**options.__dict__, "with_data": options.with_data and first})
        with typed_rows(data, card, options.read, keep=one.with_data) as rows:
            counter = Counter(card, options.progress)
            results = [pl.col(name).alias(f"{card.name}.{name}") for name in RESULTS[:-2]]
            inputs = result_columns(rows, card, one)[: -len(RESULTS)] if first else []
            fingerprint = pl.lit(card.fingerprint).alias(f"{card.name}.fingerprint")
            table = counter.tap(scored_frame(rows, card, one))
            part = table.select("__row__", *inputs, *results, fingerprint).collect(
                engine="streaming"
            )
            joined = (
                part
                if joined is None
                else joined.join(part, on="__row__", how="full", coalesce=True)
            )
            if out is not None and first:
                write_rejected_beside(rows, out)
            summaries.append(summary(rows, card, options, counter))
    if out is not None and joined is not None:
        as_of = pl.lit(moment_text(options.as_of)).alias("as_of")
        table = joined.lazy().sort("__row__").drop("__row__").with_columns(as_of)
        sink(table, out, formulas=options.formulas)
    return summaries


def refuse_events(events: str | None) -> None:
    """Refuse events other than `none`, which no card of this version reads."""
    if events not in (None, "none"):
        raise UsageError("Event terms come with a later version.", "Leave --events out.")


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
