"""`init` and `explain`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say, table


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    database_only: Annotated[
        bool,
        typer.Option(
            "--database-only",
            help="Only the database, new and empty, that the workspace.yaml of DIR names.",
        ),
    ] = False,
    output: a.OutputFormat = Format.text,
) -> None:
    """Make a workspace: settings, its database, commented example cards, and a few records."""
    from scoreline.jobs.init import init_database, init_folder

    if database_only:
        made = init_database(folder)
        if output is Format.json:
            print_json({"files": [] if made is None else [str(made)]})
        else:
            what = "the tables in PostgreSQL" if made is None else made
            say(out(), f"Made: {what}, a database without cards and records.")
        return
    files = init_folder(folder)
    if output is Format.json:
        print_json({"files": [str(path) for path in files]})
        return
    console = out()
    for path in files:
        say(console, f"Written: {path}")
    data, card = (quote(str(files[place])) for place in (1, 0))
    say(console, f"Try: scoreline score {data} --card {card}")


init.example = "Example: scoreline init my-scores"  # type: ignore[attr-defined]


def explain(
    data: a.Data,
    card: a.CardFile,
    key: Annotated[
        str, typer.Option("--id", metavar="KEY", help="Key of the record.", show_default=False)
    ],
    events: a.Events = None,
    order: a.EventOrder = None,
    as_of: a.AsOfText = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show why a record has its score: lines that add up to it."""
    from scoreline.errors import counted
    from scoreline.jobs.card import load
    from scoreline.jobs.explain import explain_record
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scorecard.points import signed_text
    from scoreline.scoring.events import in_order
    from scoreline.scoring.moments import moment, moment_text

    read = ReadOptions(encoding, separator, sheet)
    said = in_order(events, order)
    found = explain_record(data, load(card).model, key, moment(as_of), read, said)
    if output is Format.json:
        print_json(found.json())
        return
    console, result = out(), found.result
    segment = f", {result.segment}" if result.segment else ""
    say(console, f"{found.key}: {result.score}{segment}", style="bold")
    rows = [(line.term, line.bin, signed_text(line.scaled)) for line in found.lines]
    rows.append(("score", "", str(result.score)))
    console.print(table(("line", "because", "points"), rows, "points"))
    if found.chance is not None:
        say(console, f"probability {found.chance}")
    if found.features:
        told = (f"{name} {value}" for name, value in found.feature_texts.items())
        say(console, f"From events: {'; '.join(told)}.")
    if found.ignored:
        console.print(f"{counted(found.ignored, 'event')} came in bursts and were ignored.")
    if result.low != result.high:
        console.print(f"Answers still missing can make it {result.low} to {result.high}.")
    if found.leaves is not None:
        when = moment_text(found.leaves.at)
        say(console, f"If nothing else happens: {found.leaves.segment} from {when} on.")
    if result.ask:
        say(console, f"Ask next: {result.ask}.")
    for finding in found.findings:
        stood = f" (there stands `{finding.raw}`)" if finding.raw else ""
        say(console, f"{finding.level}: {finding.field}: {finding.message}{stood}")
        if finding.hint:
            say(console, f"  {finding.hint}")
    if found.repeats:
        verb = "has" if found.repeats == 1 else "have"
        more = counted(found.repeats, "more row", "more rows")
        console.print(f"{more} {verb} this key; this is the first.")


explain.example = "Example: scoreline explain leads.csv --card lead.yaml --id L-17"  # type: ignore[attr-defined]
