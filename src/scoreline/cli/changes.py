"""`changes`: what was changed in a file, taken back, or accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, say, table

if TYPE_CHECKING:
    from scoreline.quality.changes.change import Change

SHOWN = 20
"""Changes that are shown unless more are asked for."""


def changes(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="CLEAN", help="A file that `quality --out` wrote.", show_default=False
        ),
    ],
    undo: Annotated[
        list[int] | None,
        typer.Option("--undo", metavar="STEP", help="Take this step back; may be repeated."),
    ] = None,
    accept: Annotated[
        Path | None,
        typer.Option(
            "--accept", metavar="FILE", help="Carry out the suggestions that are in this file."
        ),
    ] = None,
    back: Annotated[
        str | None,
        typer.Option("--back", metavar="FILE", help="Write the file that was cleaned again."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            help=f"Show so many, the latest: {SHOWN} unless said, all of them as JSON.",
        ),
    ] = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show what was changed in a clean file; take steps back, accept suggestions, go back."""
    from scoreline.errors import counted
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.quality.beside import beside
    from scoreline.jobs.quality.clean_file import CleanFile

    clean = CleanFile(file)
    known = back is None or clean.source.is_named_like(back)
    Outputs(back).check((file, accept, *beside(file)), any_ending=known)
    console = out()
    if undo:
        clean.undo(undo)
    accepted = clean.accept(accept) if accept else 0
    went = clean.back(back) if back else None
    if undo or accept:
        clean.save()
        if clean.changed_otherwise:
            more = "was changed by other means too: it can't go back to its source with --back."
            say(err(), f"{file} {more}")
    standing = clean.standing()
    most = limit or (len(clean.changes) if output is Format.json else SHOWN)
    shown = clean.changes[-most:] if most else []
    if output is Format.json:
        print_json([_object(change, standing) for change in shown])
        return
    if undo:
        say(console, f"Taken back: {counted(len(undo), 'step')}.")
    if accept:
        say(console, f"Accepted: {counted(accepted, 'suggestion')}.")
    columns = ("step", "row", "column", "was", "is", "rule", "by", "at")
    console.print(table(columns, [_row(change, standing) for change in shown], "step|row"))
    say(console, f"{counted(len(clean.changes), 'change')} in all.")
    if went:
        say(console, f"Written: {back}, the source: {went.value}.")


changes.example = "Example: scoreline changes clean.csv --undo 17"  # type: ignore[attr-defined]


def _row(change: Change, standing: dict[int, bool]) -> tuple[str, ...]:
    rule = change.rule if change.undoes is None else f"takes back {change.undoes}"
    from scoreline.quality.changes.change import STANDS

    part = change.field == STANDS
    return (
        str(change.step),
        change.record,
        "(row)" if part else change.field,
        f"part of row {change.old}" if part and change.old else change.old or "",
        f"part of row {change.new}" if part and change.new else change.new or "",
        rule if standing[change.step] else f"{rule}, taken back",
        change.by,
        f"{change.at:%Y-%m-%d %H:%M}",
    )


def _object(change: Change, standing: dict[int, bool]) -> dict[str, object]:
    return {
        "step": change.step,
        "row": int(change.record),
        "column": change.field,
        "was": change.old,
        "is": change.new,
        "rule": change.rule,
        "version": change.version,
        "by": change.by,
        "at": change.at.isoformat(),
        "undoes": change.undoes,
        "in_force": standing[change.step],
    }
