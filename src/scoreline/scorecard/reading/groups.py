"""The `groups` of a card: terms with a shared cap and floor."""

from __future__ import annotations

from scoreline.language.text import normal
from scoreline.scorecard.model import Group
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries


def read_groups(reader: Reader, card: Entries) -> dict[str, Group] | None:
    """The groups by name; None if they can't be read, as a finding says then."""
    tree = card.entries.get("groups")
    if tree is None:
        return {}
    if not isinstance(tree, Entries):
        reader.problem(tree.line, "`groups` is a mapping: a line `name: {cap: 40}` for each.")
        return None
    groups: dict[str, Group] = {}
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        reader.name_text(name, "the name of a group", line)
        if name == "total":
            reader.problem(
                line,
                "A group can't be called `total`: its lines `total cap` and `total floor` would "
                "be those of the whole score.",
                "Give it another name, also in the terms that name it.",
            )
        if name in groups:
            reader.problem(line, f"The group `{name}` stands twice.")
        groups[name] = Group(name, reader.clamp(below, name))
    return groups
