"""Eight writers at once on the same records: each score of one version, no update lost.

Four processes of two threads each register, note events and merge nothing away, while one of them
publishes; in the end every score is what all facts and events together come to.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from scoreline.jobs.card import Card
from scoreline.jobs.workspace.registering import note_event, register
from scoreline.jobs.workspace.versions import publish_card
from scoreline.lifecycle.shelf import in_force
from scoreline.lifecycle.workspace import open_workspace
from scoreline.store import moves, records, scores
from scoreline.store.moves import Wanted
from tests.lifecycle.workspaces import START, make

PROCESSES, THREADS, JOBS = 4, 2, 12
RECORDS = [f"r{number}" for number in range(3)]
CARD = """\
scorecard: contended
key: id
fields:
COLUMNS
base: BASE
terms:
TERMS
  - {name: visits, event: visit, points: 1}
segments: [{name: qualified, above: 20}, {name: rest}]
"""
COLUMNS = [f"c{number}" for number in range(PROCESSES * THREADS)]


def card_text(base: int) -> str:
    """A card that has a column for each writer."""
    fields = "".join(f"  {name}: {{type: integer, optional: yes}}\n" for name in COLUMNS)
    terms = "".join(f"  - {{name: {name}, when: {name} >= 1, points: 2}}\n" for name in COLUMNS)
    filled = CARD.replace("COLUMNS\n", fields).replace("TERMS\n", terms)
    return filled.replace("BASE", str(base))


def writer(folder: str, number: int) -> list[tuple[str, str]]:
    """Every record gets this writer's column and its events; who is told what it came to."""
    workspace = open_workspace(Path(folder))
    dice, noted = random.Random(number), []  # noqa: S311 - no secret
    for job in range(JOBS):
        key = RECORDS[(number + job) % len(RECORDS)]
        name = f"{number}-{job}"
        if job < len(RECORDS):
            told = register(workspace, {"id": key, COLUMNS[number]: 1}, START)
        else:
            told = note_event(workspace, key, {"event": "visit", "event_id": name}, START)
            noted.append((key, name))
        assert len(told.scores) == 1
        if number == 0 and job % 4 == 3:
            card = Path(folder) / f"card-{dice.randrange(2)}.yaml"
            publish_card(workspace, card, START + dt.timedelta(seconds=job), actions=False)
    workspace.database.close()
    return noted


def process(folder: str, number: int, answers: Any) -> None:
    """The writers of one process."""
    with ThreadPoolExecutor(THREADS) as pool:
        numbers = range(number * THREADS, (number + 1) * THREADS)
        found = list(pool.map(lambda n: writer(folder, n), numbers))
    answers.put([pair for some in found for pair in some])


def test_eight_writers_lose_no_update_and_mix_no_versions(tmp_path: Path, database: str) -> None:
    for base in (0, 1):
        (tmp_path / f"card-{base}.yaml").write_text(card_text(base), encoding="utf-8")
    workspace = make(tmp_path, card_text(0), database=database)
    for key in RECORDS:
        register(workspace, {"id": key}, START)
    workspace.database.close()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    answers = context.Queue()
    children = [
        context.Process(target=process, args=(str(tmp_path), number, answers))
        for number in range(PROCESSES)
    ]
    for one in children:
        one.start()
    noted = [pair for _ in children for pair in answers.get(timeout=120)]
    for one in children:
        one.join()
        assert one.exitcode == 0
    assert len(noted) == PROCESSES * THREADS * (JOBS - len(RECORDS))
    workspace = open_workspace(tmp_path)
    with workspace.database.reading() as connection:
        (card,) = in_force(connection)
        for key in RECORDS:
            record = records.by_key(connection, key)
            assert record is not None
            own = [{"event": "visit", "at": START.isoformat()} for k, _ in noted if k == key]
            kept = scores.of_records(connection, card.name, [record.id])[record.id]
            expected = Card(card.model).score(
                {"id": key, **dict.fromkeys(COLUMNS, 1)}, events=own, as_of=START
            )
            assert kept.version == card.publication.version
            assert kept.score == expected.score * 10_000
            past = scores.history(connection, record.id)
            assert (past[-1].score, past[-1].version) == (kept.score, kept.version)
            path = [None, *(one.new for one in moves.find(connection, Wanted(record=record.id)))]
            assert path[-1] == kept.segment
            assert all(a != b for a, b in pairwise(path))
