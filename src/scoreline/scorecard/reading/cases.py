"""The `cases` of a card: raw values given, and what must come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scoreline.errors import did_you_mean
from scoreline.language.fields import Field
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.model import Example, Segment
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree


def read_cases(
    reader: Reader, card: Entries, fields: Mapping[str, Field], segments: Sequence[Segment]
) -> tuple[Example, ...]:
    """The examples; segments: those of the card."""
    names = [segment.name for segment in segments if segment.name]
    found = (_case(reader, tree, fields, names) for tree in reader.items(card, "cases"))
    return tuple(case for case in found if case)


def _case(
    reader: Reader, tree: Tree, fields: Mapping[str, Field], segments: Sequence[str]
) -> Example | None:
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
    expected = _expected(reader, entries)
    _check_names(reader, entries, expected, fields, segments)
    return Example(
        given=_values(reader, given),
        expected=expected,
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


def _check_names(
    reader: Reader,
    entries: Entries,
    expected: Mapping[str, str | None],
    fields: Iterable[str],
    segments: Sequence[str],
) -> None:
    """Note an expected segment, or question to ask, that the card does not have."""
    segment, ask = expected.get("segment"), expected.get("ask")
    if segment and segment not in segments and not reader.segments_unread:
        hint = did_you_mean(segment, segments) if segments else "The card has no segments."
        reader.problem(entries.lines["segment"], f"There is no segment `{segment}`.", hint)
    if ask and ask not in fields and not reader.is_unread(ask):
        message, hint = f"There is no field `{ask}`.", did_you_mean(ask, fields)
        reader.problem(entries.lines["ask"], message, hint, "unknown-field")


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
