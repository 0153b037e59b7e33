"""Who did what to a workspace, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert

from scoreline.store.schema import audit

if TYPE_CHECKING:
    from sqlalchemy import Connection


def note(
    connection: Connection, at: int, actor: str, action: str, detail: Mapping[str, object]
) -> None:
    """Keep an action; detail: what it was about, without people's data."""
    text = msgspec.json.encode(dict(detail)).decode()
    connection.execute(insert(audit).values(at=at, actor=actor, action=action, detail=text))
