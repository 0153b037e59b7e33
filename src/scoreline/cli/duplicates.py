"""`duplicates`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.labels import show_labels
from scoreline.cli.output import Format, err, out, print_json, say, show_findings, table
from scoreline.cli.progress import rows_progress
from scoreline.cli.workspace_duplicates import refuse, workspace_duplicates

if TYPE_CHECKING:
    from rich.console import Console

    from scoreline.jobs.duplicates import DuplicateSummary

Key = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="COL", help="The column that names a record; the first one unless said."
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write key, cluster, points and reasons: csv, xlsx, parquet or jsonl; - is csv on "
        "stdout.",
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="Pairs to answer yes or no, the most telling first: written if it isn't there, used "
        "and continued if it is.",
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="OUT.yaml",
        help="Write the match model: a scorecard of what each agreement is worth.",
    ),
]
Households = Annotated[
    bool,
    typer.Option(
        "--households",
        help="Say also who lives together: a column of households beside the clusters (of a file).",
    ),
]
Seed = Annotated[
    int,
    typer.Option("--seed", metavar="N", min=0, help="Another sample of chance agreements."),
]


def duplicates(
    data: a.Data,
    key: Key = None,
    out_file: Out = None,
    labels: Labels = None,
    model: Model = None,
    households: Households = False,
    seed: Seed = 0,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Find records that are one customer, with the points and reasons of each link.

    DATA may be a workspace's folder: then `register` looks new records up from now on.
    """
    from scoreline.jobs.duplicates import DuplicateOptions, duplicates_of_file
    from scoreline.jobs.outputs import Outputs
    from scoreline.quality.reading.files import ReadOptions

    outputs = Outputs(out_file, card=model, labels=labels)
    outputs.check((data,))
    if Path(data).is_dir():
        useless: dict[str, object] = {"--key": key, "--encoding": encoding}
        useless |= {"--separator": separator, "--sheet": sheet}
        useless |= {"--households": households or None}
        refuse(useless)
        workspace_duplicates(Path(data), outputs, model, seed, output, labels)
        return
    with rows_progress("Comparing") as progress:
        options = DuplicateOptions(
            key, seed, ReadOptions(encoding, separator, sheet), model, labels, households, progress
        )
        summary = duplicates_of_file(data, outputs, options)
    if output is Format.json:
        print_json(summary.json(), beside=outputs.to_stdout)
    else:
        show = err() if outputs.to_stdout else out()
        show_duplicates(summary, show)
        for path in outputs.written():
            say(show, f"Written: {path}")
    if summary.rejected:
        raise typer.Exit(1)


duplicates.example = "Example: scoreline duplicates leads.csv --key lead_id --out clusters.csv"  # type: ignore[attr-defined]


def show_duplicates(summary: DuplicateSummary, console: Console) -> None:
    """How many customers there are, and what each column was taken for."""
    from scoreline.errors import counted

    customers = summary.rows - summary.duplicates
    clusters = counted(summary.clusters, "cluster")
    duplicates = counted(summary.duplicates, "duplicate")
    say(
        console,
        f"{counted(summary.rows, 'record')}, {counted(customers, 'customer')}: {duplicates} in "
        f"{clusters}.",
        style="bold",
    )
    if summary.households is not None:
        homes = counted(summary.households, "household")
        say(console, f"These customers live in {homes}.")
    if summary.rejected:
        say(console, f"{counted(summary.rejected, 'row')} rejected.")
    if summary.threshold is not None:
        pairs = counted(summary.pairs, "pair")
        say(console, f"{pairs} compared; clusters stop at {summary.threshold:g} points.")
    elif summary.pairs:
        say(console, f"{counted(summary.pairs, 'pair')} compared; none is likely enough.")
    if summary.labelled is not None:
        show_labels(summary.labelled, console)
    rows = [(header, role) for header, role in summary.columns.items()]
    console.print(table(("column", "taken for"), [(summary.key, "key"), *rows]))
    show_findings(console, summary.findings)
