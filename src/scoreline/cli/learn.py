"""`learn`: a card from what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, found_by_code, out, print_json, say, show_findings, table
from scoreline.cli.progress import rows_progress

if TYPE_CHECKING:
    from scoreline.jobs.learning.asked import Learned
    from scoreline.learn.table import LearnedTerm
    from scoreline.learn.validation import Figures


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
    from scoreline.jobs.learning.asked import LearnAsked
    from scoreline.jobs.learning.learning import learn as learn_card
    from scoreline.jobs.learning.page import learned_page
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.quality.writing.files import write_text
    from scoreline.scoring.moments import moment

    to_file = Path(file) if file is not None and file != "-" else None
    Outputs(card=to_file, page=report).check((data,))
    asked = LearnAsked(
        target=parse_spec(target, "--target"),
        lost=parse_spec(lost, "--lost") if lost else None,
        key=key,
        time=time,
        left_out=without or (),
        insisted=insist or (),
        doubling=double,
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


def to_json(found: Learned) -> dict[str, object]:
    """What `--format json` prints."""
    figures = found.figures
    return {
        "fingerprint": found.card.fingerprint,
        "terms": len(found.card.terms),
        "rows": found.rows,
        "positives": found.positives,
        "open": found.open,
        "split": found.split,
        "weak": found.weak,
        "metrics": {
            "auc": figures.auc,
            "ks": figures.ks,
            "gini": figures.gini,
            "brier": figures.brier,
            "lift10": figures.lift10,
            "lift20": figures.lift20,
            "pr_auc": figures.pr_auc,
            "slope": figures.slope,
            "rows": figures.rows,
            "positives": figures.events,
        },
        "doubling": found.table.doubling,
        "gap": found.table.gap,
        "findings": found_by_code(found.findings, found.counts),
        "left_out": [{"field": one.field, "why": one.why} for one in found.left_out],
    }


def show(found: Learned) -> None:
    """What the card is worth, its terms, and what was left out."""
    console, worth = out(), found.figures
    known = f"{found.rows:,} records, {found.positives:,} of them {found.target}"
    say(console, f"Learnt from {known}. {found.split[0].upper()}{found.split[1:]}.")
    if found.open:
        say(console, f"Not known yet, and counted as nothing: {found.open:,} records.")
    if found.weak:
        say(console, "Weak evidence: so few outcomes leave the points wide open.", style="bold")
    console.print()
    console.print(table(("on records it did not see", ""), _worth(worth), ""))
    console.print()
    terms = sorted(found.table.terms, key=_range, reverse=True)
    rows = [(one.column, str(len(one.bins) - 1), *_points(one)) for one in terms]
    console.print(table(("term", "bins", "least", "most"), rows, "bins|least|most"))
    console.print()
    doubling, gap = found.table.doubling, found.table.gap
    plural = "points double" if doubling > 1 else "point doubles"
    say(
        console,
        f"{doubling:g} {plural} the odds. No card over these bins fits better by {gap:.2%}.",
    )
    for one in found.left_out:
        say(console, f"Left out: {one.field}: {one.why}.", style="bold" if one.leak else "")
    show_findings(console, found.findings, found.counts)


def _worth(worth: Figures) -> list[tuple[str, str]]:
    return [
        ("area under the curve (AUC)", f"{worth.auc:.3f}"),
        ("Gini", f"{worth.gini:.3f}"),
        ("KS", f"{worth.ks:.3f}"),
        ("the best tenth has, times its share", f"{worth.lift10:.2f}"),
        ("the best fifth has, times its share", f"{worth.lift20:.2f}"),
        ("Brier score", f"{worth.brier:.4f}"),
        ("slope of what came on what was said", f"{worth.slope:.2f}"),
    ]


def _range(term: LearnedTerm) -> int:
    least, most = _ends(term)
    return most - least


def _points(term: LearnedTerm) -> tuple[str, str]:
    return tuple(f"{end:+d}" if end else "0" for end in _ends(term))  # type: ignore[return-value]


def _ends(term: LearnedTerm) -> tuple[int, int]:
    points = [one.points for one in term.bins if one.weight > 0]
    return min(points), max(points)
