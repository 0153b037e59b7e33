"""The source of a clean base, byte for byte: proved by a hash, copied where it must be.

A plain csv comes back from its cells alone. Of every other file (another separator or encoding,
rows that could not be read, a workbook, Parquet) a packed copy stands beside the clean base.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.writing.files import WRITERS, Draft, Target, sink, write_bytes

ENDING = ".source.gz"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """A file that is cleaned. sha256: of its bytes when it was read."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class SourceLine:
    """What a log says of the source.

    name: of the file; columns: its headers; compared: those of them whose cells read back from the
    clean file as they were written; sha256: of its bytes, None where it was no file; copied:
    whether a copy of them is kept.
    """

    name: str
    columns: tuple[str, ...]
    compared: tuple[str, ...]
    sha256: str | None = None
    copied: bool = False

    def text(self) -> str:
        """What the log has of it, beside its name."""
        told = {
            "columns": self.columns,
            "compared": self.compared,
            "sha256": self.sha256,
            "copied": self.copied,
        }
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def of_text(cls, name: str, text: str | None) -> SourceLine:
        """What a log says. Raises ValueError for what is no such text."""
        try:
            told = json.loads(text or "")
            columns, compared, sha256 = told["columns"], told["compared"], told["sha256"]
            copied = told["copied"]
        except (KeyError, TypeError, RecursionError):
            raise ValueError(text) from None
        known = _are_names(columns) and _are_names(compared) and set(compared) <= set(columns)
        if not known or not isinstance(sha256, str | None):
            raise ValueError(text)
        return cls(name, tuple(columns), tuple(compared), sha256, bool(copied))

    def is_named_like(self, out: str) -> bool:
        """Whether a file of this name would have the source's format, as far as names say it."""
        known = [ending for ending in WRITERS if self.name.lower().endswith(ending)]
        ending = max(known, key=len, default=Path(self.name).suffix.lower()) or ".csv"
        return out.lower().endswith(ending)


def _are_names(told: object) -> bool:
    """Whether something is a list of texts, none of them twice."""
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        return False
    return len(set(told)) == len(told)


def copy_file(clean: str | Path) -> Path:
    """Where the copy of the source of a clean base is.

    >>> copy_file("leads.csv").name
    'leads.csv.source.gz'
    """
    return Path(f"{clean}{ENDING}")


def source_file(path: Path) -> SourceFile:
    """A file with the hash of its bytes: taken before it is read, proved while it is copied."""
    return SourceFile(path, sha256_of(blocks(path)))


def source_line(
    name: str, file: SourceFile | None, base: pl.DataFrame, compared: Collection[str]
) -> SourceLine:
    """What the log has to say of a source.

    file: None if it was no file; base: its cells; compared: columns that read back.
    """
    columns = tuple(base.columns)
    sure = tuple(one for one in columns if one in compared)
    if file is None:
        return SourceLine(name, columns, sure)
    needless = sure == columns and _comes_back(base, file)
    return SourceLine(name, columns, sure, file.sha256, not needless)


def draft_of_copy(file: SourceFile, clean: str) -> Draft:
    """The copy that is kept beside a clean base, for `write_together`.

    Writing it raises DataError if the file is another one by now.
    """

    def write(target: Target) -> None:
        digest = hashlib.sha256()
        with tempfile.TemporaryFile() as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as stream:
                for block in blocks(file.path):
                    digest.update(block)
                    stream.write(block)
            if digest.hexdigest() != file.sha256:
                raise DataError(
                    f"{file.path} was changed while it was being cleaned.",
                    "Nothing was written; clean it again when nobody writes to it.",
                )
            packed.seek(0)
            write_bytes(iter(lambda: packed.read(_BLOCK), b""), target)

    return str(copy_file(clean)), write


def draft_of_source(clean: str, line: SourceLine, out: str) -> Draft:
    """The very bytes of the source, from the copy beside a clean base.

    Writing it raises DataError if the copy is damaged.
    """
    kept = copy_file(clean)

    def checked() -> Iterator[bytes]:
        digest = hashlib.sha256()
        for block in _unpacked(kept):
            digest.update(block)
            yield block
        if digest.hexdigest() != line.sha256:
            raise DataError(
                f"{kept} is damaged, or of another base.",
                "Without it the cells can be had back, not the bytes: move it away.",
            )

    return out, lambda target: write_bytes(checked(), target)


def earlier_copy(clean: str, file: SourceFile | None) -> Path | None:
    """The copy that an earlier base of this name left, unless it has the very bytes of `file`."""
    kept = copy_file(clean)
    if not kept.is_file():
        return None
    same = file is not None and sha256_of(_unpacked(kept)) == file.sha256
    return None if same else kept


def aside(copy: Path) -> Path:
    """A free name for the copy of an earlier source: `clean.csv.source.1.gz`."""
    stem = str(copy).removesuffix(".gz")
    number = 1
    while (free := Path(f"{stem}.{number}.gz")).exists():
        number += 1
    return free


def _unpacked(copy: Path) -> Iterator[bytes]:
    """The bytes in a copy, as far as it is sound."""
    try:
        with gzip.open(copy) as stream:
            while block := stream.read(_BLOCK):
                yield block
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return


def _comes_back(base: pl.DataFrame, file: SourceFile) -> bool:
    """Whether writing the cells of a csv file gives its very bytes."""
    if file.path.suffix.lower() != ".csv" or any(kind != pl.String for kind in base.dtypes):
        return False
    with tempfile.TemporaryDirectory(prefix="scoreline-") as folder:
        again = Path(folder) / "again.csv"
        sink(base.lazy(), again, formulas="keep")
        return sha256_of(blocks(again)) == file.sha256


def is_source(file: Path, line: SourceLine) -> bool:
    """Whether a file has the very bytes of the source."""
    return sha256_of(blocks(file)) == line.sha256


def blocks(file: Path) -> Iterator[bytes]:
    """The bytes of a file, some at a time."""
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def sha256_of(parts: Iterable[bytes]) -> str:
    """The hash of some bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
