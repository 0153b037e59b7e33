"""The `groups` of a card: terms with a shared cap and floor."""

from __future__ import annotations

from scoreline.language.text import normal
from scoreline.scorecard.model import Group
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries


def read_groups(reader: Reader, card: Entries) -> dict[str, Group]:
    """The groups by name."""
    tree = card.entries.get("groups")
    if tree is None:
        return {}
    if not isinstance(tree, Entries):
        reader.problem(tree.line, "`groups` is a mapping: a line `name: {cap: 40}` for each.")
        return {}
    groups: dict[str, Group] = {}
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        reader.name_text(name, "the name of a group", line)
        if name in groups:
            reader.problem(line, f"The group `{name}` stands twice.")
        groups[name] = Group(name, reader.clamp(below, name))
    return groups
