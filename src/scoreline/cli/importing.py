"""`import`: files of records, events and outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say, show_findings
from scoreline.cli.progress import rows_progress
from scoreline.cli.showing import show_effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from scoreline.jobs.workspace.event_files import EventsDone
    from scoreline.jobs.workspace.importing import Files, Imported
    from scoreline.jobs.workspace.outcome_files import OutcomesDone
    from scoreline.quality.table import RejectedRow

_SHOWN = 3
"""Rejected rows of a file that are shown."""


_Data = Annotated[
    str | None, typer.Argument(metavar="[DATA]", help="A file of records; - is csv on stdin.")
]
_Events = Annotated[
    str | None, typer.Option("--events", metavar="FILE", help="What the records did.")
]
_Order = Annotated[
    a.Order | None,
    typer.Option(
        "--order", help="How events and outcomes write `at`: dmy where 03/04/2026 is 3 April."
    ),
]
_Rejected = Annotated[
    Path | None,
    typer.Option("--rejected", metavar="FILE.csv", help="Where rows go that can't be used."),
]


def import_(
    data: _Data = None,
    events: _Events = None,
    outcomes: a.Outcomes = None,
    won: a.Won = None,
    lost: a.Lost = None,
    order: _Order = None,
    scores_only: a.ScoresOnly = False,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    rejected: _Rejected = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Import records, events or outcomes, and score the records that they change."""
    from scoreline.jobs.workspace.importing import Files, import_files, write_rejected_rows
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.moments import moment

    read = ReadOptions(encoding, separator, sheet)
    files = Files(data, events, outcomes, won, lost, order, read)
    with rows_progress("Importing") as progress:
        done = import_files(
            open_workspace(workspace),
            files,
            moment(as_of),
            actions=not scores_only,
            progress=progress,
        )
    if rejected is not None:
        write_rejected_rows(done, rejected)
    if output is Format.json:
        print_json(done.json())
    else:
        _show(done, files, kept=rejected is not None)
    if done.left_out:
        raise typer.Exit(1)


import_.example = "Example: scoreline import leads.csv --events events.csv"  # type: ignore[attr-defined]


def _show(done: Imported, files: Files, *, kept: bool) -> None:
    """Show what became of each file, then of the scores. kept: whether rejected rows were."""
    console = out()
    if files.data is not None:
        _show_records(console, done)
    if files.events is not None:
        _show_events(console, done.events)
    if files.outcomes is not None:
        _show_outcomes(console, done.outcomes)
    if done.effects is not None:
        show_effects(console, done.effects)
    if done.left_out and not kept:
        console.print("To keep the rejected rows with their reasons: --rejected FILE.csv")


def _show_records(console: Console, done: Imported) -> None:
    from scoreline.errors import counted

    kept = done.stored
    console.print(
        f"{counted(done.rows, 'row')}: {kept.new:,} new, {kept.changed:,} changed, "
        f"{kept.same:,} as before, {len(done.rejected):,} rejected."
    )
    _show_rejected(console, done.rejected)
    show_findings(console, done.findings)


def _show_events(console: Console, done: EventsDone) -> None:
    from scoreline.errors import counted

    known = f", {done.repeats:,} known before" if done.repeats else ""
    console.print(f"{counted(done.new, 'event')}{known}, {len(done.rejected):,} rejected.")
    _show_rejected(console, done.rejected)
    if done.differing:
        differing = counted(done.differing, "event")
        console.print(f"warning: {differing} differed from the one known by its id, which stays.")
    show_findings(console, done.findings)
    if done.without_id:
        events = counted(done.without_id, "event")
        console.print(f"{events} without `event_id`: imported again they would count again.")
    if done.again:
        which = "1 of them says" if done.again == 1 else f"{done.again:,} of them say"
        counts = "it counts" if done.again == 1 else "they count"
        console.print(f"warning: {which} exactly what was there already; {counts} again.")


def _show_outcomes(console: Console, done: OutcomesDone) -> None:
    from scoreline.errors import counted

    added = done.added
    whole = counted(added.new + added.changed + added.same + len(done.rejected), "outcome")
    console.print(
        f"{whole}: {added.new:,} new, {added.changed:,} changed, {added.same:,} as before, "
        f"{len(done.rejected):,} rejected."
    )
    if done.open:
        console.print(f"{counted(done.open, 'row')} neither won nor lost.")
    _show_rejected(console, done.rejected)
    show_findings(console, done.findings)


def _show_rejected(console: Console, rejected: Sequence[RejectedRow]) -> None:
    """The first rows that could not be used, and how many more there are."""
    for row in rejected[:_SHOWN]:
        # A spreadsheet counts its header too, so that a bare number would be taken for a line.
        where = f"line {row.line}" if row.line else f"data row {row.row}"
        say(console, f"  {where}: {row.reason}")
    if len(rejected) > _SHOWN:
        console.print(f"  and {len(rejected) - _SHOWN:,} more")
