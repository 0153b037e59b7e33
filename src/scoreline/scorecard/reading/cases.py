"""The `cases` of a card: raw values given, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoreline.errors import did_you_mean
from scoreline.language.fields import Field
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.model import Example, Segment
from scoreline.scorecard.reading.happenings import Happenings, raw_values, read_happenings
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Tree


@dataclass(frozen=True)
class CaseNames:
    """What cases can name."""

    fields: Mapping[str, Field]
    segments: Sequence[Segment]
    happenings: Happenings


def read_cases(reader: Reader, card: Entries, names: CaseNames) -> tuple[Example, ...]:
    """The examples in the card's order."""
    found = (_case(reader, tree, names) for tree in reader.items(card, "cases"))
    return tuple(case for case in found if case)


def _case(reader: Reader, tree: Tree, names: CaseNames) -> Example | None:
    """One example."""
    entries = reader.entries(tree, schema.CASE, "a case")
    given = entries and entries.entries.get("given")
    if entries is None or not isinstance(given, Entries):
        if given is not None:
            reader.problem(given.line, "`given` is a mapping: field: value.")
        return None
    for name, line in given.lines.items():
        if normal(name) not in names.fields and not reader.is_unread(normal(name)):
            reader.problem(
                line,
                f"There is no field `{name}`.",
                did_you_mean(name, names.fields),
                "unknown-field",
            )
    expected = _expected(reader, entries)
    _check_names(reader, entries, expected, names)
    return Example(
        given=raw_values(reader, given),
        expected=expected,
        as_of=reader.text(entries, "as_of"),
        events=read_happenings(reader, entries, names.happenings),
        line=entries.line,
    )


def _check_names(
    reader: Reader, entries: Entries, expected: Mapping[str, str | None], names: CaseNames
) -> None:
    """Note an expected segment, or question to ask, that the card does not have."""
    segments = [segment.name for segment in names.segments if segment.name]
    segment, ask = expected.get("segment"), expected.get("ask")
    if segment and segment not in segments and not reader.segments_unread:
        hint = did_you_mean(segment, segments) if segments else "The card has no segments."
        reader.problem(entries.lines["segment"], f"There is no segment `{segment}`.", hint)
    if ask and ask not in names.fields and not reader.is_unread(ask):
        message, hint = f"There is no field `{ask}`.", did_you_mean(ask, names.fields)
        reader.problem(entries.lines["ask"], message, hint, "unknown-field")


def _expected(reader: Reader, entries: Entries) -> dict[str, str | None]:
    """What must come out, by key."""
    expected: dict[str, str | None] = {}
    for key in (k.name for k in schema.CASE if k.name not in ("given", "events", "as_of")):
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
