"""`score` and `demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, table
from scoreline.cli.progress import rows_progress

if TYPE_CHECKING:
    from scoreline.jobs.score import ScoreSummary

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
        help="Where to write: csv, xlsx, parquet or jsonl; - is csv on stdout.",
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
    engine: Annotated[str, typer.Option("--engine", help="The engine: local.")] = "local",
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
    from scoreline.jobs.files import refuse_overwriting
    from scoreline.jobs.moments import moment
    from scoreline.jobs.score import ScoreOptions, refuse_events, score_file, write_findings
    from scoreline.quality.reading.files import ReadOptions

    refuse_events(events)
    refuse_overwriting((data, *card, outcomes), (out_file, report, findings))
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
        )
        if report or won or lost or outcomes:
            from scoreline.jobs.report import Asked, score_with_report

            if len(cards) > 1:
                raise UsageError("A report shows one card.", "Run the command once for each card.")
            asked = Asked(report, won, lost, outcomes)
            summaries = [score_with_report(data, cards[0], card[0], out_file, options, asked)]
        else:
            summaries = score_file(data, cards, out_file, options)
    if findings:
        write_findings(summaries, findings)
    show = err() if out_file == "-" else out()
    if output is Format.json and out_file != "-":
        found = [summary.json() for summary in summaries]
        print_json(found[0] if len(found) == 1 else found)
    else:
        for summary in summaries:
            show_summary(summary, show)
        for path in (out_file, report):
            if path and str(path) != "-":
                show.print(Text(f"Written: {path}"))
    if any(summary.rejected for summary in summaries):
        raise typer.Exit(1)


score.example = "Example: scoreline score leads.csv --card lead.yaml --out scored.csv"  # type: ignore[attr-defined]


def show_summary(summary: ScoreSummary, console: object) -> None:
    """Segments with their counts, and the findings with what to do."""
    from rich.console import Console

    assert isinstance(console, Console)  # noqa: S101 - typed loosely to keep help instant
    model = summary.card
    console.print(Text(model.title or model.name, style="bold"))
    console.print(f"{summary.scored:,} records scored, {summary.rejected:,} rows rejected.")
    if summary.segments:
        rules = {segment.name: segment.rule for segment in model.segments}
        rows = [
            (name, rules[name], f"{count:,}", f"{count / max(summary.scored, 1):.1%}")
            for name, count in summary.segments.items()
        ]
        console.print(table(("segment", "score", "records", "share"), rows, "records|share"))
    seen: set[tuple[str, str | None]] = set()
    for finding in summary.examples:
        if (finding.code, finding.field) in seen or finding.level == "info":
            continue
        seen.add((finding.code, finding.field))
        count = summary.counts.get((finding.code, finding.field), 1)
        where = f"{finding.field}: " if finding.field else ""
        first = f" (first: record {finding.record})" if finding.record else ""
        console.print(Text(f"{finding.level}: {where}{finding.message} {count:,} x{first}"))
        if finding.hint:
            console.print(Text(f"  {finding.hint}"))


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
            out().print(Text(f"Page: {page.path}"))
            out().print(Text(f"Made by: {page.command}"))
    if not no_open:
        open_page(pages[0].path)


demo.example = "Example: scoreline demo --no-open"  # type: ignore[attr-defined]
