"""The log of changes of a file, beside it: JSON lines, one change a line, the first of the source.

The first line says what the base was made of: where it came from, and a hash of all its cells, by
which what is replayed backward is proved to be the source.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.changes.change import STANDS, Change
from scoreline.quality.writing.files import Draft, as_texts, of_table

ENDING = ".changes.jsonl"
SOURCE = "source"
"""The rule of the first line: `field` names where the base came from, `old` says what it was, `new`
is a hash of its cells."""
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


def draft_of_log(changes: Sequence[Change], clean: str) -> Draft:
    """The log of a file, whole, for `write_together`."""
    told = {name: [getattr(change, name) for change in changes] for name in SCHEMA}
    # A run makes its changes in few moments, so each is put into words once.
    words = {moment: moment.isoformat() for moment in set(told["at"])}
    told["at"] = [words[moment] for moment in told["at"]]
    return of_table(pl.LazyFrame(told, schema=SCHEMA), log_file(clean))


def read_log(path: Path) -> list[Change]:
    """The changes of a log, the line of the source first.

    Raises DataError if there is no log, or it can't be read.
    """
    try:
        frame = pl.read_ndjson(path, schema=SCHEMA)
        found = [_change(row) for row in frame.iter_rows(named=True)]
    except FileNotFoundError:
        raise DataError(
            f"{path} is not there.",
            "The log is written beside the file: `scoreline quality DATA --out FILE`.",
        ) from None
    except (OSError, pl.exceptions.PolarsError, ValueError, TypeError, RecursionError) as error:
        raise DataError(f"{path} is no log of changes, or damaged.", _AGAIN) from error
    if not found or found[0].rule != SOURCE:
        raise DataError(f"{path} is no log of changes: its first line is missing.", _AGAIN)
    steps = [change.step for change in found]
    if steps[0] != 0 or steps != sorted(steps):
        raise DataError(f"{path} is damaged: its steps are not in order.", _AGAIN)
    return found


_DIGITS = 18
_AGAIN = "Take the log that was written with the file, or clean the base again."


def _change(row: dict[str, Any]) -> Change:
    """A line of a log. Raises ValueError for one that says no change."""
    first = row["rule"] == SOURCE
    if any(
        row[name] is None for name in ("step", "record", "field", "rule", "version", "at", "by")
    ):
        raise ValueError(row["step"])
    if not first and not (is_row_number(row["record"]) and row["step"] > 0):
        raise ValueError(row["step"])
    if not first and row["field"] == STANDS and not is_row_number(row["new"] or "1"):
        raise ValueError(row["step"])
    return Change(**(row | {"at": dt.datetime.fromisoformat(row["at"])}))


def is_row_number(text: str) -> bool:
    """Whether a text can be the number of a row; a longer one is no whole number to Python.

    >>> is_row_number("12"), is_row_number("-1"), is_row_number("9" * 5000)
    (True, False, False)
    """
    return text.isdecimal() and len(text) <= _DIGITS


def hash_of(frame: pl.DataFrame) -> str:
    """A hash of the names and cells of a base; an empty cell is one that holds nothing."""
    digest = hashlib.sha256()
    for name in frame.columns:
        cells = as_texts(frame[name]).fill_null("")
        digest.update(f"{len(name)}:{name}".encode())
        for part in cells.to_list():
            encoded = part.encode()
            digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()
