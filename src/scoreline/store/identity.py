"""The workspace's own name: it tells its messages from those of any other."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from scoreline.store import direct
from scoreline.store.schema import workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


_NAME = select(workspace.c.id)


def workspace_id(connection: Connection) -> str:
    """The name: letters and digits, given once."""
    [(name,)] = direct.run(connection, _NAME)
    return str(name)


def name_workspace(connection: Connection) -> None:
    """Give a new workspace its name; one that has a name keeps it."""
    if connection.execute(select(workspace.c.id)).first() is None:
        at = time.time_ns() // 1_000
        connection.execute(insert(workspace).values(id=uuid.uuid4().hex, made_at=at))


def key_column(connection: Connection) -> str | None:
    """The column that names a record, as long as the workspace has known one."""
    found = connection.execute(select(workspace.c.key)).scalar_one()
    return None if found is None else str(found)


def set_key_column(connection: Connection, key: str) -> None:
    """Records of this workspace are named by this column from now on."""
    connection.execute(update(workspace).values(key=key))
