"""The PostgreSQL of tests: fresh for each, and gone with the session."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from tests import postgres
from tests.postgres import NoPostgresError, Server, a_server, connected, unavailable

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("_turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(postgres_url: str, _turn: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE left_over (name text)"))
        connection.execute(text("INSERT INTO left_over VALUES ('ё')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM left_over")).scalar() == "ё"
    engine.dispose()


def test_a_database_is_dropped_also_while_someone_uses_it(postgres_server: Server) -> None:
    with postgres_server.database() as url:
        engine = create_engine(url)
        connection = engine.connect()
        connection.execute(text("SELECT 1"))
    with connected(postgres_server.url) as other:
        count = other.execute(
            "SELECT count(*) FROM pg_database WHERE datname = %s", [make_url(url).database]
        ).fetchone()
    assert count == (0,)
    connection.invalidate()
    connection.close()
    engine.dispose()


def test_a_server_that_is_given_is_used(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = postgres_server.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("TEST_PG_URL", given)
    with a_server() as server, server.database() as url:
        assert server.what.endswith("of TEST_PG_URL")
        assert url.startswith("postgresql+psycopg://")
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()


def test_a_given_server_that_is_not_there_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PG_URL", "postgresql://127.0.0.1:1/postgres")
    with pytest.raises(NoPostgresError, match="can't be reached"), a_server():
        pass


def test_without_any_tests_are_skipped_with_words_and_fail_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TEST_PG_URL", raising=False)
    monkeypatch.setattr(postgres, "installed", list)
    with pytest.raises(NoPostgresError, match="TEST_PG_URL") as error, a_server():
        pass
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL: there is none"):
        unavailable(error.value)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL: there is none"):
        unavailable(error.value)


SESSION = """
import time
from tests.postgres import a_server
with a_server() as server:
    print(server.url.query["host"], flush=True)
    input()
"""


@pytest.mark.parametrize("end", ["quietly", "killed"])
def test_no_server_is_left_however_the_session_ends(
    end: str, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_PG_URL", raising=False)
    if not postgres.installed():
        unavailable(NoPostgresError("no server of our own to start"))
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert session.stdout is not None
    folder = Path(session.stdout.readline().strip())
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, 0)
    if end == "killed":
        session.kill()
    session.communicate("\n" if end == "quietly" else None)
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
