"""Writers that wait for each other: for how long, and in which order rows are locked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from scoreline.errors import StoreError
from scoreline.jobs.workspace.registering import register
from scoreline.jobs.workspace.rescoring import Worked
from scoreline.jobs.workspace.working import keep_working
from scoreline.lifecycle.workspace import Workspace
from scoreline.store import bulk, database, records
from scoreline.store.database import Database
from scoreline.store.schema import records as table
from scoreline.store.upgrade import make_tables
from tests.lifecycle.workspaces import START, make
from tests.scenarios.command import LEAD_CARD

CARD = LEAD_CARD.replace("key: lead_id", "key: id")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace of SQLite whose writers have the patience of half a second."""
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    made = make(tmp_path, CARD)
    yield made
    made.database.close()


def long_writer(workspace: Workspace) -> sqlite3.Connection:
    """Another process in the middle of its work."""
    other = sqlite3.connect(workspace.folder / "workspace.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_who_waits_for_a_long_writer_is_told_so_once_patience_ends(workspace: Workspace) -> None:
    with closing(long_writer(workspace)):
        begun = time.monotonic()
        with pytest.raises(StoreError, match="another process has been writing for long") as said:
            register(workspace, {"id": "1"}, START)
        assert 0.5 <= time.monotonic() - begun < 2.5  # once, not so often as a deadlock is retried
    assert said.value.again
    assert register(workspace, {"id": "1"}, START).new


def test_who_waits_for_a_short_writer_does_not_notice(workspace: Workspace) -> None:
    other = long_writer(workspace)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(register, workspace, {"id": "1"}, START)
        time.sleep(0.1)
        other.execute("COMMIT")
        assert waiting.result().new
    other.close()


class DoneError(Exception):
    """Ends the worker that stays."""


def test_the_worker_that_stays_says_it_and_goes_on(workspace: Workspace) -> None:
    other = long_writer(workspace)
    said: list[str | None] = []

    def trouble(error: StoreError | None) -> None:
        said.append(error and error.message)
        if error:
            other.execute("COMMIT")

    def done(_: Worked) -> None:
        raise DoneError

    with pytest.raises(DoneError):
        keep_working(workspace.folder, 1, done, trouble)
    assert said[0] is not None
    assert "writing for long" in said[0]
    assert said[1:] == [None]
    other.close()


def test_records_are_locked_by_their_numbers_however_many_they_are(postgres_url: str) -> None:
    """Of two who want the same records, neither has one that the other waits for."""
    opened = Database(postgres_url)
    make_tables(opened)
    count = bulk.CHUNK + 1
    opened.write(
        lambda connection: records.add(connection, {"z": {}}, 0)
    )  # the first, and the last
    keys = [f"a{number}" for number in range(count - 1)]
    opened.write(lambda connection: records.add(connection, {key: {} for key in keys}, 0))
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    free = select(table.c.id).with_for_update(skip_locked=True)
    with ThreadPoolExecutor(1) as pool:
        with opened.engine.connect() as first, first.begin():
            known = records.by_keys(first, ["z"], lock=True)["z"]
            locked = pool.submit(
                opened.write, lambda other: records.by_keys(other, ["z", *keys], lock=True)
            )
            with opened.engine.connect() as other:
                while not other.execute(waits).scalar():
                    assert not locked.done()
                assert len(other.execute(free).all()) == count - 1
            records.change(first, [(known, {"name": "Anna"})], 0)
        found = locked.result()
    assert len(found) == count
    assert found["z"].values == {"name": "Anna"}  # as it is once it is ours
    opened.close()
