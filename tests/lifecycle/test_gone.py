"""A database that is not where workspace.yaml says: said, and never replaced by an empty one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoreline.errors import StoreError
from scoreline.jobs.workspace.registering import register
from tests.lifecycle.workspaces import START, a_worker, make, outlived, until
from tests.scenarios.command import LEAD_CARD, in_process

CARD = LEAD_CARD.replace("key: lead_id", "key: id")
RULES = "moves: [{into: qualifed, send: list}]\nhandlers: {list: {file: told.jsonl}}\n"


def closed(folder: Path, rest: str = "") -> None:
    """A workspace with a record, that nobody has open."""
    workspace = make(folder, CARD, rest=rest)
    register(workspace, {"id": "before"}, START)
    workspace.database.close()


@pytest.mark.parametrize(
    "words", [("worklist",), ("versions",), ("register", "id=1"), ("work", "--once"), ("work",)]
)
def test_no_command_replaces_a_database_that_has_gone(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    closed(tmp_path)
    (tmp_path / "workspace.db").rename(tmp_path / "gone.db")
    said = in_process(*words, "--workspace", tmp_path, code=2)
    assert f"The database {tmp_path}/workspace.db is not there." in said.errors
    assert "beside it there is gone.db" in said.errors
    assert "scoreline init DIR --database-only" in said.errors
    assert not (tmp_path / "workspace.db").exists()
    (tmp_path / "gone.db").rename(tmp_path / "workspace.db")
    assert in_process("history", "before", "--workspace", tmp_path).out


def test_an_empty_file_is_no_workspace(tmp_path: Path) -> None:
    closed(tmp_path)
    (tmp_path / "workspace.db").write_bytes(b"")
    for words in (("worklist",), ("register", "id=1"), ("worklist",)):
        said = in_process(*words, "--workspace", tmp_path, code=2)
        assert "holds no workspace" in said.errors


def test_a_slip_in_the_name_of_the_database_makes_none(tmp_path: Path) -> None:
    closed(tmp_path)
    (tmp_path / "workspace.yaml").write_text("workspace: acme\nkey: id\ndatabase: 5\n", "utf-8")
    said = in_process("register", "id=1", "--workspace", tmp_path, code=2)
    assert "beside it there is workspace.db" in said.errors
    assert not (tmp_path / "5").exists()


def test_the_first_card_makes_the_database_of_settings_written_by_hand(
    tmp_path: Path, database: str
) -> None:
    place = f"database: {database}\n" if database else ""
    (tmp_path / "workspace.yaml").write_text(f"workspace: acme\nkey: id\n{place}", "utf-8")
    card = tmp_path / "card.yaml"
    card.write_text(CARD, encoding="utf-8")
    for words in (("register", "id=1"), ("publish", card, "--preview")):
        assert (
            "init DIR --database-only" in in_process(*words, "--workspace", tmp_path, code=2).errors
        )
    first = in_process("publish", card, "--workspace", tmp_path)
    assert first.errors == "The workspace had no database: an empty one was made.\n"
    assert in_process("publish", card, "--workspace", tmp_path).errors == ""


def test_no_card_makes_a_database_where_another_may_be_the_one(tmp_path: Path) -> None:
    closed(tmp_path)
    (tmp_path / "workspace.db").rename(tmp_path / "gone.db")
    said = in_process("publish", tmp_path / "card.yaml", "--workspace", tmp_path, code=2)
    assert "beside it there is gone.db" in said.errors


def test_a_new_database_is_made_on_purpose_and_once(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("workspace: acme\nkey: id\n", encoding="utf-8")
    said = in_process("init", tmp_path, "--database-only")
    assert said.out.startswith(f"Made: {tmp_path}/workspace.db")
    assert in_process("register", "id=1", "--workspace", tmp_path).out
    again = in_process("init", tmp_path, "--database-only", code=2)
    assert "is there already; nothing was changed" in again.errors


def test_a_new_database_takes_no_log_of_another(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("workspace: acme\nkey: id\n", encoding="utf-8")
    (tmp_path / "workspace.db-wal").write_bytes(b"the last changes of another one")
    said = in_process("init", tmp_path, "--database-only", code=2)
    assert "Put that database back beside its log" in said.errors
    assert not (tmp_path / "workspace.db").exists()


def test_what_is_open_is_not_written_once_it_was_moved_or_replaced(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    file, moved = tmp_path / "workspace.db", tmp_path / "gone.db"
    file.rename(moved)
    with pytest.raises(StoreError, match="is not there"):
        register(workspace, {"id": "1"}, START)
    file.write_bytes(b"")
    with pytest.raises(StoreError, match="was replaced by another file"):
        register(workspace, {"id": "1"}, START)
    moved.replace(file)
    assert register(workspace, {"id": "1"}, START).new


def test_a_worker_that_stays_waits_for_its_database(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD, rest=RULES.replace("qualifed", "garbage"))
    told, file = tmp_path / "told.jsonl", tmp_path / "workspace.db"
    with a_worker(workspace) as said:
        register(workspace, {"id": "first", "service": "smm"}, START)
        until(lambda: told.exists() and "first" in told.read_text("utf-8"))
        moved = file.rename(tmp_path / "gone.db")
        until(lambda: "Trying again until it works." in said())
        moved.rename(file)
        until(lambda: "It works again." in said())
        register(workspace, {"id": "second", "service": "smm"}, START)
        until(lambda: "second" in told.read_text("utf-8"))
    assert outlived(said())


@pytest.mark.parametrize("words", [("versions",), ("work", "--once")])
def test_a_rule_that_can_never_match_is_said_after_workspace_yaml_was_edited(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    closed(tmp_path, RULES)
    said = in_process(*words, "--format", "json", "--workspace", tmp_path)
    assert said.errors.count("the rule `into qualifed` of workspace.yaml") == 1
    assert said.json is not None  # the warning is beside the answer
    assert "qualifed" not in in_process("register", "id=1", "--workspace", tmp_path).errors
    settings = (tmp_path / "workspace.yaml").read_text("utf-8")
    (tmp_path / "workspace.yaml").write_text(settings.replace("qualifed", "qualified"), "utf-8")
    assert not in_process(*words, "--workspace", tmp_path).errors
