"""Commands about records of a workspace: register, event, merge, history, worklist."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, err, out, print_json, say, table
from scoreline.cli.showing import show_registered, show_standing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace.reading import History, Worklist
    from scoreline.jobs.workspace.registering import Registered

Values = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="COLUMN=VALUE...",
        help="What is known; or -: one JSON object a line on stdin.",
        show_default=False,
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The record's key.", show_default=False)]


def register(
    values: Values = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Who looks after the record.")
    ] = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Register a record, or change what is known of it, and score it at once."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.registering import register as registered
    from scoreline.scoring.moments import moment

    opened = open_workspace(workspace)

    def one(given: dict[str, Any]) -> Registered:
        return registered(opened, given, moment(as_of), owner)

    if values == ["-"]:
        _register_lines(one, output)
    else:
        show_registered(one(_given(values or [])), output)


register.example = "Example: scoreline register lead_id=7 email=anna@acme.ru budget=250000"  # type: ignore[attr-defined]


def _register_lines(one: Callable[[dict[str, Any]], Registered], output: Format) -> None:
    """Register the JSON lines of stdin; a line that can't be used is named on stderr."""
    from scoreline.errors import DataError, ScorelineError, counted
    from scoreline.jobs.workspace.record_lines import register_lines

    done = rejected = 0
    try:
        for number, found in register_lines(sys.stdin.buffer, one):
            if isinstance(found, DataError):
                rejected += 1
                say(err(), f"line {number:,}: {' '.join((found.message, found.hint)).strip()}")
            else:
                done += 1
                show_registered(found, output)
    except ScorelineError as error:
        if done:
            error.hint = f"{error.hint} {counted(done, 'record')} registered before.".strip()
        raise
    if output is Format.text or rejected:
        lines = f", {counted(rejected, 'line')} rejected" if rejected else ""
        # In JSON, stdout has the records alone, an object a line.
        say(out() if output is Format.text else err(), f"{done:,} registered{lines}.")
    if rejected:
        raise typer.Exit(1)


def event(
    key: Key,
    name: Annotated[
        str, typer.Argument(metavar="EVENT", help="What happened.", show_default=False)
    ],
    properties: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PROPERTY=VALUE]...", help="Properties of the event."),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="T", help="When; now unless said.")
    ] = None,
    event_id: Annotated[
        str | None,
        typer.Option("--event-id", metavar="ID", help="Its id: the same one counts once."),
    ] = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Note what a record did, and score it at once."""
    from scoreline.errors import UsageError
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.registering import note_event
    from scoreline.scoring.moments import moment

    told = _pairs(properties or [])
    for word, option in (("at", "--at T"), ("event_id", "--event-id ID"), ("event", "")):
        if word in told:
            hint = f"Say it as an option: {option}" if option else "It stands after the key."
            raise UsageError(f"`{word}` is no property of an event.", hint)
    raw = {**told, "event": name, "at": at, "event_id": event_id}
    show_registered(note_event(open_workspace(workspace), key, raw, moment(as_of)), output)


event.example = "Example: scoreline event 7 webinar_attended minutes=45 --at 2026-01-12T10:00:00Z"  # type: ignore[attr-defined]


def merge(
    kept: Annotated[str, typer.Argument(metavar="KEPT", help="The record that stays.")],
    gone: Annotated[str, typer.Argument(metavar="GONE", help="The same person, once more.")],
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Make one record of two: facts and events are united and scored anew."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.registering import merge as merged
    from scoreline.scoring.moments import moment

    show_registered(merged(open_workspace(workspace), kept, gone, moment(as_of)), output)


merge.example = "Example: scoreline merge 7 12"  # type: ignore[attr-defined]


def unmerge(
    gone: Annotated[str, typer.Argument(metavar="GONE", help="The record that was merged.")],
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Take two merged records apart again; nothing of either was lost."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.registering import unmerge as unmerged
    from scoreline.scoring.moments import moment

    found = unmerged(open_workspace(workspace), gone, moment(as_of))
    if output is Format.json:
        print_json([one.json() for one in found])
        return
    for one in found:
        show_registered(one, output)


unmerge.example = "Example: scoreline unmerge 12"  # type: ignore[attr-defined]


def history(
    key: Key,
    card: a.CardName = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show a record's life: its scores, why they changed, and why it was or wasn't handed over."""
    from scoreline.jobs.workspace import reading
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.scoring.moments import moment

    then = moment(as_of)
    found = reading.history(open_workspace(workspace), key, then, card)
    if output is Format.json:
        print_json(found.json())
        return
    console, life = out(), found.life
    if life.stands_for is not None:
        say(console, f"{life.record.key} was merged into {life.stands_for.key}.")
    if life.record.owner:
        say(console, f"Looked after by {life.record.owner}.")
    _show_standings(console, found, then)
    _show_past(console, found)
    for outcome, at in life.outcomes:
        say(console, f"{outcome} on {reading.time_text(at)}")
    for _, field, _, message in life.findings:
        say(console, f"{field}: {message}" if field else message)


history.example = "Example: scoreline history 7 --as-of 2026-03-03"  # type: ignore[attr-defined]


def _show_standings(console: Console, found: History, then: dt.datetime) -> None:
    """The scores of a record; where they differ, first by what was known then."""
    from scoreline.scoring.moments import moment_text

    life = found.life
    if life.otherwise:
        known = ":" if life.then else ", or by no card in force, there is no score."
        console.print(f"By what was known on {moment_text(then)}{known}")
        for standing in life.then:
            show_standing(console, life.record.key, standing)
        console.print("By what is known today:")
    for standing in life.now:
        show_standing(console, life.record.key, standing)


def _show_past(console: Console, found: History) -> None:
    """The scores that a record had, and its moves with who was told."""
    from scoreline.jobs.workspace.reading import time_text
    from scoreline.scorecard.points import points_text

    life = found.life
    scores = [
        (
            time_text(one.as_of),
            f"{one.card} v{life.numbers[one.version][1]}",
            points_text(one.score),
            one.segment or "",
            one.cause,
            one.reasons,
        )
        for one in life.past
    ]
    if scores:
        heads = ("from", "card", "score", "segment", "because of", "reasons")
        console.print(table(heads, scores, "score"))
    moves = [
        (time_text(m.at), m.card, m.old or "new", m.new or "", m.line, found.told(m) or "no rule")
        for m in life.moves
    ]
    if moves:
        console.print(table(("moved", "card", "from", "to", "by", "who was told"), moves))


def worklist(
    card: a.CardName = None,
    segment: Annotated[
        str | None,
        typer.Option("--segment", metavar="NAME", help="The segment; the best one unless said."),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Only records of this owner.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="The best N only.")
    ] = None,
    out_file: a.ListFile = None,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Show whom to call: the records of a segment, the best first, with their reasons."""
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.reading import Chosen
    from scoreline.jobs.workspace.reading import worklist as listed
    from scoreline.quality.writing.files import sink
    from scoreline.scoring.moments import moment

    outputs = Outputs(out_file)
    outputs.check()
    opened, then = open_workspace(workspace), moment(as_of)
    found = listed(opened, then, Chosen(card, segment, owner), limit)
    if outputs.table is not None:
        sink(found.table(opened.settings.key).lazy(), outputs.table)
    if output is Format.json:
        print_json(found.json(), beside=outputs.to_stdout)
        return
    past = as_of is not None and then < moment(None)
    _show_worklist(found, outputs, opened.settings.key, then if past else None)


worklist.example = "Example: scoreline worklist --card lead-readiness --limit 20"  # type: ignore[attr-defined]


def _show_worklist(found: Worklist, outputs: Outputs, key: str, past: dt.datetime | None) -> None:
    """past: the moment of the list, where it is over; key: the column's name."""
    from scoreline.errors import counted
    from scoreline.jobs.workspace.reading import strongest
    from scoreline.scorecard.points import points_text
    from scoreline.scoring.moments import moment_text

    console = err() if outputs.to_stdout else out()
    whole = counted(len(found.entries) + found.cut, "record")
    console.print(f"{found.segment} ({found.card}): {whole}.")
    if past is not None:
        console.print(
            f"As of {moment_text(past)} by what is known today; by what was known then "
            "it can differ: scoreline history KEY --as-of T."
        )
    if found.cut:
        tied = f"; {found.tied:,} of those cut are tied with the last one" if found.tied else ""
        console.print(f"The best {len(found.entries):,} are shown{tied}.")
    rows = [
        (
            entry.key,
            points_text(entry.score.score),
            entry.owner or "",
            strongest(entry.score.reasons, 3),
            entry.score.ask,
        )
        for entry in found.entries
    ]
    if rows and not outputs.to_stdout:
        console.print(table((key, "score", "owner", "reasons", "ask next"), rows, "score"))


def _given(values: Sequence[str]) -> dict[str, Any]:
    """The record of a command line: pairs, or one JSON object."""
    from scoreline.errors import UsageError
    from scoreline.jobs.workspace.record_lines import record_of

    if not values:
        raise UsageError(
            "There is nothing to register.", "Write COLUMN=VALUE, a JSON object, or - for stdin."
        )
    if len(values) == 1 and values[0].lstrip().startswith("{"):
        return record_of(values[0])
    return _pairs(values)


def _pairs(values: Sequence[str]) -> dict[str, Any]:
    from scoreline.errors import UsageError

    found: dict[str, Any] = {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"`{pair[:60]}` is no pair.", "Write COLUMN=VALUE.")
        found[name.strip()] = value
    return found
