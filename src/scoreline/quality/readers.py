"""Any file from the field as a table of raw text.

`open_table` looks at what a file holds, not only at its name, and either returns a table or
raises one DataError that says what is wrong and what to do.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

from scoreline.errors import DataError
from scoreline.quality.csvfile import read_csv
from scoreline.quality.table import (
    READER_FINDINGS,
    ReadOptions,
    RejectedRow,
    Scratch,
    Table,
)

__all__ = ["READER_FINDINGS", "ReadOptions", "RejectedRow", "Table", "open_table"]

_DEFAULT = ReadOptions()


def open_table(source: str | Path, options: ReadOptions = _DEFAULT) -> Table:
    """The file as a table of raw text; `-` reads standard input.

    Raises DataError if the file cannot be read, UsageError if an option makes no sense.
    """
    name = str(source)
    scratch = Scratch()
    try:
        path = _local(name, scratch)
        return read_csv(name, path, options, scratch, path.suffix.lstrip(".").lower())
    except OSError as error:
        scratch.close()
        raise DataError(f"{name} can't be read: {error.strerror or error}.") from None
    except BaseException:
        scratch.close()
        raise


def _local(name: str, scratch: Scratch) -> Path:
    """The bytes as a plain local file."""
    if name == "-":
        path = scratch.path(".csv")
        with path.open("wb") as out:
            shutil.copyfileobj(sys.stdin.buffer, out)
        return path
    path = Path(name)
    if path.suffix.lower() == ".gz":
        plain = scratch.path(Path(path.stem).suffix)
        with gzip.open(path) as stream, plain.open("wb") as out:
            shutil.copyfileobj(stream, out)
        return plain
    return path
