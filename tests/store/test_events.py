"""Events that come in again, told from those that are stored."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from sqlalchemy import Connection

from scoreline.store import events, records
from scoreline.store.events import NewEvents
from tests.lifecycle.workspaces import make

STORED = 25_000


def told(record: int, kinds: list[str], moments: list[int], pages: int) -> NewEvents:
    several = len(kinds)
    properties = [f'{{"pages":"{pages}"}}'] * several
    return NewEvents([record] * several, kinds, moments, [None] * several, properties)


def test_what_is_stored_is_compared_in_little_memory(tmp_path: Path, database: str) -> None:
    """However many events of a record lie between the first and the last of the new ones."""
    workspace = make(tmp_path, database=database)

    def compared(connection: Connection) -> int:
        record = records.add(connection, {"1": {}}, 0)["1"].id
        for kind in ("visit", "mail"):
            events.add(connection, told(record, [kind] * STORED, list(range(STORED)), 1), 0)
        assert events.said_again(connection, told(record, ["visit"], [0], 2)) == 0
        new = told(record, ["visit"] * 3, [0, STORED - 1, STORED], 1)
        tracemalloc.start()
        try:
            assert events.said_again(connection, new) == 2
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak = workspace.database.write(compared)
    assert peak < 6_000_000, f"{peak:,} bytes for {2 * STORED:,} stored events"
