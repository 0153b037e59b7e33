"""A database without tables, as `make_tables` finds it."""

from __future__ import annotations

from pathlib import Path

from scoreline.store.database import Database
from scoreline.store.place import create


def empty(where: str | Path) -> Database:
    if isinstance(where, Path):
        create(where)
    return Database(where)
