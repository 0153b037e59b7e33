"""The workspace that a command is about, and what its settings can't mean."""

from __future__ import annotations

from scoreline.lifecycle.idle import idle_rules
from scoreline.lifecycle.workspace import Workspace, open_workspace

__all__ = ["Workspace", "never_matched", "open_workspace"]


def never_matched(workspace: Workspace) -> tuple[str, ...]:
    """The rules of its `moves` whose segment is in no card in force and in none that waits."""
    with workspace.database.reading() as connection:
        return idle_rules(workspace, connection)
