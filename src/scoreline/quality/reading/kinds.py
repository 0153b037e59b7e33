"""What kind of file it is: by its first bytes, then by its text, and only then by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

import msgspec

from scoreline.errors import DataError
from scoreline.quality.reading.encodings import guess_encoding
from scoreline.quality.reading.sources import LocalFile

Kind = Literal["text", "xlsx", "xls", "parquet"]
HEAD = 4096

_SAVE_AS = "Open it in the program it comes from and save it as xlsx or csv."
_UNPACK = "Unpack it and name the file inside."

_REFUSED: tuple[tuple[int, bytes, str, str], ...] = (
    # offset, bytes, what it is, what to do
    (0, b"%PDF-", "a PDF document", "Ask for the table behind it as xlsx or csv."),
    (0, b"{\\rtf", "a rich text document", _SAVE_AS),
    (0, b"BZh", "compressed by bzip2", _UNPACK),
    (0, b"\xfd7zXZ\x00", "compressed by xz", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "compressed by zstd", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (257, b"ustar", "a tar archive", _UNPACK),
    (0, b"\x89PNG\r\n", "a picture", "Ask for the table behind it as xlsx or csv."),
    (0, b"\xff\xd8\xff", "a picture", "Ask for the table behind it as xlsx or csv."),
    (0, b"GIF8", "a picture", "Ask for the table behind it as xlsx or csv."),
    (0, b"SQLite format 3\x00", "an SQLite database", "Export the table as csv."),
    (0, b"ARROW1", "an Arrow file", "Write it as Parquet."),
    (0, b"Obj\x01", "an Avro file", "Write it as Parquet."),
    (0, b"ORC", "an ORC file", "Write it as Parquet."),
    (0, b"PARE", "an encrypted Parquet file", "Write it without encryption."),
    (0, b"\x7fELF", "a program", "Name a file with a table."),
    (0, b"MZ\x90", "a program", "Name a file with a table."),
)
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<div")


def kind_of(file: LocalFile) -> Kind:
    """The kind of the file. Raises DataError for what is certainly no table.

    Text is csv or JSON lines; `looks_like_json` tells.
    """
    with file.path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(file.path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    for offset, magic, what, remedy in _REFUSED:
        if head[offset:].startswith(magic) and not _is_plain(head):
            raise DataError(f"The file is {what}, not a table.", remedy)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_PAGES):
        raise DataError("The file is a web page, not a table, whatever its name says.", _SAVE_AS)
    if text.startswith(b"<?xml"):
        raise DataError("The file is an XML document, not a table.", _SAVE_AS)
    if not guess_encoding(head, whole=False).name.startswith(("utf-16", "utf-32")):
        refuse_binary(head)
    return "text"


def _is_plain(head: bytes) -> bool:
    """Whether a text merely begins like that: a header `ORC,name`."""
    line = head.partition(b"\n")[0].rstrip(b"\r")
    return line.isascii() and line.decode().isprintable() and any(map(line.count, b",;|"))


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        # zipfile raises the last for a version or compression that it does not know.
        raise DataError(
            "The workbook or zip archive is damaged or cut off.", "Copy or download it again."
        ) from None
    if "[Content_Types].xml" in names:
        if any(name.endswith("workbook.xml") for name in names):
            return "xlsx"
        if any(name.endswith("workbook.bin") for name in names):
            raise DataError("The file is a binary workbook (xlsb).", _SAVE_AS)
        raise DataError("The file is an Office document without sheets.", _SAVE_AS)
    if "mimetype" in names and "content.xml" in names:
        raise DataError("The file is an OpenDocument file.", _SAVE_AS)
    raise DataError(f"The file is a zip archive of {len(names)} files, not a table.", _UNPACK)


def refuse_binary(head: bytes) -> None:
    """Refuse what is no text in an encoding of single bytes: too many control characters."""
    control = sum(byte < 32 and byte not in b"\0\t\n\v\f\r\x1a\x1b" for byte in head)
    if control > max(3, 0.05 * len(head)) or head.count(0) > 0.3 * len(head):
        raise DataError(
            "The file is binary, not a table.",
            "A table is csv, tsv, xlsx, json lines or parquet.",
        )


def looks_like_json(text: bytes, extension: str) -> bool:
    """Whether UTF-8 text is JSON lines or a JSON array, by its first lines.

    >>> looks_like_json(b'{"id": 1}', "csv"), looks_like_json(b"[id],[name]", "csv")
    (True, False)
    """
    first = text.lstrip()
    promised = extension in ("json", "jsonl", "ndjson")
    if first.startswith(b"["):
        return promised or first[1:].lstrip().startswith((b"{", b"]"))
    if first.startswith(b"{") and promised:
        return True
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return any(map(_is_object, lines if promised else lines[:1]))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
