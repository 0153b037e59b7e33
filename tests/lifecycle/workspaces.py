"""Workspaces for tests: in a folder, with SQLite or PostgreSQL, and cards put in force."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.publishing import edition_of, publish
from scoreline.lifecycle.workspace import Workspace, make_database, open_workspace

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make(folder: Path, *cards: str, database: str = "", rest: str = "") -> Workspace:
    """A workspace with cards in force since START."""
    place = f"database: {database}\n" if database else ""
    settings = f"workspace: acme\nkey: id\n{place}{rest}"
    (folder / "workspace.yaml").write_text(settings, encoding="utf-8")
    make_database(folder)
    workspace = open_workspace(folder)
    for card in cards:
        put_in_force(workspace, card)
    return workspace


def put_in_force(
    workspace: Workspace, card: str, as_of: dt.datetime = START, *, actions: bool = False
) -> None:
    path = workspace.folder / "card.yaml"
    path.write_text(card, encoding="utf-8")
    publish(workspace, edition_of(path), Manner(as_of, "published", actions=actions))
