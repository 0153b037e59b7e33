"""`check`: a card before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, say

Card = Annotated[Path, typer.Argument(metavar="CARD", help="The card file.", show_default=False)]


def check(
    card: Card,
    data: Annotated[
        str | None, typer.Option("--data", metavar="DATA", help="Also try the card on a file.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="T",
            help="The moment of cases that say none, and of trying the file.",
            show_default=False,
        ),
    ] = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Proof-read a card and run its cases."""
    from scoreline.jobs.check import check_file
    from scoreline.quality.reading.files import ReadOptions

    report = check_file(card, data, as_of, ReadOptions(encoding, separator, sheet))
    if output is Format.json:
        print_json(report.json())
    else:
        console = out()
        for finding in report.findings:
            file = finding.file or card.name
            where = f"{file}:{finding.line}" if finding.line else file
            term = f" ({finding.term})" if finding.term else ""
            style = {"error": "red", "warning": "yellow"}.get(finding.level, "")
            say(console, f"{where}{term}: {finding.level}: {finding.message}", style=style)
            if finding.hint:
                say(console, f"  {finding.hint}")
        if report.refused:
            say(console, "The card is refused; nothing can be scored with it.")
        else:
            say(
                console,
                f"{report.range}. Cases: {report.passed} passed, "
                f"{report.failed} failed. Fingerprint {report.fingerprint}.",
            )
    raise typer.Exit(report.exit_code)


check.example = "Example: scoreline check lead.yaml"  # type: ignore[attr-defined]
