"""A database of SQLite that we may read and not write: somebody else's, or on a disk held still."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scoreline.errors import StoreError


def is_read_only(file: Path) -> bool:
    """Whether a database is there and its file, or its folder, may not be written."""
    effective = os.access in os.supports_effective_ids
    return file.exists() and not all(
        os.access(place, os.W_OK, effective_ids=effective) for place in (file, file.parent)
    )


def connect(file: Path, patience: float) -> sqlite3.Connection:
    """A connection that only reads; raises StoreError where that means to write.

    SQLite keeps a log and an index of it beside the database, and makes them to read it. Where
    there is no log, nobody is writing, and it can do without.
    """
    still = "&immutable=1" if _is_still(file) else ""
    if not still and not Path(f"{file}-shm").exists():
        raise StoreError(
            f"The database {file}: its last changes are still in the log beside it.",
            "Run any command as somebody who may write there.",
        )
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{still}", timeout=patience, uri=True)


@contextmanager
def unchanged(file: Path) -> Iterator[None]:
    """Raise StoreError if somebody began to write a database that was read without a log."""
    still, before = _is_still(file), _stamp(file)
    yield
    if still and _stamp(file) != before:
        raise StoreError(f"The database {file} was changed while it was read.", "Do it again.")


def _is_still(file: Path) -> bool:
    log = Path(f"{file}-wal")
    return not log.exists() or not log.stat().st_size


def _stamp(file: Path) -> tuple[int, int]:
    state = file.stat()
    return state.st_mtime_ns, state.st_size
