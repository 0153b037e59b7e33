"""Tables are made by steps, and come to what the code works with, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from scoreline.errors import StoreError
from scoreline.store import records
from scoreline.store.database import Database
from scoreline.store.identity import name_workspace, workspace_id
from scoreline.store.schema import metadata
from scoreline.store.upgrade import HEAD, MIGRATIONS, bring_up_to_date, make_tables, state
from tests.store.empty import empty


@pytest.fixture
def opened(tmp_path: Path, database: str) -> Database:
    return empty(database or tmp_path / "scores.db")


def test_the_steps_come_to_the_tables_of_the_code(opened: Database) -> None:
    assert make_tables(opened)
    with opened.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_numbers_are_never_given_twice_on_sqlite(tmp_path: Path) -> None:
    opened = empty(tmp_path / "scores.db")
    make_tables(opened)
    with opened.reading() as connection:
        made = "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        names = set(connection.execute(text(made)).scalars())
    assert names == {"records", "events", "moves"}


def test_the_last_step_is_the_one_that_the_code_names() -> None:
    folder = ScriptDirectory(str(MIGRATIONS))
    assert folder.get_current_head() == HEAD


def test_tables_are_not_made_where_a_workspace_may_have_been(opened: Database) -> None:
    with pytest.raises(StoreError, match="holds no workspace"):
        bring_up_to_date(opened)
    with opened.reading() as connection:
        assert state(connection) is None


def test_a_workspace_keeps_its_name(opened: Database) -> None:
    make_tables(opened)
    with opened.reading() as connection:
        name = workspace_id(connection)
    bring_up_to_date(opened)
    assert not make_tables(opened)
    with opened.reading() as connection:
        assert workspace_id(connection) == name


def test_a_workspace_of_the_first_version_is_brought_up_to_date(opened: Database) -> None:
    """As the code of then made it: what was kept stays, and the further tables are there."""
    opened.write(lambda connection: to_step(connection, "0001"))
    opened.write(name_workspace)
    kept = "INSERT INTO records (key, given, registered_at, changed_at) VALUES ('7', '{}', 1, 1)"
    opened.write(lambda connection: connection.execute(text(kept)))
    bring_up_to_date(opened)
    with opened.reading() as connection:
        assert state(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert [record.key for record in records.people(connection, [1])] == ["7"]


def to_step(connection: Connection, step: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, step)


def test_a_database_of_a_newer_version_is_left_alone(opened: Database) -> None:
    make_tables(opened)
    opened.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreError, match="newer version"):
        bring_up_to_date(opened)
