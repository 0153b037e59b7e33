"""A file of JSON lines that grows: whole lines only, each on the disk before it counts as sent.

A kill can cut a write between two pages, so what a killed writer left is mended by the next one:
half a line is taken away, a whole line without its end gets it.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.kinds import TIMEOUT, FileHandler
from scoreline.lifecycle.handlers.message import Message, canonical_json
from scoreline.lifecycle.handlers.network import remaining

LOOKED_AT = 4_000_000
"""Bytes at the end of the file in which an id is looked for: some 8,000 moves."""
_OURS = b'{"data":'
"""How each of our lines begins."""


def send(handler: FileHandler, message: Message, now: datetime) -> None:
    """Append the message unless it is there already; raises DeliveryError if that fails.

    Several processes may write: each holds the file's lock while it does.
    """
    line = canonical_json(message) + b"\n"
    try:
        with _opened(handler.path) as file:
            size, tail = _mended(file, handler.path)
            if not size:
                _sync_folder(handler.path.parent)
            if f'"id":"{message.id}"'.encode() not in tail:
                _append(file, size, line)
            os.fsync(file)  # a line that a killed writer left may not be on the disk yet
    except TimeoutError:
        raise DeliveryError(f"{handler.path} is locked by another program.") from None
    except OSError as error:
        raise DeliveryError(f"{handler.path} can't be written: {error.strerror}.") from None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The file, locked; made if it is new."""
    # Without O_NONBLOCK a pipe of that name would hold us for ever.
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise DeliveryError(f"{path} is not a file.")
        _lock(file)
        yield file
    finally:
        os.close(file)


def _lock(file: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            remaining(deadline)
            time.sleep(0.01)


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _mended(file: int, path: Path) -> tuple[int, bytes]:
    """Size and end of the file, once it ends with a whole line."""
    size = os.fstat(file).st_size
    begin = max(0, size - LOOKED_AT)
    tail = os.pread(file, size - begin, begin)
    whole, end, last = tail.rpartition(b"\n")
    if not last:
        return size, tail
    if _is_whole(last):
        _append(file, size, b"\n")
        return size + 1, tail + b"\n"
    if not (last.startswith(_OURS) or _OURS.startswith(last)):
        raise DeliveryError(
            f"{path} ends with something that is no JSON line.",
            "Name another file, or end the last line.",
        )
    os.ftruncate(file, size - len(last))
    return size - len(last), whole + end


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _append(file: int, size: int, data: bytes) -> None:
    """Write at the end, all or nothing: with a full disk the file stays as it was."""
    done = 0
    try:
        while done < len(data):
            done += os.write(file, data[done:])
    except OSError:
        os.ftruncate(file, size)
        raise
