"""A database that may be read and not written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scoreline.errors import StoreError
from scoreline.store.read_only import connect, is_read_only, unchanged


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


def test_a_database_that_changes_while_it_is_read_is_said(tmp_path: Path) -> None:
    file = made(tmp_path)
    with pytest.raises(StoreError, match="changed while it was read"), unchanged(file):
        add(file)
    with unchanged(file):
        pass


def test_what_we_may_write_or_what_is_not_there_is_not_read_only(tmp_path: Path) -> None:
    assert not is_read_only(made(tmp_path))
    assert not is_read_only(tmp_path / "other.db")
