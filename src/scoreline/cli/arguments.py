"""Arguments and options that several commands share, each said once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scoreline.cli.output import Format

Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="csv, csv.gz, tsv, xlsx, json lines or parquet; - is csv on stdin; or a table, "
        "postgresql://host/database?table=schema.name.",
        show_default=False,
    ),
]
CardFile = Annotated[
    Path, typer.Option("--card", metavar="CARD", help="The card file.", show_default=False)
]
AsOfText = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="T",
        help="Score as of this moment, such as 2026-01-31; now unless said.",
        show_default=False,
    ),
]
Events = Annotated[
    str | None,
    typer.Option(
        "--events",
        metavar="EVENTS|none",
        help="What the records did: key, event, at and properties; none if nothing did.",
        show_default=False,
    ),
]


class Order(StrEnum):
    """The order of day, month and year in a date."""

    dmy = "dmy"
    mdy = "mdy"
    ymd = "ymd"


EventOrder = Annotated[
    Order | None,
    typer.Option("--order", help="How events write `at`: dmy where 03/04/2026 is 3 April."),
]
OutputFormat = Annotated[
    Format, typer.Option("--format", help="What to print: text for people, json for programs.")
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of the file, if guessed wrong."),
]
Separator = Annotated[
    str | None,
    typer.Option("--separator", metavar="SIGN", help="Separator of the file, if guessed wrong."),
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook to read.")
]
Won = Annotated[
    str | None,
    typer.Option(
        "--won",
        metavar="COL=VALUE",
        help="What a win is: a column and its value or values, stage=Won,Paid; COL=* is any.",
    ),
]
Lost = Annotated[
    str | None,
    typer.Option("--lost", metavar="COL=VALUE", help="What a loss is; all else is still open."),
]
Outcomes = Annotated[
    str | None,
    typer.Option("--outcomes", metavar="FILE", help="Outcomes in a file of their own, by key."),
]
WorkspaceFolder = Annotated[
    Path,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="The workspace's folder; this one unless said.",
        show_default=False,
    ),
]
CardName = Annotated[
    str | None, typer.Option("--card", metavar="NAME", help="Of this card only, by its name.")
]
ListFile = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write the list.")]
ScoresOnly = Annotated[
    bool, typer.Option("--scores-only", help="Tell nobody of the records that move.")
]
