"""The tables of a database brought to the state that this version of Scoreline works with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from scoreline.errors import StoreError
from scoreline.store.identity import name_workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreline.store.database import Database

HEAD = "0001"
"""The last step there is; a test holds it against the folder of steps."""
MIGRATIONS = Path(__file__).parent / "migrations"


def state(connection: Connection) -> str | None:
    """The step that a database is at; None where there are no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def bring_up_to_date(database: Database) -> None:
    """Make or change the tables, and name the workspace, in one transaction.

    Raises StoreError for a database of a newer version of Scoreline.
    """
    with database.reading() as connection:
        if state(connection) == HEAD:
            return
    database.write(_upgrade)


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
