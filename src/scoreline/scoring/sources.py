"""What jobs read: files, standard input, frames of other libraries."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from scoreline.quality.reading.files import ReadOptions, Table, open_table
from scoreline.quality.reading.frames import Frame, frame_table
from scoreline.quality.table import ROW

Source = str | Path | Frame
"""A file (`-` is csv on stdin), or a frame of Polars, pandas or Arrow."""


def opened(data: Source, read: ReadOptions | None = None) -> Table:
    """The source as a table of raw columns; to be closed."""
    read = read or ReadOptions()
    return open_table(data, read) if isinstance(data, str | Path) else frame_table(data)


@contextmanager
def read_again(data: Source) -> Iterator[Source]:
    """The source in a form that can be opened more than once: stdin and streams are kept."""
    if isinstance(data, str) and data == "-":
        with tempfile.NamedTemporaryFile(prefix="scoreline-", suffix=".csv") as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.flush()
            yield kept.name
    elif isinstance(data, str | Path | pl.DataFrame | pl.LazyFrame):
        yield data
    else:
        yield frame_table(data).frame.collect().drop(ROW)
