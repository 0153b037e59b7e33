"""`learn`: a card from what really happened."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say
from scoreline.cli.progress import rows_progress


class Method(StrEnum):
    """The ways to learn a card."""

    points = "points"
    woe = "woe"
    short = "short"
    additive = "additive"


def learn(
    data: a.Data,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="COL=VALUE",
            help="What is to be foreseen: a column and its value or values, stage=Won.",
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
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="COL", help="Column that names a record; it is not learnt."),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(
            "--time",
            metavar="COL",
            help="When a record was scored: the card is tried on the latest ones.",
        ),
    ] = None,
    events: a.Events = None,
    closed: Annotated[
        str | None,
        typer.Option(
            "--closed",
            metavar="COL",
            help="When the outcome came: records too young to have had the time are left out.",
        ),
    ] = None,
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            metavar="DAYS",
            help="Days that an outcome is waited for; unless said, those that nine in ten need.",
            min=0,
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="COL", help="Don't learn from it. May be repeated."),
    ] = None,
    insist: Annotated[
        list[str] | None,
        typer.Option(
            "--insist",
            metavar="COL",
            help="Learn from it though it seems to know the outcome. May be repeated.",
        ),
    ] = None,
    method: Annotated[
        Method,
        typer.Option(
            "--method",
            help="points: a table of whole points; woe: a risk analyst's card of weights of "
            "evidence; short: a few conditions, added up in one's "
            "head; additive: small boosted trees read as a table (needs scoreline[additive]).",
        ),
    ] = Method.points,
    conditions: Annotated[
        int | None,
        typer.Option(
            "--conditions",
            metavar="N",
            help="Of a short card, at most: 10 unless said.",
            min=1,
            max=50,
        ),
    ] = None,
    trend: Annotated[
        list[str] | None,
        typer.Option(
            "--trend",
            metavar="COL=TREND",
            help="How points run along a column of numbers: ascending, descending, peak or valley; "
            "or along levels that are named, 'school=primary<secondary'. May be repeated.",
        ),
    ] = None,
    special: Annotated[
        list[str] | None,
        typer.Option(
            "--special",
            metavar="COL=CODE",
            help="Codes in a column of numbers that are no numbers, bureau=-9,9999: they have "
            "points of their own. May be repeated.",
        ),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(
            "--pair",
            metavar="ONE,OTHER",
            help="Two columns that have a table together; unless said, those that gain on unseen "
            "records. May be repeated.",
        ),
    ] = None,
    no_pairs: Annotated[
        bool, typer.Option("--no-pairs", help="No tables of two columns, whatever they gain.")
    ] = False,
    double: Annotated[
        int | None,
        typer.Option(
            "--double",
            metavar="N",
            help="So many points double the odds; as few as lose little unless said.",
            min=1,
            max=1000,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="SCORE=ODDS", help="A score and its odds: 600=50; else the least is 0."
        ),
    ] = None,
    capacity: Annotated[
        str | None,
        typer.Option(
            "--capacity",
            metavar="N",
            help="How many you can reach, 200 or 10%: what the best so many bring.",
        ),
    ] = None,
    challenger: Annotated[
        bool,
        typer.Option(
            "--challenger",
            help="Hold boosted trees beside the card: what staying readable costs (needs "
            "scoreline[challenger]).",
        ),
    ] = False,
    file: Annotated[
        str | None,
        typer.Option("--out", metavar="CARD", help="Write the card: a file you can change."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help="Write a page that explains the card."),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CODE", help="Country of phones that don't say theirs: FR."
        ),
    ] = None,
    order: Annotated[
        a.Order | None,
        typer.Option("--order", help="Order of day, month and year in dates that don't say it."),
    ] = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Learn the points of a card from records and what became of them."""
    from dataclasses import replace

    from scoreline.analytics.outcomes import parse_spec
    from scoreline.cli.learned import show, to_json
    from scoreline.errors import UsageError
    from scoreline.jobs.capacity import capacity_of
    from scoreline.jobs.learning.asked import LearnAsked, ladders_of, pair_of, scale_of, trends_of
    from scoreline.jobs.learning.learning import learn as learn_card
    from scoreline.jobs.learning.page import learned_page
    from scoreline.jobs.learning.special import special_of
    from scoreline.jobs.outputs import Outputs
    from scoreline.learn.table import CONDITIONS
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.quality.writing.files import write_text
    from scoreline.scoring.moments import moment

    if closed is not None and time is None:
        raise UsageError(
            "`--closed` says how long an outcome takes from the moment of the record.",
            "Say the column of that moment too: --time COL.",
        )
    if within is not None and closed is None:
        raise UsageError(
            "`--within` needs --closed, the column of the moment at which the outcome came.", ""
        )
    if conditions is not None and method is not Method.short:
        raise UsageError("`--conditions` is for --method short.", "Leave out one of the two.")
    if pair and no_pairs:
        raise UsageError("`--pair` and `--no-pairs` contradict each other.", "Say one of them.")
    to_file = Path(file) if file is not None and file != "-" else None
    Outputs(card=to_file, page=report).check((data,))
    asked = LearnAsked(
        target=parse_spec(target, "--target"),
        lost=parse_spec(lost, "--lost") if lost else None,
        key=key,
        time=time,
        closed=closed,
        events=events,
        within=within,
        left_out=without or (),
        insisted=insist or (),
        method=method.value,
        conditions=conditions or CONDITIONS,
        trends=trends_of(trend or ()),
        ladders=ladders_of(trend or ()),
        special=special_of(special or ()),
        doubling=double,
        scale=scale_of(at) if at else None,
        capacity=capacity_of(capacity) if capacity else None,
        challenger=challenger,
        pairs=() if no_pairs else tuple(map(pair_of, pair)) if pair else None,
        name=to_file.stem if to_file else "learned",
        order=order,
        country=country,
        read=ReadOptions(encoding, separator, sheet),
    )
    with rows_progress("Learning") as progress:
        found = learn_card(data, replace(asked, progress=progress))
    if to_file is not None:
        write_text(found.text, to_file)
    if report is not None:
        card = to_file.name if to_file is not None else asked.name
        write_text(learned_page(found, data, card, moment(None)), report)
    if file == "-":
        typer.echo(found.text, nl=False)
        return
    if output is Format.json:
        print_json(to_json(found))
        return
    show(found)
    for path in (to_file, report):
        if path is not None:
            say(out(), f"Written: {path}")


learn.example = (  # type: ignore[attr-defined]
    "Example: scoreline learn leads.csv --target stage=Won --time created --out card.yaml"
)
