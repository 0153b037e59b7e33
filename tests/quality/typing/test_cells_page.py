"""The tables of `docs/cells.md` are true."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from scoreline.language.fields import Field
from scoreline.quality.typing.values import type_record, type_value

PAGE = Path(__file__).parents[3] / "docs" / "cells.md"
ROW = re.compile(r"^\| `(?P<field>[^|]*?)` \| (?P<cells>`.*`) \| (?P<wanted>.*) \|$", re.MULTILINE)


def field_of(text: str) -> Field:
    """The field that a card would declare so."""
    declared = yaml.safe_load(text)
    options = {"type": declared} if isinstance(declared, str) else declared
    return Field(name="x", **{k: tuple(v) if k == "missing" else v for k, v in options.items()})


def rows() -> list[tuple[str, str, str]]:
    found = []
    for match in ROW.finditer(PAGE.read_text(encoding="utf-8")):
        for cell in re.findall("`([^`]*)`", match["cells"]):
            found.append((match["field"], cell.replace("␣", " "), match["wanted"]))
    return found


def told(value: object) -> str:
    """A value as the page writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, date):
        return value.isoformat()
    return f"`{value}`" if isinstance(value, str) else repr(value)


def test_the_page_has_its_tables() -> None:
    assert len(rows()) > 120
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    assert len(ROW.findall(PAGE.read_text(encoding="utf-8"))) == len(lines)


@pytest.mark.parametrize(("declared", "cell", "wanted"), rows())
def test_a_row_of_the_page(declared: str, cell: str, wanted: str) -> None:
    field = field_of(declared)
    typed = type_value(field, cell)
    if wanted == "missing":
        assert typed.status == "missing"
    elif wanted.startswith("invalid: "):
        assert (typed.status, typed.code) == ("invalid", wanted.removeprefix("invalid: "))
    else:
        value, *facts = wanted.split(", ")
        values = type_record([field], {"x": cell}).values
        assert told(values["x"]) == value
        for fact in facts:
            name, _, expected = fact.partition(" ")
            assert told(values[f"x__{name}"]).strip("`") == expected
