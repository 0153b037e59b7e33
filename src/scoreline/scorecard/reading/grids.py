"""A grid file: two sides, each a card with its cut-offs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from scoreline.errors import CardError, did_you_mean, nearest
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.grid import UNKNOWN, burst_of, grid_of, segments_of
from scoreline.scorecard.model import Scorecard, Segment, Side
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

Load = Callable[[str], Scorecard]
"""The card of a file that stands beside the grid's; raises CardError."""
SIDE = "fit: {card: fit.yaml, A: {from: 70}, B: {from: 40}, C: {}}"


def is_grid(tree: Tree) -> bool:
    """Whether a file is meant to be a grid: `grid`, or a side that names a card."""
    if not isinstance(tree, Entries) or "scorecard" in tree.entries:
        return False
    return "grid" in tree.entries or any(map(_names_card, tree.entries.values()))


def _names_card(tree: Tree) -> bool:
    return isinstance(tree, Entries) and "card" in tree.entries


def read_grid(reader: Reader, tree: Tree, load: Load) -> Scorecard | None:
    """The grid of a file, or None if it can't be made."""
    if not isinstance(tree, Entries):
        return None
    told = _of_cards(tree)
    for key in told:
        reader.problem(
            tree.lines[key],
            f"A grid has no `{key}`: it belongs to a card.",
            "Say it in the files of the two cards, and leave it out here.",
        )
    sections = {key: below for key, below in tree.entries.items() if key not in told}
    own = [key for key, below in sections.items() if isinstance(below, Entries)]
    rest = {key: below for key, below in sections.items() if key not in own}
    for key in [key for key in rest if _is_no_key(key)]:
        reader.problem(tree.lines[key], f"`{key}` is not a key of a grid.", _instead(key))
        del rest[key]
    entries = None
    if rest:
        lines = {key: tree.lines[key] for key in rest}
        entries = reader.entries(Entries(rest, lines, tree.line), schema.GRID, "a grid")
    else:
        reader.problem(tree.line, "A grid needs `grid`.", "Its name: grid: fit-and-engagement")
    sides = [_side(reader, key, tree.entries[key], tree.lines[key], load) for key in own]
    if len(own) != 2:
        reader.problem(tree.line, f"A grid has two sides, not {len(own)}.", f"Write {SIDE}")
    read = [side for side in sides if side is not None]
    if entries is None or len(own) != 2 or len(read) != 2:
        return None
    first, second = read
    _check_together(reader, first, second, tree.lines[own[1]])
    return grid_of(
        (first, second),
        reader.name(entries, "grid") or "",
        reader.text(entries, "title") or "",
        reader.text(entries, "objective") or "",
    )


def _of_cards(tree: Entries) -> list[str]:
    """The sections that only cards have; a side may be called like one of them."""
    return [k for k in ("probability", "learned") if k in tree.entries and not _is_side(tree, k)]


def _is_side(tree: Entries, key: str) -> bool:
    return _names_card(tree.entries[key])


def _is_no_key(key: str) -> bool:
    known = [key.name for key in schema.GRID]
    return key not in known and not nearest(key, known, 1)


def _instead(key: str) -> str:
    if key == "key":
        return "Leave it out: the key is that of the two cards."
    return f"A side is a mapping: {SIDE}"


def _side(reader: Reader, raw_name: str, tree: Tree, line: int, load: Load) -> Side | None:
    """One side; None if it can't be read."""
    name = normal(raw_name)
    reader.name_text(name, "the name of a side", line)
    if ":" in name:
        reader.problem(line, f"The name of a side has no colon: `{name}`.", f"Write {SIDE}")
    if not isinstance(tree, Entries):
        return None
    texts = {key: below for key, below in tree.entries.items() if _is_text(below)}
    for key in [key for key in texts if key != "card"]:
        meant = did_you_mean(key, ["card"]) if nearest(key, ["card"], 1) else ""
        hint = meant or f"A class is a mapping: {key}: {{from: 70}}."
        reader.problem(tree.lines[key], f"`{key}` is not a key of the side `{name}`.", hint)
    before = len(reader.findings)
    own = [key for key in tree.entries if key not in texts and key != "card"]
    read = [_class(reader, key, tree.entries[key], tree.lines[key]) for key in own]
    classes = _checked(reader, [one for one in read if one is not None], name, line)
    if "card" not in tree.entries:
        if len(texts) == 0:
            reader.problem(line, f"The side `{name}` needs `card`.", f"Write {SIDE}")
        return None
    file = reader.text(tree, "card") or ""
    card = _card(reader, file, name, tree.lines["card"], load) if file else None
    if card is None or len(reader.findings) > before:
        return None
    return Side(name, card, classes, file)


def _is_text(tree: Tree) -> bool:
    return isinstance(tree, Text) and bool(tree.text.strip())


def _card(reader: Reader, file: str, side: str, line: int, load: Load) -> Scorecard | None:
    """The card of a side; what is wrong with it is said with its file."""
    try:
        return load(file)
    except CardError as error:
        if not error.findings:
            reader.problem(line, f"The card of `{side}`: {error.message}", error.hint)
        reader.findings += [replace(found, file=found.file or file) for found in error.findings]
    return None


def _class(reader: Reader, raw_name: str, tree: Tree, line: int) -> Segment | None:
    """One class: its name and its cut-off; without one it is open."""
    name = normal(raw_name)
    reader.name_text(name, "the name of a class", line)
    if UNKNOWN in name:
        reader.problem(
            line,
            f"No class can be called `{name}`: `{UNKNOWN}` stands for a side of which nothing is "
            "known.",
            "Give it another name.",
        )
    if isinstance(tree, Text) or (isinstance(tree, Entries) and not tree.entries):
        return Segment(name, line=line)
    entries = reader.entries(tree, schema.CLASS, f"the class `{name}`")
    if entries is None:
        return None
    if {"above", "from"} <= entries.entries.keys():
        reader.problem(line, f"The class `{name}` has `above` or `from`, not both.")
    strict = "above" in entries.entries
    bound = reader.points(entries, "above" if strict else "from")
    return None if bound is None else Segment(name, bound, strict, line)


def _checked(reader: Reader, classes: list[Segment], side: str, line: int) -> tuple[Segment, ...]:
    """The classes with the last one open; what is wrong with their order and names is noted."""
    if not classes:
        reader.problem(line, f"The side `{side}` has no classes.", f"Write {SIDE}")
        return ()
    for name, count in Counter(one.name for one in classes).items():
        if count > 1:
            reader.problem(line, f"The side `{side}` has two classes called `{name}`.")
    for better, one in pairwise(classes):
        if better.lowest is None:
            reader.problem(
                better.line or line,
                f"`{better.name}` has no cut-off, so nothing is left for `{one.name}`.",
                "Only the last class has none, and takes the rest.",
            )
        elif one.lowest is not None and one.lowest >= better.lowest:
            reader.problem(
                one.line or line,
                f"`{one.name}` ({one.rule}) stands after `{better.name}` ({better.rule}), which "
                "takes all of it.",
                "Write the best class first.",
            )
    if classes[-1].lowest is None:
        return tuple(classes)
    rest = next_name([one.name for one in classes])
    if rest is None:
        last = classes[-1]
        reader.problem(
            last.line or line,
            f"No class of `{side}` takes what is below `{last.name}`.",
            "Name one without a cut-off as the last: rest: {}",
        )
        return tuple(classes)
    return (*classes, Segment(rest, line=line))


def next_name(names: list[str]) -> str | None:
    """The name of the class that takes the rest, where the others show how names go on.

    >>> next_name(["A", "B"]), next_name(["1", "2"]), next_name(["hot", "warm"])
    ('C', '3', None)
    """
    last = names[-1]
    if last.isascii() and last.isdecimal() and last == str(int(last)):
        found = str(int(last) + 1)
    elif len(last) == 1 and last.isascii() and last.isalpha() and last not in "zZ":
        found = chr(ord(last) + 1)
    else:
        return None
    return None if found in names else found


def _check_together(reader: Reader, first: Side, second: Side, line: int) -> None:
    """Note what keeps two sides from being one grid."""
    if first.name == second.name:
        reader.problem(line, f"Both sides are called `{first.name}`.")
    keys = [side.card.key for side in (first, second)]
    if keys[0] != keys[1]:
        said = [
            f"`{s.file}` {f'has `{s.card.key}`' if s.card.key else 'has none'}"
            for s in (first, second)
        ]
        reader.problem(
            line,
            f"The cards have different keys: {said[0]}, {said[1]}.",
            "Give both the same `key`: it says which record is which.",
        )
    kinds = [{choice.event.name for choice in side.card.choices} for side in (first, second)]
    for kind in sorted(kinds[0] & kinds[1]):
        if burst_of(first.card, kind) != burst_of(second.card, kind):
            reader.problem(
                line,
                f"The cards ignore other bursts of the event `{kind}`.",
                "Say the same `ignore` in both: an event is ignored by all terms, or by none.",
            )
    names = Counter(segment.name for segment in segments_of((first, second)))
    for name in [name for name, count in names.items() if count > 1][:1]:
        reader.problem(
            line,
            f"`{name}` would be two segments: the classes of both sides can be joined in two ways "
            "to make it.",
            "Name the classes of one side by letters and those of the other by numbers.",
        )
