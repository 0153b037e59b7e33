"""What a day of the past says: what was known that day, by the card that was in force."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import merge, note_event, register, unmerge
from scoreline.jobs.workspace.versions import publish_card, roll_back_card
from scoreline.lifecycle.workspace import Workspace
from tests.lifecycle.workspaces import START, make
from tests.scenarios.command import in_process

CARD = """\
scorecard: act
key: id
fields: {budget: {type: number, optional: yes}, name: {type: text, optional: yes}}
events: {visit: {}}
terms:
  - {name: budget, when: budget >= 100, points: 3}
  - {name: named, when: name is not null, points: 1}
  - {name: visits, event: visit, points: 2, within: 90 days, cap: 20}
segments: [{name: hot, from: 5}, {name: warm, from: 2}, {name: cold}]
"""


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def on(workspace: Workspace, number: float, key: str = "17") -> Any:
    """Score, segment and the moment of entering it, as of a day."""
    (one,) = history(workspace, key, day(number)).life.then
    return one.result.score, one.result.segment, (one.since - START).days


def test_an_event_that_arrived_later_had_no_say(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17", "budget": "200"}, day(1))
    note_event(workspace, "17", {"event": "visit", "at": day(2).isoformat()}, day(6))
    assert on(workspace, 3) == (3, "warm", 1)
    assert on(workspace, 6) == (5, "hot", 6)
    life = history(workspace, "17", day(3)).life
    assert life.now[0].result.score == 5  # computed again with what is known today
    assert life.otherwise
    assert not history(workspace, "17", day(6)).life.otherwise


def test_facts_are_those_of_the_day(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17", "budget": "50"}, day(1))
    register(workspace, {"id": "17", "budget": "200", "name": "Anna"}, day(4), owner="Bob")
    register(workspace, {"id": "17", "budget": "300"}, day(5))
    register(workspace, {"id": "17", "name": None}, day(8))
    found = {n: on(workspace, n)[0] for n in (1, 3, 4, 5, 7, 8, 9)}
    assert found == {1: 0, 3: 0, 4: 4, 5: 4, 7: 4, 8: 3, 9: 3}


def test_the_card_is_the_one_in_force_that_day(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17", "budget": "200"}, day(1))
    path = workspace.folder / "card.yaml"
    path.write_text(CARD.replace("points: 3", "points: 6"), encoding="utf-8")
    publish_card(workspace, path, day(10), actions=False)
    roll_back_card(workspace, "act", None, day(20), actions=False)
    assert [on(workspace, n)[:2] for n in (9, 10, 19, 20)] == [
        (3, "warm"),
        (6, "hot"),
        (6, "hot"),
        (3, "warm"),
    ]


def test_who_was_one_person_with_another_that_day_is_so(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": "17", "budget": "200"}, day(1))
    register(workspace, {"id": "18", "name": "Anna"}, day(1))
    note_event(workspace, "18", {"event": "visit"}, day(2))
    merge(workspace, "17", "18", day(3))
    unmerge(workspace, "18", day(5))
    assert [on(workspace, n)[0] for n in (2, 3, 4, 5)] == [3, 6, 6, 3]
    assert [on(workspace, n, "18")[0] for n in (2, 3, 4, 5)] == [3, 6, 6, 3]


def test_what_was_not_there_yet_is_not_told(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "17"}, day(3))
    path = tmp_path / "won.csv"
    path.write_text(f"id,stage,at\n17,Won,{day(5).isoformat()}\n", encoding="utf-8")
    import_files(workspace, Files(outcomes=str(path), won="stage=Won"), day(6))
    assert history(workspace, "17", day(4)).life.outcomes == ()
    assert len(history(workspace, "17", day(6)).life.outcomes) == 1
    assert history(workspace, "17", day(2)).life.then == ()


def test_the_command_shows_both(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "17", "budget": "200"}, day(1))
    note_event(workspace, "17", {"event": "visit", "at": day(2).isoformat()}, day(6))
    ask = ["history", "17", "--workspace", tmp_path, "--as-of"]
    told = in_process(*ask, day(3).isoformat()).out
    assert told.index("By what was known on") < told.index("17: 3, warm")
    assert told.index("By what is known today:") < told.index("17: 5, hot")
    assert "there is no score" in in_process(*ask, day(0).isoformat()).out
    assert "known" not in in_process(*ask, day(7).isoformat()).out
