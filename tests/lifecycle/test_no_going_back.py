"""A record's history is in the order of time, whatever moment it is told something as of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import History, MovesWanted, history, list_moves
from scoreline.jobs.workspace.registering import merge, note_event, register
from scoreline.jobs.workspace.rescoring import rescore, work_once
from scoreline.jobs.workspace.versions import publish_card
from scoreline.lifecycle.workspace import Workspace
from tests.conftest import Ran
from tests.lifecycle.workspaces import START, make

CARD = """\
scorecard: act
key: id
fields: {budget: {type: number, optional: yes}}
events: {visit: {}}
terms:
  - {name: budget, when: budget >= 100, points: 3}
  - {name: visits, event: visit, points: 2, within: 10 days, cap: 20}
segments: [{name: hot, from: 5}, {name: warm, from: 2}, {name: cold}]
"""


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def lines(workspace: Workspace, key: str = "17") -> list[tuple[int, float, str]]:
    """Day, score and cause of each line of a record's history."""
    found: History = history(workspace, key, day(400))
    return [
        ((dt.datetime.fromisoformat(str(one["as_of"])) - START).days, one["score"], one["cause"])  # type: ignore[misc]
        for one in (found.past_json(past) for past in found.life.past)
    ]


def test_what_is_told_as_of_an_earlier_moment_scores_as_of_the_later(
    tmp_path: Path, database: str
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17"}, day(1))
    note_event(workspace, "17", {"event": "visit"}, day(20))
    told = register(workspace, {"id": "17", "budget": "200"}, day(5))
    assert told.warnings == (
        "It was scored as of 2026-01-21T00:00:00Z before, and is again: "
        "no score goes back in time.",
    )
    note_event(workspace, "17", {"event": "visit", "at": day(6).isoformat()}, day(6))
    # The visit of day 6 is out of its window on day 20: nothing to be written.
    assert lines(workspace) == [(1, 0, "registered"), (20, 2, "event visit"), (20, 5, "registered")]
    moved = list_moves(workspace, MovesWanted("17")).moves
    assert [move.at for move in moved] == sorted(move.at for move in moved)
    (one,) = history(workspace, "17", day(20)).life.now
    assert (one.result.score, one.since) == (5, day(20))


def test_an_import_of_an_earlier_day_goes_on_from_what_is_there(
    tmp_path: Path, database: str, scoreline: Callable[..., Ran]
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    for key in "123":
        register(workspace, {"id": key}, day(20 if key == "2" else 1))
    (tmp_path / "leads.csv").write_text("id,budget\n1,100\n2,100\n3,100\n4,100\n", "utf-8")
    said = scoreline("import", "leads.csv", "--as-of", "2026-01-11")
    assert "1 score was as of a later moment already: no score goes back in time." in said.out
    assert [lines(workspace, key)[-1][0] for key in "1234"] == [10, 20, 10, 10]
    data = tmp_path / "leads.csv"
    data.write_text("id,budget\n" + "".join(f"{n},1\n" for n in range(300)), "utf-8")
    done = import_files(workspace, Files(str(data)), day(11))
    assert done.effects is not None
    assert done.effects.later == 1
    assert [lines(workspace, key)[-1][0] for key in "12"] == [11, 20]


def test_merging_and_time_do_not_go_back_either(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17"}, day(20))
    register(workspace, {"id": "18", "budget": "200"}, day(1))
    merge(workspace, "17", "18", day(3))
    assert lines(workspace) == [(20, 0, "registered"), (20, 3, "merged")]
    for everything in (True, False):
        found = rescore(workspace, day(4), everything=everything)
        assert found.later == everything
    assert len(lines(workspace)) == 2


def test_a_version_scores_no_record_before_its_last_score(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17"}, day(20))
    register(workspace, {"id": "18"}, day(2))
    path = tmp_path / "card.yaml"
    path.write_text(CARD.replace("points: 3", "points: 3, missing: 2"), encoding="utf-8")
    for preview in (True, False):
        done = publish_card(workspace, path, day(5), actions=False, preview=preview)
        assert (done.effects.later, done.effects.changed) == (1, 2)
    assert lines(workspace)[-1] == (20, 2, "published")
    assert lines(workspace, "18")[-1] == (5, 2, "published")


@pytest.mark.parametrize("everything", [False, True])
def test_time_alone_gives_history_a_line_where_a_record_moved(
    tmp_path: Path, database: str, everything: bool
) -> None:
    workspace = make(
        tmp_path, CARD.replace("within: 10 days", "half_life: 10 days"), database=database
    )
    for key, budget in (("17", "100"), ("18", "1")):
        register(workspace, {"id": key, "budget": budget}, START)
        note_event(workspace, key, {"event": "visit"}, START)
    # 3 + 2 fading fell out of hot at once; then it only fades. 2 fading is cold from the start.
    work_once(workspace, day(1))
    before = lines(workspace), lines(workspace, "18")
    assert [cause for *_, cause in before[0]] == ["registered", "event visit", "time"]
    found = rescore(workspace, day(5), everything=everything)
    assert found.changed == (2 if everything else 0)
    assert found.moves == ()
    assert (lines(workspace), lines(workspace, "18")) == before
    (one,) = history(workspace, "17", day(5)).life.now
    assert one.result.score == pytest.approx(4.4142)


def test_scores_that_stay_are_counted_once_each(tmp_path: Path) -> None:
    """Three events of one record are three steps and one score."""
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "17"}, day(20))
    data = tmp_path / "visits.csv"
    data.write_text("id,event,at\n" + "17,visit,2026-01-15\n" * 3, encoding="utf-8")
    done = import_files(workspace, Files(events=str(data)), day(5))
    assert done.effects is not None
    assert done.effects.later == 1
