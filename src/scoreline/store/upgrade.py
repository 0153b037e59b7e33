"""The tables of a database brought to the state that this version of Scoreline works with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from scoreline.errors import StoreError
from scoreline.store.identity import name_workspace
from scoreline.store.place import ON_PURPOSE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreline.store.database import Database

HEAD = "0002"
"""The last step there is; a test holds it against the folder of steps."""
MIGRATIONS = Path(__file__).parent / "migrations"


def state(connection: Connection) -> str | None:
    """The step that a database is at; None where there are no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def bring_up_to_date(database: Database) -> None:
    """Change the tables, in one transaction, where they are of an older version of Scoreline.

    Raises StoreError for a database of a newer version, and for one without our tables: none are
    made where a workspace may have been.
    """
    with database.reading() as connection:
        found = state(connection)
    if found is None:
        name = f"The database {database.where}" if database.is_sqlite else "The database"
        raise StoreError(
            f"{name} holds no workspace.",
            f"Restore it from a backup, name another one in workspace.yaml, or {ON_PURPOSE}",
        )
    if found != HEAD:
        database.write(_upgrade)


def make_tables(database: Database) -> bool:
    """Whether there were no tables yet: they are made then, and the workspace is named."""
    with database.reading() as connection:
        if state(connection) is not None:
            return False
    database.write(_upgrade)
    return True


def _upgrade(connection: Connection) -> None:
    # Alembic takes a quarter of a second to load, which only new and old databases pay.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    found = state(connection)
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            "The database was made by a newer version of Scoreline.", "Upgrade Scoreline."
        )
    command.upgrade(config, "head")
    name_workspace(connection)
