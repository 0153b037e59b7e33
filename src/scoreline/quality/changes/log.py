"""The log of changes of a file, beside it: JSON lines, one change a line, the first of the source.

The first line says what the base was made of: where it came from, and a hash of all its cells, by
which what is replayed backward is proved to be the base as it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.quality.changes.change import Change
from scoreline.quality.writing.files import sink

ENDING = ".changes.jsonl"
SOURCE = "source"
"""The rule of the first line: `field` names where the base came from, `old` its columns, `new` is a
hash of its cells."""
SCHEMA: dict[str, Any] = {
    "step": pl.Int64,
    "record": pl.String,
    "field": pl.String,
    "old": pl.String,
    "new": pl.String,
    "rule": pl.String,
    "version": pl.String,
    "at": pl.String,
    "by": pl.String,
    "undoes": pl.Int64,
}


def log_file(clean: str | Path) -> Path:
    """Where the log of a file's changes is.

    >>> log_file("leads.csv").name
    'leads.csv.changes.jsonl'
    """
    return Path(f"{clean}{ENDING}")


def write_log(changes: Iterable[Change], path: Path) -> None:
    """Write a log whole."""
    rows = [
        [
            value.isoformat() if isinstance(value, dt.datetime) else value
            for value in (getattr(change, one.name) for one in fields(Change))
        ]
        for change in changes
    ]
    sink(pl.LazyFrame(rows, schema=SCHEMA, orient="row"), path)


def read_log(path: Path) -> list[Change]:
    """The changes of a log, the line of the source first.

    Raises DataError if there is no log, or it can't be read.
    """
    try:
        frame = pl.read_ndjson(path, schema=SCHEMA)
        found = [
            Change(**(row | {"at": dt.datetime.fromisoformat(row["at"])}))
            for row in frame.iter_rows(named=True)
        ]
    except FileNotFoundError:
        raise DataError(
            f"{path} is not there.",
            "The log is written beside the file: `scoreline quality DATA --out FILE`.",
        ) from None
    except (OSError, pl.exceptions.PolarsError, ValueError, TypeError) as error:
        raise DataError(f"{path} is no log of changes ({type(error).__name__}).", "") from None
    if not found or found[0].rule != SOURCE:
        raise DataError(f"{path} is no log of changes: its first line is missing.", "")
    return found


def hash_of(frame: pl.DataFrame) -> str:
    """A hash of the names and cells of a base; an empty cell is one that holds nothing."""
    digest = hashlib.sha256()
    for name in frame.columns:
        cells = frame.select(exactly(name).cast(pl.String).fill_null("")).to_series()
        digest.update(f"{len(name)}:{name}".encode())
        for part in cells.to_list():
            encoded = part.encode()
            digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()
