"""The `segments` of a card, best first."""

from __future__ import annotations

from scoreline.scorecard import schema
from scoreline.scorecard.model import Segment
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Tree


def read_segments(reader: Reader, card: Entries) -> tuple[Segment, ...]:
    """The segments, best first; the last one takes the rest."""
    found = (_segment(reader, tree) for tree in reader.items(card, "segments"))
    segments = [segment for segment in found if segment]
    names = [s.name for s in segments]
    for s in segments:
        if names.count(s.name) > 1:
            reader.problem(s.line or 0, f"The segment `{s.name}` stands more than once.")
    if segments and segments[-1].bound is not None:
        reader.problem(
            segments[-1].line or 0,
            "The last segment has a bound, so some records would be nowhere.",
            "End with a segment without `above` or `from`.",
        )
    return tuple(segments)


def _segment(reader: Reader, tree: Tree) -> Segment | None:
    """One segment."""
    entries = reader.entries(tree, schema.SEGMENT, "a segment")
    if entries is None:
        return None
    if {"above", "from"} <= entries.entries.keys():
        reader.problem(entries.line, "A segment has `above` or `from`, not both.")
    strict = "above" in entries.entries
    bound = reader.points(entries, "above" if strict else "from")
    return Segment(reader.name(entries) or "", bound, strict, entries.line)
