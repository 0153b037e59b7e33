"""The bytes of a source as a plain file on this machine: a path, standard input, a pipe, a gzip.

What is compressed may unfold to any size. The rule: up to 64 MB always; up to 100 times its size
always; beyond that only while it reads like a table (a line end in every 8 MB) and up to 2 GB.
A repetitive but real csv.gz passes (a million equal rows of 142 bytes unfold 300 times), a gzip
of zeros stops at 64 MB. Unfolding goes to disk, never into memory.
"""

from __future__ import annotations

import errno
import gzip
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scoreline.errors import DataError, did_you_mean
from scoreline.quality.table import Scratch

BLOCK = 1 << 20
ALWAYS = 64 << 20
RATIO = 100
MOST_BEYOND_RATIO = 2 << 30
LINE_WITHIN = 8 << 20
GZIP = b"\x1f\x8b"
_WAIT_FOR_WRITER = 10.0


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A source as a plain file: path, and the extension its name promises (`csv`; never `gz`)."""

    path: Path
    extension: str


def local_file(source: str, scratch: Scratch) -> LocalFile:
    """The source as a plain, unfolded file; copies go into `scratch`."""
    if source == "-":
        if sys.stdin.isatty():
            raise DataError(
                "Standard input is a terminal.", "Send a file into it: scoreline ... - < leads.csv"
            )
        path = _spooled(sys.stdin.buffer, scratch)
        extension = ""
    else:
        path = _nameable(_opened(source, scratch), scratch)
        extension = _extension(Path(source))
    with path.open("rb") as stream:
        if stream.read(2) != GZIP:
            return LocalFile(path, extension)
    return LocalFile(_unfolded(path, scratch), extension)


def _extension(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in (".gz", ".gzip"):
        suffixes.pop()
    return suffixes[-1].removeprefix(".") if suffixes else ""


def _opened(source: str, scratch: Scratch) -> Path:
    """The path of a file that can be read; a pipe is copied first."""
    if "://" in source:
        raise DataError(f"{source.partition('://')[0]}:// is no file.", "Download it first.")
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise DataError(f"There is no file {source}.", _neighbours(path)) from None
    except ValueError:  # a NUL in the name
        raise DataError(f"{source!r} is no file name.") from None
    if stat.S_ISDIR(mode):
        raise DataError(f"{source} is a folder.", "Name one file in it.")
    if stat.S_ISFIFO(mode):
        return _spooled_pipe(path, scratch)
    if not stat.S_ISREG(mode):
        raise DataError(f"{source} is a device, not a file.")
    return path


def _nameable(path: Path, scratch: Scratch) -> Path:
    """The path, or a link to it where its name is no text, for Polars takes names as UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        link = scratch.path(".link")
        link.symlink_to(path.absolute())
        return link
    return path


def _neighbours(path: Path) -> str:
    try:
        names = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        return f"Nor is there a folder {path.parent}."
    return did_you_mean(path.name, names) if names else "The folder is empty."


def _spooled(stream: BinaryIO, scratch: Scratch) -> Path:
    target = scratch.path(".in")
    with target.open("wb") as out:
        while data := stream.read(BLOCK):
            out.write(data)
    return target


def _spooled_pipe(path: Path, scratch: Scratch) -> Path:
    """The content of a named pipe; one that nobody writes into is given up after 10 seconds."""
    target = scratch.path(".in")
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    give_up = time.monotonic() + _WAIT_FOR_WRITER
    try:
        with target.open("wb") as out:
            while True:
                try:
                    data = os.read(handle, BLOCK)
                except BlockingIOError:  # a writer is there, but has nothing yet
                    time.sleep(0.01)
                    continue
                out.write(data)
                if not data and out.tell():
                    return target
                if not data and time.monotonic() > give_up:
                    raise DataError(f"{path} is a pipe that nobody writes into.")
                if not data:
                    time.sleep(0.01)
    finally:
        os.close(handle)


def _unfolded(path: Path, scratch: Scratch) -> Path:
    """The content of a gzip file, within the limits above."""
    target = scratch.path(".out")
    size = path.stat().st_size
    with gzip.open(path) as stream, target.open("wb") as out:
        for block in within_limits(_blocks(stream), size):
            out.write(block)
    with target.open("rb") as unfolded:
        if unfolded.read(2) == GZIP:
            raise DataError("The file is compressed twice.", "Unpack it once and try again.")
    return target


def _blocks(stream: gzip.GzipFile) -> Iterator[bytes]:
    try:
        while block := stream.read(BLOCK):
            yield block
    except EOFError:
        raise DataError(
            "The gzip file is cut off: its end is missing.", "Copy or download it again."
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"The gzip file is damaged: {error}.", "Copy or download it again."
        ) from None


def within_limits(blocks: Iterator[bytes], size: int, lines: bool = True) -> Iterator[bytes]:
    """The blocks unfolded from `size` bytes, as long as they keep to the rule above.

    lines: whether a table must have line ends; the XML inside a workbook need not.
    """
    total = since_line = 0
    for block in blocks:
        total += len(block)
        line_end = block.rfind(b"\n")
        since_line = len(block) - line_end if line_end >= 0 else since_line + len(block)
        if total > ALWAYS and total > RATIO * size:
            if lines and since_line > LINE_WITHIN:
                raise DataError(
                    f"The file unfolds more than {RATIO} times and holds no lines.",
                    "It looks like a decompression bomb, not like a table.",
                )
            if total > MOST_BEYOND_RATIO:
                raise DataError(
                    f"The file unfolds more than {RATIO} times, to over 2 GB.",
                    "If it is meant to, unpack it and name the unpacked file.",
                )
        yield block


def cannot_read(source: str, error: OSError) -> DataError:
    """What the operating system said, as an error that says what to do."""
    if error.errno == errno.ENOSPC:
        return DataError(
            f"There is no room for temporary files while reading {source}.",
            "Free some space, or set TMPDIR to a folder that has some.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return DataError(f"{source} may not be read.", "Ask for permission to read it.")
    return DataError(f"{source} can't be read: {error.strerror or error}.")
