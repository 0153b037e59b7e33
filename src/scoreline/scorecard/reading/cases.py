"""The `cases` of a card: raw values given, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping

from scoreline.errors import did_you_mean
from scoreline.language.fields import Field
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.model import Example
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree


def read_cases(reader: Reader, card: Entries, fields: Mapping[str, Field]) -> tuple[Example, ...]:
    """The examples."""
    found = (_case(reader, tree, fields) for tree in reader.items(card, "cases"))
    return tuple(case for case in found if case)


def _case(reader: Reader, tree: Tree, fields: Mapping[str, Field]) -> Example | None:
    """One example."""
    entries = reader.entries(tree, schema.CASE, "a case")
    given = entries and entries.entries.get("given")
    if entries is None or not isinstance(given, Entries):
        if given is not None:
            reader.problem(given.line, "`given` is a mapping: field: value.")
        return None
    for name, line in given.lines.items():
        if normal(name) not in fields and not reader.is_unread(normal(name)):
            reader.problem(
                line,
                f"There is no field `{name}`.",
                did_you_mean(name, fields),
                "unknown-field",
            )
    return Example(
        given=_values(reader, given),
        expected=_expected(reader, entries),
        as_of=reader.text(entries, "as_of"),
        line=entries.line,
    )


def _values(reader: Reader, given: Entries) -> dict[str, str | None]:
    """The raw values by field."""
    values: dict[str, str | None] = {}
    for name, below in given.entries.items():
        if isinstance(below, Text):
            values[normal(name)] = below.text
        else:
            reader.problem(given.lines[name], f"`{name}` is one value, not a list or mapping.")
    return values


def _expected(reader: Reader, entries: Entries) -> dict[str, str | None]:
    """What must come out, by key."""
    expected: dict[str, str | None] = {}
    for key in (k.name for k in schema.CASE if k.name not in ("given", "as_of")):
        if key not in entries.entries:
            continue
        expected[key] = text = reader.text(entries, key)
        if key in ("score", "low", "high"):
            reader.points_of(text, entries.lines[key])
        elif key == "certain":
            reader.flag_of(text, key, entries.lines[key])
    if not expected:
        reader.problem(entries.line, "The case expects nothing.", "Say score or segment.")
    return expected
