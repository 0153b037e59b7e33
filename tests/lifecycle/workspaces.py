"""Workspaces for tests: in a folder, with SQLite or PostgreSQL, and cards put in force."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def a_worker(workspace: Workspace) -> Iterator[Callable[[], str]]:
    """A worker that stays; what it has said so far. It is ended, and was there until then."""
    errors = workspace.folder / "said"
    with errors.open("wb") as said:
        worker = subprocess.Popen(
            [sys.executable, "-m", "scoreline", "work", "--every", "1"],
            cwd=workspace.folder,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, "NO_COLOR": "1"},
        )
    try:
        yield lambda: errors.read_text("utf-8")
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()
        workspace.database.close()


def until(done: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def outlived(said: str) -> bool:
    """Whether a worker said what was wrong and what to do, once, and that it works again."""
    return len(said.splitlines()) == 3 and "It works again." in said
