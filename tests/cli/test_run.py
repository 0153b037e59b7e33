"""What ends a command from outside: a stop by hand, at any moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.3])
def test_a_stop_by_hand_is_quiet_even_while_modules_load(seconds: float) -> None:
    # The command waits for its input, so that it never ends by itself.
    started = "from scoreline.cli import main; print('up', flush=True); main()"
    process = subprocess.Popen(
        [sys.executable, "-c", started, "explain", "-", "--card", "nowhere.yaml", "--id", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode in (130, 2), err
