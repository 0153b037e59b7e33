"""The table every reader returns, what may be said about it, and the limits it is read under.

A table is a lazy frame of raw text with the number of each data row; what could not be read is
kept beside it, so that rows in = rows of the frame + rejected rows. Findings are drawn from one
literal table, `READER_FINDINGS`: codes are stable, texts may improve.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import polars as pl
from polars.exceptions import PolarsError

from scoreline.errors import DataError, Finding, Level, counted

ROW = "__row__"
"""The helper column: 1-based number of the data row, rejected rows counted too."""

MOST_COLUMNS = 2_000
LONGEST_CELL = 1 << 20
"""Bytes of UTF-8 in one cell; the row of a longer one is rejected."""
LONGEST_LINE = 8 << 20
"""Characters in one line or one quoted record; a longer one is rejected."""
LONGEST_RAW = 2_000
"""Characters of a rejected row that are kept to be shown."""

READER_FINDINGS: dict[str, tuple[Level, str, str]] = {
    # code: (level, message, what to do)
    "encoding-guessed": (
        "info",
        "The file is not UTF-8; it was read as {detail}.",
        "If names look wrong, say the encoding: --encoding {other}",
    ),
    "encoding-unsure": (
        "warning",
        "The file is not UTF-8 and has too little text to tell its encoding; {detail} was assumed.",
        "Look at a few names, and if they look wrong say the encoding: --encoding {other}",
    ),
    "encodings-mixed": (
        "warning",
        "Some lines look like UTF-8 in a file read as {detail} ({lines}).",
        "Save the whole file in one encoding, best UTF-8.",
    ),
    "separator-unsure": (
        "warning",
        "The separator is not plain from the first lines; {detail} was assumed.",
        "If columns are torn, say it: --separator ';'",
    ),
    "header-duplicate": (
        "warning",
        "Headers occur more than once and were numbered: {detail}.",
        "Rename them in the file if the card names one of them.",
    ),
    "header-empty": (
        "warning",
        "Columns without a header were named by position: {detail}.",
        "Name them in the file if the card needs one of them.",
    ),
    "wrong-extension": ("info", "{detail}", "Give the file the name that fits its content."),
    "blank-lines": ("info", "Blank lines left out, being no rows: {count} ({lines}).", ""),
    "short-row": (
        "warning",
        "{rows} with fewer cells than the header; the rest was taken as empty ({lines}).",
        "Look at these lines: a line break inside a cell without quotes looks like this too.",
    ),
    "long-row-trimmed": (
        "info",
        "{rows} with extra cells, all blank, which were left out ({lines}).",
        "",
    ),
    "stray-quote": (
        "warning",
        "{rows} with quotes that are not doubled, which were read as text ({lines}).",
        'Inside a quoted cell a quote is written twice: "the ""best"" offer".',
    ),
    "backslash-quote": (
        "info",
        "{rows} with quotes after a backslash, which were read as quotes ({lines}).",
        "",
    ),
    "spaced-quote": (
        "info",
        "{rows} with blanks between separator and quote, which were left out ({lines}).",
        "",
    ),
    "nul-bytes": (
        "warning",
        "{rows} with NUL bytes, which were removed ({lines}).",
        "The file may be damaged: compare these rows with the source.",
    ),
    "cell-error": (
        "warning",
        "{cells} with an error ({detail}), taken as empty ({lines}).",
        "Mend the formulas in the workbook if these cells matter.",
    ),
    "formula-uncomputed": (
        "warning",
        "{formulas} saved without a result, taken as empty ({lines}).",
        "Open the workbook in a spreadsheet program and save it: that computes them.",
    ),
    "long-number": (
        "warning",
        "{numbers} of more than 15 digits, of which Excel keeps only 15 ({lines}).",
        "Store identifiers as text in the workbook.",
    ),
    "sheets": ("info", "{detail}", "Choose another sheet by --sheet NAME"),
    "nested": (
        "info",
        "{cells} with nested values, kept as JSON text (in {detail}).",
        "",
    ),
    "key-repeated": (
        "warning",
        "{objects} naming a key twice; the last value was taken ({lines}).",
        "",
    ),
    "lone-surrogate": (
        "warning",
        "{rows} with half a character, shown as \N{REPLACEMENT CHARACTER} ({lines}).",
        "",
    ),
    # rows that were rejected
    "undecodable": (
        "error",
        "{rows} rejected: with bytes that are no {detail} ({lines}).",
        "If the whole file has another encoding, say it: --encoding {other}",
    ),
    "ragged": (
        "error",
        "{rows} rejected: more cells than the header names ({lines}).",
        "Put cells that hold the separator in quotes.",
    ),
    "unclosed-quote": (
        "error",
        "{rows} rejected: a quote is opened and never closed ({lines}).",
        "Close the quote, or double it if it is part of the text.",
    ),
    "cell-too-long": (
        "error",
        "{rows} rejected: a cell is longer than 1 MB ({lines}).",
        "A quote that is never closed looks like this too.",
    ),
    "line-too-long": (
        "error",
        "{rows} rejected: a line is longer than 8 MB ({lines}).",
        "Shorten the longest cell of the line; a file without line ends looks like this too.",
    ),
    "not-json": (
        "error",
        "{rows} rejected: no JSON ({lines}).",
        "Each line must be one whole JSON object.",
    ),
    "not-an-object": (
        "error",
        "{rows} rejected: JSON, but no object with names and values ({lines}).",
        'Each line must look like {{"name": "Anna", "budget": 1000}}.',
    ),
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about a file; None is "find out".

    shared: it is said of several files, each of which takes what it has a use for.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be read.

    row: 1-based number of the data row; line: physical line in the file, where there are lines;
    reason: a code of READER_FINDINGS, a colon and words; raw: the row as well as it can be shown.
    """

    row: int
    line: int | None
    reason: str
    raw: str


class Scratch:
    """A private folder for temporary files, made when first asked for, gone after `close`."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files = 0

    def path(self, suffix: str) -> Path:
        """A new name inside the folder."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="scoreline-"))
            atexit.register(self.close)
        self._files += 1
        return self._folder / f"{self._files:06d}{suffix}"

    def close(self) -> None:
        """Remove the folder with all that is in it; again does nothing."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            atexit.unregister(self.close)


@dataclass
class Table:
    """A file as a table of raw text.

    source: the name the user gave; format: csv, tsv, xlsx, jsonl or parquet;
    columns: clean, unique headers in file order, without the helper column;
    frame: `columns` and `__row__` (Int64); text formats hold untouched text, null only where a
    cell is absent or empty; Parquet keeps its types;
    rejected: rows that are not in the frame; findings: what was assumed, repaired or rejected;
    rows: data rows including rejected ones, if known;
    plain: columns known to hold no cell that a spreadsheet could take for a formula, so that a
    writer need not look (`writing.files.sink`); a column left out of it may be plain as well.

    The frame may read temporary files: collect it before `close`, or use `with`.
    """

    source: str
    format: str
    columns: tuple[str, ...]
    frame: pl.LazyFrame
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int | None = None
    scratch: Scratch = field(default_factory=Scratch, repr=False)
    plain: frozenset[str] = frozenset()

    def close(self) -> None:
        """Remove the temporary files behind the frame."""
        self.scratch.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What Polars says of damaged Parquet pages, read only now, is a DataError."""
        try:
            yield
        except PolarsError as error:
            if str(error).startswith("parquet:"):
                raise damaged(self.source, error) from None
            raise

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; errors are those of `reading`."""
        self.close()
        with self.reading():
            if error is not None:
                raise error


def damaged(source: str, error: BaseException) -> DataError:
    """What Polars found wrong with a file, as one error."""
    first = str(error).strip().partition("\n")[0]
    return DataError(f"{source} is damaged ({first}).", "Copy or download it again.")


class Notes:
    """Collects findings: counts and first lines per code, and remarks made once."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lines: dict[str, list[int]] = {}
        self._details: dict[str, list[str]] = {}

    def count(
        self, code: str, line: int | None = None, detail: str | None = None, times: int = 1
    ) -> None:
        """One more case of `code`, at a line or with a detail; the first five are named."""
        self._counts[code] = self._counts.get(code, 0) + times
        if line is not None:
            lines = self._lines.setdefault(code, [])
            if len(lines) < 5:
                lines.append(line)
        if detail is not None:
            details = self._details.setdefault(code, [])
            if len(details) < 5 and detail not in details:
                details.append(detail)

    def __contains__(self, code: str) -> bool:
        return code in self._counts

    def findings(self) -> list[Finding]:
        """One finding a code, in the order of READER_FINDINGS."""
        return [self._finding(code) for code in READER_FINDINGS if code in self._counts]

    def _finding(self, code: str) -> Finding:
        level, message, hint = READER_FINDINGS[code]
        count, lines = self._counts[code], self._lines.get(code, [])
        details = self._details.get(code, [])
        text = message.format(
            count=f"{count:,}",
            **{noun + "s": counted(count, noun) for noun in _NOUNS},
            lines=_line_list(lines, count),
            detail=", ".join(details),
        )
        other = _OTHER_ENCODING.get(details[0] if details else "", "windows-1251")
        line = lines[0] if lines else None
        return Finding(code, level, text, hint.format(other=other), line=line, count=count)


_OTHER_ENCODING = {"windows-1251": "windows-1252", "mac-roman": "windows-1252"}
"""What a file may be in where it was not taken for this: the commonest of the other alphabet."""

_NOUNS = ("row", "cell", "formula", "number", "object")


def _line_list(lines: Iterable[int], count: int) -> str:
    shown = [str(line) for line in lines]
    more = ", ..." if count > len(shown) else ""
    return f"line{'s' if count > 1 else ''} {', '.join(shown)}{more}" if shown else "no line"


def shown(text: str) -> str:
    r"""The row as it can be shown: undecodable bytes as `\x98`, cut after 2,000 characters.

    >>> shown("caf\udce9")
    'caf\\xe9'
    """
    cut = text[:LONGEST_RAW]
    data = cut.encode("utf-8", "surrogateescape")
    with contextlib.suppress(UnicodeError):
        data = data.decode("utf-8", "surrogatepass").encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "backslashreplace") + ("..." if len(text) > LONGEST_RAW else "")
