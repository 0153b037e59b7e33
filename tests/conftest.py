"""Fixtures that many tests share: the lead card of the design, and a runner of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.offline import block
from tests.postgres import NoPostgresError, Server, a_server, unavailable

LEAD_CARD = Path(__file__).parent.parent / "src/scoreline/starters/lead.yaml"


@dataclass(frozen=True)
class Ran:
    """What a command gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON value that it printed."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def lead_card() -> Path:
    """The card of the design's section 3, as `scoreline init` writes it."""
    return LEAD_CARD


@pytest.fixture
def scoreline(tmp_path: Path) -> Callable[..., Ran]:
    """Runs `scoreline ARGUMENTS` in the test's folder; a traceback fails the test at once."""

    def run(*arguments: object, stdin: str | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "scoreline", *map(str, arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode != 70, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL, one for each process that runs tests; skips, or in CI fails, without any."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(a_server())
        except NoPostgresError as error:
            unavailable(error)
        yield server


@pytest.fixture
def postgres_url(
    postgres_server: Server, record_property: Callable[[str, object], None]
) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database, for SQLAlchemy with psycopg."""
    record_property("postgres", postgres_server.what)
    with postgres_server.database() as url:
        yield url


def pytest_configure() -> None:
    """Nothing here may need a network."""
    block()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests recorded to be `printed`, and what became of those on PostgreSQL."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "printed":
                terminalreporter.write_line(str(text))
    for line in postgres_lines(terminalreporter):
        terminalreporter.write_line(line)


def postgres_lines(reporter: pytest.TerminalReporter) -> Iterator[str]:
    """How many tests ran on which PostgreSQL, or did not and why; `scripts/test` reads them."""
    ended = [*reporter.getreports("passed"), *reporter.getreports("failed")]
    servers = [
        str(what) for report in ended for name, what in report.user_properties if name == "postgres"
    ]
    for server in sorted(set(servers)):
        yield f"Tests on PostgreSQL: {servers.count(server)} on {server}"
    skipped = [report.longrepr[2] for report in reporter.getreports("skipped")]
    without = [reason for reason in skipped if "PostgreSQL: " in reason]
    if without:
        why = without[0].partition("PostgreSQL: ")[2]
        yield f"Tests on PostgreSQL: not run, {len(without)} of them: {why}"
