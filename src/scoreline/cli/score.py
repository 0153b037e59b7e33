"""`score` and `demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, rate_text, say, show_findings, table
from scoreline.cli.progress import rows_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.summary import ScoreSummary
    from scoreline.pages.figures import Worth

Cards = Annotated[
    list[Path],
    typer.Option(
        "--card", metavar="CARD", help="The card file; may be repeated.", show_default=False
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Where to write: csv, xlsx, parquet or jsonl; - is csv on stdout, "
        "with the summary on stderr.",
    ),
]
Reasons = Annotated[
    int, typer.Option("--reasons", metavar="N", min=0, help="Reasons to write; 0 writes all.")
]
Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE.html", help="Write a page that shows the scores."),
]
WithData = Annotated[bool, typer.Option("--with-data", help="Put the input columns first.")]
RawCells = Annotated[
    bool,
    typer.Option(
        "--raw-cells",
        help="Don't guard cells that a spreadsheet would run as formulas; "
        "for files that only programs read.",
    ),
]
FindingsFile = Annotated[
    str | None,
    typer.Option(
        "--findings",
        metavar="FILE",
        help="Write examples of the findings: record, field, raw value, what to do.",
    ),
]


def score(
    data: a.Data,
    card: Cards,
    out_file: Out = None,
    report: Report = None,
    won: a.Won = None,
    lost: a.Lost = None,
    outcomes: a.Outcomes = None,
    reasons: Reasons = 3,
    with_data: WithData = False,
    as_of: a.AsOfText = None,
    events: a.Events = None,
    order: a.EventOrder = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="E",
            help="local, or postgres: in the database, where DATA is a table of typed records.",
        ),
    ] = "local",
    findings: FindingsFile = None,
    raw_cells: RawCells = False,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Score every record of a file: score, segment, interval, next question and reasons."""
    from scoreline.errors import UsageError
    from scoreline.jobs.card import load
    from scoreline.jobs.options import ScoreOptions
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.score import score_file
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.events import in_order
    from scoreline.scoring.moments import moment

    told: dict[str, object] = {"--report": report, "--won": won, "--lost": lost}
    told |= {
        "--outcomes": outcomes,
        "--findings": findings,
        "--with-data": with_data,
    }
    if engine == "postgres" and (more := [option for option, value in told.items() if value]):
        raise UsageError(
            f"In the database there is no {more[0]}.", "Leave it out, or score with --engine local."
        )
    outputs = Outputs(out_file, report, findings)
    outputs.check((data, *card, outcomes, events), database=engine == "postgres")
    cards = [load(path).model for path in card]
    with rows_progress("Scoring") as progress:
        options = ScoreOptions(
            as_of=moment(as_of),
            reasons=reasons,
            with_data=with_data,
            formulas="keep" if raw_cells else "neutralise",
            engine=engine,
            read=ReadOptions(encoding, separator, sheet),
            progress=progress,
            events=in_order(events, order),
        )
        if report or won or lost or outcomes:
            from scoreline.jobs.report import Asked, score_with_report

            if len(cards) > 1:
                raise UsageError(
                    "--report, --won, --lost and --outcomes go with one card.",
                    "Run the command once for each card.",
                )
            asked = Asked(won, lost, outcomes)
            summaries = [score_with_report(data, cards[0], card[0], outputs, options, asked)]
        elif engine == "postgres":
            from scoreline.jobs.database.scoring import score_in_postgres

            if len(cards) > 1:
                raise UsageError(
                    "In the database one card is scored at a time.",
                    "Run the command once for each card.",
                )
            summaries = [score_in_postgres(data, cards[0], outputs, options)]
        else:
            summaries = score_file(data, cards, outputs, options)
    if output is Format.json:
        found = [summary.json() for summary in summaries]
        several = [{"card": s.card.name, **f} for s, f in zip(summaries, found, strict=True)]
        # Beside a table on stdout the object goes to stderr, so that neither spoils the other.
        print_json(found[0] if len(found) == 1 else several, beside=outputs.to_stdout)
    else:
        show = err() if outputs.to_stdout else out()
        for summary in summaries:
            show_summary(summary, show, named=len(summaries) > 1)
        show_files(summaries, outputs, show)
    if any(summary.rejected for summary in summaries):
        raise typer.Exit(1)


score.example = "Example: scoreline score leads.csv --card lead.yaml --out scored.csv"  # type: ignore[attr-defined]


def show_summary(summary: ScoreSummary, console: Console, *, named: bool = False) -> None:
    """Segments with their counts, what the score is worth, and the findings with what to do.

    named: with the card's name, where there are several.
    """
    from scoreline.errors import counted

    model = summary.card
    title = model.title or model.name
    named = named and title != model.name
    say(console, f"{model.name}: {title}" if named else title, style="bold")
    scored, rejected = counted(summary.scored, "record"), counted(summary.rejected, "row")
    console.print(f"{scored} scored, {rejected} rejected.")
    if summary.segments:
        console.print(_segments(summary))
    if summary.worth is not None:
        for sentence in worth_sentences(summary.worth):
            say(console, sentence)
    show_findings(console, summary.examples, summary.counts)


def _segments(summary: ScoreSummary) -> Table:
    """The segments with their counts; with known outcomes, how many of them won."""
    headers: tuple[str, ...] = ("segment", "score", "records", "share")
    rules = {segment.name: segment.rule for segment in summary.card.segments}
    rows: list[tuple[str, ...]] = [
        (name, rules[name], f"{count:,}", f"{count / max(summary.scored, 1):.1%}")
        for name, count in summary.segments.items()
    ]
    if summary.worth is not None:
        headers += ("won",)
        won = {segment.name: segment.rate for segment in summary.rates}
        rows = [(*row, rate_text(won.get(row[0]))) for row in rows]
    return table(headers, rows, "records|share|won")


def worth_sentences(worth: Worth) -> list[str]:
    """What the score is worth, in words: everyone, then the best parts."""
    won = f"Won ({worth.won_means}): {rate_text(worth.base)} of all"
    tops = [f"{rate_text(top.rate)} of the best {top.share:.0%}" for top in worth.tops]
    return ["; ".join([won, *tops]) + "."]


def show_files(summaries: Sequence[ScoreSummary], outputs: Outputs, console: Console) -> None:
    """The files that were written, and what would have shown more."""
    for path in outputs.written():
        say(console, f"Written: {path}")
    if outputs.rejected is None and any(summary.rejected for summary in summaries):
        console.print("To keep the rejected rows with their reasons, write to a file: --out FILE")
    unreadable = any(f.whose for s in summaries for f in s.examples)
    if unreadable and not outputs.findings:
        console.print("To see what stood in these cells: --findings FILE.csv")


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to put the files and the page.")
    ] = Path("scoreline-demo"),
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open the page.")] = False,
    output: a.OutputFormat = Format.text,
) -> None:
    """Score 45,211 real bank clients by a hand-written card, and show what the score is worth."""
    from scoreline.jobs.demo import open_page, run_demo

    with rows_progress("Scoring") as progress:
        pages = run_demo(folder, progress)
    if output is Format.json:
        print_json([{"page": str(p.path), **p.summary.json()} for p in pages])
    else:
        for page in pages:
            show_summary(page.summary, out())
            say(out(), f"Page: {page.path}")
            say(out(), f"Made by: {page.command}")
    if not no_open:
        open_page(pages[0].path)


demo.example = "Example: scoreline demo --no-open"  # type: ignore[attr-defined]
