"""`evidence`: what the points of a hand-made card are worth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, found_by_code, out, print_json, say, show_findings, table
from scoreline.cli.progress import rows_progress
from scoreline.errors import counted

if TYPE_CHECKING:
    from scoreline.jobs.evidence.asked import CriterionSaid, Evidence, Threshold


MOST_MONEY = 1e12
"""Larger margins and costs are slips."""


class OfferChoice(StrEnum):
    """What may be done with a card."""

    keep = "keep"
    threshold = "threshold"
    few = "few"
    refit = "refit"


def evidence(
    data: a.Data,
    card: a.CardFile,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="COL=VALUE",
            help="What the score is to foresee: a column and its value or values, stage=Won.",
            show_default=False,
        ),
    ],
    lost: Annotated[
        str | None,
        typer.Option(
            "--lost",
            metavar="COL=VALUE",
            help="What counts as not; unless said, all but the target that is filled in.",
        ),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(
            "--time",
            metavar="COL",
            help="When a record was scored: changes are tried on the latest ones.",
        ),
    ] = None,
    order: Annotated[
        a.Order | None,
        typer.Option("--order", help="Order of day, month and year in --time that doesn't say it."),
    ] = None,
    capacity: Annotated[
        str | None,
        typer.Option(
            "--capacity", metavar="N", help="So many of these records can be reached, 200 or 10%."
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option("--margin", metavar="M", help="What one event brings, in money.", min=0),
    ] = None,
    cost: Annotated[
        float | None,
        typer.Option("--cost", metavar="C", help="What it costs to reach one record.", min=0),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--out", metavar="CARD", help="Write the card that is advised."),
    ] = None,
    offer: Annotated[
        OfferChoice | None,
        typer.Option("--offer", help="Write the card of this offer instead of the advised one."),
    ] = None,
    probability: Annotated[
        bool,
        typer.Option(
            "--probability",
            help="Write into --out what a score means as a probability, by these records; "
            "`--offer keep` leaves all else as it is.",
        ),
    ] = False,
    events: a.Events = None,
    as_of: a.AsOfText = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Weigh a card's points against what really happened, and offer what to change."""
    from dataclasses import replace

    from scoreline.analytics.outcomes import parse_spec
    from scoreline.errors import UsageError
    from scoreline.jobs.capacity import capacity_of
    from scoreline.jobs.card import load
    from scoreline.jobs.evidence.asked import EvidenceAsked
    from scoreline.jobs.evidence.weighing import evidence_of
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.quality.writing.files import write_text
    from scoreline.scorecard.write import card_yaml
    from scoreline.scoring.moments import moment

    if cost is not None and margin is None:
        raise UsageError("`--cost` needs `--margin`.", "Say what one event brings: --margin M.")
    if margin is not None and cost is None:
        raise UsageError(
            "`--margin` needs `--cost`: where nothing is spent on a record, each is worth it.",
            "Say what it costs to reach one record: --cost C.",
        )
    if max(margin or 0.0, cost or 0.0) > MOST_MONEY:
        raise UsageError("`--margin` and `--cost` are amounts of money.", "Say --margin 300.")
    if offer is not None and file is None:
        raise UsageError("`--offer` says which card is written.", "Say where to: --out CARD.")
    if probability and file is None:
        raise UsageError("`--probability` is written into a card.", "Say where to: --out CARD.")
    to_file = Path(file) if file is not None and file != "-" else None
    Outputs(card=to_file).check((data, card))
    asked = EvidenceAsked(
        target=parse_spec(target, "--target"),
        lost=parse_spec(lost, "--lost") if lost else None,
        time=time,
        order=order,
        events=events,
        capacity=capacity_of(capacity) if capacity else None,
        margin=margin,
        cost=cost,
        probability=probability,
        read=ReadOptions(encoding, separator, sheet),
    )
    with rows_progress("Weighing") as progress:
        asked = replace(asked, progress=progress)
        found = evidence_of(data, load(card).model, asked, moment(as_of))
    chosen = next(one for one in found.offers if one.name == (offer or found.advised))
    if file is not None:
        text = card_yaml(chosen.card)
        if to_file is None:
            typer.echo(text, nl=False)
            return
        write_text(text, to_file)
    if output is Format.json:
        print_json(to_json(found))
        return
    show(found)
    if to_file is not None:
        say(out(), f"Written: {to_file} ({OFFER_WORDS[chosen.name]})")
        if chosen.cases:
            told = counted(chosen.cases, "case")
            say(out(), f"Written anew: {told} of the card, which expected what it no longer says.")


evidence.example = (  # type: ignore[attr-defined]
    "Example: scoreline evidence leads.csv --card lead.yaml --target stage=Won --capacity 500"
)
OFFER_WORDS = {
    "keep": "the card as it is",
    "threshold": "another threshold",
    "few": "three changes at most",
    "refit": "all points that differ",
}


def to_json(found: Evidence) -> dict[str, object]:
    """What `--format json` prints."""
    return {
        "fingerprint": found.card.fingerprint,
        "rows": found.rows,
        "positives": found.positives,
        "open": found.open,
        "split": found.split,
        "odds_of_a_point": found.point,
        "criteria": [_criterion(one) for one in found.criteria],
        "thresholds": [
            {
                "by": one.by,
                "from": one.least,
                "reached": one.reached,
                "events": one.events,
                "profit": one.profit,
                "over": one.over,
            }
            for one in found.thresholds
        ],
        "offers": [
            {
                "offer": one.name,
                "auc": one.auc,
                "lift20": one.lift20,
                "log_loss": one.loss,
                "reached": one.reached,
                "from": one.least,
                "cases": one.cases,
                "changed": one.changed,
                "moved": one.moved,
                "fingerprint": one.card.fingerprint,
            }
            for one in found.offers
        ],
        "advised": found.advised,
        "weak": found.weak,
        "findings": found_by_code(found.findings, found.counts),
    }


def _criterion(one: CriterionSaid) -> dict[str, object]:
    said = one.judged
    return {
        "term": one.term,
        "bin": one.bin,
        "count": said.count,
        "positives": said.events,
        "rate": said.events / said.count if said.count else None,
        "points": one.points,
        "suggested": one.suggested,
        "low": one.low,
        "high": one.high,
        "marginal_log_odds": said.marginal,
        "wrong_sign": said.wrong,
        "verdict": said.verdict,
        "needed": said.needed,
        "like": list(one.like),
    }


def show(found: Evidence) -> None:
    """Each criterion with what the data say, thresholds, and what may be done."""
    console = out()
    rate = found.positives / found.rows
    say(
        console, f"{found.rows:,} records, {found.positives:,} of them {found.target} ({rate:.1%})."
    )
    if found.open:
        say(console, f"Not known yet, and counted as nothing: {counted(found.open, 'record')}.")
    if found.weak:
        say(console, "Weak evidence: so few outcomes say little, and rank by luck.", style="bold")
    say(console, f"A point of this card multiplies the odds by {found.point:.2f}.")
    console.print()
    headings = ("term", "bin", "met by", "rate", "points", "data say", "between", "verdict")
    rows = [_row(one) for one in found.criteria if one.judged.count or one.points]
    console.print(table(headings, rows, "met by|rate|points|data say|between"))
    for one in found.criteria:
        if one.judged.needed is not None and one.points:
            say(console, f"{one.term} ({one.bin}): about {one.judged.needed:,} more cases needed.")
        if one.like and one.points:
            say(console, f"{one.term} ({one.bin}) is met by the same records as {one.like[0]}.")
    console.print()
    levels = [_level(one, found) for one in found.thresholds]
    of_levels = ("reached with", "set by", "records", "events", "rate", "profit")
    console.print(table(of_levels, levels, "records|events|rate|profit"))
    for level in found.thresholds:
        if level.over:
            told = f"{level.reached:,} records have the best score, {level.over:,} more than"
            say(console, f"{told} can be reached: a card can't tell which of them.")
    console.print()
    say(console, f"What may be done, tried {found.split}:")
    offers = [
        (
            OFFER_WORDS[one.name],
            f"{one.auc:.3f}",
            f"{one.lift20:.2f}",
            f"{one.loss:.4f}",
            one.changed,
            one.card.segments[0].rule if one.card.segments else "-",
            f"{one.reached:,}",
            f"{one.moved:,}",
        )
        for one in found.offers
    ]
    of_offers = (
        "offer", "AUC", "best fifth", "log loss", "changed", "reached with", "records", "that move",
    )  # fmt: skip
    console.print(table(of_offers, offers, "|".join(of_offers[1:])))
    say(console, f"Advised: {OFFER_WORDS[found.advised]}.", style="bold")
    say(
        console,
        "It is the mildest that no bolder one beats by more than chance in what it says of each "
        "record (log loss: the less, the better). Records reached and moved are those of the whole "
        "file.",
    )
    show_findings(console, found.findings, found.counts)


def _row(one: CriterionSaid) -> tuple[str, ...]:
    from scoreline.pages.numbers import points

    said = one.judged
    rate = f"{said.events / said.count:.1%}" if said.count else "-"
    known = said.verdict not in ("cannot be judged", "the measure")
    between = f"{one.low:+.1f} to {one.high:+.1f}" if known else ""
    suggested = points(one.suggested) if known else ""
    return (
        one.term,
        one.bin,
        f"{said.count:,}",
        rate,
        points(one.points),
        suggested,
        between,
        said.verdict,
    )


def _level(one: Threshold, found: Evidence) -> tuple[str, ...]:
    rate = f"{one.events / one.reached:.1%}" if one.reached else "-"
    profit = "-" if one.profit is None else f"{one.profit:,.0f}"
    own = one.by == "the card"
    reached = found.card.segments[0].rule if own else f"{one.least:g} or more"
    return (reached, one.by, f"{one.reached:,}", f"{one.events:,}", rate, profit)
