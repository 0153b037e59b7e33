"""The `segments` of a card, best first."""

from __future__ import annotations

from scoreline.scorecard import schema
from scoreline.scorecard.model import Segment
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Tree


def read_segments(reader: Reader, card: Entries) -> tuple[Segment, ...]:
    """The segments, best first; the last one takes the rest."""
    before = len(reader.findings)
    found = [_segment(reader, tree) for tree in reader.items(card, "segments")]
    segments = tuple(segment for segment in found if segment)
    seen: dict[str, Segment] = {}
    for segment in segments:
        if segment.name in seen:
            first = seen[segment.name].line
            reader.problem(
                segment.line or 0,
                f"The segment `{segment.name}` stands twice (first on line {first}).",
                "Give one of them another name.",
            )
        elif segment.name:
            seen[segment.name] = segment
    if found and (last := found[-1]) and last.bound is not None:
        reader.problem(
            last.line or 0,
            "The last segment has a bound, so some records would be nowhere.",
            "End with a segment without `above` or `from`.",
        )
    reader.segments_unread = len(reader.findings) > before
    return segments


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
