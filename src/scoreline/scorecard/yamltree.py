"""YAML in which every scalar is text: a small tree with line numbers, and back.

No implicit types (`NO`, `012`, `1e5` mean what they say); duplicate keys, anchors, aliases, tags
and second documents are refused with their line. Built from the parser's events, so that nothing
of YAML's object construction is ever reached.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from scoreline.errors import CardError

MAX_BYTES = 5_000_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping: values by key, in the order of the file, and each key's line."""

    entries: dict[str, Tree]
    lines: dict[str, int]
    line: int


Tree = Text | Items | Entries
Plain = str | list["Plain"] | dict[str, "Plain"]


def read_tree(text: str) -> Tree:
    """The tree of a YAML text; raises CardError with the line of what is refused."""
    if len(text) > MAX_BYTES:
        raise CardError(f"The card is larger than {MAX_BYTES:,} characters.")
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            raise CardError("The card file is empty.", "`scoreline init DIR` writes an example.")
        tree = _node(next(events), events, 0)
        next(events)
        if isinstance(next(events), yaml.DocumentStartEvent):
            raise CardError("The file holds several YAML documents; a card is one.")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = " ".join(p for p in (error.context, error.problem) if p)
        raise CardError(
            f"{where}not readable as YAML: {problem}.",
            'Quote texts that hold `: `, ` #`, or begin with a sign, as in "a: b".',
        ) from None
    except yaml.YAMLError as error:
        raise CardError(f"Not readable as YAML: {str(error).splitlines()[0]}.") from None
    return tree


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Tree:
    line = event.start_mark.line + 1 if event.start_mark else 0
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise CardError(
            f"Line {line}: anchors (&) and aliases (*) are not part of a card.",
            "Write the value out, or put it in quotes.",
        )
    if getattr(event, "tag", None):
        raise CardError(
            f"Line {line}: tags (!) are not part of a card.",
            "Put a text that begins with ! in quotes.",
        )
    if depth > MAX_DEPTH:
        raise CardError(f"Line {line}: nested more than {MAX_DEPTH} levels deep.")
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_node(item, events, depth + 1))
        return Items(tuple(items), line)
    return _entries(events, line, depth)


def _entries(events: Iterator[yaml.Event], line: int, depth: int) -> Entries:
    entries: dict[str, Tree] = {}
    lines: dict[str, int] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, depth + 1)
        if not isinstance(key, Text):
            raise CardError(f"Line {key.line}: a key must be a plain text.")
        if key.text in entries:
            raise CardError(
                f"Line {key.line}: `{key.text}` stands twice (first on line {lines[key.text]}).",
                "Keep one of them.",
            )
        lines[key.text] = key.line
        entries[key.text] = _node(next(events), events, depth + 1)
    return Entries(entries, lines, line)


def write_tree(tree: Plain, *, block_levels: int = 2) -> str:
    """YAML text of nested texts, lists and mappings; deeper than `block_levels` in one line."""
    out = io.StringIO()
    events: list[yaml.Event] = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *_events(tree, block_levels),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    yaml.emit(events, out, allow_unicode=True, width=10_000)
    return out.getvalue()


def _events(tree: Plain, levels: int) -> Iterator[yaml.Event]:
    flow = levels <= 0
    if isinstance(tree, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=flow)
        for key, value in tree.items():
            yield from _events(key, 0)
            yield from _events(value, levels - 1)
        yield yaml.MappingEndEvent()
    elif isinstance(tree, list):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=flow)
        for value in tree:
            yield from _events(value, levels - 1)
        yield yaml.SequenceEndEvent()
    else:
        # Conditions hold 'texts': between double quotes they stay readable.
        style = '"' if "'" in tree and '"' not in tree and "\\" not in tree else None
        yield yaml.ScalarEvent(None, None, (True, True), tree, style=style)
