"""Commands about cards in force and time: publish, rollback, versions, rescore, work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, complain, err, out, print_json, say, table
from scoreline.cli.showing import show_effects, show_later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from scoreline.errors import ScorelineError
    from scoreline.jobs.workspace.opening import Workspace
    from scoreline.jobs.workspace.rescoring import Waiting, Worked
    from scoreline.jobs.workspace.versions import Publishing

WithActions = Annotated[
    bool,
    typer.Option(
        "--with-actions",
        help="Hand over the records that move; nobody is told otherwise.",
    ),
]
Preview = Annotated[
    bool, typer.Option("--preview", "--dry-run", help="Only show what it would do.")
]


def publish(
    card: Annotated[Path, typer.Argument(metavar="CARD", help="The card file.")],
    with_actions: WithActions = False,
    scores_only: a.ScoresOnly = False,
    preview: Preview = False,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Put a card in force and score every record by it; --preview shows who would move."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.versions import publish_card
    from scoreline.scoring.moments import moment

    _one_of(with_actions, scores_only)
    found = publish_card(
        open_workspace(workspace), card, moment(as_of), actions=with_actions, preview=preview
    )
    _show_publishing(found, output)


publish.example = "Example: scoreline publish cards/purchase-readiness.yaml --preview"  # type: ignore[attr-defined]


def rollback(
    card: Annotated[str, typer.Argument(metavar="NAME", help="The card's name.")],
    to: Annotated[
        int | None,
        typer.Option("--to", metavar="N", min=1, help="The version; the one before unless said."),
    ] = None,
    with_actions: WithActions = False,
    scores_only: a.ScoresOnly = False,
    preview: Preview = False,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Put an earlier version of a card in force again."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.versions import roll_back_card
    from scoreline.scoring.moments import moment

    _one_of(with_actions, scores_only)
    found = roll_back_card(
        open_workspace(workspace), card, to, moment(as_of), actions=with_actions, preview=preview
    )
    _show_publishing(found, output)


rollback.example = "Example: scoreline rollback purchase-readiness"  # type: ignore[attr-defined]


def versions(
    card: a.CardName = None,
    workspace: a.WorkspaceFolder = Path("."),
    output: a.OutputFormat = Format.text,
) -> None:
    """List every version that was put in force, and what each moved."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.versions import list_versions
    from scoreline.scoring.moments import moment_text

    opened = open_workspace(workspace)
    found = list_versions(opened, card)
    _warn(opened)
    if output is Format.json:
        print_json([one.json() for one in found])
        return
    console = out()
    if not found:
        console.print("No card was published yet: scoreline publish CARD")
        return
    rows = [
        (
            one.card,
            f"v{one.version}",
            moment_text(one.at),
            one.kind,
            f"{one.moved:,}",
            "with actions" if one.actions else "scores only",
            "in force" if one.in_force else "",
            one.fingerprint[:12],
        )
        for one in found
    ]
    heads = ("card", "version", "at", "how", "moved", "actions", "", "fingerprint")
    console.print(table(heads, rows, "moved"))


versions.example = "Example: scoreline versions --card purchase-readiness"  # type: ignore[attr-defined]


def rescore(
    card: a.CardName = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every record, not only those whose change has come.")
    ] = False,
    scores_only: a.ScoresOnly = False,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Score the records that time has changed; only what changed is written."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.rescoring import rescore as rescored
    from scoreline.scoring.moments import moment

    found = rescored(
        open_workspace(workspace),
        moment(as_of),
        card,
        everything=everything,
        actions=not scores_only,
    )
    if output is Format.json:
        print_json(found.json())
        return
    show_effects(out(), found)


rescore.example = "Example: scoreline rescore --as-of 2026-03-03"  # type: ignore[attr-defined]


def work(
    once: Annotated[
        bool, typer.Option("--once", help="One round, then stop: for a line of cron.")
    ] = False,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", min=1, help="Seconds between rounds.")
    ] = 10,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what waits; nothing is scored or sent.")
    ] = False,
    workspace: a.WorkspaceFolder = Path("."),
    as_of: a.AsOfText = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Keep scores true: score what time has changed, and send the messages that wait."""
    from scoreline.jobs.workspace.opening import open_workspace
    from scoreline.jobs.workspace.rescoring import look_at_work, work_once
    from scoreline.jobs.workspace.working import keep_working
    from scoreline.scoring.moments import moment

    if dry_run:
        _show_waiting(look_at_work(open_workspace(workspace), moment(as_of)), output)
    elif once or as_of is not None:
        opened = open_workspace(workspace)
        _warn(opened)
        _show_work(work_once(opened, moment(as_of)), output)
    else:
        keep_working(workspace, every, lambda found: _show_round(found, output), _trouble, _warn)


work.example = "Example: scoreline work --once"  # type: ignore[attr-defined]


def _show_waiting(found: Waiting, output: Format) -> None:
    from scoreline.errors import counted

    if output is Format.json:
        print_json(found.json())
        return
    console = out()
    console.print(f"{counted(found.due, 'score')} to be worked out.")
    for handler, count in found.messages.items():
        say(console, f"{counted(count, 'message')} for {handler}.")


def _show_round(found: Worked, output: Format) -> None:
    """What a round of many did, if anything."""
    if not found.idle:
        _show_work(found, output)


def _trouble(error: ScorelineError | None) -> None:
    if error is None:
        say(err(), "It works again.")
    else:
        complain(error.message, f"{error.hint} Trying again until it works.".strip())


def _show_work(found: Worked, output: Format) -> None:
    if output is Format.json:
        print_json(found.json())
        return
    console = out()
    show_effects(console, found.effects)
    sent = found.delivered
    if sent is None:
        console.print("Another worker is sending messages.")
    elif sent.sent or sent.later or sent.dead:
        console.print(
            f"{sent.sent:,} sent, {sent.later:,} to be tried again (scoreline moves --waiting), "
            f"{sent.dead:,} that nobody took (scoreline moves --dead)."
        )
        for handler, why in sent.why.items():
            say(console, f"{handler}: {why}")


def _one_of(with_actions: bool, scores_only: bool) -> None:
    from scoreline.errors import UsageError

    if with_actions and scores_only:
        raise UsageError("--with-actions and --scores-only exclude each other.", "Say one of them.")


def _warn(workspace: Workspace) -> None:
    """Say on stderr which rules of a workspace never hold."""
    from scoreline.jobs.workspace.opening import never_matched

    _show_idle_rules(err(), never_matched(workspace))


def _show_idle_rules(console: Console, rules: Sequence[str]) -> None:
    for rule in rules:
        say(
            console,
            f"warning: no card in force, and none in cards/, has the segment of the rule `{rule}` "
            "of workspace.yaml; it holds once such a card is published.",
        )


def _show_publishing(found: Publishing, output: Format) -> None:
    from scoreline.errors import counted

    if output is Format.json:
        print_json(found.json())
        return
    console, effects = out(), found.effects
    version = "a new version" if found.version is None else f"v{found.version}"
    moved = sum(move.count for move in effects.moves)
    if found.done:
        say(console, f"{found.card}: {version} is in force.", style="bold")
        console.print(f"{moved:,} of {counted(found.records, 'record')} moved.")
    else:
        say(console, f"{found.card}: what {version} would do", style="bold")
        console.print(f"{moved:,} of {counted(found.records, 'record')} would move.")
    show_later(console, effects)
    rows = [(m.old or "new", m.new or "", f"{m.count:,}") for m in effects.moves]
    if rows:
        console.print(table(("from", "to", "records"), rows, "records"))
    lines = [(m.line, m.old or "new", m.new or "", f"{m.count:,}") for m in found.by_term if m.line]
    if lines:
        console.print(table(("by", "from", "to", "records"), lines, "records"))
    _show_idle_rules(console, found.idle_rules)
    handed = counted(effects.handed_over, "message")
    if not found.done:
        console.print(f"With actions it would queue {handed}; --scores-only tells nobody.")
    elif found.actions:
        console.print(f"{handed} queued: scoreline work sends them.")
    else:
        console.print("Scores only: nobody is told of it.")
    by_time = sum(move.count for move in found.by_time.moves)
    if by_time:
        queued = counted(found.by_time.handed_over, "message")
        said = "wait for" if found.done else "would wait for"
        console.print(
            f"Time alone had moved {counted(by_time, 'record')} by the version before: {queued} "
            f"{said} scoreline work, as they would without this."
        )
