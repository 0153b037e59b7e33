"""The rules of `moves` that no move can match: a segment misspelt, or a card not published yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scoreline.errors import CardError
from scoreline.lifecycle.settings import Rule
from scoreline.lifecycle.shelf import model_of
from scoreline.lifecycle.workspace import Workspace
from scoreline.scorecard.file import load_files
from scoreline.scorecard.model import Scorecard
from scoreline.store import versions

if TYPE_CHECKING:
    from sqlalchemy import Connection

CARDS = "cards"
"""The folder of a workspace where its cards are kept."""


def idle_rules(
    workspace: Workspace, connection: Connection, coming: Scorecard | None = None
) -> tuple[str, ...]:
    """The rules that no move can ever match, as people read them.

    A segment counts that is in a card in force, in one that waits in the folder `cards`, or in one
    that is coming, which takes the place of those of its name.
    """
    rules = workspace.settings.rules
    if not rules:
        return ()
    known = [] if coming is None else [coming]
    replaced = [model.name for model in known]
    published = versions.in_force(connection)
    known += [model_of(one.text) for one in published if one.card not in replaced]
    idle = _unmatched(rules, known)
    if idle:  # one that is published next is no reason to warn
        beside = _cards_beside(workspace.folder / CARDS)
        idle = _unmatched(idle, (one for one in beside if one.name not in replaced))
    return tuple(f"{rule.text}{f' (card {rule.card})' if rule.card else ''}" for rule in idle)


def _unmatched(rules: Iterable[Rule], models: Iterable[Scorecard]) -> list[Rule]:
    """The rules whose segment is in none of some cards."""
    segments = [(model.name, {one.name for one in model.segments}) for model in models]
    return [
        rule
        for rule in rules
        if not any(rule.segment in names and rule.card in (None, card) for card, names in segments)
    ]


def _cards_beside(folder: Path) -> Iterator[Scorecard]:
    """The cards in a folder; a file that is none is left out."""
    for path in sorted(folder.glob("*.y*ml")):
        with suppress(CardError):
            yield load_files(path)[0]
