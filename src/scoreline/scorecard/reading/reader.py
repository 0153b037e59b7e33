"""What every section of a card file is read with; problems gather, reading goes on.

One mistake is one finding: a misspelt key is read as the key it was meant for, and of a field or
section that can't be read nothing more is said elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from scoreline.errors import CardError, ConditionError, Finding, did_you_mean, nearest
from scoreline.language.slips import plain_number
from scoreline.language.text import folded, normal
from scoreline.scorecard import schema
from scoreline.scorecard.model import Clamp
from scoreline.scorecard.points import parse_points
from scoreline.scorecard.yamltree import Entries, Items, Text, Tree

T = TypeVar("T")

MAY_BE_BLANK = ("title", "objective", "segment", "ask")
"""Keys whose blank value says something: no title, no segment, nothing to ask."""


_PEOPLES_NUMBER = re.compile(r"[+-]?\d+(?:[ _,]\d+)+(?:[.,]\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")


def _write(number: str) -> str:
    return f"Write {number}: a decimal point, and nothing between thousands."


def _torn_number(tree: Entries, key: str) -> tuple[str, str] | None:
    """What to say of `points: 1,5` between braces, which YAML reads as two keys, `points` and `5`.

    None if the key is no such piece of a number.
    """
    keys = list(tree.entries)
    place, below = keys.index(key), tree.entries[key]
    before = tree.entries[keys[place - 1]] if place else None
    torn = key.isdecimal() and isinstance(below, Text) and not below.text
    if not torn or not isinstance(before, Text) or not _WHOLE.fullmatch(before.text):
        return None
    number = f"{before.text},{key}"
    return f"`{keys[place - 1]}: {number}` is no number in a card.", _write(plain_number(number))


class Reader:
    """Reads texts, names, points, clamps and lists; what is wrong is noted in `findings`.

    term: the name of the term that is being read; unread: names of fields that can't be read,
    None if no field could; segments_unread: whether something is wrong with the segments.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.term: str | None = None
        self.unread: set[str] | None = set()
        self.segments_unread = False

    def problem(self, line: int, message: str, hint: str = "", code: str = "card-format") -> None:
        """Note what is wrong on a line, and in which term."""
        self.findings.append(Finding(code, "error", message, hint, self.term, line))

    def entries(self, tree: Tree, keys: tuple[schema.Key, ...], what: str) -> Entries | None:
        """The mapping with its keys as they were meant; unknown and missing ones are noted.

        None where there is nothing to go on with: no mapping, or one without any key that is known.
        """
        subject = what[0].upper() + what[1:]
        if not isinstance(tree, Entries):
            self.problem(tree.line, f"{subject} is a mapping (key: value).")
            return None
        required = [key.name for key in keys if key.required]
        if required and not tree.entries:
            needed = ", ".join(f"`{name}`" for name in required)
            self.problem(tree.line, f"{subject} is empty.", f"It needs {needed}.")
            return None
        meant = self._meant_keys(tree, [key.name for key in keys], what)
        if tree.entries and not meant:
            return None
        entries = {meant[key]: below for key, below in tree.entries.items() if key in meant}
        lines = {meant[key]: line for key, line in tree.lines.items() if key in meant}
        for name in required:
            if name not in entries:
                self.problem(tree.line, f"{subject} needs `{name}`.")
        return Entries(entries, lines, tree.line)

    def _meant_keys(self, tree: Entries, known: list[str], what: str) -> dict[str, str]:
        """Each key of the mapping that can be used, and the known key it stands for."""
        meant = {key: key for key in tree.entries if key in known}
        for key, line in tree.lines.items():
            if key in known:
                continue
            if (slip := _torn_number(tree, key)) is not None:
                self.problem(line, *slip)
                continue
            self.problem(line, f"`{key}` is not a key of {what}.", did_you_mean(key, known))
            if (close := nearest(key, known, 1)) and close[0] not in meant.values():
                meant[key] = close[0]
        return meant

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

    def words(self, entries: Entries, key: str, empty: str = "") -> tuple[str, ...]:
        """The texts of a key that holds one text or a list of them.

        empty: what is wrong with a list of none, if that is wrong.
        """
        tree = entries.entries.get(key)
        if empty and isinstance(tree, Items) and not tree.items:
            self.problem(entries.lines[key], empty)
        items = tree.items if isinstance(tree, Items) else () if tree is None else (tree,)
        for item in items:
            if not isinstance(item, Text):
                self.problem(item.line, f"`{key}` holds texts only.")
        return tuple(item.text for item in items if isinstance(item, Text))

    def points(self, entries: Entries, key: str) -> int | None:
        """Scaled points of a key."""
        return self.points_of(self.text(entries, key), entries.lines.get(key, entries.line))

    def points_of(self, text: str | None, line: int) -> int | None:
        """Scaled points of a text."""
        if text is not None and _PEOPLES_NUMBER.fullmatch(text):
            self.problem(line, f"`{text}` is not a number of points.", _write(plain_number(text)))
            return None
        return None if text is None else self.attempt(line, lambda: parse_points(text))

    def is_unread(self, name: str | None) -> bool:
        """Whether a name is that of a field that can't be read, as a finding says already."""
        return name is not None and (self.unread is None or name in self.unread)

    def attempt(self, line: int, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its refusal noted on the line."""
        try:
            return read()
        except ConditionError as error:
            if not self.is_unread(error.field):
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

    def items(self, entries: Entries, key: str, empty: str = "") -> tuple[Tree, ...]:
        """The list of a key; () if absent. empty: what is wrong with a list of none, if it is."""
        tree = entries.entries.get(key)
        if tree is None:
            return ()
        if isinstance(tree, Items) and tree.items:
            return tree.items
        if not isinstance(tree, Items) and not (isinstance(tree, Text) and not tree.text.strip()):
            self.problem(tree.line, f"`{key}` is a list (lines that begin with -).")
        elif empty:
            self.problem(entries.lines[key], empty)
        return ()

    def flag(self, entries: Entries, key: str) -> bool | None:
        """A yes or no."""
        return self.flag_of(self.text(entries, key), key, entries.lines.get(key, entries.line))

    def flag_of(self, text: str | None, key: str, line: int) -> bool | None:
        """Yes or no of a text."""
        if text is None:
            return None
        if folded(text) not in ("yes", "no", "true", "false"):
            self.problem(line, f"`{key}` is yes or no, not `{text}`.")
        return folded(text) in ("yes", "true")
