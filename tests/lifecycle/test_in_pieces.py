"""However a base came together, its scores are those of one that was told everything at once.

More lives than the default: LIFECYCLE_LIVES=200, from the seed LIFECYCLE_SEED on.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scoreline.errors import ScorelineError
from scoreline.jobs.workspace import event_files, importing
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import merge, note_event, register, unmerge
from scoreline.jobs.workspace.rescoring import rescore
from scoreline.lifecycle import batch
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.rescoring import rescore_all
from scoreline.lifecycle.workspace import Workspace
from scoreline.store.moves import NewMove
from tests.lifecycle.test_rescoring import CARD, OTHER, SPELT
from tests.lifecycle.workspaces import START, make, put_in_force

FIRST_SEED = int(os.environ.get("LIFECYCLE_SEED", "1"))
LIVES = int(os.environ.get("LIFECYCLE_LIVES", "2"))
STEPS = 14
PEOPLE = [f"p{n}" for n in range(9)]
SECOND = CARD.replace("points: 2, half_life: 10 days", "points: 3, half_life: 7 days").replace(
    "pages >= 2", "pages >= 1"
)
"""What CARD becomes in the course of a life."""

Merging = Callable[[Workspace, dt.datetime], object]


@dataclass
class Life:
    """A base that grows by drawn steps, and everything that it was told, in order."""

    workspace: Workspace
    dice: random.Random
    now: dt.datetime = START
    card: str = CARD
    known: dict[str, None] = field(default_factory=dict)
    facts: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    merges: list[Merging] = field(default_factory=list)

    def step(self) -> None:
        """Time goes on, and something comes in."""
        self.now += dt.timedelta(seconds=self.dice.choice([1, 3_600, 40_000, 86_400, 300_000]))
        steps = [self.import_records, self.import_events, self.import_both, self.merge, self.single]
        self.dice.choices([*steps, self.publish, self.look], [3, 6, 2, 4, 3, 1, 1])[0]()

    def import_records(self) -> None:
        import_files(self.workspace, Files(self.some_records()), self.now)

    def import_events(self) -> None:
        import_files(self.workspace, Files(events=self.some_events()), self.now)

    def import_both(self) -> None:
        import_files(self.workspace, Files(self.some_records(), self.some_events()), self.now)

    def single(self) -> None:
        """One record, and one thing that it did."""
        row = {name: value for name, value in self.record().items() if value}
        register(self.workspace, row, self.now)
        self.facts.append(row)
        event = {name: value for name, value in self.event(row["id"]).items() if value is not None}
        note_event(self.workspace, event.pop("id"), event, self.now)
        self.events.append({"id": row["id"], **event})

    def merge(self) -> None:
        """Two become one, or are two again; what can't be is refused and changes nothing."""
        kept, gone = self.dice.sample(PEOPLE, 2)
        done: Merging = lambda workspace, now: merge(workspace, kept, gone, now)  # noqa: E731
        if self.dice.random() < 0.4:
            done = lambda workspace, now: unmerge(workspace, gone, now)  # noqa: E731
        try:
            done(self.workspace, self.now)
        except ScorelineError:
            return
        self.merges.append(done)

    def publish(self) -> None:
        self.card = SECOND if self.card == CARD else CARD
        put_in_force(self.workspace, self.card, self.now)

    def look(self) -> None:
        rescore(self.workspace, self.now)

    def some_records(self) -> pl.DataFrame:
        rows = [self.record() for _ in range(self.dice.randrange(1, 9))]
        self.facts += rows
        return frame(rows)

    def some_events(self) -> pl.DataFrame:
        """Of people who are known, of a stranger, of no moment."""
        rows = [self.event(self.dice.choice([*self.known, "nobody"])) for _ in range(25)]
        rows.append({**rows[0], "at": "sometime"})
        rows += self.dice.sample(rows, 3)  # said again
        self.events += rows
        return frame(rows)

    def record(self) -> dict[str, Any]:
        """A row with blanks; the same person may come again."""
        key = self.dice.choice(PEOPLE)
        self.known[key] = None
        day = self.now - dt.timedelta(days=self.dice.randrange(-2, 12))
        facts = {
            "budget": self.dice.choice(["50", "100", "99.5", "much"]),
            "joined": day.date().isoformat(),
            "seen": day.isoformat(),
        }
        told = {name: value if self.dice.random() < 0.6 else "" for name, value in facts.items()}
        return {"id": key, **told}

    def event(self, key: str) -> dict[str, Any]:
        """What somebody did: just now, late or to come, with an id that may be known, or none."""
        ago = self.dice.choice([0, 1, 86_400, self.dice.randrange(10**6), -5_000])
        number = self.dice.randrange(60)
        return {
            "id": key,
            "event": self.dice.choice(["visit", "letter", "call", "unheard of"]),
            "at": (self.now - dt.timedelta(seconds=ago)).isoformat(),
            "event_id": None if number % 3 == 0 else f"e{number}",
            **{header: str(self.dice.randrange(4)) for header in self.dice.choice(SPELT)},
            "mail": self.dice.choice("abc"),
        }


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A column for each name, in the order in which they come up."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def scores(workspace: Workspace, keys: list[str], now: dt.datetime) -> dict[str, list[Any]]:
    """What each record comes to by each card, as it is read."""
    found = {}
    for key in keys:
        results = [(one.card.name, one.result) for one in history(workspace, key, now).life.now]
        found[key] = [
            (card, r.score, r.segment, r.low, r.high, r.ask, r.reasons) for card, r in results
        ]
    return found


def stored(workspace: Workspace, what: str) -> list[Any]:
    """Columns of the scores as they are kept."""
    asked = f"SELECT card, record, {what} FROM scores ORDER BY card, record"  # noqa: S608
    with workspace.database.reading() as connection:
        return list(map(tuple, connection.exec_driver_sql(asked)))


def unforeseen(workspace: Workspace, now: dt.datetime) -> list[NewMove]:
    """The moves that a full recompute would find and nobody was told of; nothing is written."""
    look = Manner(now, "looked at", dry=True)
    return workspace.batch(look, lambda batch: rescore_all(batch, None, forward=True))[1].moves


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + LIVES))
def test_a_base_in_pieces_comes_to_what_one_told_everything_at_once_comes_to(
    tmp_path: Path, database: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    monkeypatch.setattr(event_files, "PIECE", dice.choice([4, 10, 1_000]))
    monkeypatch.setattr(importing, "PIECE", dice.choice([2, 1_000]))
    monkeypatch.setattr(batch, "PIECE", dice.choice([3, 1_000]))
    monkeypatch.setattr(batch, "FEW", dice.choice([0, 4, 200]))
    (tmp_path / "pieces").mkdir()
    life = Life(make(tmp_path / "pieces", CARD, OTHER, database=database), dice)
    life.import_records()
    for _ in range(STEPS):
        life.step()
        rescore(life.workspace, life.now)
        assert unforeseen(life.workspace, life.now) == []
    keys = list(life.known)
    segments, read = stored(life.workspace, "segment"), scores(life.workspace, keys, life.now)
    assert rescore(life.workspace, life.now, everything=True).moves == ()
    assert stored(life.workspace, "segment") == segments
    assert scores(life.workspace, keys, life.now) == read
    life.workspace.database.close()

    monkeypatch.undo()
    (tmp_path / "whole").mkdir()
    whole = make(tmp_path / "whole", life.card, OTHER)
    import_files(
        whole, Files(frame(life.facts), frame(life.events) if life.events else None), life.now
    )
    for done in life.merges:
        done(whole, life.now)
    assert scores(whole, keys, life.now) == read
