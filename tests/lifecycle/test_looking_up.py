"""Duplicates looked up while a record is registered: said with reasons, and never in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Connection, text

from scoreline.cli.app import run
from scoreline.errors import DataError
from scoreline.jobs.workspace.duplicates import learn_duplicates
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import Registered, merge, register, unmerge
from scoreline.lifecycle.matching import Matching
from scoreline.lifecycle.workspace import Workspace
from scoreline.scorecard.file import load_card
from scoreline.store import matching, records
from tests.lifecycle.workspaces import START, make
from tests.quality.duplicates.generating import people

CARD = """\
scorecard: people
key: id
fields: {email: {type: email, optional: yes}}
terms: [{name: e-mail, when: email is not null, points: 1}]
segments: [{name: high, above: 0}, {name: low}]
"""
BASE = people(2, 60).columns
NEVER_SEEN = {"first name": "Zora", "surname": "Quux", "email": "zora@quux.example"}


def row(number: int) -> dict[str, object]:
    """What the base knows of a record, without its key."""
    return {header: values[number] for header, values in BASE.items() if header != "id"}


def alone() -> int:
    """A record of the base whose e-mail nobody else has."""
    emails = BASE["email"]
    return next(n for n, one in enumerate(emails) if one and emails.count(one) == 1)


def a_base(folder: Path, database: str = "") -> Workspace:
    workspace = make(folder, CARD, database=database)
    pl.DataFrame(BASE).write_csv(folder / "base.csv")
    import_files(workspace, Files(folder / "base.csv"), START)
    return workspace


@pytest.fixture
def workspace(tmp_path: Path, database: str) -> Workspace:
    opened = a_base(tmp_path, database)
    learn_duplicates(opened, START)
    return opened


def likes(found: Registered) -> list[str]:
    return [one.key for one in found.looks_like]


def check_index(workspace: Workspace) -> None:
    """The index says of each record what it would say if it were made anew, and of no other."""
    with workspace.database.reading() as connection:
        kept = workspace.shelf.in_force(connection)[1]
        assert kept is not None
        people = records.people(connection, records.roots(connection, 0, 10_000))
        model = kept.kept
        wanted = {p.id: set(model.keys_of(model.prepared(p.given))) for p in people}
        ids = connection.execute(text("SELECT id FROM records")).scalars().all()
        known = matching.keys_of(connection, list(ids))
    assert known == {record: keys for record, keys in wanted.items() if keys}


def test_a_new_record_is_told_whom_it_looks_like_and_registered(workspace: Workspace) -> None:
    number = alone()
    found = register(workspace, {"id": "new", **row(number)}, START)
    assert found.new
    assert likes(found)[0] == BASE["id"][number]
    best = found.looks_like[0]
    assert best.text.startswith(f"looks like {best.key}, {best.result.score:g} points: ")
    told = best.json()
    lines = told["reasons"]
    assert isinstance(lines, list)
    assert sum(line["points"] for line in lines) == pytest.approx(told["points"])
    assert history(workspace, "new", START).life.record.key == "new"
    assert register(workspace, {"id": "nobody", **NEVER_SEEN}, START).looks_like == ()
    check_index(workspace)


def test_its_points_are_those_of_the_batch(workspace: Workspace) -> None:
    """Each record of the base looked up again: the pairs that are met have the batch's points."""
    with workspace.database.reading() as connection:
        kept = workspace.shelf.in_force(connection)[1]
        people = records.people(connection, records.roots(connection, 0, 10_000))
        assert kept is not None
        met = {
            tuple(sorted((one.key, like.key))): like.points
            for one in people
            for like in kept.like(connection, one.id, one.given)
        }
    again = learn_duplicates(workspace, START)  # of the same records, so the same model
    batch = {
        tuple(sorted((again.keys[one], again.keys[link.other]))): link.points
        for one, link in again.links.items()
    }
    both = met.keys() & batch.keys()
    assert len(both) > 20
    assert {pair: met[pair] for pair in both} == {pair: batch[pair] for pair in both}


def test_without_a_model_nothing_is_looked_up(tmp_path: Path, database: str) -> None:
    workspace = a_base(tmp_path, database)
    assert register(workspace, {"id": "new", **row(alone())}, START).looks_like == ()
    with workspace.database.reading() as connection:
        assert not connection.execute(text("SELECT * FROM match_keys")).all()


def test_the_index_follows_what_is_known(workspace: Workspace) -> None:
    number = alone()
    key, email = BASE["id"][number], {"email": BASE["email"][number]}
    register(workspace, {"id": key, "email": "other@else.example", "phone": None}, START)
    check_index(workspace)
    assert key not in likes(register(workspace, {"id": "n1", **email}, START))
    moved = {**row(number), "email": "other@else.example"}
    assert key in likes(register(workspace, {"id": "n2", **moved}, START))
    same = register(workspace, {"id": "n1", "budget": "5"}, START)
    assert same.looks_like == (), "what it is found by is as it was, and was said before"
    check_index(workspace)


def test_what_changes_while_keys_are_made_is_in_the_index(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are made before anybody has to wait; a record that comes or changes then is not lost."""
    write, number = workspace.database.write, alone()

    def meanwhile(work: Callable[[Connection], object]) -> object:
        monkeypatch.undo()
        changed = {"id": BASE["id"][number], "email": "other@else.example", "phone": None}
        register(workspace, changed, START)
        register(workspace, {"id": "new", **NEVER_SEEN}, START)
        merge(workspace, str(BASE["id"][0]), str(BASE["id"][1]), START)
        return write(work)

    monkeypatch.setattr(workspace.database, "write", meanwhile)
    learn_duplicates(workspace, START)
    check_index(workspace)


def test_an_import_keeps_the_index(workspace: Workspace, tmp_path: Path) -> None:
    more = {
        header: [*values[:40], *values[:20]] for header, values in people(9, 80).columns.items()
    }
    more["id"] = [str(number) for number in range(50, 110)]  # some are known, and change
    pl.DataFrame(more).write_csv(tmp_path / "more.csv")
    import_files(workspace, Files(tmp_path / "more.csv"), START)
    check_index(workspace)


def test_who_stands_for_another_is_found_in_its_place(workspace: Workspace) -> None:
    number = alone()
    key = str(BASE["id"][number])
    register(workspace, {"id": "kept", **NEVER_SEEN}, START)
    merge(workspace, "kept", key, START)
    check_index(workspace)
    found = register(workspace, {"id": "n1", **{**row(number), **NEVER_SEEN}}, START)
    assert "kept" in likes(found)
    assert key not in likes(found)
    unmerge(workspace, key, START)
    check_index(workspace)
    assert key in likes(register(workspace, {"id": "n2", **row(number)}, START))


def test_what_was_merged_is_not_proposed_again(workspace: Workspace) -> None:
    first = learn_duplicates(workspace, START)
    assert first.merges
    for one in first.merges:
        merge(workspace, one.kept, one.gone, START)
    again = learn_duplicates(workspace, START)
    assert len(again.keys) == len(first.keys) - len(first.merges)
    check_index(workspace)
    proposed = {(one.kept, one.gone) for one in again.merges}
    assert not proposed & {(one.kept, one.gone) for one in first.merges}


def test_a_model_of_another_version_blocks_nobody(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outdated(*_: object) -> Matching:
        raise DataError("The match model was made by another version.", "Learn it anew.")

    monkeypatch.setattr(Matching, "in_force", outdated)
    found = register(workspace, {"id": "new", **row(alone())}, START)
    assert found.new
    assert found.looks_like == ()
    assert any("made by another version" in warning for warning in found.warnings)


def test_a_workspace_of_one_record_has_nothing_to_compare(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "1", **NEVER_SEEN}, START)
    with pytest.raises(DataError, match="no two records"):
        learn_duplicates(workspace, START)


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_base(tmp_path)
    out, model = tmp_path / "clusters.csv", tmp_path / "match.yaml"
    assert run(["duplicates", str(tmp_path), "--out", str(out), "--model", str(model)]) == 0
    said = capsys.readouterr().out
    assert "scoreline merge" in said
    assert "From now on register looks new records up by phone" in said
    assert [field.name for field in load_card(model).fields] == [n for n in BASE if n != "id"]
    table = pl.read_csv(out, infer_schema=False)
    assert table.columns == ["id", "cluster", "points", "reasons"]
    assert run(["duplicates", str(tmp_path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == table.height == len(BASE["id"])
    assert found["duplicates"] == len(found["merges"]) == table.height - table["cluster"].n_unique()
    number = alone()
    pairs = [f"{name}={value}" for name, value in row(number).items() if value]
    here = ["--workspace", str(tmp_path)]
    assert run(["register", "id=new", *pairs, *here]) == 0
    assert f"looks like {BASE['id'][number]}, " in capsys.readouterr().out
    assert run(["register", "id=newer", *pairs, *here, "--format", "json"]) == 0
    likes = json.loads(capsys.readouterr().out)["looks_like"]
    assert {one["key"] for one in likes} >= {"new", BASE["id"][number]}
    assert run(["duplicates", str(tmp_path), "--key", "id"]) == 2
    assert "--key is of a file" in capsys.readouterr().err


def test_labels_of_a_workspace_name_its_records_by_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_base(tmp_path)
    labels, out = tmp_path / "labels.csv", tmp_path / "clusters.csv"
    command = ["duplicates", str(tmp_path), "--labels", str(labels), "--out", str(out)]
    assert run(command) == 0
    assert "pairs to look at" in capsys.readouterr().out
    asked = pl.read_csv(labels, infer_schema=False)
    one, other = asked.select("id 1", "id 2").row(0)
    asked.with_columns(same=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("yes"))).write_csv(
        labels
    )
    assert run([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["labels"]
    assert (found["yes"], found["no"]) == (1, 0)
    clusters = dict(pl.read_csv(out, infer_schema=False).select("id", "cluster").rows())
    assert clusters[one] == clusters[other]
    assert pl.read_csv(labels, infer_schema=False)["same"][0] == "yes"
