"""Any file from the field as a table of raw text.

`open_table` looks at what a file holds, not only at its name, and either returns a table or
raises one DataError that says what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scoreline.errors import DataError, UsageError
from scoreline.quality.reading.delimited.file import read_csv
from scoreline.quality.reading.jsonlines import read_json
from scoreline.quality.reading.kinds import HEAD, kind_of, looks_like_json, refuse_binary
from scoreline.quality.reading.parquet import read_parquet, readable
from scoreline.quality.reading.postgres import address_of, is_postgres, read_postgres
from scoreline.quality.reading.sheets.xls import read_xls
from scoreline.quality.reading.sheets.xlsx import read_xlsx
from scoreline.quality.reading.sources import LocalFile, cannot_read, local_file
from scoreline.quality.reading.textfile import as_utf8
from scoreline.quality.table import (
    READER_FINDINGS,
    Notes,
    ReadOptions,
    RejectedRow,
    Scratch,
    Table,
)

__all__ = ["READER_FINDINGS", "ReadOptions", "RejectedRow", "Table", "open_table", "readable"]

_DEFAULT = ReadOptions()
_TEXT = ("encoding", "separator")
_TAKEN: dict[str, tuple[str, ...]] = {
    "text": _TEXT,
    "csv": _TEXT,
    "tsv": _TEXT,
    "JSON": ("encoding",),
    "jsonl": ("encoding",),
    "xlsx": ("sheet",),
    "xls": ("sheet",),
    "parquet": (),
    "frame": (),
    "postgres": (),
}
"""What each kind of file has a use for."""


def open_table(source: str | Path, options: ReadOptions = _DEFAULT) -> Table:
    """The file as a table of raw text; `-` reads standard input, an address of PostgreSQL a table.

    Raises DataError if the file cannot be read, UsageError if an option makes no sense.
    """
    name = str(source)
    scratch = Scratch()
    try:
        if is_postgres(source):
            _refuse_unused(address_of(name).words, "postgres", options)
            return read_postgres(name, scratch)
        return _table(name, local_file(name, scratch), options, scratch)
    except OSError as error:
        scratch.close()
        raise cannot_read(name, error) from None
    except DataError as error:
        scratch.close()
        raise _named(name, error) from None
    except BaseException:
        scratch.close()
        raise


def _table(name: str, file: LocalFile, options: ReadOptions, scratch: Scratch) -> Table:
    kind = kind_of(file)
    _refuse_unused(name, kind, options)
    if kind == "parquet":
        return read_parquet(name, file.path, scratch)
    if kind == "xlsx":
        return read_xlsx(name, file.path, options.sheet, scratch)
    if kind == "xls":
        return read_xls(name, file.path, options.sheet, scratch)
    notes = Notes()
    text = as_utf8(file.path, options.encoding, notes, scratch)
    sample, _ = text.sample()
    refuse_binary(sample[:HEAD])
    if looks_like_json(sample, file.extension):
        _refuse_unused(name, "JSON", options)
        return read_json(name, text, notes, scratch)
    if file.extension in ("xlsx", "xls", "parquet", "json", "jsonl", "ndjson"):
        notes.count("wrong-extension", detail=f"The file is csv text, not {file.extension}.")
    promised = "\t" if file.extension == "tsv" else None
    return read_csv(name, text, options.separator, promised, notes, scratch)


def refuse_unused(tables: Sequence[Table], options: ReadOptions) -> None:
    """Raise UsageError for an option that none of the files has a use for."""
    taken = {option for table in tables for option in _TAKEN[table.format]}
    for option in _said(options):
        if option not in taken:
            raise UsageError(f"No file of these has a {option}.", f"Leave --{option} out.")


def _refuse_unused(name: str, kind: str, options: ReadOptions) -> None:
    """Raise UsageError for an option that is said of this file and its kind has no use for."""
    for option in _said(options):
        if option not in _TAKEN[kind] and not options.shared:
            raise UsageError(
                f"{name} is a file of {kind}: it has no {option}.", f"Leave --{option} out."
            )


def _said(options: ReadOptions) -> list[str]:
    """The names of the options that were said."""
    return [name for name in ("encoding", "separator", "sheet") if getattr(options, name)]


def _named(name: str, error: DataError) -> DataError:
    """The error with the file's name in front, unless it says it already.

    An address of a database is never told: it may hold a password.
    """
    if name not in error.message and not is_postgres(name):
        error.message = f"{'standard input' if name == '-' else name}: {error.message}"
        error.args = (error.message,)
    return error
