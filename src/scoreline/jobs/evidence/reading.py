"""Scored records as criteria that each of them meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.analytics.outcomes import outcome_column, read_outcomes, refuse_unmatched
from scoreline.engines.local.engine import tally_column
from scoreline.errors import DataError, Finding, counted, did_you_mean
from scoreline.jobs.dated import moment_field
from scoreline.jobs.evidence.asked import EvidenceAsked
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.score import scored_frame
from scoreline.quality.boundary import Boundary
from scoreline.quality.headers import header_of
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scoring.rows import TypedRows, input_column, typed_rows
from scoreline.scoring.sources import Source

Floats = npt.NDArray[np.float64]
TIME = "__time__"


@dataclass(frozen=True)
class Criterion:
    """What gives points: a bin of a term, or (bin None) an event of a kind that is counted."""

    term: int
    bin: int | None
    points: float


@dataclass(frozen=True)
class Weighable:
    """Records and the criteria that each meets.

    met: records x criteria: 1 where a bin holds; of what is counted how many events' points there
    are. known: whether the outcome of each record is; events: 1 for an event; times: in
    microseconds, None where no column says it.
    """

    criteria: tuple[Criterion, ...]
    met: Floats
    known: npt.NDArray[np.bool_]
    events: Floats
    times: npt.NDArray[np.int64] | None
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str | None], int]


def read_weighable(
    data: Source, card: Scorecard, asked: EvidenceAsked, as_of: dt.datetime
) -> Weighable:
    """The records of a file as a card sees them.

    Raises DataError for a column that is not there.
    """
    with typed_rows(data, card, asked.read, keep=True, events=asked.events) as rows:
        headers = rows.table.columns
        named = [outcome_column(asked.target, headers, "--target")]
        if asked.lost is not None:
            named.append(outcome_column(asked.lost, headers, "--lost"))
        scored = scored_frame(rows, card, ScoreOptions(as_of=as_of, reasons=1), masks=True)
        layout = Layout(card)
        words = [f"mask_{word}" for word in range(layout.words)]
        tallies = [tally_column(number) for number in range(len(card.tallies))]
        inputs = [input_column(name) for name in dict.fromkeys(named)]
        frame = scored.select("__row__", *words, *tallies, *inputs).collect(engine="streaming")
        times, undated = _times(rows, asked, frame["__row__"])
        raw = frame.select(pl.col(input_column(name)).alias(name) for name in dict.fromkeys(named))
        raw = raw.cast(pl.String)
        outcomes = read_outcomes(raw, asked.target, asked.lost)
        refuse_unmatched(outcomes)
        told = raw[named[0]].fill_null("").str.strip_chars() != ""
        known = told if asked.lost is None else outcomes.rows != "open"
        criteria = _criteria(card)
        return Weighable(
            criteria,
            _met(frame, layout, criteria),
            known.to_numpy(),
            (outcomes.rows == "won").cast(pl.Float64).to_numpy(),
            times,
            (*rows.examples(), *outcomes.findings, *undated),
            rows.counts(),
        )


def _criteria(card: Scorecard) -> tuple[Criterion, ...]:
    """All that gives points in a card, or could."""
    found = [
        Criterion(place, number, one.points / SCALE)
        for place, term in enumerate(card.terms)
        for number, one in enumerate(term.bins)
    ]
    counted = [Criterion(place, None, tally.points / SCALE) for place, tally in card.tallies]
    return tuple(sorted((*found, *counted), key=lambda one: (one.term, one.bin or 0)))


def _met(frame: pl.DataFrame, layout: Layout, criteria: tuple[Criterion, ...]) -> Floats:
    words = [frame[f"mask_{word}"].to_numpy() for word in range(layout.words)]
    number = {place: n for n, (place, _) in enumerate(layout.card.tallies)}
    columns = []
    for one in criteria:
        if one.bin is None:
            points = frame[tally_column(number[one.term])].fill_null(0).to_numpy() / SCALE
            columns.append(points / one.points if one.points else np.zeros(len(points)))
        else:
            word, bit = divmod(layout.place[one.term, one.bin], WORD_BITS)
            columns.append(((words[word] >> bit) & 1).astype(np.float64))
    return np.column_stack(columns) if columns else np.zeros((frame.height, 0))


def _times(
    rows: TypedRows, asked: EvidenceAsked, numbers: pl.Series
) -> tuple[npt.NDArray[np.int64] | None, list[Finding]]:
    """The moment of each scored row, and what is to be said of those without one: they come first
    of all.
    """
    if asked.time is None:
        return None, []
    header = header_of([asked.time], rows.table.columns)
    if header is None:
        raise DataError(
            f"`--time` names the column `{asked.time}`, which is not in the data.",
            did_you_mean(asked.time, rows.table.columns),
        )
    field = moment_field(TIME, header, rows.table, asked.order)
    dtypes = dict(rows.table.frame.collect_schema())
    boundary = Boundary([field], None, rows.table.columns, (), dtypes)
    typed = boundary.lazy(rows.table.frame).select("__row__", TIME).collect()
    moments = pl.DataFrame({"__row__": numbers}).join(
        typed, on="__row__", how="left", maintain_order="left"
    )[TIME]
    if moments.is_null().all():
        raise DataError(
            f"`--time {asked.time}` names a column that holds no moments.",
            "Name the column that says when a record was scored, or say the --order of dates.",
        )
    stamps = moments.cast(pl.Datetime("us", "UTC")).cast(pl.Int64)
    missing = stamps.null_count()
    told = [_undated(asked.time, missing)] if missing else []
    return stamps.fill_null(np.iinfo(np.int64).min).to_numpy(), told


def _undated(column: str, count: int) -> Finding:
    return Finding(
        "no-moment",
        "warning",
        f"no moment that can be read in {counted(count, 'record')}, which count as the earliest",
        "Say --order dmy (or mdy, ymd) if days and months could be either.",
        field=column,
        count=count,
    )
