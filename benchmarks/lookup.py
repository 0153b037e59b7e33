"""Duplicates looked up while a record is registered, in a workspace whose match model is learnt.

The customers are those of the tests' generator. A new record is one of the base with slips, or one
that the base has not seen, by turns; each look-up is timed by the clock and by the processor.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import func, select
from tests.quality.duplicates.generating import people

from benchmarks.batch import AS_OF, Row
from scoreline.jobs.workspace.registering import register
from scoreline.lifecycle.learning import learn
from scoreline.lifecycle.workspace import Workspace, make_database, open_workspace
from scoreline.store import bulk
from scoreline.store.moments import stored
from scoreline.store.schema import match_keys, records

COPIES = 1.48
"""Records that the generator makes of a customer, copies among them."""
LOOKED_UP, REGISTERED = 1_000, 300
Given = dict[str, Any]


def lookup(customers: int, folder: Path) -> list[Row]:
    """The rows of the table."""
    base = people(5, round(customers / COPIES))
    opened = _workspace(folder / "duplicates", base.columns)
    before = _registered(opened, "before")
    begun = time.process_time()
    learnt = learn(opened, stored(AS_OF))
    print(f"learnt in {time.process_time() - begun:.0f} s, by {len(learnt.kept.keys)} keys")
    new = _new(base.columns)
    clock, cpu, met = _looked_up(opened, new)
    print(f"{met} of {len(new)} look like somebody; {_index(opened)} keys in the index")
    after = _registered(opened, "after")
    return [
        ("a look-up, 99 of 100, ms of the clock", "10", float(np.percentile(clock, 99))),
        ("the same, ms of the processor", "", float(np.percentile(cpu, 99))),
        ("the same, the median, ms of the clock", "", float(np.median(clock))),
        ("a record registered, no model learnt, the median, ms", "", before),
        ("a record registered and looked up, the median, ms", "", after),
    ]


def _workspace(place: Path, columns: dict[str, list[str | None]]) -> Workspace:
    """A workspace without cards, that knows all records of a base."""
    place.mkdir()
    (place / "workspace.yaml").write_text("workspace: bench\nkey: id\n", encoding="utf-8")
    make_database(place)
    opened = open_workspace(place)
    at = stored(AS_OF)
    rows = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    texts = [
        msgspec.json.encode({n: v for n, v in row.items() if v is not None}).decode()
        for row in rows
    ]
    moments = [at] * len(rows)
    values = {"key": columns["id"], "given": texts, "registered_at": moments, "changed_at": moments}
    opened.database.write(lambda connection: bulk.load(connection, records, values))
    return opened


def _new(base: dict[str, list[str | None]]) -> list[Given]:
    """Records to look up: half are the base's, two cells left out; half it has not seen."""
    strangers = people(99, LOOKED_UP).columns
    headers = [name for name in base if name != "id"]
    step = len(base["id"]) // LOOKED_UP
    found = []
    for number in range(LOOKED_UP):
        if number % 2:
            found.append({name: strangers[name][number] for name in headers})
            continue
        left_out = {headers[number % len(headers)], headers[number // 7 % len(headers)]}
        row = {name: base[name][number * step] for name in headers}
        found.append({name: value for name, value in row.items() if name not in left_out})
    return found


def _looked_up(opened: Workspace, new: list[Given]) -> tuple[list[float], list[float], int]:
    """Milliseconds of each look-up by the clock and the processor; how many found somebody."""
    clock, cpu, met = [], [], 0
    with opened.database.reading() as connection:
        matching = opened.shelf.in_force(connection)[1]
        assert matching is not None
        for given in new:
            begun, worked = time.perf_counter(), time.process_time()
            met += bool(matching.like(connection, 0, given))
            cpu.append((time.process_time() - worked) * 1_000)
            clock.append((time.perf_counter() - begun) * 1_000)
    return clock, cpu, met


def _registered(opened: Workspace, name: str) -> float:
    """Milliseconds of the clock, the median of many."""
    took = []
    columns = people(77, REGISTERED).columns
    for number in range(REGISTERED):
        values = {header: cells[number] for header, cells in columns.items()}
        begun = time.perf_counter()
        register(opened, {**values, "id": f"{name} {number}"}, AS_OF)
        took.append((time.perf_counter() - begun) * 1_000)
    return float(np.median(took))


def _index(opened: Workspace) -> int:
    with opened.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(match_keys)).scalar_one())
