"""A workspace's database: SQLite in a file, or PostgreSQL by URL; transactions that are retried.

SQLite: one writer at a time, who says so at once (`BEGIN IMMEDIATE`), so that nobody reads a score
and writes it back over another's. A commit is on the disk before it is acknowledged. PostgreSQL:
rows are locked by those who write them, in one order wherever they are known beforehand. Two who
lock them in several steps (two imports of the same records) can still wait for each other; the one
that PostgreSQL ends is done again.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from scoreline.errors import StoreError
from scoreline.store import direct, place, read_only

if TYPE_CHECKING:
    from sqlalchemy import Connection, TextClause

T = TypeVar("T")

PATIENCE = 90.0
"""Seconds that a writer of SQLite waits in all for another one to finish, before it gives up."""
TRIES = 12
"""How often a transaction of PostgreSQL is begun that a deadlock or a clash ended."""
_CLASHES = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL's codes of a clash, a deadlock, and of a key that another writer was first to add:
nothing is wrong, and it is to be done again."""
_READING, _WRITING = text("BEGIN"), text("BEGIN IMMEDIATE")


class Database:
    """A database of a workspace.

    where: a file (SQLite), or a URL `postgresql://user@host/database`. A file is never made here,
    and a transaction begins only where the file is still the one that was opened.
    """

    def __init__(self, where: str | Path) -> None:
        self.where = where
        file = None if "://" in str(where) else Path(where)
        self._file, self._opened = file, None if file is None else place.identity(file)
        self._read_only = file if file is not None and read_only.is_read_only(file) else None
        self.engine = _engine(where) if self._read_only is None else _reader(self._read_only)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, and writes nothing."""
        self._check_file()
        with (
            _told(self.where),
            self.engine.connect() as connection,
            self._undisturbed(connection),
        ):
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._begin(connection, _READING)
                yield connection

    def _undisturbed(self, connection: Connection) -> AbstractContextManager[None]:
        """Raises StoreError for what was read while others wrote, where nothing else tells."""
        raw = connection.connection.dbapi_connection
        if self._read_only is None or not isinstance(raw, read_only.Reader):
            return nullcontext()
        return read_only.undisturbed(self._read_only, raw)

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, done in one transaction: whole, or not at all.

        It is called again where another writer was in the way, so it must not touch anything but
        the connection, save what may be done twice: a message of the outbox is sent at least once.
        """
        begun = time.monotonic()
        for attempt in count(1):
            try:
                return self._written(work)
            except DBAPIError as error:
                if self._is_enough(attempt, begun) or not _is_clash(error):
                    raise store_error(error, self.where) from error
            time.sleep(random.uniform(0.0, 0.02) * 2 ** min(attempt, 6))  # noqa: S311 - no secret
        raise AssertionError  # the last attempt returned or raised

    def _is_enough(self, attempt: int, begun: float) -> bool:
        """Whether to give up: SQLite makes us wait before any work, PostgreSQL in the middle."""
        return time.monotonic() - begun >= PATIENCE if self.is_sqlite else attempt == TRIES

    def _written(self, work: Callable[[Connection], T]) -> T:
        self._check_file()
        with self.engine.connect() as connection, connection.begin():
            self._begin(connection, _WRITING)
            return work(connection)

    def _check_file(self) -> None:
        """An open file that was moved could be written on, and nobody would find it there."""
        if self._file is not None:
            place.check(self._file, self._opened)

    def _begin(self, connection: Connection, how: TextClause) -> None:
        """SQLite's driver leaves it to us to begin; PostgreSQL's has its own way."""
        if self.is_sqlite:
            direct.run(connection, how)

    @contextmanager
    def sole_worker(self) -> Iterator[bool]:
        """Whether nobody else is sending messages; nobody else does until the block ends.

        With PostgreSQL many may: rows tell them apart. With SQLite a lock on a file beside the
        database does, which goes when its process does, however it ends.
        """
        if not self.is_sqlite:
            yield True
            return
        lock = Path(f"{self.where}.worker")
        try:
            beside = sqlite3.connect(lock, timeout=0, isolation_level=None)
            alone = _alone(beside)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{lock} can't be written ({error}).", "Check who may write there, and the disk."
            ) from None
        try:
            yield alone
        finally:
            beside.close()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _alone(connection: sqlite3.Connection) -> bool:
    """Whether nobody else has the lock; we have it then."""
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_BUSY":
            raise
        return False
    return True


@contextmanager
def _told(where: str | Path) -> Iterator[None]:
    """What goes wrong in the database, as one clear message."""
    try:
        yield
    except DBAPIError as error:
        raise store_error(error, where) from error


def _engine(where: str | Path) -> Engine:
    if isinstance(where, Path) or "://" not in str(where):
        engine = create_engine(
            "sqlite://", creator=_opener(where), poolclass=QueuePool, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare)
        return engine
    try:
        asked = make_url(str(where))
        if asked.get_backend_name() not in ("postgresql", "postgres"):
            raise StoreError(
                f"There is no store in `{asked.get_backend_name()}`.",
                "Give a file, or postgresql://user@host/database.",
            )
        asked = asked.set(drivername="postgresql+psycopg")
        return create_engine(asked, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, ValueError):
        raise StoreError(
            "The address of the database can't be read.",
            "Write postgresql://user@host:5432/database.",
        ) from None
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            "PostgreSQL needs a driver that is not installed.",
            "Install Scoreline with it: pip install 'scoreline[postgres]'; "
            "in a checkout: scripts/bootstrap --test.",
        ) from None


def _opener(file: str | Path) -> Callable[[], sqlite3.Connection]:
    """What connects to a file that is there: `mode=rw` makes none."""
    address = f"{Path(file).absolute().as_uri()}?mode=rw"
    return lambda: sqlite3.connect(address, timeout=PATIENCE, uri=True, check_same_thread=False)


def _reader(file: Path) -> Engine:
    """A database that may only be read: looked at anew for each connection."""

    def connected() -> sqlite3.Connection:
        connection = read_only.connect(file, PATIENCE)
        connection.isolation_level = None
        return connection

    return create_engine("sqlite://", creator=connected, poolclass=NullPool, hide_parameters=True)


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-65536",  # 64 MB: in 2 MB the inner pages of a large base have no room
)


def _prepare(connection: Any, _: object) -> None:
    """A new connection of SQLite: transactions are ours, readers never wait, commits are safe."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _is_clash(error: DBAPIError) -> bool:
    """Whether another writer was in the way, and nothing is wrong."""
    if getattr(error.orig, "sqlstate", None) in _CLASHES:
        return True
    return isinstance(error, OperationalError) and "SQLITE_BUSY" in _sqlite_name(error)


def _sqlite_name(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", ""))


_SQLITE = {
    "SQLITE_FULL": ("the disk is full", "Free some space; nothing was half written."),
    "SQLITE_READONLY": ("it can't be written", "Check who may write the file and its folder."),
    "SQLITE_CANTOPEN": ("it can't be opened", "Check the folder, and who may write there."),
    "SQLITE_IOERR": ("the disk failed or is full", "Check the disk; nothing was half written."),
    "SQLITE_BUSY": (
        "another process has been writing for long",
        "Wait for it to finish, then do this again; nothing was half written.",
    ),
    "SQLITE_NOTADB": ("it is not a database of Scoreline", "Restore it from a backup."),
    "SQLITE_CORRUPT": ("it is damaged", "Restore it from a backup."),
}
_POSTGRES = {
    "53100": ("its disk is full", "Free some space there; nothing was half written."),
    "25006": ("it only lets us read", "Connect as someone who may write."),
    "42501": ("it does not let us do this", "Connect as someone who may create and write tables."),
    "28": ("it does not let us in", "Check user and password."),
    "3D000": ("there is no such database", "Create it first."),
    "40": ("others were writing all the time", "Do it again; nothing was half written."),
}
_PASSING = frozenset({"SQLITE_BUSY", "40"})
"""Where it is enough to wait."""


def store_error(error: DBAPIError, where: str | Path) -> StoreError:
    """A failure of the database in words; never the statement, which holds people's data."""
    name = f"The database {where}" if isinstance(where, Path) else "The database"
    known = {**_SQLITE, **_POSTGRES}
    code = _sqlite_name(error) or str(getattr(error.orig, "sqlstate", "") or "")
    for start, (what, hint) in known.items():
        if code.startswith(start):
            return StoreError(f"{name}: {what}.", hint, again=start in _PASSING)
    if isinstance(error, OperationalError):
        return StoreError(
            f"{name} is not there or went away.",
            "Check that it runs; nothing was half written.",
            again=True,
        )
    return StoreError(f"{name} refused a change ({code or type(error).__name__}).", "")
