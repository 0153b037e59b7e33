"""`diff`: a card beside its next version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, table
from scoreline.cli.progress import rows_progress


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The card in use.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The changed card.")],
    data: a.Data,
    events: a.Events = None,
    order: a.EventOrder = None,
    as_of: a.AsOfText = None,
    out_file: Annotated[
        str | None, typer.Option("--out", metavar="MOVES", help="Write who moves, row by row.")
    ] = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show who would move to another segment if the card changed, and by which term."""
    from scoreline.errors import counted
    from scoreline.jobs.card import load
    from scoreline.jobs.diff import diff_cards
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.events import in_order
    from scoreline.scoring.moments import moment

    outputs = Outputs(out_file)
    outputs.check((data, old, new, events))
    read = ReadOptions(encoding, separator, sheet)
    said = in_order(events, order)
    with rows_progress("Comparing") as progress:
        found = diff_cards(
            data, load(old).model, load(new).model, moment(as_of), outputs, read, progress, said
        )
    if output is Format.json:
        print_json(found.json(), beside=outputs.to_stdout)
        return
    console = err() if outputs.to_stdout else out()
    moved = sum(move.count for move in found.moves)
    console.print(
        f"{moved:,} of {counted(found.rows, 'record')} {'moves' if moved == 1 else 'move'}."
    )
    if found.rejected:
        console.print(
            f"{counted(found.rejected, 'row')} could not be scored: see `scoreline score`."
        )
    if moved:
        moves = [(m.old, m.new, f"{m.count:,}") for m in found.moves]
        console.print(table(("from", "to", "records"), moves, "records"))
        terms = [(t.term, t.old, t.new, f"{t.count:,}") for t in found.by_term]
        console.print(table(("by", "from", "to", "records"), terms, "records"))


diff.example = "Example: scoreline diff lead.yaml draft.yaml leads.csv"  # type: ignore[attr-defined]
