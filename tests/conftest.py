"""Fixtures that many tests share: the lead card of the design, and a runner of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests recorded to be `printed`: the counts of the conformance run."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "printed":
                terminalreporter.write_line(str(text))
