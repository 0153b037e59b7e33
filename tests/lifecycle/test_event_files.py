"""Files of events, small and large: however they are cut up, they come to the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scoreline.jobs.workspace import event_files
from scoreline.jobs.workspace.importing import Files, Imported, import_files
from scoreline.lifecycle.workspace import Workspace
from tests.lifecycle.workspaces import START, make

CARD = """\
scorecard: living
key: id
fields: {name: {type: text, optional: yes}}
events: {visit: {pages: number}, letter: {mail: text}}
terms:
  - {name: visits, event: visit, where: pages >= 2, points: 2}
  - {name: letters, event: letter, count: distinct(mail), points: 1}
segments: [{name: hot, above: 6}, {name: cold}]
"""


def people(folder: Path, count: int) -> str:
    path = folder / "people.csv"
    path.write_text("id\n" + "".join(f"p{n}\n" for n in range(count)), encoding="utf-8")
    return str(path)


def events(count: int) -> pl.DataFrame:
    """Events of ten people and a stranger; every seventh has no id, some are said twice."""
    numbers = range(count)
    return pl.DataFrame(
        {
            "id": [f"p{n * 7 % 11}" for n in numbers],
            "event": ["letter" if n % 3 else "visit" for n in numbers],
            "at": [f"2025-12-{1 + n % 28:02}" if n % 13 else "sometime" for n in numbers],
            "event_id": [None if n % 7 == 0 else f"e{n % 50}" for n in numbers],
            "pages": [None if n % 3 else n % 4 for n in numbers],
            "mail": [f'the "{n % 5}"\\, €' if n % 3 else "  " for n in numbers],
        }
    )


def stored(workspace: Workspace) -> dict[str, list[Any]]:
    """Everything that is kept, but the order in which records were taken."""
    tables = {
        "events": "SELECT r.key, e.event, e.at, event_id, properties FROM events e "
        "JOIN records r ON r.id = e.record ORDER BY r.key, e.id",
        "scores": "SELECT * FROM scores ORDER BY record",
        "history": "SELECT record, as_of, score, reasons, cause FROM score_history "
        "ORDER BY record, id",
    }
    with workspace.database.reading() as connection:
        return {
            name: list(map(tuple, connection.exec_driver_sql(asked)))
            for name, asked in tables.items()
        }


def taken(folder: Path, database: str, frame: pl.DataFrame) -> tuple[Workspace, Imported]:
    folder.mkdir()
    workspace = make(folder, CARD, database=database)
    import_files(workspace, Files(people(folder, 10)), START)
    return workspace, import_files(workspace, Files(events=frame), START)


def test_a_file_in_pieces_comes_to_the_same_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, found = taken(tmp_path / "whole", "sqlite", events(40))
    assert found.events.rejected
    assert found.events.new + len(found.events.rejected) == 40
    monkeypatch.setattr(event_files, "PIECE", 7)
    pieces, same = taken(tmp_path / "pieces", "sqlite", events(40))
    assert stored(pieces) == stored(whole)
    assert same.json() == found.json()
    assert same.events.rejected == found.events.rejected


def test_what_is_known_is_a_repeat_in_the_file_and_in_the_base(
    tmp_path: Path, database: str
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    import_files(workspace, Files(people(tmp_path, 1)), START)
    one = {"id": "p0", "event": "visit", "at": "2025-12-01", "event_id": "e1", "pages": "3"}
    frame = pl.DataFrame([one, one, {**one, "pages": "1"}, {**one, "event_id": "e2"}])
    first = import_files(workspace, Files(events=frame), START).events
    assert (first.new, first.repeats, first.differing) == (2, 2, 1)
    again = import_files(workspace, Files(events=frame), START).events
    assert (again.new, again.repeats, again.differing) == (0, 4, 1)


def test_values_are_the_same_texts_from_every_kind_of_column(tmp_path: Path) -> None:
    """So that an event of a csv file is known when it comes again from a database's export."""
    head = {"id": ["p0"], "event": ["visit"], "at": ["2025-12-01"], "event_id": ["e1"]}
    moment = dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)
    typed = pl.DataFrame(
        {**head, "pages": [3.0], "seen": [moment], "day": [moment.date()], "new": [True], "n": [7]}
    )
    texts = pl.DataFrame(
        {
            **head,
            "pages": ["3"],
            "seen": ["2026-01-31T10:00:00+00:00"],
            "day": ["2026-01-31"],
            "new": ["true"],
            "n": ["7"],
        }
    )
    workspace, _ = taken(tmp_path / "a", "sqlite", typed)
    again = import_files(workspace, Files(events=texts), START).events
    assert (again.repeats, again.differing) == (1, 0)
