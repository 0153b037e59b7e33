"""What each channel brings: leads, qualified ones, sales and what they cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.analytics.channels import Channels, count_channels
from scoreline.analytics.costs import read_costs
from scoreline.errors import DataError, Finding, did_you_mean
from scoreline.jobs.outcomes import OutcomeChoice, outcomes_of
from scoreline.jobs.rows import Source, input_column, typed_rows
from scoreline.jobs.score import ScoreOptions, scored_frame
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import ReadOptions, open_table
from scoreline.scorecard.model import Scorecard


@dataclass(frozen=True)
class ChannelsAsked:
    """What the user asked: the channel's column, outcomes, costs, the qualified segment."""

    channel: str
    outcomes: OutcomeChoice
    cost: str | Path | None = None
    qualified: str | None = None


def channels_of(
    data: Source,
    card: Scorecard,
    asked: ChannelsAsked,
    as_of: dt.datetime,
    read: ReadOptions | None = None,
) -> Channels:
    """The figures of every channel of a file, scored by a card.

    Raises DataError for a channel column that is not there or costs that can't be read.
    """
    costs, found = _costs(asked.cost)
    with typed_rows(data, card, read, keep=True) as rows:
        column = header_of([asked.channel], rows.table.columns)
        if column is None:
            hint = did_you_mean(asked.channel, rows.table.columns)
            raise DataError(f"There is no column `{asked.channel}`.", hint)
        inputs = {input_column(c) for c in (column, *asked.outcomes.columns(rows.table.columns))}
        options = ScoreOptions(as_of=as_of, reasons=1)
        scored = scored_frame(rows, card, options).select("__key__", "segment", *sorted(inputs))
        frame = scored.collect(engine="streaming")
        outcomes = outcomes_of(frame, card, asked.outcomes, rows.table.columns)
        rejected = rows.rejected()
    findings = [*found, *outcomes.findings]
    if rejected:
        message = f"{rejected:,} rows were rejected and count nowhere."
        findings.append(Finding("rejected-rows", "warning", message))
    leads = frame.select(
        channel=pl.col(input_column(column)).cast(pl.String), segment=pl.col("segment")
    ).with_columns(outcomes.rows.alias("outcome"))
    return count_channels(
        leads,
        [segment.name for segment in card.segments],
        lost_known=outcomes.lost_known,
        qualified=asked.qualified,
        costs=costs,
        findings=findings,
    )


def _costs(cost: str | Path | None) -> tuple[dict[str, float] | None, tuple[Finding, ...]]:
    if cost is None:
        return None, ()
    with open_table(cost) as table:
        return read_costs(table.frame.select(table.columns).collect())
