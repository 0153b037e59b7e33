"""Killed at any moment, a workspace loses nothing that it acknowledged, and does nothing by half.

A child registers, imports, notes events, publishes, re-scores and delivers, round after round, and
acknowledges each job once it is done. It is killed at random moments, a hundred times a database.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.registering import note_event, register
from scoreline.jobs.workspace.rescoring import rescore
from scoreline.jobs.workspace.versions import publish_card
from scoreline.lifecycle.delivering import deliver_due
from scoreline.lifecycle.workspace import Workspace, open_workspace
from scoreline.store import moves, records, scores, versions
from scoreline.store.moves import SENT, WAITING, Wanted
from tests.lifecycle.workspaces import START, make

KILLS = 100
BATCH = 12
RULES = """\
moves:
  - {into: qualified, send: list}
  - {out_of: qualified, send: list}
handlers:
  list: {file: handed-over.jsonl}
"""
CARD = """\
scorecard: living
key: id
fields: {budget: {type: number, optional: yes}}
base: BASE
terms:
  - {name: budget, when: budget >= 100, points: 3}
  - {name: visits, event: visit, points: 2, half_life: 2 days, cap: 6}
segments: [{name: qualified, above: 4}, {name: rest}]
"""


def child(folder: str, life: int, told: Connection) -> None:
    """Jobs for ever; what is done is acknowledged after it is."""
    workspace = open_workspace(Path(folder))
    dice, now = random.Random(life), START + dt.timedelta(days=30 * life)  # noqa: S311 - no secret
    told.send("ready")
    for job in range(10_000):
        now += dt.timedelta(hours=7)
        name = f"{life}-{job}"
        match dice.randrange(7):
            case 0:
                register(workspace, {"id": f"one-{name}", "budget": dice.choice([50, 150])}, now)
                told.send(("record", f"one-{name}"))
            case 1:
                data = Path(folder) / "batch.csv"
                rows = "".join(f"many-{name}-{n},{dice.choice([50, 150])}\n" for n in range(BATCH))
                data.write_text("id,budget\n" + rows, encoding="utf-8")
                import_files(workspace, Files(str(data)), now)
                told.send(("batch", f"many-{name}"))
            case 2 | 3:
                note_event(workspace, "fixed", {"event": "visit", "event_id": name}, now)
                told.send(("event", name))
            case 4:
                card = Path(folder) / f"card-{dice.randrange(2)}.yaml"
                publish_card(workspace, card, now, actions=True)
                told.send(("published", card.name))
            case _:
                rescore(workspace, now)
                deliver_due(workspace, now)
                told.send(("worked", name))


def lives(folder: Path, dice: random.Random) -> Iterator[tuple[list[tuple[str, str]], float]]:
    """What each child acknowledged before it was killed, and how long it took to be ready."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    for life in range(KILLS):
        ours, theirs = context.Pipe(duplex=False)
        began = time.monotonic()
        process = context.Process(target=child, args=(str(folder), life, theirs))
        process.start()
        theirs.close()
        assert ours.recv() == "ready"
        ready = time.monotonic() - began
        time.sleep(dice.expovariate(3))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        told = []
        with contextlib.suppress(EOFError):
            while True:
                told.append(ours.recv())
        yield told, ready


def test_nothing_acknowledged_is_lost_and_nothing_is_done_by_half(
    tmp_path: Path, database: str, record_property: object
) -> None:
    for number, base in enumerate(("0", "2")):
        (tmp_path / f"card-{number}.yaml").write_text(CARD.replace("BASE", base), "utf-8")
    workspace = make(tmp_path, CARD.replace("BASE", "0"), database=database, rest=RULES)
    register(workspace, {"id": "fixed", "budget": 150}, START)
    workspace.database.close()
    dice = random.Random(1)  # noqa: S311 - no secret
    told: list[tuple[str, str]] = []
    slowest = 0.0
    for some, ready in lives(tmp_path, dice):
        told += some
        slowest = max(slowest, ready)
    workspace = open_workspace(tmp_path)
    deliver_due(workspace, START + dt.timedelta(days=10_000))
    kinds = Counter(kind for kind, _ in told)
    assert min(kinds[k] for k in ("record", "batch", "event", "published", "worked")) >= 5, kinds
    _check_records(workspace, told)
    _check_scores(workspace)
    _check_messages(workspace, tmp_path / "handed-over.jsonl")
    where = "PostgreSQL" if database else "SQLite"
    text = f"{KILLS} kills on {where}: {sum(kinds.values())} jobs acknowledged, none lost; "
    record_property("printed", text + f"the slowest restart took {slowest:.1f} s")  # type: ignore[operator]


def _check_records(workspace: Workspace, told: list[tuple[str, str]]) -> None:
    with workspace.database.reading() as connection:
        kept = {
            r.key for r in records.by_ids(connection, records.roots(connection, 0, 10**6)).values()
        }
        batches = Counter(key.rpartition("-")[0] for key in kept if key.startswith("many-"))
        acknowledged = {name for kind, name in told if kind == "record"}
        assert acknowledged <= kept
        assert set(batches.values()) <= {BATCH}
        assert {name for kind, name in told if kind == "batch"} <= set(batches)
        events = connection.exec_driver_sql("SELECT event_id FROM events").scalars().all()
    assert len(set(events)) == len(events)
    assert {name for kind, name in told if kind == "event"} <= set(events)


def _check_scores(workspace: Workspace) -> None:
    """Every record is scored, by the version in force, and the last of its history is its score."""
    with workspace.database.reading() as connection:
        (publication,) = versions.in_force(connection)
        kept = list(
            scores.of_records(connection, "living", records.roots(connection, 0, 10**6)).values()
        )
        assert len(kept) == records.count(connection)
        assert {score.version for score in kept} == {publication.version}
        for score in kept:
            last = scores.history(connection, score.record)[-1]
            assert (last.score, last.segment) == (score.score, score.segment)
            made = moves.find(connection, Wanted(record=score.record))
            assert made[-1].new == score.segment
            path = [None, *(move.new for move in made)]
            assert [move.old for move in made] == path[:-1]


def _check_messages(workspace: Workspace, file: Path) -> None:
    """One key a move; a receiver that ignores keys it knows sees each move exactly once."""
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    with workspace.database.reading() as connection:
        made = moves.find(connection, Wanted())
        about = moves.of_moves(connection, [one.id for one in made])
    outbox = [one for some in about.values() for one in some]
    handed = {one.id for one in made if one.handed.startswith("to ")}
    assert {one.state for one in outbox} == {SENT}
    assert not [one for one in outbox if one.state == WAITING]
    assert len({one.key for one in outbox}) == len(outbox)
    assert {one.move for one in outbox} == handed
    assert {line["id"] for line in lines} == {one.key for one in outbox}
