"""Who is told of a move: rules, cool-down, minimum stay, net moves; each message once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.messages import (
    dead_messages,
    send_again,
    send_now,
    waiting_messages,
)
from scoreline.jobs.workspace.reading import MovesWanted, history, list_moves
from scoreline.jobs.workspace.registering import merge, note_event, register, unmerge
from scoreline.jobs.workspace.rescoring import look_at_work, rescore, work_once
from scoreline.jobs.workspace.versions import publish_card
from scoreline.lifecycle.workspace import Workspace
from tests.conftest import Ran
from tests.lifecycle.workspaces import START, make

CARD = """\
scorecard: steps
key: id
fields: {name: {type: text, optional: yes}}
terms:
  - {name: up, event: up, points: 1}
  - {name: fading, event: fading, points: 4, within: 30 minutes}
segments:
  - {name: A, from: 4}
  - {name: B, from: 2}
  - {name: C}
"""
HANDLERS = "handlers:\n  list: {file: told.jsonl}\n"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def told(workspace: Workspace) -> list[dict[str, Any]]:
    """What the receiver got."""
    file = workspace.folder / "told.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [json.loads(line)["data"] for line in lines]


def went(workspace: Workspace) -> list[tuple[str, str | None, str]]:
    return [(one["key"], one["from"], one["to"]) for one in told(workspace)]


def up(workspace: Workspace, key: str, times: int, at: dt.datetime) -> None:
    """Several events in one batch."""
    data = workspace.folder / "up.csv"
    data.write_text("id,event,at\n" + f"{key},up,{START.isoformat()}\n" * times, "utf-8")
    import_files(workspace, Files(events=str(data)), at)


def test_two_rules_that_tell_one_receiver_tell_it_once(tmp_path: Path, database: str) -> None:
    rules = "moves:\n  - {into: B, send: list}\n  - {out_of: C, send: list}\n"
    workspace = make(tmp_path, CARD, database=database, rest=rules + HANDLERS)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 2, START + HOUR)
    work_once(workspace, START + 2 * HOUR)
    assert went(workspace) == [("1", "C", "B")]


def test_a_message_of_a_batch_says_where_the_record_came_from(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest="moves: [{out_of: C, send: list}]\n" + HANDLERS)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START + HOUR)
    work_once(workspace, START + 2 * HOUR)
    assert went(workspace) == [("1", "C", "A")]
    handed = [move.handed for move in list_moves(workspace, MovesWanted("1")).moves]
    assert handed == ["", "passed through within one batch", "to list"]


def test_the_cool_down_of_a_rule_counts_what_the_batch_came_to(tmp_path: Path) -> None:
    rules = "moves: [{out_of: C, send: list, cool_down: 30 days}]\n"
    card = CARD.replace("30 minutes", "2 hours").replace(
        "up, points: 1", "up, points: 1, within: 2 hours"
    )
    workspace = make(tmp_path, card, rest=rules + HANDLERS)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START + HOUR)
    work_once(workspace, START + 3 * HOUR)
    note_event(workspace, "1", {"event": "fading"}, START + 4 * HOUR)
    work_once(workspace, START + 5 * HOUR)
    assert went(workspace) == [("1", "C", "A")]


STAY = "moves: [{into: A, send: list, minimum_stay: 1 hour}]\n" + HANDLERS


def test_who_stays_is_told_of_after_the_stay(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest=STAY)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START)
    assert look_at_work(workspace, START).messages == {}
    work_once(workspace, START + HOUR / 2)
    assert went(workspace) == []
    assert look_at_work(workspace, START + HOUR).messages == {"list": 1}
    work_once(workspace, START + HOUR)
    assert went(workspace) == [("1", "C", "A")]


def test_who_leaves_before_the_stay_is_over_is_not_told_of(tmp_path: Path) -> None:
    """Time takes it out after half an hour; that nobody looks for two hours changes nothing."""
    workspace = make(tmp_path, CARD, rest=STAY)
    register(workspace, {"id": "1"}, START)
    note_event(workspace, "1", {"event": "fading"}, START)
    work_once(workspace, START + 2 * HOUR)
    assert went(workspace) == []


DATED = """\
scorecard: dated
key: id
fields:
  first: {type: time, optional: yes}
  out: {type: yes/no, optional: yes}
terms:
  - {name: in, when: out is null, points: 4}
  - {name: a date that is passed, when: first < as_of, points: 1}
  - {name: fading, event: fading, points: -4, within: 30 minutes}
segments: [{name: A, from: 4}, {name: C}]
"""


def test_a_date_that_moved_nobody_is_no_end_of_a_stay(tmp_path: Path, database: str) -> None:
    """Half an hour on a date passes, which changes the score alone; a fact ends the stay later."""
    workspace = make(tmp_path, DATED, rest=STAY, database=database)
    register(workspace, {"id": "1", "first": (START + HOUR / 2).isoformat()}, START)
    register(workspace, {"id": "1", "out": "yes"}, START + 2 * HOUR)
    work_once(workspace, START + 2 * HOUR)
    assert went(workspace) == [("1", None, "A")]


def test_an_event_known_to_come_ends_a_stay_when_it_comes(tmp_path: Path) -> None:
    for minutes, known in ((30, 0), (90, 1)):
        folder = tmp_path / str(minutes)
        folder.mkdir()
        workspace = make(folder, DATED, rest=STAY)
        register(workspace, {"id": "1"}, START)
        at = (START + dt.timedelta(minutes=minutes)).isoformat()
        note_event(workspace, "1", {"event": "fading", "at": at}, START)
        rescore(workspace, START + dt.timedelta(minutes=minutes + 10))
        work_once(workspace, START + 3 * HOUR)
        assert len(went(workspace)) == known


def test_a_dead_letter_that_waits_again_is_sent_though_its_record_has_left(tmp_path: Path) -> None:
    handlers = "handlers:\n  list: {command: [sh, -c, test -e open && echo >> told]}\n"
    workspace = make(tmp_path, CARD, rest="moves: [{into: A, send: list}]\n" + handlers)
    register(workspace, {"id": "1"}, START)
    note_event(workspace, "1", {"event": "fading"}, START)
    now = START
    # What time does is not looked at before it is sent again.
    while not dead_messages(workspace).rows:
        workspace.database.write(
            lambda c: c.exec_driver_sql("UPDATE scores SET next_change = NULL")
        )
        work_once(workspace, now)
        now += 2 * DAY
    (tmp_path / "open").touch()
    send_again(workspace, now)
    rescore(workspace, now, everything=True)
    work_once(workspace, now)
    assert (tmp_path / "told").exists()


def test_a_merge_taken_back_gives_back_what_it_held(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, rest=STAY, database=database)
    for key in "12":
        register(workspace, {"id": key}, START)
    up(workspace, "2", 4, START)
    merge(workspace, "1", "2", START + HOUR / 4)
    unmerge(workspace, "2", START + HOUR / 2)
    (move,) = list_moves(workspace, MovesWanted("2", new="A")).json()
    assert move["told"] == "waiting for list until 2026-01-01T01:00:00Z"
    work_once(workspace, START + DAY)
    assert ("2", "C", "A") in went(workspace)


def test_two_rules_for_one_receiver_say_the_stay_that_holds(tmp_path: Path) -> None:
    rules = "moves: [{into: A, send: [list], minimum_stay: 1 day}, {out_of: C, send: list}]\n"
    workspace = make(tmp_path, CARD, rest=rules + HANDLERS)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START)
    (move,) = list_moves(workspace, MovesWanted(new="A")).moves
    assert move.handed == "to list after a stay of 1 day"


def test_a_record_that_was_merged_away_is_not_told_of(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest=STAY)
    for key in "12":
        register(workspace, {"id": key}, START)
    up(workspace, "2", 4, START)
    merge(workspace, "1", "2", START + HOUR / 2)
    work_once(workspace, START + 2 * HOUR)
    assert went(workspace) == [("1", "C", "A")]


def test_what_time_moved_is_told_though_a_card_is_published_scores_only(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest="moves: [{out_of: A, send: list}]\n" + HANDLERS)
    register(workspace, {"id": "1"}, START)
    note_event(workspace, "1", {"event": "fading"}, START)
    path = workspace.folder / "card.yaml"
    path.write_text(CARD.replace("from: 2", "from: 3"), encoding="utf-8")
    later = START + 2 * HOUR
    looked = publish_card(workspace, path, later, actions=False, preview=True)
    done = publish_card(workspace, path, later, actions=False)
    for found in (looked, done):
        assert (found.effects.moves, found.effects.handed_over) == ((), 0)
        assert [(m.old, m.new, m.count) for m in found.by_time.moves] == [("A", "C", 1)]
        assert found.by_time.handed_over == 1
    work_once(workspace, later)
    assert went(workspace) == [("1", "A", "C")]


def nobody_took(folder: Path, *keys: str) -> tuple[Workspace, dt.datetime]:
    """A workspace of which a receiver took no message about these records, and when that was so."""
    handlers = "handlers:\n  script: {command: [false]}\n"
    workspace = make(folder, CARD, rest="moves: [{into: A, send: script}]\n" + handlers)
    for key in keys:
        register(workspace, {"id": key}, START)
        up(workspace, key, 4, START)
    now = START
    while look_at_work(workspace, now).messages:
        assert dead_messages(workspace).rows == [] or len(keys) > 1
        work_once(workspace, now)
        now += 2 * DAY
    return workspace, now


def test_what_nobody_takes_is_listed_and_can_be_sent_again(tmp_path: Path) -> None:
    workspace, now = nobody_took(tmp_path, "1")
    (message,) = dead_messages(workspace).rows
    assert (message.move.key, message.move.card, message.move.new) == ("1", "steps", "A")
    assert (message.delivery.handler, message.delivery.attempts) == ("script", 10)
    assert (message.error, message.hint) == ("`false` ended with code 1.", "")
    assert send_again(workspace, now).rows == [message]
    assert dead_messages(workspace).rows == []
    assert look_at_work(workspace, now).messages == {"script": 1}
    (again,) = waiting_messages(workspace).rows  # not tried since: what went wrong is known still
    assert (again.delivery.attempts, again.error) == (0, "`false` ended with code 1.")


def test_messages_about_one_record_can_be_sent_again_alone(tmp_path: Path) -> None:
    workspace, now = nobody_took(tmp_path, "1", "2")
    assert [one.move.key for one in dead_messages(workspace).rows] == ["1", "2"]
    assert dead_messages(workspace, MovesWanted(new="C")).rows == []
    (message,) = send_again(workspace, now, MovesWanted(key="2")).rows
    assert message.move.key == "2"
    assert [one.move.key for one in dead_messages(workspace).rows] == ["1"]


def test_a_list_of_moves_or_messages_has_a_limit(
    tmp_path: Path, scoreline: Callable[..., Ran]
) -> None:
    workspace, _ = nobody_took(tmp_path, *"123")
    for words, what in ((("--to", "A"), "moves"), (("--dead",), "messages that nobody took")):
        said = scoreline("moves", *words, "--limit", "2").out
        assert said.startswith(f"3 {what}.\nThe oldest 2 of 3 are shown.\n")
        told = scoreline("moves", *words, "--limit", "2", "--format", "json")
        assert [one["key"] for one in told.json] == ["1", "2"]
        assert told.err == "The oldest 2 of 3 are shown.\n"
        assert "shown" not in scoreline("moves", *words, "--limit", "3").out
    scoreline("moves", "--send-again", "--limit", "1")  # a try with one before all are sent
    assert [one.move.key for one in waiting_messages(workspace).rows] == ["1"]
    assert "1 message that waits." in scoreline("moves", "--waiting", "--limit", "1").out


def test_a_message_is_found_by_the_segment_that_it_says_the_record_came_from(
    tmp_path: Path,
) -> None:
    workspace, _ = nobody_took(tmp_path, "1")
    assert len(dead_messages(workspace, MovesWanted(old="C")).rows) == 1
    assert dead_messages(workspace, MovesWanted(old="B")).rows == []


def test_a_message_that_waits_says_why_and_can_be_tried_at_once(
    tmp_path: Path, scoreline: Callable[..., Ran], database: str
) -> None:
    handlers = "handlers:\n  script: {command: [sh, -c, test -e open]}\n"
    rules = "moves: [{into: A, send: script}]\n" + handlers
    workspace = make(tmp_path, CARD, rest=rules, database=database)
    register(workspace, {"id": "17"}, START)
    up(workspace, "17", 4, START)
    assert "waiting for script" in scoreline("moves").out
    for _ in range(3):
        scoreline("work", "--once", "--as-of", "2026-01-01")
        send_now(workspace, START)
    scoreline("work", "--once", "--as-of", "2026-01-01")
    (message,) = scoreline("moves", "--waiting", "--format", "json").json
    assert (message["key"], message["from"], message["to"]) == ("17", "C", "A")
    assert (message["attempts"], message["error"]) == (4, "`sh` ended with code 1.")
    assert message["next_try"].startswith("2026-01-01T02:")
    for said in (scoreline("moves").out, scoreline("history", "17").out):
        assert "waiting for script after 4 tries, again from 2026-01-01T02:" in said
        assert "on: `sh` ended with code 1." in said
    life = scoreline("history", "17", "--format", "json").json
    (message,) = life["moves"][-1]["messages"]
    assert (message["state"], message["attempts"]) == ("waiting", 4)
    told = scoreline("moves", "--waiting").out
    assert "1 message that waits." in told
    assert "scoreline moves --waiting --send-again" in told
    # The receiver is there again; nobody needs to wait two hours.
    (tmp_path / "open").touch()
    assert look_at_work(workspace, START).messages == {}
    again = scoreline("moves", "--waiting", "--send-again", "--id", "17", "--as-of", "2026-01-01")
    assert "The next try is due now" in again.out
    assert work_once(workspace, START).json()["deliveries"]["sent"] == 1  # type: ignore[index]
    assert "0 messages that wait." in scoreline("moves", "--waiting").out


def test_trying_at_once_leaves_a_minimum_stay_alone(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest=STAY)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START)
    assert len(waiting_messages(workspace).rows) == 1
    assert send_now(workspace, START).rows == []
    assert look_at_work(workspace, START).messages == {}
    (move,) = list_moves(workspace, MovesWanted(new="A")).json()
    assert move["told"] == "waiting for list until 2026-01-01T01:00:00Z"


def test_a_message_that_nobody_took_says_what_it_was_about_and_what_to_do(
    tmp_path: Path, scoreline: Callable[..., Ran]
) -> None:
    handlers = "handlers:\n  script: {command: [false]}\n"
    workspace = make(tmp_path, CARD, rest="moves: [{into: A, send: script}]\n" + handlers)
    register(workspace, {"id": "17"}, START)
    up(workspace, "17", 4, START)
    settings = tmp_path / "workspace.yaml"
    settings.write_text("workspace: acme\nkey: id\n", encoding="utf-8")  # the handler is gone
    scoreline("work", "--once", "--as-of", "2026-01-02")
    (message,) = scoreline("moves", "--dead", "--format", "json").json
    assert message.pop("id").endswith("-3")
    assert message == {
        "key": "17",
        "card": "steps",
        "from": "C",  # as the message says: the batch took it there by way of B
        "to": "A",
        "at": "2026-01-01T00:00:00Z",
        "handler": "script",
        "attempts": 1,
        "last_try": "2026-01-02T00:00:00Z",
        "error": "There is no handler `script` any more.",
        "hint": "Add it to workspace.yaml again.",
    }
    told = scoreline("moves", "--dead").out
    row = (
        "2026-01-01T00:00:00Z  17   steps  C     A   script       1  2026-01-02T00:00:00Z  There is"
    )
    assert row in told
    assert "script: Add it to workspace.yaml again." in told
    assert "scoreline moves --send-again" in told
    scoreline("moves", "--dead", "--out", "dead.csv")
    assert (tmp_path / "dead.csv").read_text("utf-8").count("There is no handler") == 1
    assert "1 message that nobody took." in scoreline("moves", "--send-again", "--id", "17").out
    assert "0 messages that nobody took." in scoreline("moves", "--dead").out


def test_a_receiver_that_is_gone_holds_up_nobody_else(tmp_path: Path) -> None:
    handlers = HANDLERS + "  script: {command: [false]}\n"
    workspace = make(tmp_path, CARD, rest="moves: [{into: A, send: [script, list]}]\n" + handlers)
    for key in "123":
        register(workspace, {"id": key}, START)
        up(workspace, key, 4, START)
    done = work_once(workspace, START)
    assert done.delivered is not None
    assert (done.delivered.sent, done.delivered.later) == (3, 1)
    assert list(done.delivered.why) == ["script"]
    assert [one[0] for one in went(workspace)] == ["1", "2", "3"]


@pytest.mark.parametrize("times", [1, 5])
def test_working_again_tells_nobody_twice(tmp_path: Path, times: int) -> None:
    workspace = make(tmp_path, CARD, rest="moves: [{into: A, send: list}]\n" + HANDLERS)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START)
    for _ in range(times):
        rescore(workspace, START, everything=True)
        work_once(workspace, START)
    assert len(went(workspace)) == 1


def test_a_rule_that_can_never_match_is_said_when_a_card_is_published(tmp_path: Path) -> None:
    rules = "moves: [{into: A, send: list}, {into: qualifed, send: list}]\n"
    workspace = make(tmp_path, rest=rules + HANDLERS)
    path = workspace.folder / "card.yaml"
    path.write_text(CARD, encoding="utf-8")
    found = publish_card(workspace, path, START, actions=False)
    assert found.idle_rules == ("into qualifed",)


def test_a_rule_of_a_card_that_is_published_next_is_no_reason_to_warn(
    tmp_path: Path, scoreline: Callable[..., Ran]
) -> None:
    rules = "moves: [{into: idle, send: list}, {into: idle, card: steps, send: list}]\n"
    make(tmp_path, rest=rules + HANDLERS)
    (tmp_path / "cards").mkdir()
    second = CARD.replace("steps", "rest").replace("name: C", "name: idle")
    (tmp_path / "cards" / "rest.yaml").write_text(second, encoding="utf-8")
    (tmp_path / "cards" / "notes.yaml").write_text("no card: [", encoding="utf-8")
    (tmp_path / "steps.yaml").write_text(CARD, encoding="utf-8")
    for words in (["--preview"], []):
        said = scoreline("publish", "steps.yaml", *words).out
        assert "the rule `into idle`" not in said
        # That card has no such segment, and is not going to.
        assert "the rule `into idle (card steps)` of workspace.yaml" in said


def test_history_says_who_did_not_take_it(tmp_path: Path) -> None:
    handlers = "handlers:\n  script: {command: [false]}\n"
    workspace = make(tmp_path, CARD, rest="moves: [{into: A, send: script}]\n" + handlers)
    register(workspace, {"id": "1"}, START)
    up(workspace, "1", 4, START)
    said = [history(workspace, "1", START).json()["moves"][-1]["told"]]  # type: ignore[index]
    work_once(workspace, START)
    said.append(history(workspace, "1", START).json()["moves"][-1]["told"])  # type: ignore[index]
    for days in range(2, 20, 2):
        work_once(workspace, START + days * DAY)
    said.append(history(workspace, "1", START).json()["moves"][-1]["told"])  # type: ignore[index]
    assert said[0] == "waiting for script"
    assert said[1].startswith("waiting for script after 1 try, again from 2026-01-01T00:00:05")
    assert said[1].endswith("Z on: `false` ended with code 1.")
    assert said[-1].startswith("script did not take it: ")
