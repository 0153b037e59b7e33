"""A workspace, opened: its settings, its database, and batches of changes to it."""

from __future__ import annotations

import gc
import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scoreline.errors import UsageError
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.manner import BatchDone, Manner
from scoreline.lifecycle.settings import FILE, Settings, read_settings
from scoreline.lifecycle.shelf import Shelf
from scoreline.store import audit, identity, records, versions
from scoreline.store.database import Database
from scoreline.store.moments import stored
from scoreline.store.place import create, never_was
from scoreline.store.upgrade import bring_up_to_date, make_tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


@dataclass(frozen=True)
class Workspace:
    """A folder with settings, cards and a database."""

    folder: Path
    settings: Settings
    database: Database
    shelf: Shelf = field(default_factory=Shelf, compare=False)

    def batch(self, manner: Manner, work: Callable[[Batch], T]) -> tuple[T, BatchDone]:
        """What `work` gives, and what came of it: whole, or not at all.

        It is called again where another writer was in the way.
        """

        def whole(connection: Connection) -> tuple[T, BatchDone]:
            cards, matching = self.shelf.in_force(connection, lock=not manner.dry)
            batch = Batch(connection, cards, self.settings, manner, matching=matching)
            found = work(batch)
            return found, batch.finish()

        with _old_objects_left_alone():
            if manner.dry:
                with self.database.reading() as connection:
                    return whole(connection)
            return self.database.write(whole)

    def note(self, connection: Connection, manner: Manner, action: str, **detail: object) -> None:
        """Keep who did what."""
        audit.note(connection, stored(manner.as_of), actor(), action, detail)


def open_workspace(folder: Path) -> Workspace:
    """The workspace of a folder, its tables up to date.

    Raises UsageError where there is none, and StoreError where its database is not there.
    """
    settings = read_settings(folder)
    database = Database(settings.database)
    bring_up_to_date(database)
    _check_key(database, settings.key)
    return Workspace(folder, settings, database)


def open_or_make(folder: Path) -> tuple[Workspace, bool]:
    """The workspace of a folder, and whether its database was made now, for it never had one."""
    where = read_settings(folder).database
    made = (not isinstance(where, Path) or never_was(where)) and make_database(folder)
    return open_workspace(folder), made


def make_database(folder: Path) -> bool:
    """Whether the workspace of a folder had no database yet: a new one is made then."""
    where = read_settings(folder).database
    if isinstance(where, Path):
        create(where)
    database = Database(where)
    try:
        return make_tables(database)
    finally:
        database.close()


def _check_key(database: Database, key: str) -> None:
    """The key of a workspace stays once it has cards or records: they are named by it."""
    with database.reading() as connection:
        known = identity.key_column(connection)
        empty = known != key and not (
            versions.in_force(connection) or records.roots(connection, 0, 1)
        )
    if known == key:
        return
    if known is not None and not empty:
        raise UsageError(
            f"{FILE} says `key: {key}`; its cards and records are named by `{known}`.",
            f"Write `key: {known}`, or make another workspace.",
        )
    database.write(lambda connection: identity.set_key_column(connection, key))


@contextmanager
def _old_objects_left_alone() -> Iterator[None]:
    """Python's collector looks only at what is made meanwhile.

    A look at all that was there before (modules, mostly) took up to a fifth of a small daily pass.
    A process that set its own objects aside keeps them so.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def actor() -> str:
    """Who runs this process, as the machine calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this number of a user
        return "unknown"
