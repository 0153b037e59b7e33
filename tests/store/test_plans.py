"""What is asked for often is found by an index: a base of a million is not gone through."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from scoreline.store import events, matching, moves, records, scores
from scoreline.store.database import Database
from scoreline.store.upgrade import make_tables
from tests.store.empty import empty

Work = Callable[[Connection], Any]


def plans(database: Database, work: Work) -> list[str]:
    """How SQLite finds what some work asks for, a text for each statement."""
    asked: list[str] = []
    with database.reading() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        work(connection)
        driver.set_trace_callback(None)
        steps = [driver.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked]
    return [" / ".join(str(step[-1]) for step in some) for some in steps]


@pytest.mark.parametrize(
    ("work", "index"),
    [
        (lambda c: scores.due(c, "card", 9, None, 5), "ix_scores_card_next_change"),
        (lambda c: scores.due(c, "card", 9, (3, 7), 5), "ix_scores_card_next_change"),
        (lambda c: scores.of_records(c, "card", [1, 2]), "PRIMARY KEY (card=? AND record=?)"),
        (lambda c: moves.held(c, "card", [1]), "ix_deliveries_move (move=?)"),
        (lambda c: moves.held(c, "card", list(range(5_000))), "ix_deliveries_move (move=?)"),
        (lambda c: moves.next_due(c, 9), "ix_deliveries_state_due"),
        (lambda c: moves.find(c, moves.Wanted(new="hot", since=9)), "ix_moves_at (at>?)"),
        (lambda c: matching.keys_of(c, [1, 2]), "ix_match_keys_record (record=?)"),
        (lambda c: matching.holders(c, [1, 2], 101), "match_keys USING PRIMARY KEY (value=?)"),
        (lambda c: matching.classes(c, [1, 2]), "match_values USING PRIMARY KEY (value=?)"),
        (lambda c: records.by_keys(c, ["a", "b"]), "sqlite_autoindex_records_1 (key=?)"),
        (lambda c: list(events.of_records(c, [1, 2])), "ix_events_record_at (record=?)"),
        (lambda c: list(events.bundles(c, [1, 2], ["visit"])), "ix_events_record_at (record=?)"),
    ],
)
def test_it_is_found_by_its_index(tmp_path: Path, work: Work, index: str) -> None:
    database = empty(tmp_path / "workspace.db")
    make_tables(database)
    (plan,) = plans(database, work)
    assert index in plan
    assert not re.search(
        r"SCAN (records|events|scores|moves|deliveries|match_keys|match_values)", plan
    )


def test_who_was_one_person_is_found_by_the_merges_of_that_person(tmp_path: Path) -> None:
    database = empty(tmp_path / "workspace.db")
    make_tables(database)
    above, below = plans(database, lambda c: records.members_then(c, 1, 9))
    assert "ix_merges_gone (gone=?)" in above
    assert "ix_merges_kept (kept=?)" in below
