"""Merging: chains of records that are one person, taken apart in any order."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from scoreline.errors import ScorelineError
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import merge, note_event, register, unmerge
from scoreline.lifecycle.workspace import Workspace
from tests.lifecycle.workspaces import START, make

CARD = """\
scorecard: people
key: id
fields: {a: {type: integer, optional: yes}, b: {type: integer, optional: yes}}
terms:
  - {name: a, when: a is not null, points: 1}
  - {name: b, when: b is not null, points: 2}
  - {name: downloads, event: download, count: once, points: 4}
segments: [{name: high, above: 4}, {name: low}]
"""


def people(folder: Path, database: str = "") -> Workspace:
    """A knows a and downloaded, B knows b, C downloaded: 5, 2 and 4 points."""
    workspace = make(folder, CARD, database=database)
    for key, values in {"A": {"a": 1}, "B": {"b": 1}, "C": {}}.items():
        register(workspace, {"id": key, **values}, START)
    for key in "AC":
        note_event(workspace, key, {"event": "download"}, START)
    return workspace


def scored(workspace: Workspace) -> dict[str, float]:
    """The score of each record that is one of its own."""
    lives = {key: history(workspace, key, START).life for key in "ABC"}
    return {k: life.now[0].result.score for k, life in lives.items() if life.stands_for is None}


@pytest.mark.parametrize("order", list(itertools.permutations("BC")))
def test_a_chain_is_one_person_and_comes_apart_in_any_order(
    tmp_path: Path, database: str, order: tuple[str, str]
) -> None:
    workspace = people(tmp_path, database)
    merge(workspace, "B", "C", START)
    assert scored(workspace) == {"A": 5, "B": 6}
    merge(workspace, "A", "B", START)
    assert scored(workspace) == {"A": 7}
    unmerge(workspace, order[0], START)
    # C leaves B, wherever that is by now; B leaves A and takes C with it.
    assert scored(workspace) == ({"A": 7, "C": 4} if order[0] == "C" else {"A": 5, "B": 6})
    unmerge(workspace, order[1], START)
    assert scored(workspace) == {"A": 5, "B": 2, "C": 4}


def test_coming_back_is_no_move_and_keeps_when_it_entered_its_segment(tmp_path: Path) -> None:
    workspace = people(tmp_path)
    before = history(workspace, "C", START).life.now[0].since
    merge(workspace, "A", "C", START)
    (kept, back) = unmerge(workspace, "C", START)
    assert (kept.moves, back.moves) == ((), ())
    assert history(workspace, "C", START).life.now[0].since == before


def test_each_record_that_is_taken_apart_is_told_its_own_moves(tmp_path: Path) -> None:
    workspace = people(tmp_path)
    merge(workspace, "B", "C", START)
    (kept, back) = unmerge(workspace, "C", START)
    assert [(move.old, move.new) for move in kept.moves] == [("high", "low")]
    assert back.moves == ()


def test_events_of_a_merged_record_count_for_the_one_that_stands_for_it(tmp_path: Path) -> None:
    workspace = people(tmp_path)
    merge(workspace, "B", "C", START)
    register(workspace, {"id": "C", "a": 1}, START)
    assert scored(workspace)["B"] == 7


@pytest.mark.parametrize(("kept", "gone"), [("A", "A"), ("A", "X"), ("C", "A"), ("A", "C")])
def test_what_can_not_be_merged_is_refused(tmp_path: Path, kept: str, gone: str) -> None:
    workspace = people(tmp_path)
    merge(workspace, "B", "C", START)
    with pytest.raises(ScorelineError):
        merge(workspace, kept, gone, START)
    assert scored(workspace) == {"A": 5, "B": 6}
