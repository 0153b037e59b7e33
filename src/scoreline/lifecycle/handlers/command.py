"""A program of the user's own: the message on its stdin, exit code 0 is success; no shell."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from datetime import datetime

from scoreline.errors import DeliveryError, counted
from scoreline.lifecycle.handlers.kinds import CommandHandler
from scoreline.lifecycle.handlers.message import Message, canonical_json


def send(handler: CommandHandler, message: Message, now: datetime) -> None:
    """Run the program with the message; raises DeliveryError unless it ends well in time.

    Its stderr goes where ours goes, its stdout nowhere: neither is kept, as it may hold anything.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is the user's own setting
            handler.command,
            cwd=handler.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that what it started can be ended with it
        )
    except OSError as error:
        raise DeliveryError(
            f"`{handler.command[0]}` can't be started: {error.strerror or error}."
        ) from None
    try:
        process.communicate(canonical_json(message) + b"\n", timeout=handler.timeout)
    except subprocess.TimeoutExpired:
        raise DeliveryError(
            f"`{handler.command[0]}` was ended: it took over {counted(handler.timeout, 'second')}."
        ) from None
    finally:
        _end(process)
    if process.returncode:
        raise DeliveryError(f"`{handler.command[0]}` {_ending(process.returncode)}.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what still runs of the program and what it started; a program that is done keeps them."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _ending(code: int) -> str:
    """How a program failed.

    >>> _ending(3), _ending(-9)
    ('ended with code 3', 'was ended by signal 9')
    """
    return f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
