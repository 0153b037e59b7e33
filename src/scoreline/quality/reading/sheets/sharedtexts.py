"""The shared texts of a workbook, which cells name by their places."""

from __future__ import annotations

import re

from scoreline.errors import DataError
from scoreline.quality.reading.sheets.cells import plain_text
from scoreline.quality.reading.sheets.stretches import TEXT, unescaped

BLANKS = " \t\r\n"
HELD = 64
"""Bytes that a short Python text takes in a list beside its characters."""

_SHARED = re.compile(rf'<si><t(?: xml:space="preserve")?>({TEXT})</t></si>')


class SharedTexts:
    """Gathers shared texts: the text runs of each `si`, without phonetic hints."""

    def __init__(self, texts: list[str], budget: int) -> None:
        self._texts = texts
        self._budget = budget
        self._parts: list[str] = []
        self._in_text = self._in_phonetic = False

    def take(self, stretch: str) -> bool:
        """Gather the texts of a stretch of plain ones; false if it is none."""
        parts = _SHARED.split(stretch)
        texts = parts[1::2]
        cost = HELD * len(texts) + 2 * sum(map(len, texts))
        if any(gap and gap.strip(BLANKS) for gap in parts[0::2]) or cost > self._budget:
            return False
        if "&" in stretch or "_x" in stretch:
            texts = [plain_text(unescaped(text)) for text in texts]
        self._texts += texts
        self._budget -= cost
        return True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "si":
            self._parts = []
        elif tag == "t":
            self._in_text = not self._in_phonetic
        elif tag == "rPh":
            self._in_phonetic = True

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_phonetic = False
        elif tag == "si":
            self._texts.append(plain_text("".join(self._parts)))
            self._budget -= HELD
            if self._budget < 0:
                raise DataError("The workbook holds too many texts.", "Save the sheet as csv.")

    def text(self, data: str) -> None:
        """Text stands there."""
        if self._in_text:
            self._parts.append(data)
            self._budget -= len(data) * 2
