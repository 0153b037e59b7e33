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
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Write the typed records of a file, with the facts that a card reads, for SQL to score."""
    from scoreline.errors import counted
    from scoreline.jobs.card import load
    from scoreline.jobs.fill import fill_file
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions

    outputs = Outputs(out_file)
    outputs.check((data, card), database=True)
    read = ReadOptions(encoding, separator, sheet)
    with rows_progress("Typing") as progress:
        found = fill_file(data, load(card).model, outputs, read, progress)
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
        show_findings(console, found.examples, found.counts)
        for path in outputs.written():
            say(console, f"Written: {path}")
    if found.rejected:
        raise typer.Exit(1)


fill.example = "Example: scoreline fill leads.csv --card lead.yaml --out typed.parquet"  # type: ignore[attr-defined]
