"""What several commands print: what a batch did, a record's score, what was registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoreline.cli.output import Format, out, print_json, say, table

if TYPE_CHECKING:
    from rich.console import Console

    from scoreline.jobs.workspace.registering import Registered
    from scoreline.jobs.workspace.telling import Effects, Standing


def show_effects(console: Console, effects: Effects) -> None:
    """What a batch did to scores, in words."""
    from scoreline.errors import counted

    console.print(
        f"{counted(effects.recomputed, 'score')} worked out, {effects.changed:,} changed; "
        f"{counted(effects.handed_over, 'message')} queued."
    )
    show_later(console, effects)
    rows = [(m.card, m.old or "new", m.new or "", f"{m.count:,}") for m in effects.moves]
    if rows:
        console.print(table(("card", "from", "to", "records"), rows, "records"))


def show_later(console: Console, effects: Effects) -> None:
    """That some scores did not go back in time, where it is so."""
    from scoreline.errors import counted

    if effects.later:
        were = counted(effects.later, "score was", "scores were")
        console.print(f"{were} as of a later moment already: no score goes back in time.")


def show_standing(console: Console, key: str, standing: Standing) -> None:
    """A record's score by a card: a line, and the lines that add up to it."""
    from scoreline.scorecard.points import signed_text
    from scoreline.scoring.moments import moment_text

    result = standing.result
    segment = f", {result.segment}" if result.segment else ""
    number = standing.card.publication.number
    say(console, f"{key}: {result.score}{segment} ({standing.card.name} v{number})", style="bold")
    rows = [(line.term, line.bin, signed_text(line.scaled)) for line in result.reasons]
    rows.append(("score", "", str(result.score)))
    console.print(table(("line", "because", "points"), rows, "points"))
    if result.ask:
        say(console, f"Ask next: {result.ask} (it can become {result.low} to {result.high}).")
    if standing.leaves is not None:
        at = moment_text(standing.leaves.at)
        say(console, f"If nothing happens it becomes {standing.leaves.segment} on {at}.")


def show_registered(found: Registered, output: Format) -> None:
    """What a record came to that was registered: its scores, warnings and moves."""
    from scoreline.scoring.moments import moment_text

    if output is Format.json:
        print_json(found.json())
        return
    console = out()
    if not found.scores:
        say(console, f"{found.key}: kept; no card is in force yet (scoreline publish CARD).")
    for standing in found.scores:
        show_standing(console, found.key, standing)
    if found.counts_from is not None:
        say(console, f"The event is kept; it counts from {moment_text(found.counts_from)} on.")
    for alike in found.looks_like:
        say(console, alike.text)
    for warning in found.warnings:
        say(console, f"warning: {warning}")
    for move in found.moves:
        handed = f" ({move.handed})" if move.handed else ""
        say(console, f"{move.card}: {move.old or 'new'} -> {move.new}{handed}")
