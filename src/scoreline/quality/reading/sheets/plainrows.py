"""Rows of a sheet that need no parser: cells of the usual shapes, by one regular expression.

What is read so comes out as the parser and `text_of` have it; everything unusual is left to them:
errors, formulas without a result, numbers that are too long, names of texts that do not exist, rows
and columns out of order. Tests hold both to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import compress, pairwise

from scoreline.errors import DataError
from scoreline.quality.reading.sheets.stretches import ATTRIBUTES, TEXT, unescaped
from scoreline.quality.reading.sheets.workbook import column_number, row_number
from scoreline.quality.table import LONGEST_CELL

TextRow = tuple[int, Sequence[int], Sequence[str], bool]
"""Row number, numbers of columns that hold a text, rising; these texts; whether a cell was over
1 MB."""

Reader = Callable[[str], str | None]
"""The text of a stored value; None if a note must be made of it."""
ReaderOf = Callable[[str, int], Reader]
"""How values are read that have this kind, and the style of this index."""

_FORMULA = (
    r'<f(?: t="[a-z]+")?(?: ref="[A-Z0-9:]+")?(?: si="[0-9]+")?(?: ca="1")?'
    rf"(?:/>|>{TEXT}</f>)(?=<v>[^<])"
)
NUMBER = r"(?:0|-?(?:[1-9][0-9]{0,13}|(?:0|[1-9][0-9]{0,6})\.[0-9]{0,6}[1-9]))"
"""Numbers that are shown as they are stored, unless as dates."""

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"((?: s="[0-9]{1,6}")?)'
    rf'(?: t="s"><v>([0-9]{{1,9}})</v></c>|><v>({NUMBER})</v></c>'
    r'|((?: t="(?:n|str|b|inlineStr)")?)'
    rf'(?:/>|>(?:(?:(<is><t(?: xml:space="preserve")?>)|(?:{_FORMULA})?<v>)'
    rf"({TEXT})(?(6)</t></is>|</v>))?</c>))"
)
_PARTS = _CELL.groups + 1
_VALUES = (2, 3, 4, 5, 7)
"""Groups: the style, the place of a shared text, a number, the kind of another value, the value."""
_GAP = r"[ \n\t]*+"
_EMPTY_ROWS = rf"((?:<row{ATTRIBUTES}(?:/>|></row>){_GAP})*+)"
_USUAL = re.compile(r'</row><row r="([0-9]{1,7})"(?: spans="[0-9:]+")?>')
_FIRST = re.compile(rf"{_GAP}{_EMPTY_ROWS}<row({ATTRIBUTES})>")
_NEXT = re.compile(rf"</row>{_GAP}{_EMPTY_ROWS}<row({ATTRIBUTES})>")
_LAST = re.compile(rf"</row>{_GAP}{_EMPTY_ROWS}")
_ROW = re.compile(rf"<row({ATTRIBUTES})/?>")
_NUMBERED = re.compile(r' r="([0-9]+)"(.*)', re.DOTALL)
_NAME = re.compile(r' ([^ "=]+)="')
_REMEMBERED, _LONGEST_REMEMBERED, _STYLES = 30_000, 200, 200


class _Odd(Exception):
    """Something for the parser."""


class _Remembered(dict[str, str]):
    """Stored values of one style and kind, and their texts."""

    def __init__(self, reader: Reader, memory: _Memory) -> None:
        super().__init__()
        self._reader = reader
        self._memory = memory

    def __missing__(self, stored: str) -> str:
        text = self._reader(unescaped(stored) if "&" in stored else stored)
        if text is None:
            raise _Odd
        if len(stored) <= _LONGEST_REMEMBERED:
            self._memory.make_room()
            self[stored] = text
        return text


class _Memory(dict[tuple[str, str], _Remembered]):
    """What is remembered of each style and kind; no more values in all than `_REMEMBERED`."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def make_room(self) -> None:
        """Forget everything if one more value would be too many."""
        if self.held >= _REMEMBERED:
            for values in self.values():
                values.clear()
            self.held = 0
        self.held += 1


class PlainRows:
    """Reads stretches of plain rows.

    shared: the texts that cells of kind `s` name; dates: the indexes of styles that show dates.
    """

    def __init__(self, shared: list[str], dates: Container[int], reader_of: ReaderOf) -> None:
        self._shared = shared
        self._dates = dates
        self._reader_of = reader_of
        self._memory = _Memory()
        self._letters: list[str] = []
        self._columns: list[int] = []
        self._sound: set[str] = set()

    def read(self, stretch: str, last: int) -> tuple[list[TextRow], int] | None:
        """The rows that hold a text, and the number of the last row; None if not all are plain.

        last: the number of the row before.
        """
        parts = _CELL.split(stretch)
        letters = parts[1::_PARTS]
        if len(stretch) > LONGEST_CELL and any(v and len(v) > LONGEST_CELL for v in parts):
            return None
        between = parts[0::_PARTS]
        edges = [place for place, text in enumerate(between) if text]
        if not letters or edges[0] != 0 or edges[-1] != len(letters):
            return None
        rows: list[TextRow] = []
        try:
            texts = self._texts_in([parts[group::_PARTS] for group in _VALUES], edges)
            for begin, end in pairwise(edges):
                last = self._row(between[begin], _NEXT if begin else _FIRST, last)
                columns, found = self._columns_of(letters[begin:end]), texts[begin:end]
                if "" in found:
                    columns = list(compress(columns, found))
                    found = list(filter(None, found))
                if found:
                    rows.append((last, columns, found, False))
            last = self._row(between[-1], _LAST, last)
        except (_Odd, DataError):
            return None
        return rows, last

    def _texts_in(self, cells: Sequence[list[str]], edges: list[int]) -> list[str]:
        """The texts of all cells, in the order of the stretch; edges: where rows begin."""
        size, width = edges[-1], edges[1]
        if edges != list(range(0, size + 1, width)):
            return self._texts_of_column(cells)
        found = [""] * size  # where rows are of one length, cells of one column are mostly alike
        for place in range(width):
            found[place::width] = self._texts_of_column([part[place::width] for part in cells])
        return found

    def _texts_of_column(self, cells: Sequence[list[str]]) -> list[str]:
        """The texts of cells given as styles, places of shared texts, numbers, kinds, values."""
        styles, places, numbers, kinds, values = cells
        if None not in places:
            return self._shared_texts(places)
        named = iter(self._shared_texts([place for place in places if place]))
        dates = {style: self._dates_of(style) for style in set(styles)}
        if None not in numbers and len(dates) == 1:
            shown = dates[styles[0]]
            return numbers if shown is None else [shown[number] for number in numbers]
        if len(dates) == 1 and len(set(kinds)) == 1 and kinds[0] is not None and all(values):
            texts = self._known(styles[0], kinds[0])
            return [texts[value] for value in values]
        return [
            next(named)
            if place
            else (number if (shown := dates[style]) is None else shown[number])
            if number
            else self._text(style, kind or "", value or "")
            for style, place, number, kind, value in zip(
                styles, places, numbers, kinds, values, strict=True
            )
        ]

    def _shared_texts(self, places: Sequence[str]) -> list[str]:
        """The shared texts at these places."""
        try:
            return [self._shared[place] for place in map(int, places)]
        except IndexError:  # no such text: the parser says so
            raise _Odd from None

    def _dates_of(self, style: str) -> _Remembered | None:
        """The numbers of a style that shows dates; None if it shows them as they are."""
        return self._known(style, "") if _index(style) in self._dates else None

    def _known(self, style: str, kind: str) -> _Remembered:
        """The texts of a style and kind."""
        texts = self._memory.get((style, kind))
        if texts is None:
            if len(self._memory) >= _STYLES:
                self._memory.clear()
                self._memory.held = 0
            reader = self._reader_of(kind[4:-1] or "n", _index(style))
            texts = self._memory[style, kind] = _Remembered(reader, self._memory)
        return texts

    def _text(self, style: str, kind: str, value: str) -> str:
        """The text of a cell that is neither a shared text nor a number as it stands."""
        return self._known(style, kind)[value] if value else ""

    def _row(self, tags: str, shape: re.Pattern[str], last: int) -> int:
        """The number of the row that these tags open, or of the last empty one."""
        if (usual := _USUAL.fullmatch(tags)) and shape is _NEXT:
            return row_number(usual[1], last + 1)
        found = shape.fullmatch(tags)
        if found is None:
            raise _Odd
        for empty in _ROW.findall(found[1]) if found[1] else ():
            last = self._number(empty, last)
        return last if shape is _LAST else self._number(found[2], last)

    def _number(self, attributes: str, last: int) -> int:
        numbered = _NUMBERED.fullmatch(attributes)
        rest = numbered[2] if numbered else attributes
        if rest not in self._sound:
            names = _NAME.findall(rest)
            if len(set(names)) < len(names) or "r" in names:
                raise _Odd
            if len(self._sound) < _STYLES:
                self._sound.add(rest)
        return row_number(numbered[1] if numbered else None, last + 1)

    def _columns_of(self, letters: list[str]) -> Sequence[int]:
        """The numbers of the columns, which must rise."""
        if letters != self._letters:
            self._columns = list(_rising(letters))
            self._letters = letters
        return self._columns


def _index(style: str) -> int:
    """The index in an attribute such as ` s="3"`; 0 without one."""
    return int(style[4:-1] or 0)


def _rising(letters: list[str]) -> Iterator[int]:
    column = 0
    for letter in letters:
        column = column_number(letter, column + 1)
        yield column
