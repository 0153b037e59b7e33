"""`channels`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, rate_text, say, table

if TYPE_CHECKING:
    from scoreline.analytics.channels import Channels
    from scoreline.analytics.measures import Channel


def channels(
    data: a.Data,
    card: a.CardFile,
    channel: Annotated[
        str,
        typer.Option(
            "--channel", metavar="COL", help="Column that names the channel.", show_default=False
        ),
    ],
    won: a.Won = None,
    lost: a.Lost = None,
    outcomes: a.Outcomes = None,
    cost: Annotated[
        str | None,
        typer.Option("--cost", metavar="FILE", help="What each channel cost: channel, cost."),
    ] = None,
    qualified: Annotated[
        str | None,
        typer.Option(
            "--qualified",
            metavar="SEGMENT",
            help="The segment that counts as qualified; the first one unless said.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help="Write a page that compares them."),
    ] = None,
    events: a.Events = None,
    as_of: a.AsOfText = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Compare channels: leads, qualified leads, sales, conversion and what each of them costs."""
    from scoreline.analytics.channels import denominator, to_json
    from scoreline.analytics.reversals import clearest
    from scoreline.errors import UsageError
    from scoreline.jobs.card import load
    from scoreline.jobs.channels import ChannelsAsked, channels_of
    from scoreline.jobs.outcomes import outcome_choice
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.moments import moment

    choice = outcome_choice(won, lost, outcomes)
    if choice is None:
        raise UsageError("Without --won there are no sales.", "Say what a win is: --won COL=VALUE.")
    Outputs(page=report).check((data, card, outcomes, cost))
    asked = ChannelsAsked(channel, choice, cost, qualified, report, card.name, events)
    read = ReadOptions(encoding, separator, sheet)
    found = channels_of(data, load(card).model, asked, moment(as_of), read)
    if output is Format.json:
        print_json(to_json(found))
        return
    show(found)
    console = out()
    say(console, denominator(found))
    told, more = clearest(found.reversals)
    for sentence in told:
        say(console, sentence, style="bold")
    if more:
        say(console, f"{more:,} more such pairs; --format json gives all.")
    for finding in found.findings:
        say(console, f"{finding.level}: {finding.message} {finding.hint}".rstrip())
    if report:
        say(console, f"Written: {report}")


channels.example = (  # type: ignore[attr-defined]
    "Example: scoreline channels leads.csv --card lead.yaml --channel source --won stage=Won"
)


def show(found: Channels) -> None:
    """The table of channels, and that of costs where they are known."""
    console = out()
    named = [(channel.name or "(no channel)", channel) for channel in found.channels]
    rows = [*named, ("all", found.total)]
    counts = (
        "channel",
        "leads",
        found.qualified_segment,
        "garbage",
        "sales",
        "all leads convert",
        "qualified convert",
    )
    console.print(table(counts, [_counts(*row) for row in rows], "|".join(counts[1:])))
    if any(row.cost is not None for _, row in rows):
        costs = ("channel", "cost", "a lead", "a qualified lead", "a sale")
        console.print()
        console.print(table(costs, [_costs(*row) for row in rows], "|".join(costs[1:])))


def _counts(name: str, row: Channel) -> tuple[str, ...]:
    return (
        name,
        f"{row.leads:,}",
        f"{row.qualified:,}",
        f"{row.garbage:,}",
        f"{row.sales:,}",
        rate_text(row.conversion),
        rate_text(row.qualified_conversion),
    )


def _costs(name: str, row: Channel) -> tuple[str, ...]:
    from scoreline.pages.numbers import money

    found = (row.cost, row.cost_per_lead, row.cost_per_qualified, row.cost_per_sale)
    return (name, *("-" if value is None else money(value) for value in found))
