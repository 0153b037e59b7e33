"""What every section of a card file is read with; problems gather, reading goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from scoreline.errors import CardError, ConditionError, Finding, did_you_mean
from scoreline.language.text import folded, normal
from scoreline.scorecard import schema
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import parse_points
from scoreline.scorecard.yamltree import Entries, Items, Text, Tree

T = TypeVar("T")

MAY_BE_BLANK = ("title", "objective", "segment", "ask")
"""Keys whose blank value says something: no title, no segment, nothing to ask."""


class Reader:
    """Reads texts, names, points, clamps and lists; what is wrong is noted in `findings`."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.term: str | None = None

    def problem(self, line: int, message: str, hint: str = "", code: str = "card-format") -> None:
        """Note what is wrong on a line, and in which term."""
        self.findings.append(Finding(code, "error", message, hint, self.term, line))

    def entries(self, tree: Tree, keys: tuple[schema.Key, ...], what: str) -> Entries | None:
        """The mapping, its unknown keys and missing ones noted."""
        if not isinstance(tree, Entries):
            self.problem(tree.line, f"{what[0].upper()}{what[1:]} is a mapping (key: value).")
            return None
        known = [key.name for key in keys]
        for key, line in tree.lines.items():
            if key in known:
                continue
            hint = schema.LATER.get(key) or did_you_mean(key, known)
            self.problem(line, f"`{key}` is not a key of {what}.", hint)
        for needed in keys:
            if needed.required and needed.name not in tree.entries:
                self.problem(tree.line, f"{what[0].upper()}{what[1:]} needs `{needed.name}`.")
        return tree

    def text(self, entries: Entries, key: str) -> str | None:
        """The normal text of a key; None if absent or blank."""
        tree = entries.entries.get(key)
        if tree is None:
            return None
        if not isinstance(tree, Text):
            self.problem(tree.line, f"`{key}` is one text, not a list or mapping.")
            return None
        found = normal(tree.text) or None
        if found is None and key not in MAY_BE_BLANK:
            self.problem(
                entries.lines[key], f"`{key}` is blank.", "Give it a value or leave it out."
            )
        return found

    def name(self, entries: Entries, key: str = "name") -> str | None:
        """A name: not blank, of one line, without a semicolon."""
        found = self.text(entries, key)
        if found is not None:
            self.name_text(found, f"`{key}`", entries.lines[key])
        return found

    def name_text(self, name: str, what: str, line: int) -> None:
        """Note what makes a text unfit to be a name."""
        if not name:
            self.problem(line, f"{what[0].upper()}{what[1:]} is blank.")
        if ";" in name or not name.isprintable():
            self.problem(
                line,
                f"{what[0].upper()}{what[1:]} holds a semicolon or a control character.",
                "Names are plain text: reasons are joined by semicolons.",
            )

    def words(self, entries: Entries, key: str) -> tuple[str, ...]:
        """The texts of a key that holds one text or a list of them."""
        tree = entries.entries.get(key)
        items = tree.items if isinstance(tree, Items) else () if tree is None else (tree,)
        for item in items:
            if not isinstance(item, Text):
                self.problem(item.line, f"`{key}` holds texts only.")
        return tuple(item.text for item in items if isinstance(item, Text))

    def points(self, entries: Entries, key: str) -> int | None:
        """Scaled points of a key."""
        found = self.text(entries, key)
        if found is None:
            return None
        return self.attempt(entries.lines[key], lambda: parse_points(found))

    def attempt(self, line: int, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its refusal noted on the line."""
        try:
            return read()
        except ConditionError as error:
            self.problem(line, error.message, error.hint, error.code)
        except CardError as error:
            self.problem(line, error.message, error.hint)
        return None

    def clamp(self, tree: Tree | None, what: str) -> Clamp:
        """The cap and floor of a mapping."""
        if tree is None:
            return Clamp()
        entries = self.entries(tree, schema.CLAMP, f"`{what}`")
        return Clamp() if entries is None else self.clamp_of(entries, what)

    def clamp_of(self, entries: Entries, what: str) -> Clamp:
        """The cap and floor among the keys of a mapping."""
        clamp = Clamp(self.points(entries, "floor"), self.points(entries, "cap"))
        if clamp.floor is not None and clamp.cap is not None and clamp.floor > clamp.cap:
            self.problem(entries.line, f"The floor of `{what}` is above its cap.")
        return clamp

    def items(self, entries: Entries, key: str) -> tuple[Tree, ...]:
        """The list of a key; () if absent."""
        tree = entries.entries.get(key)
        if tree is None or (isinstance(tree, Text) and not tree.text.strip()):
            return ()
        if not isinstance(tree, Items):
            self.problem(tree.line, f"`{key}` is a list (lines that begin with -).")
            return ()
        return tree.items

    def flag(self, entries: Entries, key: str) -> bool | None:
        """A yes or no."""
        found = self.text(entries, key)
        if found is None:
            return None
        if folded(found) not in ("yes", "no", "true", "false"):
            self.problem(entries.lines[key], f"`{key}` is yes or no, not `{found}`.")
        return folded(found) in ("yes", "true")
