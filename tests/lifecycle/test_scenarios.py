"""A score that lives: moves, hand-overs, merging, versions.

Each test is one scenario of the acceptance table, through the command line, on both databases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import EVERYTHING_RIGHT, LEAD_CARD, Said, in_process, scoreline

SETTINGS = """\
workspace: acme
key: lead_id
moves:
  - {into: qualified, send: list, cool_down: 14 days}
  - {out_of: qualified, send: list}
handlers:
  list: {file: handed-over.jsonl}
"""


class Workspace:
    """A workspace in a folder, used as people use it."""

    def __init__(self, folder: Path, card: str, database: str) -> None:
        self.folder = folder
        place = f"database: {database}\n" if database else ""
        (folder / "workspace.yaml").write_text(SETTINGS + place, encoding="utf-8")
        in_process("init", folder, "--database-only")
        self.publish(card)

    def run(self, *words: object, code: int = 0) -> Said:
        return in_process(*map(str, words), "--workspace", str(self.folder), code=code)

    def json(self, *words: object) -> Any:
        return self.run(*words, "--format", "json").json

    def publish(self, card: str, *options: str) -> Any:
        path = self.folder / "card.yaml"
        path.write_text(card, encoding="utf-8")
        return self.json("publish", path, *options)

    def events(self, *lines: str, as_of: str) -> Any:
        path = self.folder / "events.csv"
        path.write_text("lead_id,event,at\n" + "".join(f"{line}\n" for line in lines), "utf-8")
        return self.json("import", "--events", path, "--as-of", as_of)

    def handed_over(self, as_of: str) -> list[tuple[str, str | None, str]]:
        """(key, from, to) of every message that receivers got by a moment."""
        self.run("work", "--once", "--as-of", as_of)
        file = self.folder / "handed-over.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        found = [json.loads(line)["data"] for line in lines]
        return [(one["key"], one["from"], one["to"]) for one in found]


UP_AND_DOWN = """\
scorecard: engagement
key: lead_id
fields: {name: {type: text, optional: yes}}
base: 5
terms:
  - {name: asked, event: asked, points: 3}
  - {name: complained, event: complained, points: -5}
segments:
  - {name: qualified, above: 6}
  - {name: marketing}
"""


def test_23_a_batch_that_comes_to_nothing_is_history_and_hands_nobody_over(
    tmp_path: Path, database: str
) -> None:
    workspace = Workspace(tmp_path, UP_AND_DOWN, database)
    workspace.run("register", "lead_id=1", "--as-of", "2026-01-01")
    there_and_back = ["1,asked,2026-01-02T10:00:00Z", "1,complained,2026-01-02T11:00:00Z"]
    done = workspace.events(*there_and_back, as_of="2026-01-03")
    life = workspace.json("history", "1", "--as-of", "2026-01-03")
    assert [past["score"] for past in life["history"]] == [5, 8, 3]
    assert done["handed_over"] == 0
    assert workspace.handed_over("2026-01-03") == []
    # The same batch without its second half does hand over.
    workspace.run("register", "lead_id=2", "--as-of", "2026-01-03")
    workspace.events("2,asked,2026-01-03T10:00:00Z", as_of="2026-01-04")
    assert workspace.handed_over("2026-01-04") == [("2", "marketing", "qualified")]


def test_24_who_qualifies_again_within_the_cool_down_is_not_handed_over_again(
    tmp_path: Path, database: str
) -> None:
    workspace = Workspace(tmp_path, UP_AND_DOWN, database)
    workspace.run("register", "lead_id=1", "--owner", "B", "--as-of", "2026-01-01")
    workspace.run("event", "1", "asked", "--as-of", "2026-01-02")
    workspace.run("event", "1", "complained", "--as-of", "2026-01-03")
    first = [("1", "marketing", "qualified"), ("1", "qualified", "marketing")]
    assert workspace.handed_over("2026-01-03") == first
    again = workspace.json("event", "1", "asked", "--as-of", "2026-01-05")
    assert again["scores"][0]["segment"] == "marketing"
    again = workspace.json("event", "1", "asked", "--as-of", "2026-01-05T01:00:00Z")
    assert again["scores"][0]["segment"] == "qualified"
    assert "cool-down until 2026-01-16" in again["moves"][0]["handed"]
    assert workspace.handed_over("2026-01-06") == first
    listed = workspace.json("worklist", "--as-of", "2026-01-06")
    assert [(one["key"], one["owner"]) for one in listed["records"]] == [("1", "B")]


def test_24_after_the_cool_down_it_is_handed_over_again(tmp_path: Path, database: str) -> None:
    workspace = Workspace(tmp_path, UP_AND_DOWN, database)
    workspace.run("register", "lead_id=1", "--as-of", "2026-01-01")
    workspace.run("event", "1", "asked", "--as-of", "2026-01-02")
    workspace.run("event", "1", "complained", "--as-of", "2026-01-03")
    workspace.events("1,asked,2026-01-16", "1,asked,2026-01-16", as_of="2026-01-16")
    entered = [move for move in workspace.handed_over("2026-01-17") if move[2] == "qualified"]
    assert entered == [("1", "marketing", "qualified")] * 2


DOWNLOADS = """\
scorecard: downloads
key: lead_id
fields:
  phone:    {type: phone, country: RU, optional: yes}
  company:  {type: text, optional: yes}
  position: {type: text, optional: yes}
terms:
  - {name: contact phone, when: "phone.status = 'ok'", points: 1}
  - {name: company and position, when: company is not null and position is not null, points: 2}
  - {name: download, event: download, count: once, points: 5}
segments:
  - {name: qualified, above: 7}
  - {name: marketing}
"""


def test_25_two_records_of_one_person_are_scored_as_one_and_come_apart_again(
    tmp_path: Path, database: str
) -> None:
    workspace = Workspace(tmp_path, DOWNLOADS, database)
    workspace.run("register", "lead_id=A", "phone=+7 912 345-67-89")
    workspace.run("register", "lead_id=B", "company=Acme", "position=CTO")
    a = workspace.json("event", "A", "download")["scores"][0]["score"]
    b = workspace.json("event", "B", "download")["scores"][0]["score"]
    assert (a, b) == (6, 7)
    merged = workspace.json("merge", "A", "B")
    assert merged["scores"][0]["score"] == 8
    assert workspace.json("history", "B")["merged_into"] == "A"
    apart = workspace.json("unmerge", "B")
    assert [(one["key"], one["scores"][0]["score"]) for one in apart] == [("A", 6), ("B", 7)]


def test_29_the_preview_says_how_many_it_would_hand_over_and_nothing_fires_by_itself(
    tmp_path: Path, database: str
) -> None:
    strict = LEAD_CARD.replace("above: 6", "above: 100").replace(
        "score: 8, segment: qualified", "score: 8"
    )
    workspace = Workspace(tmp_path, strict, database)
    lead = ",".join(EVERYTHING_RIGHT.values())
    rows = "".join(f"{number},{lead}\n" for number in range(5_000))
    data = tmp_path / "leads.csv"
    data.write_text(f"lead_id,{','.join(EVERYTHING_RIGHT)}\n{rows}", encoding="utf-8")
    assert workspace.json("import", data)["handed_over"] == 0
    told = workspace.publish(LEAD_CARD, "--preview")
    assert (told["published"], told["handed_over"]) == (False, 5_000)
    assert told["moves"] == [{"from": "marketing", "to": "qualified", "count": 5_000}]
    assert told["by_term"] == [
        {"term": "segments", "from": "marketing", "to": "qualified", "count": 5_000}
    ]
    assert workspace.json("versions")[-1]["version"] == 1
    done = workspace.publish(LEAD_CARD)
    assert (done["published"], done["version"], done["handed_over"]) == (True, 2, 0)
    assert workspace.handed_over("2100-01-01") == []
    assert {move["handed"] for move in workspace.json("moves", "--to", "qualified")} == {
        "scores only"
    }


def test_29_with_actions_all_of_them_are_handed_over(tmp_path: Path, database: str) -> None:
    workspace = Workspace(tmp_path, UP_AND_DOWN, database)
    for number in range(3):
        workspace.run("register", f"lead_id={number}")
    generous = UP_AND_DOWN.replace("base: 5", "base: 7")
    assert workspace.publish(generous, "--with-actions")["handed_over"] == 3
    assert len(workspace.handed_over("2100-01-01")) == 3


def test_11_a_card_rolled_back_is_the_same_version_as_before(tmp_path: Path, database: str) -> None:
    workspace = Workspace(tmp_path, LEAD_CARD, database)
    combinations = [
        {
            name: value
            for place, (name, value) in enumerate(EVERYTHING_RIGHT.items())
            if bits >> place & 1
        }
        for bits in range(128)
    ]
    names = ["lead_id", *EVERYTHING_RIGHT]
    lines = [
        ",".join([str(number), *(lead.get(name, "") for name in EVERYTHING_RIGHT)])
        for number, lead in enumerate(combinations)
    ]
    data = tmp_path / "leads.csv"
    data.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    workspace.run("import", data)
    before = workspace.json("versions")[-1]
    louder = LEAD_CARD.replace("'corporate'\",  points: 1", "'corporate'\",  points: 2").replace(
        "score: 8, segment", "score: 9, segment"
    )
    changed = workspace.publish(louder)
    entered = sum(move["count"] for move in changed["moves"] if move["to"] == "qualified")
    assert entered > 0
    back = workspace.json("rollback", "lead-readiness")
    assert [(m["from"], m["to"], m["count"]) for m in back["moves"]] == [
        (m["to"], m["from"], m["count"]) for m in changed["moves"]
    ]
    after = workspace.json("versions")[-1]
    assert (after["version"], after["fingerprint"]) == (1, before["fingerprint"])
    assert after["segments"] == before["segments"]


def test_why_a_lead_was_not_called_on_a_day_is_one_command(tmp_path: Path, database: str) -> None:
    workspace = Workspace(tmp_path, UP_AND_DOWN, database)
    workspace.run("register", "lead_id=1", "--as-of", "2026-03-01")
    workspace.publish(UP_AND_DOWN.replace("base: 5", "base: 7"), "--as-of", "2026-03-02")
    told = workspace.json("history", "1", "--as-of", "2026-03-03")
    assert told["history"][-1]["version"] == 2
    assert told["moves"][-1]["handed"] == "scores only"
    before = workspace.json("history", "1", "--as-of", "2026-03-01T12:00:00Z")
    assert [past["version"] for past in before["history"]] == [1]


@pytest.mark.parametrize("word", ["history", "worklist", "moves", "versions", "rescore", "work"])
def test_outside_a_workspace_a_command_says_what_to_do(tmp_path: Path, word: str) -> None:
    rest = ["1"] if word == "history" else []
    said = scoreline(word, *rest, "--workspace", tmp_path, code=2)
    assert "is no workspace" in said.errors
    assert "scoreline init" in said.errors
