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


class Reader(sqlite3.Connection):
    """A connection that only reads.

    found: the state of the file as it was opened, where nobody was writing and it is read without
    a log; None where SQLite itself keeps apart what others write meanwhile.
    """

    found: tuple[int, int] | None = None


def connect(file: Path, patience: float) -> Reader:
    """A connection that only reads; raises StoreError where that means to write.

    SQLite keeps a log and an index of it beside the database, and makes them to read it. Where
    there is no log, nobody is writing, and it can do without.
    """
    found = _stamp(file)  # first: what is written while we look counts as a change
    still = _is_still(file)
    if not still and not Path(f"{file}-shm").exists():
        raise StoreError(
            f"The database {file}: its last changes are still in the log beside it.",
            "Run any command as somebody who may write there.",
        )
    where = f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"
    connection = sqlite3.connect(where, timeout=patience, uri=True, factory=Reader)
    connection.found = found if still else None
    return connection


@contextmanager
def undisturbed(file: Path, connection: Reader) -> Iterator[None]:
    """Raise StoreError if somebody wrote to a database that was read without a log.

    Whatever went wrong in the block then came of it: half of what was read is old, half is new.
    """
    try:
        yield
    except Exception as error:
        _check(file, connection, error)
        raise
    _check(file, connection)


def _check(file: Path, connection: Reader, error: Exception | None = None) -> None:
    if connection.found is not None and _stamp(file) != connection.found:
        raise StoreError(
            f"The database {file}: somebody wrote to it while it was read.", "Do this again."
        ) from error


def _is_still(file: Path) -> bool:
    log = Path(f"{file}-wal")
    try:
        return not log.stat().st_size
    except FileNotFoundError:
        return True


def _stamp(file: Path) -> tuple[int, int]:
    try:
        state = file.stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_mtime_ns, state.st_size
