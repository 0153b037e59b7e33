"""Any file from the field as a table of raw text.

`open_table` looks at what a file holds, not only at its name, and either returns a table or
raises one DataError that says what is wrong and what to do.
"""

from __future__ import annotations

from pathlib import Path

from scoreline.errors import DataError, UsageError
from scoreline.quality.reading.delimited.file import read_csv
from scoreline.quality.reading.jsonlines import read_json
from scoreline.quality.reading.kinds import HEAD, kind_of, looks_like_json, refuse_binary
from scoreline.quality.reading.parquet import read_parquet, readable
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


def open_table(source: str | Path, options: ReadOptions = _DEFAULT) -> Table:
    """The file as a table of raw text; `-` reads standard input.

    Raises DataError if the file cannot be read, UsageError if an option makes no sense.
    """
    name = str(source)
    scratch = Scratch()
    try:
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
    if kind in ("parquet", "xlsx", "xls"):
        _refuse_unused(name, kind, encoding=options.encoding, separator=options.separator)
    if kind not in ("xlsx", "xls"):
        _refuse_unused(name, kind, sheet=options.sheet)
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
        _refuse_unused(name, "JSON", separator=options.separator)
        return read_json(name, text, notes, scratch)
    if file.extension in ("xlsx", "xls", "parquet", "json", "jsonl", "ndjson"):
        notes.count("wrong-extension", detail=f"The file is csv text, not {file.extension}.")
    promised = "\t" if file.extension == "tsv" else None
    return read_csv(name, text, options.separator, promised, notes, scratch)


def _refuse_unused(name: str, kind: str | None, **options: str | None) -> None:
    """Raise UsageError for an option that this kind of file has no use for."""
    for option, value in options.items():
        if value is not None:
            what = f"a file of {kind}" if kind else "a text file"
            raise UsageError(f"{name} is {what}: it has no {option}.", f"Leave --{option} out.")


def _named(name: str, error: DataError) -> DataError:
    """The error with the file's name in front, unless it says it already."""
    if name not in error.message:
        error.message = f"{'standard input' if name == '-' else name}: {error.message}"
        error.args = (error.message,)
    return error
