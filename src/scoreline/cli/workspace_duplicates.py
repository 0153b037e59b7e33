"""`duplicates` of a workspace: merges to look at, and what `register` looks new records up by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scoreline.cli.labels import SHOWN, show_labels
from scoreline.cli.output import Format, err, out, print_json, say, show_findings, table
from scoreline.cli.progress import rows_progress

if TYPE_CHECKING:
    from rich.console import Console

    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace.duplicates import WorkspaceDuplicates


def refuse(options: Mapping[str, object]) -> None:
    """Raise UsageError for an option that is given and can have no effect on a workspace."""
    from scoreline.errors import UsageError

    for option, value in options.items():
        if value is not None:
            raise UsageError(f"{option} is of a file, and DATA is a folder.", "Leave it out.")


def workspace_duplicates(
    folder: Path,
    outputs: Outputs,
    model: Path | None,
    seed: int,
    output: Format,
    labels: Path | None = None,
) -> None:
    """Find the duplicates of a workspace, learn what new records are looked up by, and print."""
    from scoreline.jobs.workspace.duplicates import learn_duplicates
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.quality.writing.files import sink, write_text
    from scoreline.scoring.moments import moment

    workspace = open_workspace(folder)
    with rows_progress("Comparing") as progress:
        found = learn_duplicates(workspace, moment(None), seed, progress, labels)
    if outputs.table is not None:
        sink(found.table(workspace.settings.key).lazy(), outputs.table)
    if model is not None:
        write_text(found.card, model)
    if output is Format.json:
        print_json(found.json(), beside=outputs.to_stdout)
        return
    show = err() if outputs.to_stdout else out()
    _show(found, show)
    for path in outputs.written():
        say(show, f"Written: {path}")


def _show(found: WorkspaceDuplicates, console: Console) -> None:
    """How many customers there are, which merges are proposed, and what is looked up by what."""
    from scoreline.errors import counted

    customers = len(found.keys) - len(found.merges)
    say(
        console,
        f"{counted(len(found.keys), 'record')}, {counted(customers, 'customer')}: "
        f"{counted(len(found.merges), 'duplicate')} in {counted(found.several, 'cluster')}.",
        style="bold",
    )
    rows = [
        (f"scoreline merge {one.kept} {one.gone}", _points(one.points), one.reasons)
        for one in found.merges[:SHOWN]
    ]
    if rows:
        console.print(table(("if you agree", "points", "because"), rows, "points"))
    if len(found.merges) > SHOWN:
        say(console, f"{len(found.merges) - SHOWN:,} further ones: --out FILE has all of them.")
    if found.labelled is not None:
        show_labels(found.labelled, console)
        show_findings(console, found.labelled.findings)
    say(console, f"From now on register looks new records up by {', '.join(found.index)}.")


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:g}"
