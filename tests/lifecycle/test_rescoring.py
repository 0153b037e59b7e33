"""Only what can have changed is computed again, and all is as a full recompute would have it."""

from __future__ import annotations

import datetime as dt
import gc
import random
from pathlib import Path
from typing import Any

import pytest

from scoreline.jobs.card import Card
from scoreline.jobs.workspace.registering import merge, note_event, register
from scoreline.jobs.workspace.rescoring import rescore
from scoreline.lifecycle import batch
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.reading import chosen, standings
from scoreline.lifecycle.scorer import Scorer
from scoreline.lifecycle.workspace import Workspace
from scoreline.scorecard.file import parse_card
from scoreline.store import records, scores
from scoreline.store.moments import moment_of, stored
from tests.lifecycle.workspaces import START, make

CARD = """\
scorecard: living
key: id
fields:
  budget: {type: number, optional: yes}
  joined: {type: date, optional: yes}
  seen:   {type: time, optional: yes}
events:
  visit: {pages: number}
  letter: {mail: text}
  call: {}
terms:
  - name: budget
    of: budget
    bins: [{below: 100, points: 1}, {from: 100, points: 3}, {missing: -1}]
  - {name: newcomer, when: "days_between(joined, as_of) < 10", points: 2}
  - {name: seen of late, when: "days_between(seen, as_of) < 3", points: 1}
  - {name: visits, event: visit, where: pages >= 2, points: 2, half_life: 10 days,
     cap: 7, group: site}
  - {name: letters, event: letter, count: distinct(mail), points: 1.5, within: 6 days, group: site}
  - {name: called, event: call, count: once, points: 3, linear: 50% per 5 days}
  - {name: annoyed, event: call, points: -1, half_life: 3 days, floor: -4}
groups: {site: {cap: 8}}
segments:
  - {name: hot, above: 6}
  - {name: warm, from: 2.5}
  - {name: cold, above: -1}
  - {name: frozen}
"""
OTHER = """\
scorecard: other
key: id
fields: {budget: {type: number, optional: yes}}
terms: [{name: budget, when: budget > 50, points: 1}]
segments: [{name: rich, from: 1}, {name: poor}]
"""


SPELT = [["pages"], ["pages", "Pages"], ["Pages"], [" pages"], ["PAGES", "Pages"]]
"""Headers of a property in an event; which one of the last two is meant, nobody can tell."""


class Twin:
    """What was told to a workspace, kept aside, to be scored from nothing."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, Any]] = {}
        self.events: dict[str, list[dict[str, Any]]] = {}

    def of(self, card: Card, key: str, as_of: dt.datetime) -> Any:
        events = self.events.get(key, []) if card.model.events else None
        return card.score({"id": key, **self.facts[key]}, events=events, as_of=as_of)


def step(dice: random.Random, workspace: Workspace, twin: Twin, now: dt.datetime) -> None:
    """Something happens to somebody, or nothing does."""
    key = str(dice.randrange(12))
    what = dice.random()
    if key not in twin.facts or what < 0.2:
        facts = {
            "budget": dice.choice(["50", "100", "99.5", "", None]),
            "joined": (now - dt.timedelta(days=dice.randrange(-2, 12))).date().isoformat(),
            "seen": (now - dt.timedelta(hours=dice.randrange(-40, 90))).isoformat(),
        }
        told = {name: facts[name] for name in facts if dice.random() < 0.7}
        known = twin.facts.setdefault(key, {})
        known.update((name, value) for name, value in told.items() if value != "")
        register(workspace, {"id": key, **told}, now)
    elif what < 0.8:
        at = now - dt.timedelta(seconds=dice.choice([0, 1, 86_400, dice.randrange(10**6), -5_000]))
        event = {
            "event": dice.choice(["visit", "letter", "call", "unheard of"]),
            "at": at.isoformat(),
            **{header: str(dice.randrange(4)) for header in dice.choice(SPELT)},
            "mail": dice.choice("abc"),
        }
        twin.events.setdefault(key, []).append(event)
        note_event(workspace, key, event, now)


@pytest.mark.parametrize("seed", range(2))
def test_a_life_of_changes_comes_to_what_a_full_recompute_comes_to(
    tmp_path: Path, database: str, seed: int
) -> None:
    """After every step: segments, moves and scores as read; and nothing changes unforeseen."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    workspace, twin = make(tmp_path, CARD, OTHER, database=database), Twin()
    cards = [Card(parse_card(text)) for text in (CARD, OTHER)]
    now = START
    for _ in range(60):
        now += dt.timedelta(seconds=dice.choice([1, 3_600, 40_000, 86_400, 300_000]))
        rescore(workspace, now)
        step(dice, workspace, twin, now)
        with workspace.database.reading() as connection:
            for card in cards:
                for key in twin.facts:
                    record = records.by_key(connection, key)
                    assert record is not None
                    kept = scores.of_records(connection, card.model.name, [record.id])[record.id]
                    expected = twin.of(card, key, now)
                    assert kept.segment == expected.segment, (key, now)
                    read, *_ = standings(
                        connection,
                        chosen(connection, card.model.name),
                        record.id,
                        now,
                    )
                    assert read.result.score == expected.score
                    assert read.result.reasons == expected.reasons
                    if kept.next_change is None:
                        until = now + dt.timedelta(days=400)
                    else:
                        assert kept.next_change > stored(now)
                        until = moment_of(kept.next_change)
                    later = now + (until - now) * dice.random()
                    assert twin.of(card, key, later).segment == kept.segment, (key, now, later)


def test_only_records_whose_change_has_come_are_computed(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    for number in range(20):
        register(workspace, {"id": number, "budget": 100}, START)
    noted = START + dt.timedelta(hours=1)
    for number in range(3):
        for mail in "abc":
            note_event(workspace, str(number), {"event": "letter", "mail": mail}, noted)
    note_event(workspace, "3", {"event": "letter", "mail": "a"}, noted)
    # Letters count for six days: until then nothing is due. Then three of 7.5 points come to 3 and
    # are hot no more; the fourth, which loses 1.5 of 4.5, is warm before and after.
    assert rescore(workspace, noted + dt.timedelta(days=5)).recomputed == 0
    done = rescore(workspace, noted + dt.timedelta(days=6))
    assert [(m.old, m.new, m.count) for m in done.moves] == [("hot", "warm", 3)]
    assert (done.recomputed, done.changed) == (3, 3)
    assert rescore(workspace, noted + dt.timedelta(days=6)).recomputed == 0


def test_what_ages_far_from_the_end_of_its_segment_is_left_alone(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": 100}, START)
    for _ in range(3):
        note_event(workspace, "1", {"event": "visit", "pages": "2"}, START)
    # 3 + 6 fading: hot (above 6) for five days and a bit, so nobody looks for four of them.
    assert rescore(workspace, START + dt.timedelta(days=4)).recomputed == 0
    found = rescore(workspace, START + dt.timedelta(days=30))
    assert [(m.old, m.new) for m in found.moves] == [("hot", "warm")]


def test_one_by_one_and_many_at_once_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(7)  # noqa: S311 - no secret
    workspace, twin = make(tmp_path, CARD, OTHER), Twin()
    for _ in range(80):
        step(dice, workspace, twin, START + dt.timedelta(hours=dice.randrange(100)))
    now = START + dt.timedelta(days=5)
    merge(workspace, *sorted(twin.facts)[:2], now)
    rescore(workspace, now, everything=True)
    singly = _all_scores(workspace)
    monkeypatch.setattr(batch, "FEW", 0)
    monkeypatch.delattr(Scorer, "one")
    done = rescore(workspace, now, everything=True)
    assert done.recomputed == 2 * (len(twin.facts) - 1)
    assert done.changed == 0
    assert _all_scores(workspace) == singly


FADING = """\
scorecard: fading
key: id
fields: {budget: {type: number, optional: yes}}
events:
  visit: {pages: number}
  letter: {mail: text}
  call: {}
terms:
  - {name: visits, event: visit, where: pages >= 1, points: 2, half_life: 10 days, cap: 7}
  - {name: letters, event: letter, count: distinct(mail), points: 1.5, within: 6 days}
  - {name: letters long ago, event: letter, points: 1, linear: 50% per 5 days, within: 9 days}
  - {name: called, event: call, count: once, points: 3, linear: 50% per 5 days}
  - {name: annoyed, event: call, points: -1, half_life: 3 days, floor: -4}
segments: [{name: hot, above: 6}, {name: warm, from: 2.5}, {name: cold}]
"""


def test_the_next_look_at_many_is_exact_where_it_is_near_and_never_too_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(3)  # noqa: S311 - no secret
    workspace, twin = make(tmp_path, FADING), Twin()
    for _ in range(150):
        step(dice, workspace, twin, START + dt.timedelta(hours=dice.randrange(100)))
    now, near, exact = START + dt.timedelta(days=4, hours=9), dt.timedelta(days=8), 0
    rescore(workspace, now, everything=True)
    singly = _looks(workspace)
    monkeypatch.setattr(batch, "FEW", 0)
    monkeypatch.delattr(Scorer, "one")
    rescore(workspace, now, everything=True)
    for one, other in zip(singly, _looks(workspace), strict=True):
        if one is not None and moment_of(one) - now < near:
            assert other == one
            exact += 1
        else:
            assert one is None or (other is not None and stored(now + near) <= other <= one)
    assert exact >= 5


def _looks(workspace: Workspace) -> list[int | None]:
    with workspace.database.reading() as connection:
        asked = "SELECT next_change FROM scores ORDER BY record"
        return list(connection.exec_driver_sql(asked).scalars())


def _all_scores(workspace: Workspace) -> list[Any]:
    with workspace.database.reading() as connection:
        return list(
            map(tuple, connection.exec_driver_sql("SELECT * FROM scores ORDER BY card, record"))
        )


@pytest.mark.parametrize("own", [False, True])
def test_a_batch_keeps_the_collector_from_what_was_there_before(tmp_path: Path, own: bool) -> None:
    """Only for as long as it runs; and what a process had set aside itself, stays set aside."""
    workspace = make(tmp_path, CARD)
    if own:
        gc.freeze()
    try:
        during, _ = workspace.batch(Manner(START, "test"), lambda batch: gc.get_freeze_count())
        assert during > 10_000
        assert bool(gc.get_freeze_count()) is own
    finally:
        gc.unfreeze()
