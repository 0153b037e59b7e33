"""A full disk, a folder nobody may write, a database that is gone: one clear message each."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scoreline.errors import StoreError
from scoreline.jobs.workspace.registering import register
from scoreline.lifecycle.workspace import Workspace, open_workspace
from scoreline.store import records
from tests.lifecycle.workspaces import START, a_worker, make, outlived, until
from tests.postgres import NoPostgresError, Restartable, a_restartable_server, unavailable
from tests.scenarios.command import LEAD_CARD, in_process

CARD = LEAD_CARD.replace("key: lead_id", "key: id")
NOBODY = 65_534


def limited(size: int, *words: object) -> subprocess.CompletedProcess[str]:
    """A command that may write no file beyond a size, as where the disk is full."""
    return subprocess.run(
        [sys.executable, "-m", "scoreline", *map(str, words)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "before"}, START)
    workspace.database.close()
    data = tmp_path / "leads.csv"
    rows = "".join(f"{n},company {n},boss,a{n}@acme{n}.ru\n" for n in range(20_000))
    data.write_text("id,company,position,email\n" + rows, encoding="utf-8")
    size = (tmp_path / "workspace.db").stat().st_size + 600_000
    done = limited(size, "import", data, "--workspace", tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "nothing was half written" in done.stderr
    assert "acme" not in done.stderr
    workspace = open_workspace(tmp_path)
    with workspace.database.reading() as connection:
        assert records.count(connection) == 1
    # With room again the same command does all of it.
    told = in_process("import", data, "--workspace", tmp_path, "--format", "json").json
    assert (told["new"], told["recomputed"]) == (20_000, 20_000)


READING = (("versions",), ("history", "before"), ("moves",), ("worklist",))


def as_nobody(folder: str, other: str, code: int, answers: Any) -> None:
    """Read, then register, as somebody who may read a workspace and not write it."""
    # What commands need is loaded first: the interpreter may lie where nobody may read.
    for words in READING:
        in_process(*words, "--workspace", other)
    in_process("register", "id=2", "--workspace", other)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    read = [in_process(*words, "--workspace", folder, code=code) for words in READING]
    said = in_process("register", "id=1", "--workspace", folder, code=2)
    answers.put((read, said.errors))


def read_by_nobody(folder: Path, *, used: bool = False, killed: bool = False) -> tuple[Any, str]:
    """What the commands that read say where nobody may write, and what `register` says.

    used: somebody else has it open, so that there is a log beside the database; killed: that one
    is gone and has left its log.
    """
    place, other = folder / "place", folder / "other"
    for one in (place, other):
        one.mkdir()
        workspace = make(one, CARD)
        register(workspace, {"id": "before", "service": "crm"}, START)
        if one == place and killed:
            left = Path(f"{place}/workspace.db-wal").read_bytes()
            workspace.database.close()
            Path(f"{place}/workspace.db-wal").write_bytes(left)
        elif one == other or not used:
            workspace.database.close()
    for file in place.iterdir():
        file.chmod(0o444)
    place.chmod(0o555)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    answers = context.Queue()
    given = (str(place), str(other), 2 if killed else 0, answers)
    child = context.Process(target=as_nobody, args=given)
    child.start()
    try:
        found: tuple[Any, str] = answers.get(timeout=120)
    finally:
        child.join()
        place.chmod(0o755)
    return found


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may look into; those of pytest are closed by each run of it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("used", [False, True])
def test_a_folder_that_may_not_be_written_can_be_read(open_folder: Path, used: bool) -> None:
    read, told = read_by_nobody(open_folder, used=used)
    versions, history, moves, listed = (said.out for said in read)
    assert "v1" in versions
    assert "before: 0, marketing" in history
    assert "1 move." in moves
    assert "qualified (lead-readiness): 0 records." in listed
    assert "who may write" in told


def test_a_log_that_somebody_left_there_is_said(open_folder: Path) -> None:
    read, _ = read_by_nobody(open_folder, killed=True)
    for said in read:
        assert "its last changes are still in the log beside it." in said.errors
        assert "Run any command as somebody who may write there." in said.errors


def test_a_database_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    text = "workspace: acme\nkey: id\ndatabase: /proc/nowhere/scores.db\n"
    (tmp_path / "workspace.yaml").write_text(text, encoding="utf-8")
    said = in_process("init", tmp_path, "--database-only", code=2)
    assert "can't be made" in said.errors


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("workspace: acme\nkey: id\n", encoding="utf-8")
    (tmp_path / "workspace.db").write_text("this is a letter, and no database " * 100, "utf-8")
    said = in_process("versions", "--workspace", tmp_path, code=2)
    assert "not a database" in said.errors


def test_a_server_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://user:secret@127.0.0.1:1/scores"
    text = f"workspace: acme\nkey: id\ndatabase: {url}\n"
    (tmp_path / "workspace.yaml").write_text(text, encoding="utf-8")
    said = in_process("versions", "--workspace", tmp_path, code=2)
    assert "is not there or went away" in said.errors
    assert "secret" not in said.errors


@pytest.mark.parametrize(
    "asked",
    [
        lambda connection: connection.exec_driver_sql("SELECT 1"),
        lambda connection: records.by_key(connection, "before"),
    ],
)
def test_a_server_that_goes_away_in_the_middle_is_said(
    tmp_path: Path, postgres_url: str, asked: Callable[[object], object]
) -> None:
    workspace = make(tmp_path, CARD, database=postgres_url)
    register(workspace, {"id": "before"}, START)

    def gone(connection: object) -> None:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()  # type: ignore[attr-defined]
        with workspace.database.engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        asked(connection)

    with pytest.raises(StoreError, match="went away"):
        workspace.database.write(gone)
    assert register(workspace, {"id": "after"}, START).new


def test_a_worker_that_stays_outlives_a_restart_of_its_server(tmp_path: Path) -> None:
    try:
        with a_restartable_server() as server:
            _outlives(tmp_path, server)
    except NoPostgresError as error:
        unavailable(error)


def _outlives(folder: Path, server: Restartable) -> None:
    url = server.url.render_as_string(hide_password=False)
    rules = "moves: [{into: garbage, send: list}]\nhandlers: {list: {file: told.jsonl}}\n"
    workspace = make(folder, CARD, database=url, rest=rules)
    with a_worker(workspace) as said:
        tell(workspace, "first", 1)
        server.stop()
        until(lambda: "Trying again until it works." in said())
        once = in_process("work", "--once", "--workspace", folder, code=2)
        assert once.errors.startswith("The database is not there or went away.\nCheck that it runs")
        time.sleep(3)
        server.start()
        until(lambda: "It works again." in said())
        tell(workspace, "second", 2)
    assert outlived(said())


def tell(workspace: Workspace, key: str, told: int) -> None:
    """Register somebody whom the worker tells of."""
    register(workspace, {"id": key, "service": "smm"}, START)
    file = workspace.folder / "told.jsonl"
    until(lambda: file.exists() and len(file.read_text("utf-8").splitlines()) == told)


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("mysql://host/scores", "no store in `mysql`"),
        ("postgresql://user@host:port/scores", "can't be read"),
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, database: str, told: str) -> None:
    text = f"workspace: acme\nkey: id\ndatabase: {database}\n"
    (tmp_path / "workspace.yaml").write_text(text, encoding="utf-8")
    assert told in in_process("versions", "--workspace", tmp_path, code=2).errors
