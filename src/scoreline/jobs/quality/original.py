"""The file that a clean base was made of, byte for byte: proved by a hash, kept where it must be.

A plain csv comes back from its cells alone. Of every other file (another separator or encoding,
rows that could not be read, a workbook, Parquet) a packed copy stands beside the clean base.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.writing.files import WRITERS, Draft, Target, sink, write_bytes

ENDING = ".original.gz"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Original:
    """What a log says of the file that was cleaned.

    source: its name; columns: its headers; compared: those of them whose cells read back from the
    clean file as they were written; sha256: of its bytes, None where it was no file; copied:
    whether a copy of them is kept.
    """

    source: str
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
    def of_text(cls, source: str, text: str | None) -> Original:
        """What a log says. Raises ValueError, KeyError or TypeError for what is no such text."""
        told = json.loads(text or "")
        columns, compared = told["columns"], told["compared"]
        names = [*columns, *compared]
        if not all(isinstance(one, str) for one in names) or not set(compared) <= set(columns):
            raise ValueError(text)
        if not isinstance(told["sha256"], str | None):
            raise ValueError(text)
        return cls(source, tuple(columns), tuple(compared), told["sha256"], bool(told["copied"]))

    def is_named_like(self, out: str) -> bool:
        """Whether a file of this name would have the source's format, as far as names say it."""
        known = [ending for ending in WRITERS if self.source.lower().endswith(ending)]
        ending = max(known, key=len, default=Path(self.source).suffix.lower()) or ".csv"
        return out.lower().endswith(ending)


def copy_file(clean: str | Path) -> Path:
    """Where the copy of the source of a clean base is.

    >>> copy_file("leads.csv").name
    'leads.csv.original.gz'
    """
    return Path(f"{clean}{ENDING}")


def original_of(source: str, file: Path | None, base: pl.DataFrame, out: str) -> Original:
    """What the log has to say of a source.

    file: where its bytes are, None if it was no file; base: its cells; out: the clean file.
    """
    columns = tuple(base.columns)
    own = out.lower().endswith(".parquet")
    compared = tuple(name for name, kind in base.schema.items() if own or _reads_back(kind))
    if file is None:
        return Original(source, columns, compared)
    sha256 = _sha256(_blocks(file))
    return Original(source, columns, compared, sha256, not _comes_back(base, file, sha256))


def _reads_back(kind: pl.DataType) -> bool:
    """Whether every format gives cells of a column back as they were, but for their type."""
    return kind in (pl.String, pl.Boolean, pl.Date, pl.Null) or kind.is_integer()


def draft_of_copy(file: Path, clean: str) -> Draft:
    """The copy that is kept beside a clean base, for `write_together`."""

    def write(target: Target) -> None:
        with tempfile.TemporaryFile() as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as stream:
                for block in _blocks(file):
                    stream.write(block)
            packed.seek(0)
            write_bytes(iter(lambda: packed.read(_BLOCK), b""), target)

    return str(copy_file(clean)), write


def draft_of_original(clean: str, original: Original, out: str) -> Draft:
    """The source as it was, from the copy beside a clean base.

    Writing it raises DataError if the copy is damaged.
    """
    kept = copy_file(clean)

    def checked() -> Iterator[bytes]:
        digest = hashlib.sha256()
        try:
            with gzip.open(kept) as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    yield block
        except (gzip.BadGzipFile, EOFError, zlib.error):
            pass
        if digest.hexdigest() != original.sha256:
            raise DataError(
                f"{kept} is damaged, or of another base.",
                "Without it the cells can be had back, not the bytes: move it away.",
            )

    return out, lambda target: write_bytes(checked(), target)


def _comes_back(base: pl.DataFrame, file: Path, sha256: str) -> bool:
    """Whether writing the cells of a csv file gives its very bytes."""
    if file.suffix.lower() != ".csv" or any(kind != pl.String for kind in base.dtypes):
        return False
    with tempfile.TemporaryDirectory(prefix="scoreline-") as folder:
        again = Path(folder) / "again.csv"
        sink(base.lazy(), again, formulas="keep")
        return again.stat().st_size == file.stat().st_size and _sha256(_blocks(again)) == sha256


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def is_original(file: Path, original: Original) -> bool:
    """Whether a file has the very bytes of the source."""
    return _sha256(_blocks(file)) == original.sha256


def _sha256(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
