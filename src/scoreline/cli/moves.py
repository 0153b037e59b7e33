"""The command about moves: who moved and who was told, and the messages that nobody took."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace.dead_letters import DeadLetter
    from scoreline.jobs.workspace.reading import MoveList


def moves(
    key: Annotated[
        str | None, typer.Option("--id", metavar="KEY", help="Of this record only.")
    ] = None,
    card: a.CardName = None,
    old: Annotated[str | None, typer.Option("--from", metavar="SEGMENT", help="Out of it.")] = None,
    new: Annotated[str | None, typer.Option("--to", metavar="SEGMENT", help="Into it.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="T", help="From this moment on.")
    ] = None,
    dead: Annotated[
        bool, typer.Option("--dead", help="Only messages that nobody took, and why.")
    ] = False,
    send_again: Annotated[
        bool, typer.Option("--send-again", help="Let these messages wait again, all or some.")
    ] = False,
    out_file: a.ListFile = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show who moved from one segment to another, by which line, and whom it was told."""
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace import dead_letters, reading
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.scoring.moments import moment

    outputs = Outputs(out_file)
    outputs.check()
    opened = open_workspace(workspace)
    begin = None if since is None else moment(since)
    until = None if as_of is None else moment(as_of)
    wanted = reading.MovesWanted(key, card, old, new, begin, until)
    if send_again:
        _show_letters(dead_letters.send_again(opened, moment(as_of), wanted), outputs, output, True)
    elif dead:
        _show_letters(dead_letters.dead_letters(opened, wanted), outputs, output)
    else:
        _show_moves(reading.list_moves(opened, wanted), outputs, output)


moves.example = "Example: scoreline moves --to qualified --since 2026-03-01"  # type: ignore[attr-defined]


def _show_moves(found: MoveList, outputs: Outputs, output: Format) -> None:
    from scoreline.errors import counted
    from scoreline.jobs.workspace.reading import time_text
    from scoreline.quality.writing.files import sink

    if outputs.table is not None:
        sink(found.table().lazy(), outputs.table)
    if output is Format.json:
        print_json(found.json(), beside=outputs.to_stdout)
        return
    console = err() if outputs.to_stdout else out()
    console.print(f"{counted(len(found.moves), 'move')}.")
    if found.moves and not outputs.to_stdout:
        lines = [
            (time_text(m.at), m.key, m.card, m.old or "new", m.new or "", m.line, found.told(m))
            for m in found.moves
        ]
        heads = ("at", "key", "card", "from", "to", "by", "who was told")
        console.print(table(heads, lines))


def _show_letters(
    letters: Sequence[DeadLetter], outputs: Outputs, output: Format, again: bool = False
) -> None:
    """again: whether they wait again."""
    from scoreline.errors import counted
    from scoreline.jobs.workspace.dead_letters import letters_table
    from scoreline.quality.writing.files import sink

    if outputs.table is not None:
        sink(letters_table(letters).lazy(), outputs.table)
    if output is Format.json:
        print_json([one.json() for one in letters], beside=outputs.to_stdout)
        return
    console = err() if outputs.to_stdout else out()
    console.print(f"{counted(len(letters), 'message')} that nobody took.")
    if letters and not outputs.to_stdout:
        console.print(_letters(letters))
    if letters:
        _advise(console, letters, again)


def _letters(letters: Sequence[DeadLetter]) -> Table:
    from scoreline.jobs.workspace.reading import time_text

    rows = [
        (
            time_text(one.move.at),
            one.move.key,
            one.move.card,
            one.move.old or "new",
            one.move.new or "",
            one.message.handler,
            str(one.message.attempts),
            time_text(one.message.due),
            one.error,
        )
        for one in letters
    ]
    heads = ("at", "key", "card", "from", "to", "handler", "tries", "last try", "why")
    return table(heads, rows, "tries")


def _advise(console: Console, letters: Sequence[DeadLetter], again: bool) -> None:
    """What to do: what the handlers know of their failures, and how to try again."""
    for handler, hint in dict.fromkeys((one.message.handler, one.hint) for one in letters):
        if hint:
            say(console, f"{handler}: {hint}")
    if again:
        say(console, "They wait again, with all tries before them: scoreline work sends them.")
        return
    say(
        console,
        "When the receiver takes messages again: scoreline moves --send-again "
        "(--id, --card, --from, --to or --since: only some of them).",
    )
