"""What each channel brings: leads, qualified ones, sales and what they cost; and its page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from scoreline.analytics.channels import Channels, count_channels, denominator
from scoreline.analytics.costs import read_costs
from scoreline.analytics.measures import Channel
from scoreline.analytics.reversals import clearest
from scoreline.errors import DataError, Finding, did_you_mean
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outcomes import OutcomeChoice, outcomes_of
from scoreline.jobs.report import source_name
from scoreline.jobs.score import scored_frame
from scoreline.pages import figures as f
from scoreline.pages.channels import render_channels
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import ReadOptions, open_table
from scoreline.quality.writing.files import write_text
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import Events
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import input_column, typed_rows
from scoreline.scoring.sources import Source


@dataclass(frozen=True)
class ChannelsAsked:
    """What the user asked: the channel's column, outcomes, costs, the qualified segment, a page.

    card: the card's file as the page names it.
    """

    channel: str
    outcomes: OutcomeChoice
    cost: str | Path | None = None
    qualified: str | None = None
    page: Path | None = None
    card: str = ""
    events: Events = None


def channels_of(
    data: Source,
    card: Scorecard,
    asked: ChannelsAsked,
    as_of: dt.datetime,
    read: ReadOptions | None = None,
) -> Channels:
    """The figures of every channel of a file, scored by a card; writes the page if one was asked.

    Raises DataError for a channel column that is not there or costs that can't be read.
    """
    costs, found = _costs(asked.cost)
    with typed_rows(data, card, read, keep=True, events=asked.events) as rows:
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
    found_channels = count_channels(
        leads,
        [segment.name for segment in card.segments if not segment.unknown],
        lost_known=outcomes.lost_known,
        qualified=asked.qualified,
        costs=costs,
        findings=findings,
    )
    if asked.page is not None:
        shown = _figures(found_channels, card, outcomes.won_means, as_of)
        page = replace(shown, card=asked.card or card.name, file=source_name(data))
        write_text(render_channels(page), asked.page)
    return found_channels


def _figures(found: Channels, card: Scorecard, won: str, as_of: dt.datetime) -> f.ChannelsFigures:
    """The figures of the page, but for the names of the files."""
    turns, more = clearest(found.reversals)
    return f.ChannelsFigures(
        title=card.title or card.name,
        card="",
        file="",
        fingerprint=card.fingerprint,
        as_of=moment_text(as_of),
        channels=tuple(map(_line, found.channels)),
        total=_line(found.total),
        qualified=found.qualified_segment,
        garbage=found.garbage_segment,
        counted=denominator(found),
        won_means=won,
        turns=tuple(turns),
        more_turns=more,
        findings=tuple(
            f.FindingLine(one.level, one.code, one.message, 1, one.hint) for one in found.findings
        ),
        made_with=(("Lists and libraries behind facts", FACTS_VERSION),),
    )


def _line(channel: Channel) -> f.ChannelLine:
    return f.ChannelLine(
        name=channel.name,
        leads=channel.leads,
        qualified=channel.qualified_share,
        garbage=channel.garbage,
        sales=channel.sales,
        sales_rate=channel.conversion,
        qualified_sales_rate=channel.qualified_conversion,
        open=channel.open,
        cost=channel.cost,
        cost_per_lead=channel.cost_per_lead,
        cost_per_qualified=channel.cost_per_qualified,
        cost_per_sale=channel.cost_per_sale,
    )


def _costs(cost: str | Path | None) -> tuple[dict[str, float] | None, tuple[Finding, ...]]:
    if cost is None:
        return None, ()
    with open_table(cost) as table:
        return read_costs(table.frame.select(table.columns).collect())
