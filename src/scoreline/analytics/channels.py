"""What each channel brings: leads, how many are qualified or garbage, sales, and what they cost.

A channel that is ahead by one measure and behind by another is pointed out: cheap leads that
become dear customers are the mistake this is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from scoreline.analytics.costs import match_costs
from scoreline.analytics.measures import Channel
from scoreline.analytics.naming import one_spelling
from scoreline.analytics.reversals import Reversal, find_reversals, sentence
from scoreline.errors import Finding, UsageError, did_you_mean
from scoreline.pages.figures import Rate
from scoreline.quality.text import folded

FEW_LEADS = 30
FEW_SALES = 5
"""Fewer than this, and a caution says that the rates may be chance."""


@dataclass(frozen=True)
class Channels:
    """All channels, the most leads first, their total, and what a reader must know.

    lost_known: False if nothing says who is lost; conversion is then of all leads, and rises
    as open leads are won.
    """

    channels: tuple[Channel, ...]
    total: Channel
    reversals: tuple[Reversal, ...]
    findings: tuple[Finding, ...]
    qualified_segment: str
    garbage_segment: str | None
    lost_known: bool


def denominator(figures: Channels) -> str:
    """In words, which leads conversion is counted of."""
    still = figures.total.open
    if figures.lost_known:
        left = f"{still:,} open ones are left out" if still != 1 else "1 open one is left out"
        return f"Conversion is sales of the leads won or lost so far; {left}."
    return (
        "Conversion is sales of all leads so far: nothing says who is lost, so leads that are "
        "still open count as not sold. Channels with young leads can still rise."
    )


def to_json(figures: Channels) -> dict[str, object]:
    """The figures as JSON values; rates with value, low, high, hits and of."""
    return {
        "qualified_segment": figures.qualified_segment,
        "garbage_segment": figures.garbage_segment,
        "conversion_of": "decided" if figures.lost_known else "all",
        "channels": [_channel_json(channel) for channel in figures.channels],
        "total": _channel_json(figures.total),
        "reversals": [
            {
                "first": reversal.first,
                "second": reversal.second,
                "ahead": {"measure": reversal.ahead, "values": list(reversal.ahead_values)},
                "behind": {"measure": reversal.behind, "values": list(reversal.behind_values)},
                "sure": reversal.sure,
                "message": sentence(reversal),
            }
            for reversal in figures.reversals
        ],
        "findings": [
            {"code": f.code, "level": f.level, "message": f.message, "hint": f.hint}
            for f in figures.findings
        ],
    }


def _channel_json(channel: Channel) -> dict[str, object]:
    return {
        "channel": channel.name,
        "leads": channel.leads,
        "qualified": channel.qualified,
        "garbage": channel.garbage,
        "sales": channel.sales,
        "qualified_sales": channel.qualified_sales,
        "open": channel.open,
        "cost": channel.cost,
        "qualified_share": _rate_json(channel.qualified_share),
        "garbage_share": _rate_json(channel.garbage_share),
        "conversion": _rate_json(channel.conversion),
        "qualified_conversion": _rate_json(channel.qualified_conversion),
        "cost_per_lead": channel.cost_per_lead,
        "cost_per_qualified": channel.cost_per_qualified,
        "cost_per_sale": channel.cost_per_sale,
    }


def _rate_json(rate: Rate) -> dict[str, float | int] | None:
    """None where there is nothing to take a share of."""
    if not rate.of:
        return None
    return {
        "value": rate.value,
        "low": rate.low,
        "high": rate.high,
        "hits": rate.hits,
        "of": rate.of,
    }


def count_channels(
    frame: pl.DataFrame,
    segments: Sequence[str],
    *,
    lost_known: bool,
    qualified: str | None = None,
    costs: Mapping[str, float] | None = None,
    findings: Sequence[Finding] = (),
) -> Channels:
    """The channels of scored leads.

    frame: columns channel (as in the file), segment, outcome (OUTCOMES); segments: of the card,
    best first; qualified: the segment that counts as qualified, the first unless said; the last
    one is garbage if there are two or more; costs: by channel, as `read_costs` gives them;
    findings: made on the way, passed on.
    """
    if not segments:
        raise UsageError(
            "The card has no segments, so no lead is qualified.", "Add `segments` to the card."
        )
    if qualified is not None and qualified not in segments:
        raise UsageError(
            f"The card has no segment `{qualified}`.", did_you_mean(qualified, segments)
        )
    best = qualified or segments[0]
    worst = segments[-1] if segments[-1] != best else None
    spellings = one_spelling(frame["channel"])
    rows = _count(_marked(frame, spellings, best, worst, lost_known))
    costs, cost_findings = match_costs(costs or {}, [str(row["channel"]) for row in rows])
    channels = tuple(_channel(row, costs.get(folded(str(row["channel"])))) for row in rows)
    return Channels(
        channels=channels,
        total=_total(channels),
        reversals=find_reversals(channels),
        findings=(*findings, *cost_findings, *_cautions(channels)),
        qualified_segment=best,
        garbage_segment=worst,
        lost_known=lost_known,
    )


def _marked(
    frame: pl.DataFrame, spellings: Mapping[str, str], best: str, worst: str | None, lost: bool
) -> pl.DataFrame:
    outcome, segment = pl.col("outcome").cast(pl.String), pl.col("segment").cast(pl.String)
    names = pl.col("channel").cast(pl.String).fill_null("")
    return frame.select(
        channel=names.replace_strict(spellings, return_dtype=pl.String) if spellings else names,
        qualified=(segment == best).fill_null(False),
        garbage=(segment == worst).fill_null(False) if worst is not None else pl.lit(False),
        won=(outcome == "won").fill_null(False),
        open=(outcome == "open").fill_null(True),
        decided=(outcome != "open").fill_null(False) if lost else pl.lit(True),
    )


def _count(marked: pl.DataFrame) -> list[dict[str, object]]:
    qualified = pl.col("qualified")
    return (
        marked.group_by("channel")
        .agg(
            leads=pl.len(),
            qualified=qualified.sum(),
            garbage=pl.col("garbage").sum(),
            sales=pl.col("won").sum(),
            qualified_sales=(pl.col("won") & qualified).sum(),
            decided=pl.col("decided").sum(),
            qualified_decided=(pl.col("decided") & qualified).sum(),
            open=pl.col("open").sum(),
        )
        .sort(pl.col("channel") == "", -pl.col("leads").cast(pl.Int64), "channel")
        .to_dicts()
    )


def _channel(row: Mapping[str, object], cost: float | None) -> Channel:
    counts = {name: int(str(value)) for name, value in row.items() if name != "channel"}
    return Channel(str(row["channel"]), **counts, cost=cost)


def _total(channels: Sequence[Channel]) -> Channel:
    """All channels together; the cost only if every channel has one (the blank one needs none)."""
    costs = [channel.cost for channel in channels if channel.name or channel.cost is not None]
    known = [cost for cost in costs if cost is not None]
    return Channel(
        name="",
        leads=sum(c.leads for c in channels),
        qualified=sum(c.qualified for c in channels),
        garbage=sum(c.garbage for c in channels),
        sales=sum(c.sales for c in channels),
        qualified_sales=sum(c.qualified_sales for c in channels),
        decided=sum(c.decided for c in channels),
        qualified_decided=sum(c.qualified_decided for c in channels),
        open=sum(c.open for c in channels),
        cost=sum(known) if costs and len(known) == len(costs) else None,
    )


def _cautions(channels: Sequence[Channel]) -> list[Finding]:
    """One finding that names the channels with few leads or sales; none if there are none."""
    few = []
    for channel in channels:
        leads, sales = channel.leads < FEW_LEADS, channel.sales < FEW_SALES
        if leads or sales:
            count, unit = (channel.leads, "lead") if leads else (channel.sales, "sale")
            few.append(f"{channel.name or '(no channel)'} ({count} {unit}{'s' * (count != 1)})")
    if not few:
        return []
    message = f"Few to judge by, so that rates may be chance: {', '.join(few)}."
    return [Finding("few-leads", "info", message, "Look at the ranges.")]
