"""A workspace: what is computed again, beside everything computed again; and one record registered.

The events are those of `events.py`, kept in SQLite. CPU seconds of the process, each work once and
in this order: its state is what the one before left.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.batch import AS_OF, Row
from benchmarks.events import CARD, KINDS, write_events
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.registering import register
from scoreline.jobs.workspace.rescoring import rescore
from scoreline.jobs.workspace.versions import publish_card
from scoreline.lifecycle.workspace import Workspace, make_database, open_workspace

LEAD = Path("src/scoreline/starters/lead.yaml")
TOP = CARD.replace("above: 20", "above: 60")
"""About the best fifth of the customers are warm."""
SINGLE = 400
"""Records that are registered one by one."""


def workspace(customers: int, folder: Path) -> list[Row]:
    """The rows of the table."""
    data, happened = folder / "customers.parquet", folder / "events.parquet"
    write_events(customers, data, happened)
    opened = _made(folder, "customer", TOP)
    import_files(opened, Files(data, happened), AS_OF, actions=False)
    took = {
        "scan": _cpu(lambda: _scan(opened)),
        "full": _cpu(lambda: rescore(opened, AS_OF, everything=True)),
    }
    some = _one_in_a_hundred(customers, folder)
    took["few"] = _cpu(lambda: import_files(opened, Files(events=some), AS_OF, actions=False))
    louder = folder / "louder.yaml"
    louder.write_text(TOP.replace("above: 60", "above: 62"), encoding="utf-8")
    preview = {"actions": False, "preview": True}
    took["diff"] = _cpu(lambda: publish_card(opened, louder, AS_OF, **preview))
    day = AS_OF + dt.timedelta(days=1)
    found = rescore(opened, day)
    took["day"] = _cpu(lambda: rescore(opened, day + dt.timedelta(days=1)))
    print(f"day: {found.recomputed} of {customers} looked at, {found.changed} changed")
    full = took["full"]
    return [
        ("everything scored anew / scan of the stored events", "12", full / took["scan"]),
        ("1 % of customers got an event / everything", "0.04", took["few"] / full),
        ("a day on which nothing happened / everything", "0.02", took["day"] / full),
        ("preview of another version / everything", "1.6", took["diff"] / full),
        ("one record: registered, checked, scored, committed, ms", "1", _register(folder)),
    ]


def _made(folder: Path, key: str, card: str) -> Workspace:
    place = folder / key
    place.mkdir()
    (place / "workspace.yaml").write_text(f"workspace: bench\nkey: {key}\n", encoding="utf-8")
    (place / "card.yaml").write_text(card, encoding="utf-8")
    make_database(place)
    opened = open_workspace(place)
    publish_card(opened, place / "card.yaml", AS_OF, actions=False)
    return opened


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _scan(opened: Workspace) -> int:
    """Every stored event read, as whoever computes something from them must."""
    with opened.database.reading() as connection:
        read = connection.exec_driver_sql("SELECT id, record, event, at, properties FROM events")
        return sum(len(rows) for rows in read.partitions(10_000))


def _one_in_a_hundred(customers: int, folder: Path) -> Path:
    """One more event of each hundredth customer."""
    random = np.random.default_rng(8)
    keys = [f"c{number}" for number in range(0, customers, 100)]
    path = folder / "some.parquet"
    pl.DataFrame(
        {
            "customer": keys,
            "event": pl.Series(KINDS).gather(random.integers(0, len(KINDS), len(keys))),
            "at": pl.Series([AS_OF] * len(keys)).cast(pl.Datetime("us", "UTC")),
            "mail": "1",
            "minutes": 30.0,
        }
    ).write_parquet(path)
    return path


def _register(folder: Path) -> float:
    """Milliseconds of the clock, the median of many."""
    opened = _made(folder, "lead_id", LEAD.read_text("utf-8"))
    took = []
    for number in range(SINGLE):
        values = {
            "lead_id": number,
            "email": f"anna{number}@acme.ru",
            "phone": f"+7 912 345-{number:04d}",
            "company": "Acme",
            "position": "CTO",
            "budget": "250 000 ₽",
            "has_spec": "yes",
        }
        begun = time.perf_counter()
        register(opened, values, AS_OF)
        took.append(time.perf_counter() - begun)
    return float(np.median(took[SINGLE // 4 :]) * 1_000)
