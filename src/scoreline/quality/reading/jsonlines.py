"""JSON lines, or a small JSON array, as a table of text: the texts that stand for the values.

Numbers are written as the same number from Python is (5.0 is `5`, whole ones of any length keep
their digits), true and false are words, null is empty, nested values are JSON text as it was
written. A line that is no object costs that row alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from scoreline.errors import DataError
from scoreline.quality.reading.columns import Names
from scoreline.quality.reading.lines import Lines
from scoreline.quality.reading.rejects import Rejects, too_long
from scoreline.quality.reading.rowstore import RowStore
from scoreline.quality.reading.textfile import TextFile
from scoreline.quality.table import LONGEST_LINE, Notes, Scratch, Table
from scoreline.quality.text import HALVES, plain_text, whole_text

LARGEST_ARRAY = 64 << 20
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_decoder = json.JSONDecoder(strict=False)
_TO_ELEMENT = re.compile(r"\s*")
_TO_NEXT = re.compile(r"\s*(?:,\s*(?!\])|(?=\]))")


class Fault(Exception):
    """Why a line is rejected: a code of READER_FINDINGS and words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def read_json(source: str, text: TextFile, notes: Notes, scratch: Scratch) -> Table:
    """The JSON lines, or the array of objects, as a table; columns in order of appearance."""
    names = Names(notes)
    store = RowStore(names.columns, scratch)
    rejects = Rejects(notes)
    number = 0
    for line, value in _values(text, notes):
        number += 1
        try:
            cells = _cells(value, line, names, notes)
        except Fault as fault:
            rejects.add(number, line, fault.code, fault.detail, value, text.encoding.name)
        else:
            store.add(number, cells, len(value))
    if not names.columns:
        raise _nothing(number)
    columns = tuple(names.columns)
    frame = store.frame()
    return Table(source, "jsonl", columns, frame, rejects.rows, notes.findings(), number, scratch)


def _nothing(rows: int) -> DataError:
    if rows:
        return DataError(
            "No line of the file is a JSON object.",
            'Each line must look like {"name": "Anna", "budget": 1000}.',
        )
    return DataError("The file is empty.", "It needs one JSON object a line.")


def _values(text: TextFile, notes: Notes) -> Iterator[tuple[int, str]]:
    """Each record's JSON text, with its line."""
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        start = stream.read(4096).lstrip()
        stream.seek(text.start)
        if start.startswith(b"["):
            data = stream.read(LARGEST_ARRAY + 1)
            yield from _elements(data.decode("utf-8", "surrogateescape"))
            return
        lines = Lines(stream)
        while (line := lines.next()) is not None:
            number, content = line
            if content.strip(" \t\r\n\0\x1a"):
                yield number, content.rstrip("\r\n")
            else:
                notes.count("blank-lines", number)


def _elements(text: str) -> Iterator[tuple[int, str]]:
    """The elements of a JSON array one by one, each with the line it begins on."""
    if len(text) > LARGEST_ARRAY:
        raise DataError(
            f"The JSON array is larger than {LARGEST_ARRAY >> 20} MB.",
            "Write one object a line (JSON lines): jq -c '.[]' file.json > file.jsonl",
        )
    line, at = 1, text.index("[") + 1
    follows = _TO_ELEMENT.match(text, at)
    while follows is not None and text[follows.end() : follows.end() + 1] != "]":
        start = follows.end()
        line += text.count("\n", at, start)
        try:
            _, at = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            raise DataError(f"line {line}: the JSON array can't be read from here on.") from None
        yield line, text[start:at]
        line += text.count("\n", start, at)
        follows = _TO_NEXT.match(text, at)
    if follows is None or text[follows.end() + 1 :].strip():
        raise DataError(f"line {line}: the JSON array does not end as it should.")


def _cells(value: str, line: int, names: Names, notes: Notes) -> list[str | None]:
    """The cells of one object in the order of `names`, which grows by new keys."""
    if len(value) > LONGEST_LINE:
        raise Fault("line-too-long", f"over {LONGEST_LINE:,} characters")
    if not value.isascii() and HALVES.search(value):
        raise Fault("undecodable", "bytes that are no text")
    if "\0" in value:
        notes.count("nul-bytes", line)
        value = value.replace("\0", "")
    pairs = _pairs(value, line, notes)
    cells: list[str | None] = [None] * len(names.columns)
    for key, cell in pairs.items():
        place = names.place(key)
        if place == len(cells):
            cells.append(None)
        cells[place] = cell
    if too_long([cell for cell in cells if cell is not None]):
        raise Fault("cell-too-long", "a cell is longer than 1 MB")
    return cells


def _pairs(value: str, line: int, notes: Notes) -> dict[str, str | None]:
    """Keys and values as text: by msgspec, which keeps what was written; else by Python."""
    try:
        found = _object.decode(value)
        pairs = {key: _text(bytes(raw), key, notes) for key, raw in found.items()}
    except msgspec.ValidationError:
        raise Fault("not-an-object", "JSON, but no object with names and values") from None
    except RecursionError:
        raise Fault("not-json", "nested too deeply") from None
    except msgspec.DecodeError as error:
        return _lenient_pairs(value, line, notes, str(error))
    if value.count('":') != len(pairs) and _repeats_a_key(value):
        notes.count("key-repeated", line)
    return pairs


def _text(raw: bytes, key: str, notes: Notes) -> str | None:
    first = raw[:1]
    if first == b'"':
        text: str = msgspec.json.decode(raw)
        return text
    if first == b"n":
        return None
    if first in (b"{", b"["):
        notes.count("nested", detail=key)
        return raw.decode()
    text = raw.decode()
    return text if first in (b"t", b"f") else _number(text)


def _number(written: str) -> str:
    """The text that stands for a number, so that a line agrees with the record it was made of.

    >>> _number("79123456789.0"), _number("1E5"), _number("0.10"), _number("12345678901234567890")
    ('79123456789', '100000', '0.1', '12345678901234567890')
    """
    if written.removeprefix("-").isdecimal() and written != "-0":
        return written
    return str(plain_text(float(written)))


def _lenient_pairs(value: str, line: int, notes: Notes, complaint: str) -> dict[str, str | None]:
    """The same for what only looks wrong: NaN, halves of characters, raw control characters."""
    try:
        found = json.loads(value, strict=False, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError):
        raise Fault("not-json", complaint.removeprefix("JSON is malformed: ")) from None
    if not isinstance(found, dict):
        raise Fault("not-an-object", "JSON, but no object with names and values")
    pairs: dict[str, str | None] = {}
    for key, item in found.items():
        text: str | None
        if isinstance(item, _Number | float):
            text = "NaN" if item != item else _number(str(item))
        elif item is None or isinstance(item, str):
            text = item
        else:
            text = _as_json(item)
            if isinstance(item, dict | list):
                notes.count("nested", detail=key)
        pairs[whole_text(key)] = None if text is None else whole_text(text)
    if HALVES.search("".join([*found, *(str(item) for item in found.values())])):
        notes.count("lone-surrogate", line)
    return pairs


class _Number(str):
    """A number as it was written; NaN and the infinities alone come as floats."""

    __slots__ = ()


def _as_json(item: Any) -> str:
    if isinstance(item, _Number):
        return str(item)
    if isinstance(item, float):  # only NaN and the infinities get here
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(item)]
    if isinstance(item, dict):
        inner = (f"{json.dumps(key)}: {_as_json(value)}" for key, value in item.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(item, list):
        return f"[{', '.join(map(_as_json, item))}]"
    return json.dumps(item, ensure_ascii=False)


def _repeats_a_key(value: str) -> bool:
    """Whether the outermost object names a key twice."""
    last: list[tuple[str, Any]] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        last[:] = pairs  # the outermost object is closed last

    try:
        json.loads(value, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        return False
    return len({key for key, _ in last}) < len(last)
