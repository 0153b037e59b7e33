"""A database that may be read and not written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from scoreline.errors import StoreError
from scoreline.store import read_only
from scoreline.store.database import Database
from scoreline.store.read_only import connect, is_read_only


def made(folder: Path) -> Path:
    file = folder / "a #1?.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (n)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
    return file


def add(file: Path) -> None:
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("INSERT INTO t VALUES (2)")
        writer.commit()


def test_it_is_read_whatever_its_name_and_can_not_be_written(tmp_path: Path) -> None:
    file = made(tmp_path)
    with closing(connect(file, 1.0)) as connection:
        assert connection.execute("SELECT n FROM t").fetchall() == [(1,)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("INSERT INTO t VALUES (2)")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]  # nothing was put beside it


def test_changes_that_are_in_the_log_are_read(tmp_path: Path) -> None:
    file = made(tmp_path)
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("INSERT INTO t VALUES (2)")
        writer.commit()
        with closing(connect(file, 1.0)) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that we may only read: two tables, each larger than what SQLite reads at once."""
    file = made(tmp_path)
    with closing(sqlite3.connect(file)) as writer:
        for table in ("first", "second"):
            writer.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, text)")
            rows = ((n, f"{table} " * 50) for n in range(2_000))
            writer.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608
        writer.commit()
    monkeypatch.setattr(read_only, "is_read_only", lambda _: True)
    return Database(file)


def make_smaller(file: Path) -> None:
    """What erasing people does: their rows go, and the file is written anew without them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("DELETE FROM first")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.execute("VACUUM")


def count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(text) FROM {table}").scalar_one())  # noqa: S608


def test_a_read_that_fails_because_somebody_writes_does_not_call_it_damaged(read: Database) -> None:
    def disturbed() -> None:
        with read.reading() as one:
            rows = one.exec_driver_sql("SELECT text FROM second")
            assert rows.fetchone() == ("second " * 50,)
            make_smaller(Path(read.where))
            rows.fetchall()

    with pytest.raises(StoreError, match="somebody wrote to it") as said:
        disturbed()
    assert isinstance(said.value.__cause__, DBAPIError)  # `database disk image is malformed`
    assert said.value.hint == "Do this again."
    with read.reading() as one:
        assert (count(one, "first"), count(one, "second")) == (0, 2_000)


def test_a_read_that_ends_well_while_somebody_writes_is_said_too(read: Database) -> None:
    def disturbed() -> None:
        with read.reading() as one:
            assert count(one, "first") == 2_000
            add(Path(read.where))

    with pytest.raises(StoreError, match="somebody wrote to it"):
        disturbed()


def test_what_goes_wrong_by_itself_stays_what_it_is(read: Database) -> None:
    with pytest.raises(KeyError), read.reading():
        raise KeyError


def test_it_is_settled_once_whether_others_may_write_meanwhile(
    read: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log goes away just before we look: what was found then is what is held against the end.
    file = Path(read.where)
    looked = iter([True])  # a second look would fail
    monkeypatch.setattr(read_only, "_is_still", lambda _: next(looked))

    def disturbed(writer: sqlite3.Connection) -> None:
        with read.reading() as one:
            count(one, "first")
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    with closing(sqlite3.connect(file)) as writer:
        writer.execute("INSERT INTO t VALUES (2)")
        writer.commit()
        with pytest.raises(StoreError, match="somebody wrote to it"):
            disturbed(writer)


def test_what_we_may_write_or_what_is_not_there_is_not_read_only(tmp_path: Path) -> None:
    assert not is_read_only(made(tmp_path))
    assert not is_read_only(tmp_path / "other.db")
