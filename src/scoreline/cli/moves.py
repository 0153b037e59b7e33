"""The command about moves: who moved and who was told, and the messages that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
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
    from scoreline.jobs.workspace.messages import MessageRow, Messages
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
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only messages that wait, how often tried, and why.")
    ] = False,
    dead: Annotated[
        bool, typer.Option("--dead", help="Only messages that nobody took, and why.")
    ] = False,
    send_again: Annotated[
        bool,
        typer.Option("--send-again", help="Let dead messages wait again; --waiting: try at once."),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="The oldest N only; --send-again: of N."),
    ] = None,
    out_file: a.ListFile = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="T",
            help="Only moves up to this moment; with --send-again messages are sent as of it.",
            show_default=False,
        ),
    ] = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show who moved from one segment to another, by which line, and whom it was told."""
    from scoreline.errors import UsageError
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace import messages, reading
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.scoring.moments import moment

    if waiting and dead:
        raise UsageError("--waiting and --dead exclude each other.", "Say one of them.")
    outputs = Outputs(out_file)
    outputs.check()
    opened = open_workspace(workspace)
    begin = None if since is None else moment(since)
    until = None if as_of is None else moment(as_of)
    wanted = reading.MovesWanted(key, card, old, new, begin, until, limit)
    shown = _WAITING if waiting else _DEAD
    if send_again:
        send = messages.send_now if waiting else messages.send_again
        _show_messages(send(opened, moment(as_of), wanted), shown, outputs, output, again=True)
    elif waiting or dead:
        listed = messages.waiting_messages if waiting else messages.dead_messages
        _show_messages(listed(opened, wanted), shown, outputs, output)
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
        _show_cut(err(), len(found.moves), found.cut)
        return
    console = err() if outputs.to_stdout else out()
    console.print(f"{counted(len(found.moves) + found.cut, 'move')}.")
    _show_cut(console, len(found.moves), found.cut)
    if found.moves and not outputs.to_stdout:
        lines = [
            (time_text(m.at), m.key, m.card, m.old or "new", m.new or "", m.line, found.told(m))
            for m in found.moves
        ]
        heads = ("at", "key", "card", "from", "to", "by", "who was told")
        console.print(table(heads, lines))


def _show_cut(console: Console, shown: int, cut: int) -> None:
    """That there are more than are shown, where it is so; beside JSON too, which is a list."""
    if cut:
        console.print(f"The oldest {shown:,} of {shown + cut:,} are shown.")


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of messages in one state: what they are, what their moment is, what to do."""

    one: str
    several: str
    due: str
    how: str
    again: str


_SOME = "(--id, --card, --from, --to, --since or --limit: only some of them)."
_WAITING = _Words(
    "message that waits",
    "messages that wait",
    "next_try",
    f"To try at once what has failed: scoreline moves --waiting --send-again {_SOME}",
    "The next try is due now: scoreline work makes it.",
)
_DEAD = _Words(
    "message that nobody took",
    "messages that nobody took",
    "last_try",
    f"When the receiver takes messages again: scoreline moves --send-again {_SOME}",
    "They wait again, with all tries before them: scoreline work sends them.",
)


def _show_messages(
    found: Messages,
    words: _Words,
    outputs: Outputs,
    output: Format,
    *,
    again: bool = False,
) -> None:
    """again: whether they are to be sent again."""
    from scoreline.errors import counted
    from scoreline.jobs.workspace.messages import messages_table
    from scoreline.quality.writing.files import sink

    if outputs.table is not None:
        sink(messages_table(found.rows, words.due).lazy(), outputs.table)
    if output is Format.json:
        print_json([one.json() for one in found.rows], beside=outputs.to_stdout)
        _show_cut(err(), len(found.rows), found.cut)
        return
    console = err() if outputs.to_stdout else out()
    console.print(f"{counted(len(found.rows) + found.cut, words.one, words.several)}.")
    _show_cut(console, len(found.rows), found.cut)
    if found.rows and not outputs.to_stdout:
        console.print(_lines(found.rows, words))
    if found.rows:
        for handler, hint in dict.fromkeys((one.delivery.handler, one.hint) for one in found.rows):
            if hint:
                say(console, f"{handler}: {hint}")
        say(console, words.again if again else words.how)


def _lines(found: Sequence[MessageRow], words: _Words) -> Table:
    from scoreline.jobs.workspace.reading import second_text, time_text

    rows = [
        (
            time_text(one.move.at),
            one.move.key,
            one.move.card,
            one.old or "new",
            one.new or "",
            one.delivery.handler,
            str(one.delivery.attempts),
            second_text(one.delivery.due),
            one.error,
        )
        for one in found
    ]
    due = words.due.replace("_", " ")
    heads = ("at", "key", "card", "from", "to", "handler", "tries", due, "why")
    return table(heads, rows, "tries")
