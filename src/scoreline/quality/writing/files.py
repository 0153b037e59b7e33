"""Tables into files, whole or not at all, safe to open in a spreadsheet.

The extension chooses the format. Rows are streamed; a file appears under its name only when it is
complete. What opens in a spreadsheet (csv, tsv, xlsx) has its risky cells neutralised, see
`formulas`; Parquet and JSON lines are read by machines and keep every cell.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Literal

import polars as pl
import polars.selectors as cs

from scoreline.errors import DataError, UsageError
from scoreline.quality.formulas import neutralised
from scoreline.quality.table import RejectedRow
from scoreline.quality.writing.xlsx import write_xlsx

Formulas = Literal["neutralise", "keep"]
Target = str | IO[bytes]

_MOMENT, _TIME = "%Y-%m-%dT%H:%M:%S%.f", "%H:%M:%S%.f"


def _csv(frame: pl.LazyFrame, target: Target, separator: str = ",", packed: bool = False) -> None:
    # an empty text would be written as "", a null as nothing: both are blank to who reads it
    names = frame.collect_schema().names()
    if len(names) > 1:
        text = cs.string() | cs.enum() | cs.categorical()
        blank = text.as_expr().cast(pl.String) == ""
        frame = frame.with_columns(pl.when(~blank).then(text.as_expr()))
    else:  # a line of nothing is no row, so here a null is a blank text
        frame = frame.with_columns(_cells(frame, moments=True))
        frame = frame.with_columns(pl.all().cast(pl.String).fill_null(""))
    frame.sink_csv(
        target,
        separator=separator,
        datetime_format=_MOMENT,
        compression="gzip" if packed else "uncompressed",
        check_extension=False,
    )


def _tsv(frame: pl.LazyFrame, target: Target) -> None:
    _csv(frame, target, separator="\t")


def _csv_gz(frame: pl.LazyFrame, target: Target) -> None:
    _csv(frame, target, packed=True)


def _tsv_gz(frame: pl.LazyFrame, target: Target) -> None:
    _csv(frame, target, separator="\t", packed=True)


def _jsonl(frame: pl.LazyFrame, target: Target) -> None:
    texts = _cells(frame, moments=True, nested=False)
    frame.with_columns(texts).sink_ndjson(target, check_extension=False)


def _parquet(frame: pl.LazyFrame, target: Target) -> None:
    frame.sink_parquet(target)


WRITERS: dict[str, Callable[[pl.LazyFrame, Target], None]] = {
    ".csv": _csv,
    ".csv.gz": _csv_gz,
    ".tsv": _tsv,
    ".tsv.gz": _tsv_gz,
    ".xlsx": write_xlsx,
    ".parquet": _parquet,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
}
FOR_SPREADSHEETS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".xlsx")


def sink(
    frame: pl.LazyFrame,
    path: str | Path | None,
    *,
    formulas: Formulas = "neutralise",
    plain: Collection[str] = (),
) -> None:
    """Write the frame to `path` by its extension; `-` or None is csv on standard output.

    formulas: "keep" leaves cells that look like formulas as they are, for machine feeds;
    plain: columns known to hold none (`Table.plain`), which saves looking.

    Raises UsageError for an unknown extension, DataError if the file can't be written; then
    there is no new file, and an old one is as it was.
    """
    write_together([of_table(frame, path, formulas=formulas, plain=plain)])


Draft = tuple[str, Callable[[Target], None]]
"""A file that is to be written: its name, and what writes it."""


def of_table(
    frame: pl.LazyFrame,
    path: str | Path | None,
    *,
    formulas: Formulas = "neutralise",
    plain: Collection[str] = (),
) -> Draft:
    """What `sink` writes, for `write_together`. Raises UsageError for an unknown extension."""
    name = "-" if path is None else str(path)
    ending = ".csv" if name == "-" else ending_of(name)
    if ending in FOR_SPREADSHEETS:
        frame = frame.with_columns(_cells(frame, moments=False))
        if formulas == "neutralise":
            frame = neutralised(frame, plain)
    return name, lambda target: WRITERS[ending](frame, target)


def write_together(drafts: Iterable[Draft]) -> None:
    """Write files that belong together: none appears before all are complete, the first one last.

    Raises DataError if one can't be written; then none is there, and old ones are as they were.
    """
    with ExitStack() as kept:
        for name, write in drafts:
            kept.enter_context(_writable(name))
            write(kept.enter_context(_target(name)))


def write_rejected(rows: Iterable[RejectedRow], path: str | Path) -> None:
    """Write rejected rows to `path`: columns row, line, reason, raw."""
    kept = [(row.row, row.line, row.reason, row.raw) for row in rows]
    sink(pl.LazyFrame(kept, schema=REJECTED, orient="row"), path)


REJECTED = {"row": pl.Int64, "line": pl.Int64, "reason": pl.String, "raw": pl.String}
"""The columns of a file of rejected rows."""


def is_rejected_file(path: Path) -> bool:
    """Whether a file is one that `write_rejected` wrote, by its header."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(100).strip() == ",".join(REJECTED).encode()


def write_text(text: str, path: str | Path) -> None:
    """Write a text under its name once it is complete; an old file stays until then.

    Raises DataError if it can't be written.
    """
    write_together([(str(path), partial(write_bytes, [text.encode()]))])


def write_bytes(parts: Iterable[bytes], target: Target) -> None:
    """Write bytes as they are."""
    with open(target, "wb") if isinstance(target, str) else nullcontext(target) as file:
        for part in parts:
            file.write(part)


def check_ending(path: str | Path | None) -> None:
    """Raise UsageError if no format goes by the extension of `path`: before long work begins."""
    if path is not None and str(path) != "-":
        ending_of(str(path))


def check_place(path: str | Path) -> None:
    """Raise DataError if no file can be written at `path`: before long work begins."""
    name = str(path)
    folder = os.path.dirname(os.path.realpath(name))
    with _writable(name):
        if os.path.isdir(name):
            raise DataError(f"{name} is a folder.", "Name a file in it.")
        if not os.path.isdir(folder):
            raise OSError(errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT, "")
        if not os.path.exists(name) and not os.access(folder, os.W_OK):
            raise OSError(errno.EACCES, "")


def ending_of(name: str) -> str:
    """The extension that says how a file is written: `.csv.gz`.

    Raises UsageError for an unknown one.
    """
    lower = name.lower()
    if os.path.exists(name) and not os.path.isfile(name) and not os.path.isdir(name):
        return ".csv"  # a pipe or device
    fitting = [ending for ending in WRITERS if lower.endswith(ending)]
    if not fitting:
        raise UsageError(
            f"{name}: no format is known by this extension.",
            f"Known: {', '.join(WRITERS)}",
        )
    return max(fitting, key=len)


def _cells(frame: pl.LazyFrame, *, moments: bool, nested: bool = True) -> list[pl.Expr]:
    """The columns of a frame that have no form of their own in a file, as text.

    moments: whether days with a time of day are among them; nested: whether lists and the like.
    """
    found = []
    for name, kind in frame.collect_schema().items():
        own_form = (not moments and isinstance(kind, pl.Datetime)) or (
            not nested and kind.is_nested()
        )
        text = None if own_form else _text(name, kind)
        if text is not None:
            found.append(text)
    return found


def _text(name: str, kind: pl.DataType) -> pl.Expr | None:
    """The cells of a column as text; None for one of texts, numbers, yes and no, and dates.

    Moments as ISO 8601 has them, nested values as JSON, bytes as hex, durations in seconds.
    """
    column = cs.by_name(name).as_expr()
    if kind.is_nested():
        inside = pl.struct(column.alias("v")).struct.json_encode()
        text = inside.str.strip_prefix('{"v":').str.strip_suffix("}")
        return pl.when(column.is_not_null()).then(text).alias(name)
    if kind == pl.Binary:
        return column.bin.encode("hex")
    if kind == pl.Duration:
        return column.dt.total_seconds(fractional=True)
    if kind == pl.Time:
        return column.dt.strftime(_TIME)
    return column.dt.strftime(_MOMENT) if isinstance(kind, pl.Datetime) else None


def as_texts(cells: pl.Series) -> pl.Series:
    """Cells as a csv file would have them.

    >>> as_texts(pl.Series([[1, 2], None])).to_list()
    ['[1,2]', None]
    """
    frame = cells.alias("cells").to_frame().lazy()
    texts = frame.with_columns(_cells(frame, moments=True)).select(pl.col("cells").cast(pl.String))
    return texts.collect().to_series().alias(cells.name)


@contextmanager
def _target(name: str) -> Iterator[Target]:
    """Where to write: standard output, a device, or a temporary file that is renamed at the end."""
    if name == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # /dev/stdout leads to a name that is none where it is a pipe: so ask the name itself.
    mode = os.stat(name).st_mode if os.path.exists(name) else None
    final = os.path.realpath(name)  # a link stays, what it points to is replaced
    if mode is not None and stat.S_ISDIR(mode):
        raise DataError(f"{name} is a folder.", "Name a file in it.")
    if mode is not None and not stat.S_ISREG(mode):
        with open(name, "wb") as device:
            yield device
        return
    folder, own = os.path.split(final)
    shown = own[:100].encode("utf-8", "replace").decode()  # Polars takes names as UTF-8
    handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{shown}.", suffix=".part")
    os.close(handle)
    try:
        if _is_text(folder):
            yield draft
        else:
            with open(draft, "wb") as stream:
                yield stream
        os.chmod(draft, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        os.replace(draft, final)
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


def _is_text(name: str) -> bool:
    """Whether a name is text; what is not comes as lone surrogates from the operating system."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _writable(name: str) -> Iterator[None]:
    """Inside it, what the operating system refuses becomes one DataError."""
    where = "standard output" if name == "-" else name
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        code = error.errno or next((c for c in _REMEDIES if f"(os error {c})" in str(error)), 0)
        if code == errno.EPIPE:
            raise BrokenPipeError(code, "Broken pipe") from None
        reason, remedy = _REMEDIES.get(code, (error.strerror or str(error).split("\n")[0], ""))
        raise DataError(f"{where} can't be written: {reason}.", remedy) from None


_REMEDIES: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("there is no such folder", "Make the folder first."),
    errno.ENOTDIR: ("its folder is a file", "Name another place."),
    errno.EACCES: ("its folder may not be written to", "Name a folder that you may write to."),
    errno.EPERM: ("its folder may not be written to", "Name a folder that you may write to."),
    errno.EROFS: ("its disk is read-only", "Name another place."),
    errno.ENOSPC: ("the disk is full", "Free some space, or name another place."),
    errno.EDQUOT: ("the disk quota is used up", "Free some space, or name another place."),
    errno.ENAMETOOLONG: ("its name is too long", "Name it shorter."),
    errno.EPIPE: ("the reader is gone", ""),
}
