"""A program of the user's own."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import CommandHandler
from scoreline.lifecycle.handlers.message import canonical_json
from tests.lifecycle.handlers.moves import NOW, a_move


def python(folder: Path, code: str, *arguments: str) -> CommandHandler:
    """A handler that runs a few lines of Python."""
    return CommandHandler("script", (sys.executable, "-c", code, *arguments), folder, 20)


def failure(handler: CommandHandler) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        deliver(handler, a_move(), NOW)
    return error.value


def test_the_message_is_on_stdin_and_the_folder_is_the_workspace(tmp_path: Path) -> None:
    deliver(python(tmp_path, "import sys; open('got', 'w').write(sys.stdin.read())"), a_move(), NOW)
    got = (tmp_path / "got").read_text(encoding="utf-8")
    assert got.encode() == canonical_json(a_move()) + b"\n"
    assert json.loads(got)["id"] == "move_1"


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    code = "import sys; open('got', 'w').write(sys.argv[1])"
    deliver(python(tmp_path, code, "$(touch evil); *"), a_move(), NOW)
    assert (tmp_path / "got").read_text() == "$(touch evil); *"
    assert not (tmp_path / "evil").exists()


def test_a_program_of_the_workspace_is_found(tmp_path: Path) -> None:
    (tmp_path / "notify").write_text("#!/bin/sh\ncat > got\n")
    (tmp_path / "notify").chmod(0o755)
    deliver(CommandHandler("script", ("./notify",), tmp_path), a_move(), NOW)
    assert (tmp_path / "got").exists()


def test_a_program_may_leave_its_stdin_unread(tmp_path: Path) -> None:
    deliver(python(tmp_path, "pass"), a_move(reasons=[{"term": "x" * 10**6, "points": 1}]), NOW)


def test_any_code_but_0_is_a_failure(tmp_path: Path) -> None:
    error = failure(python(tmp_path, "raise SystemExit(3)"))
    assert error.message == f"`{sys.executable}` ended with code 3."
    assert error.again


def test_what_a_program_says_is_not_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = "import sys; print('out'); sys.exit('anna@acme.ru is unknown')"
    error = failure(python(tmp_path, code))
    assert "anna" not in str(error)
    said = capfd.readouterr()
    assert said.out == ""
    assert "anna@acme.ru is unknown" in said.err, "whoever runs the worker sees it"


def test_a_program_that_a_signal_ended(tmp_path: Path) -> None:
    error = failure(python(tmp_path, f"import os; os.kill(os.getpid(), {int(signal.SIGTERM)})"))
    assert "was ended by signal 15" in error.message


@pytest.mark.parametrize("name", ["no-such-program", "./absent"])
def test_a_program_that_is_not_there(tmp_path: Path, name: str) -> None:
    error = failure(CommandHandler("script", (name,), tmp_path))
    assert error.message == f"`{name}` can't be started: No such file or directory."
    assert error.again, "it can be installed"


def is_running(pid: int) -> bool:
    """Whether a process lives; one that nobody waits for yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_program_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    program = ("sh", "-c", "sleep 60 & echo $! > child; sleep 60")
    began = time.monotonic()
    error = failure(CommandHandler("script", program, tmp_path, timeout=2))
    assert time.monotonic() - began < 10
    assert error.message == "`sh` was ended: it took over 2 seconds."
    assert error.again
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(child)
