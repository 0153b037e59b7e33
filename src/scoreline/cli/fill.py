"""`fill`: typed records with their facts, for engines that can't find them."""

from __future__ import annotations

from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say, show_findings
from scoreline.cli.progress import rows_progress


def fill(
    data: a.Data,
    card: a.CardFile,
    out_file: Annotated[
        str,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write: parquet, or a table, postgresql://host/database?table=name.",
            show_default=False,
        ),
    ],
    events: a.Events = None,
    order: a.EventOrder = None,
    events_out: Annotated[
        str | None,
        typer.Option(
            "--events-out",
            metavar="FILE",
            help="Where typed events go: parquet, or a table.",
            show_default=False,
        ),
    ] = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Write the typed records of a file, with the facts that a card reads, for SQL to score."""
    from scoreline.errors import UsageError, counted
    from scoreline.jobs.card import load
    from scoreline.jobs.fill import ToFill, fill_file
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.events import NONE, in_order

    outputs = Outputs(out_file)
    outputs.check((data, card, events), database=True)
    happened = None
    if (events in (None, NONE)) != (events_out is None):
        raise UsageError(
            "--events and --events-out go together.",
            "--events EVENTS --events-out typed_events.parquet",
        )
    if events_out is not None:
        happened = ToFill(in_order(events, order), Outputs(events_out))
        happened.outputs.check((data, card, events, *outputs.files()), database=True)
    read = ReadOptions(encoding, separator, sheet)
    with rows_progress("Typing") as progress:
        found = fill_file(data, load(card).model, outputs, read, progress, happened)
    if output is Format.json:
        print_json(found.json())
    else:
        console = out()
        records, rejected = counted(found.records, "record"), counted(found.rejected, "row")
        say(console, f"{records} typed, {rejected} rejected.")
        if found.kept is not None:
            say(console, f"Added or changed in the table: {counted(found.kept.written, 'record')}.")
            if found.kept.repeated:
                told = counted(found.kept.repeated, "record")
                say(console, f"{told} had the key of a later one, which is kept.")
        if found.events is not None:
            usable = counted(found.events.events, "event")
            say(console, f"{usable} typed, {found.events.rejected:,} rejected.")
            if found.events.written is not None:
                changed = counted(found.events.written, "event")
                say(console, f"Added, changed or taken out of the table: {changed}.")
        show_findings(console, found.examples, found.counts)
        for path in (*outputs.written(), *(happened.outputs.written() if happened else ())):
            say(console, f"Written: {path}")
    if found.rejected or (found.events and found.events.rejected):
        raise typer.Exit(1)


fill.example = "Example: scoreline fill leads.csv --card lead.yaml --out typed.parquet"  # type: ignore[attr-defined]
