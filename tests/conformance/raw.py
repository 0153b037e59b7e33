"""Raw cells that stand for typed values, as files and forms hold them: the boundary's traps."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from tests.conformance.trees import KIND

BLANKS = [None, "", "   ", "\u00a0", "\t", math.nan]
INVALID: dict[str, list[Any]] = {
    "number": ["inf", "-Infinity", math.inf, "abc", "1..2", "12-34"],
    "integer": ["9007199254740993", "9223372036854775808", 2**63, -(2**63), "1.5", "inf"],
    "money": ["-1", "-0.01", "inf", "ten", -5],
    "date": ["2023-02-29", "2026-13-01", "03/04/26", "soon"],
    "time": ["2026-01-31T25:00:00", "2023-02-29 10:00", "soon"],
    "yes/no": ["maybe", "2"],
    "email": ["foo@", "@acme.ru", "a b@acme.ru"],
    "phone": ["12", "call me"],
    "country": ["Atlantis"],
    "company id": ["FR41303265045"],
    "iban": ["GR17 0110"],
}
CELLS = {
    "email": ["anna@acme.ru", "Ivan@GMAIL.COM ", "info@bücher.de", "x@mailinator.com"],
    "phone": ["+7 912 345-67-89", "+33 6 12 34 56 78", "79123456789"],
    "country": ["RU", "France", "de", "TR"],
    "postcode": ["101000", "SW1A 1AA", "012345"],
    "company id": ["7707083893", "FR40303265045"],
    "name": ["Anna Karenina", "ИВАНОВ ИВАН"],
    "iban": ["GR16 0110 1050 0000 1054 7023 795"],
}
"""Raw cells of the types whose typed form is the boundary's own business."""


def raw_cell(random: Random, value: Any, kind: str, traps: Counter[str]) -> Any:
    """A cell that the boundary must type as `value`; None is missing or, at times, invalid."""
    if value is None and random.random() < 0.2 and kind in INVALID:
        cell = random.choice(INVALID[kind])
        traps["invalid cell"] += 1
        traps["infinity"] += "inf" in str(cell).lower()
        traps["beyond 2^53"] += kind == "integer" and "9" in str(cell)
        return cell
    if value is None:
        cell = random.choice(BLANKS)
        traps["blank cell"] += isinstance(cell, str)
        traps["NULL"] += cell is None
        traps["NaN"] += isinstance(cell, float)
        return cell
    if kind in CELLS:
        return random.choice(CELLS[kind])
    if KIND[kind] == "number":
        return value if random.random() < 0.3 else number_text(value)
    if kind == "yes/no":
        words = ["yes", "Yes", "да", "oui", "true", "1"] if value else ["no", "Нет", "non", "0"]
        return random.choice([value, *words])
    if kind in ("date", "time"):
        return moment_cell(random, value)
    return text_cell(random, value, kind, traps)


def number_text(value: float) -> str:
    """The shortest text that reads as exactly this number."""
    return repr(value)


def moment_cell(random: Random, value: date) -> Any:
    if not isinstance(value, datetime):
        return random.choice([value, value.isoformat()])
    zoneless = value.astimezone(UTC).replace(tzinfo=None)
    return random.choice([value, zoneless, value.isoformat(), zoneless.isoformat() + "Z"])


def text_cell(random: Random, value: str, kind: str, traps: Counter[str]) -> str:
    """The same text, decomposed, in other capitals (a choice), with blanks around and inside."""
    cell = value
    if random.random() < 0.3:
        cell = unicodedata.normalize("NFD", cell)
        traps["decomposed cell"] += cell != value
    if kind == "choice" and random.random() < 0.5 and unfolds(cell):
        cell = cell.upper()
    if random.random() < 0.3:
        cell = random.choice([" ", "\u00a0", "\t "]) + cell.replace(" ", " \u00a0") + "  "
        traps["blanks around a cell"] += 1
    return cell


def unfolds(text: str) -> bool:
    """Whether capitals of the text fold back to it (`ı` becomes I, and so i)."""
    return unicodedata.normalize("NFC", text.upper().casefold()) == unicodedata.normalize(
        "NFC", text
    )
