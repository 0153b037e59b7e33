"""`export`: a card for whoever runs something else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say

Card = Annotated[Path, typer.Argument(metavar="CARD", help="The card file.", show_default=False)]


def export(
    card: Card,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORM", help="duckdb, postgres, spark or json.", show_default=False
        ),
    ],
    as_of: a.AsOfText = None,
    reasons: Annotated[
        int, typer.Option("--reasons", metavar="N", min=0, help="Reasons in a text; 0 means all.")
    ] = 3,
    table: Annotated[
        str, typer.Option("--table", metavar="NAME", help="The table that the SQL reads.")
    ] = "typed_records",
    events_table: Annotated[
        str,
        typer.Option("--events-table", metavar="NAME", help="The table of events that it reads."),
    ] = "typed_events",
    view: Annotated[
        str | None,
        typer.Option(
            "--view", metavar="NAME", help="Make a view of this name.", show_default=False
        ),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write it here instead of stdout.", show_default=False
        ),
    ] = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Write a card as SQL that needs nothing of Scoreline, or as JSON."""
    from scoreline.jobs.card import load
    from scoreline.jobs.export import ExportAsked, export_card
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.writing.files import write_text
    from scoreline.scoring.moments import moment

    outputs = Outputs(card=out_file)
    outputs.check((card,))
    asked = ExportAsked(to, moment(as_of), reasons, table, view, events_table)
    model = load(card).model
    text = export_card(model, asked)
    if out_file is not None:
        write_text(text, out_file)
    if output is Format.json:
        print_json({"to": to, "fingerprint": model.fingerprint, "text": text})
    elif out_file is None:
        sys.stdout.write(text)
    for path in outputs.written() if output is Format.text else ():
        say(out(), f"Written: {path}")


export.example = "Example: scoreline export lead.yaml --to postgres"  # type: ignore[attr-defined]
