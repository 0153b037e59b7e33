"""An xlsx workbook read as a stream: sheets, shared texts, which styles are dates, cells as XML.

calamine, which reads the old .xls here, is not let near xlsx from the field: it lays every sheet
out as a full rectangle, and two cells in far corners (a file of 1.4 KB) abort the whole process;
it also turns numbers into floats. This reader holds one row at a time, and the shared texts.

Sources: ECMA-376 part 1, 18.3 (worksheets), 18.4 (shared strings), 18.8.30 (number formats).
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from scoreline.errors import DataError
from scoreline.quality.reading.sheets.formats import format_kind
from scoreline.quality.reading.sheets.sharedtexts import SharedTexts
from scoreline.quality.reading.sheets.stretches import Plain, for_parser
from scoreline.quality.reading.sources import within_limits
from scoreline.quality.table import LONGEST_CELL

BLOCK = 256 << 10
MOST_TEXT = 256 << 20
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = 9
"""Digits of the largest number that a place or a style can have."""
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
_DAMAGED = "Open the workbook in the program it comes from and save it again."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, the part of the archive it lies in, and whether a person sees it."""

    name: str
    part: str
    visible: bool


Cell = tuple[int, str, int, str | None]
"""A cell as stored: its column from 1; its kind, the attribute `t` (`n`, `s`, `str`, `inlineStr`,
`b`, `e`, `d`); the index of its style; the text of `v` or `is`, empty for a formula that was never
computed, None if over 1 MB."""

Start = Callable[[str, dict[str, str]], None]


class Workbook:
    """The parts of a workbook that cells need: `sheets`, `texts`, `formats`, `epoch_1904`.

    formats: per style, what its number format shows (`formats.format_kind`).
    """

    def __init__(self, path: Path) -> None:
        self._size = path.stat().st_size
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
            # zipfile raises the last for a version or compression that it does not know.
            raise DataError("The workbook is damaged or cut off.", _DAMAGED) from None
        if any(info.flag_bits & 1 for info in self._archive.infolist()):
            raise DataError("The workbook is encrypted.", "Save it without a password.")
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self.epoch_1904 = False
        self.sheets: list[Sheet] = []
        self.texts: list[str] = []
        self.formats: list[str | None] = []
        main = self._main_part()
        links = self._links(main)
        self._read_sheets(main, links)
        if part := links.get("styles"):
            self._read_styles(part)
        if part := links.get("sharedStrings"):
            self._read_texts(part)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def read_rows(self, sheet: Sheet, rows: Rows) -> Iterator[None]:
        """Give the rows that hold cells to `rows`, pausing after some."""
        plain = Plain(b"<worksheet", b"<sheetData>", b"</row>", b"</sheetData", rows.take)
        return self._parse(sheet.part, *_sheet_handlers(rows), plain)

    def _main_part(self) -> str:
        for _, kind, target in self._relations("_rels/.rels", ""):
            if kind == "officeDocument":
                return target
        return "xl/workbook.xml"

    def _links(self, main: str) -> dict[str, str]:
        """Parts that the main part names, by relation id, and by kind for the single ones."""
        folder, name = posixpath.split(main)
        found: dict[str, str] = {}
        for key, kind, target in self._relations(f"{folder}/_rels/{name}.rels", folder):
            found[key] = target
            if kind in ("styles", "sharedStrings"):
                found[kind] = target
        return found

    def _relations(self, part: str, folder: str) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                target = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found.append((attributes.get("Id", ""), kind, posixpath.normpath(target)))

        self._walk(part, start)
        return found

    def _read_sheets(self, main: str, links: dict[str, str]) -> None:
        def start(tag: str, at: dict[str, str]) -> None:
            if tag == "workbookPr":
                self.epoch_1904 = at.get("date1904", "0") in ("1", "true", "on")
            elif tag == "sheet":
                part = links.get(next((at[key] for key in at if key.endswith(":id")), ""), "")
                if "worksheets/" in part or "worksheet" in posixpath.basename(part):
                    visible = at.get("state", "visible") == "visible"
                    self.sheets.append(Sheet(at.get("name", ""), part, visible))

        self._walk(main, start)
        if not self.sheets:
            raise DataError("The workbook has no sheets with cells.", _DAMAGED)

    def _read_styles(self, part: str) -> None:
        codes: dict[int, str] = {}
        inside = [False]

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "numFmt":
                codes[whole_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "cellStyles":
                inside[0] = False
            elif tag == "xf" and inside[0]:
                number = whole_number(attributes.get("numFmtId"))
                self.formats.append(format_kind(number, codes.get(number)))

        self._walk(part, start)

    def _read_texts(self, part: str) -> None:
        reader = SharedTexts(self.texts, max(MOST_TEXT, 8 * self._size))
        plain = Plain(b"<sst", b">", b"</si>", b"</sst", reader.take)
        for _ in self._parse(part, reader.start, reader.end, reader.text, plain):
            pass

    def _walk(self, part: str, start: Start) -> None:
        for _ in self._parse(part, start, lambda tag: None, None):
            pass

    def _parse(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None],
        text: Callable[[str], None] | None,
        plain: Plain | None = None,
    ) -> Iterator[None]:
        """Feed a part to handlers of local names, pausing after each block.

        plain: what may be read without the parser.
        """
        name = self._names.get(part.lower())
        if name is None:
            if part.endswith(".rels"):
                return
            raise DataError(f"The workbook lacks its part {part}.", _DAMAGED)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.CharacterDataHandler = text

        def root(tag: str, attributes: dict[str, str]) -> None:
            if ":" in tag:  # names with a prefix are cut down to what follows it
                parser.StartElementHandler = lambda tag, found: start(tag.split(":")[-1], found)
                parser.EndElementHandler = lambda tag: end(tag.split(":")[-1])
            else:
                parser.StartElementHandler = start
                parser.EndElementHandler = end

        skipped = 0
        parser.StartElementHandler = root
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            info = self._archive.getinfo(name)
            with self._archive.open(info) as stream:
                blocks = iter(lambda: stream.read(BLOCK), b"")
                blocks = within_limits(blocks, info.compress_size, lines=False)
                for block, unseen in for_parser(blocks, plain):
                    skipped += unseen
                    parser.Parse(block, False)
                    yield
                parser.Parse(b"", True)
                yield
        except expat.ExpatError as error:
            where = f"{part}, line {error.lineno + skipped}"
            reason = expat.ErrorString(error.code)
            raise DataError(f"The workbook is damaged ({where}: {reason}).", _DAMAGED) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            # zipfile raises the last two for an unknown compression and an encrypted part.
            raise DataError(f"The workbook is damaged ({part}).", _DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise DataError(
        "The workbook declares XML entities, which workbooks never need.",
        "It may be an attack: don't use it.",
    )


class Rows(Protocol):
    """Takes the rows of a sheet, whole stretches of them where they are plain.

    last: the number of the last row so far, 0 before the first.
    """

    last: int

    def take(self, stretch: str) -> bool:
        """Take the rows of a stretch of XML; false, and nothing taken, if they are not plain."""
        ...

    def add(self, cells: list[Cell]) -> None:
        """Take the row `last`, with the cells that have a value or formula."""
        ...


def _sheet_handlers(rows: Rows) -> tuple[Start, Callable[[str], None], Callable[[str], None]]:
    """Handlers that give each finished row to `rows`.

    Closures with few names, for they run five times a cell.
    """
    column = style = size = 0
    row_text = ""
    kind = "n"
    cells: list[Cell] = []
    parts: list[str] = []
    in_cell = gathering = formula = in_phonetic = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row_text, column, kind, style, size, cells, parts
        nonlocal in_cell, gathering, formula, in_phonetic
        if tag == "c":
            reference = attributes.get("r")
            if column < 26 and reference == _LETTERS[column] + row_text:
                column += 1
            else:
                column = column_number(reference, column + 1)
            kind = attributes.get("t", "n")
            style = whole_number(attributes.get("s"))
            in_cell, formula = True, False
            parts, size = [], 0
        elif tag == "v" or tag == "t":
            gathering = in_cell and not in_phonetic
        elif tag == "row":
            rows.last = row_number(attributes.get("r"), rows.last + 1)
            row_text = str(rows.last)
            column, cells = 0, []
        elif tag == "f":
            formula = True
        elif tag == "rPh":
            in_phonetic = True

    def end(tag: str) -> None:
        nonlocal in_cell, gathering, in_phonetic
        gathering = False
        if tag == "c":
            in_cell = False
            if parts or formula:
                value = "".join(parts) if size <= LONGEST_CELL else None
                cells.append((column, kind, style, value))
        elif tag == "row":
            if cells:
                rows.add(cells)
        elif tag == "rPh":
            in_phonetic = False

    def text(data: str) -> None:
        nonlocal size
        if gathering:
            size += len(data)
            if size <= LONGEST_CELL:
                parts.append(data)

    return start, end, text


def whole_number(text: str | None) -> int:
    """The number of an attribute; 0 for none, 10^9 for more digits than a workbook can have."""
    if text is None or not text.isascii() or not text.isdigit():
        return 0
    return int(text) if len(text) <= DIGITS else 10**DIGITS


def row_number(reference: str | None, following: int) -> int:
    """The number of a row, at least `following`, from its attribute."""
    row = whole_number(reference) or following
    if row < following or row > LAST_ROW:
        raise DataError(f"The workbook is damaged (row {(reference or str(row))[:20]}).", _DAMAGED)
    return row


def column_number(reference: str | None, following: int) -> int:
    """The number of a column, from 1, from a reference such as AB12.

    >>> column_number("AB12", 1)
    28
    """
    column = following
    if reference is not None:
        column = 0
        for letter in reference.rstrip("0123456789").upper():
            column = column * 26 + ord(letter) - 64
    if not following <= column <= LAST_COLUMN:
        raise DataError(f"The workbook is damaged (cell {str(reference)[:20]}).", _DAMAGED)
    return column
