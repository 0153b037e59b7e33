"""What `duplicates --labels` says: answers that were used or look wrong, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scoreline.cli.output import say, table

if TYPE_CHECKING:
    from rich.console import Console

    from scoreline.jobs.labels import Labelled, LookAgain

SHOWN = 20
"""Lines of a list that are shown; a file or `--format json` has all of them."""


def show_labels(labelled: Labelled, console: Console) -> None:
    """How many answers were used, and what to do with the pairs that are asked about."""
    from scoreline.errors import counted

    answers = labelled.yes + labelled.no
    if answers:
        used = f"{counted(answers, 'answer')} used: {labelled.yes} yes, {labelled.no} no."
        say(console, used)
    if labelled.surprising:
        show_surprising(labelled.surprising, console)
    if labelled.asked:
        pairs = counted(labelled.asked, "further pair" if answers else "pair")
        say(
            console,
            f"{pairs} to look at in {labelled.file}, the most telling first: fill in yes or no in "
            "`same`, as many as you like from the top, and run again.",
        )
    else:
        say(console, "No pair is left whose answer would tell more.")


def show_surprising(surprising: Sequence[LookAgain], console: Console) -> None:
    """The answers to look at again: the row of the file, the keys, what it says and the points."""
    from scoreline.errors import counted

    answers = counted(len(surprising), "answer")
    say(
        console,
        f"{answers} to look at again: the points, as the other answers have them, say otherwise. "
        "Each is held to, but hardly moves them.",
    )
    rows = [
        (str(one.row), *one.keys, "yes" if one.same else "no", f"{one.points:.1f}")
        for one in surprising[:SHOWN]
    ]
    console.print(table(("row", "record", "and", "same", "points"), rows, "row|points"))
    if len(surprising) > SHOWN:
        say(console, f"{len(surprising) - SHOWN:,} further ones: --format json has all of them.")
