"""Files of events, small and large: however they are cut up, they come to the same."""

from __future__ import annotations

import datetime as dt
from math import nan
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scoreline.errors import DataError
from scoreline.jobs.workspace import event_files
from scoreline.jobs.workspace.importing import Files, Imported, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import merge, note_event
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
    """Two of the ten are one person."""
    folder.mkdir()
    workspace = make(folder, CARD, database=database)
    import_files(workspace, Files(people(folder, 10)), START)
    merge(workspace, "p7", "p2", START)
    return workspace, import_files(workspace, Files(events=frame), START)


def test_a_file_in_pieces_comes_to_the_same_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = events(400)
    whole, found = taken(tmp_path / "whole", "sqlite", frame)
    assert found.events.repeats > 100
    assert found.events.differing > 100
    assert found.events.new + found.events.repeats + len(found.events.rejected) == 400
    sizes: list[int] = []
    store = event_files.store_events
    monkeypatch.setattr(event_files, "PIECE", 20)
    monkeypatch.setattr(
        event_files,
        "store_events",
        lambda b, raw, **how: sizes.append(len(raw.keys)) or store(b, raw, **how),
    )
    pieces, same = taken(tmp_path / "pieces", "sqlite", frame)
    assert stored(pieces) == stored(whole)
    assert same.json() == found.json()
    assert same.events.rejected == found.events.rejected
    assert len(sizes) > 8
    assert max(sizes) < 80  # a person's events are in one piece


def test_events_of_few_people_among_many_are_cut_up_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path, CARD)
    import_files(workspace, Files(people(tmp_path, 300)), START)
    sizes: list[int] = []
    store = event_files.store_events
    monkeypatch.setattr(event_files, "PIECE", 20)
    monkeypatch.setattr(
        event_files,
        "store_events",
        lambda b, raw, **how: sizes.append(len(raw.keys)) or store(b, raw, **how),
    )
    frame = pl.DataFrame(
        {
            "id": [f"p{290 + n % 10}" if n % 2 else f"nobody{n}" for n in range(200)],
            "event": "visit",
            "at": "2025-12-01",
        }
    )
    done = import_files(workspace, Files(events=frame), START).events
    assert (done.new, len(done.rejected), done.without_id) == (100, 100, 100)
    assert max(sizes) <= 30


@pytest.mark.parametrize("many", [False, True])
def test_properties_called_alike_are_read_each_under_its_own_header(
    tmp_path: Path, many: bool
) -> None:
    """Also where no event has one of them, or has others only."""
    card = CARD.replace(
        "events: {visit: {pages: number}, letter: {mail: text}}",
        "events: {visit: {pages: {type: number, column: other}}, letter: {mail: text, "
        "pages: {type: number, column: ^a$}}}",
    ).replace("segments", "  - {name: long, event: letter, where: pages > 1, points: 5}\nsegments")
    workspace = make(tmp_path, card)
    count = 250 if many else 2
    import_files(workspace, Files(people(tmp_path, count)), START)
    head = {"id": [f"p{n}" for n in range(count)], "event": "letter", "at": "2025-12-01"}
    for told in ({"other": "x"}, {"^a$": "2", "mail": "m"}, {"pages": "0"}, {"__id__": "7"}):
        import_files(workspace, Files(events=pl.DataFrame({**head, **told})), START)
    with workspace.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT score, reasons FROM scores").all()
    assert list(map(tuple, found)) == [(60_000, "long +5; letters +1")]


def test_what_no_database_can_hold_is_left_out(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    people_ = pl.DataFrame({"id": ["p0", "p\0q"]})
    frame = pl.DataFrame(
        {
            "id": ["p0", "p\0q", "p0", "p0"],
            "event": ["visit", "visit", "vi\0sit", "visit"],
            "at": "2025-12-01",
            "event_id": ["1", "2", "3", "1\x002"],
        }
    )
    done = import_files(workspace, Files(people_, frame), START)
    assert (done.stored.new, [row.row for row in done.rejected]) == (1, [2])
    assert (done.events.new, [row.row for row in done.events.rejected]) == (1, [2, 3, 4])
    for name in ("p\0q", "p\udcff"):
        with pytest.raises(DataError):
            note_event(workspace, name, {"event": "visit"}, START)
        with pytest.raises(DataError):
            history(workspace, name, START)


def test_moments_beyond_the_calendar_and_what_is_no_number_are_told(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    import_files(workspace, Files(people(tmp_path, 2)), START)
    at = pl.Series([2**60, 1_767_225_600_000_000]).cast(pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"id": ["p0", "p1"], "event": "letter", "at": at, "mail": [1.0, nan]})
    done = import_files(workspace, Files(events=frame), START).events
    assert (done.new, [row.row for row in done.rejected]) == (1, [1])
    with workspace.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT properties FROM events").scalars().all()
    assert kept == ["{}"]


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
