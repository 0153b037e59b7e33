"""The `probability` of a card, score by score, and how the card was `learned`."""

from __future__ import annotations

from itertools import pairwise

from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.points import points_text
from scoreline.scorecard.probability import Chance, Probability, parse_share
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

MOST = 10_000
"""Lines of a table of probabilities."""


def read_probability(reader: Reader, card: Entries) -> Probability | None:
    """The table of probabilities; None if the card has none, or it can't be read."""
    tree = card.entries.get("probability")
    if tree is None:
        return None
    entries = reader.entries(tree, schema.PROBABILITY, "`probability`")
    if entries is None:
        return None
    of = reader.text(entries, "of") or ""
    trees = reader.items(entries, "scores", "`scores` is empty.")
    if len(trees) > MOST:
        reader.problem(entries.lines["scores"], f"{len(trees):,} lines; {MOST:,} is the most.")
        return None
    before = len(reader.findings)
    read = [_Line(reader, one) for one in trees]
    if len(reader.findings) == before:
        _check_order(reader, read)
    if len(reader.findings) > before or not read:
        return None
    return Probability(tuple(line.chance for line in read), of)


class _Line:
    """One line of `scores` as it was read: its chance, and where it ends."""

    def __init__(self, reader: Reader, tree: Tree) -> None:
        self.line = tree.line
        self.below: int | None = None
        self.chance = Chance(None, 0)
        entries = reader.entries(tree, schema.CHANCE, "a line of `scores`")
        if entries is None:
            return
        start, self.below = reader.points(entries, "from"), reader.points(entries, "below")
        share, low, high = (_share(reader, entries, k) for k in ("probability", "low", "high"))
        self.chance = Chance(start, share or 0, low, high, entries.line)
        if ("low" in entries.entries) != ("high" in entries.entries):
            reader.problem(entries.line, "`low` and `high` go together.", "Say both, or neither.")
        if share is not None and low is not None and high is not None and not low <= share <= high:
            reader.problem(
                entries.line,
                "A probability lies between its `low` and its `high`; this one does not.",
                "Write {probability: 0.04, low: 0.03, high: 0.05}.",
            )


def _share(reader: Reader, entries: Entries, key: str) -> int | None:
    """The millionths of a key."""
    text = reader.text(entries, key)
    if text is None:
        return None
    return reader.attempt(entries.lines[key], lambda: parse_share(text))


def _check_order(reader: Reader, read: list[_Line]) -> None:
    """Note the first score that has no probability, or two of them."""
    if not read:
        return
    first, last = read[0], read[-1]
    if first.chance.start is not None:
        start = points_text(first.chance.start)
        reader.problem(
            first.line,
            f"Scores below {start} have no probability.",
            "The first line has no `from`: it holds for all scores below its `below`.",
        )
        return
    for line, after in pairwise(read):
        if (slip := _slip(line, after)) is not None:
            reader.problem(after.line if line.below is not None else line.line, *slip)
            return
    if last.below is not None:
        reader.problem(
            last.line,
            f"Scores of {points_text(last.below)} and more have no probability.",
            "The last line has no `below`: it holds for all scores from its `from` on.",
        )


def _slip(line: _Line, after: _Line) -> tuple[str, str] | None:
    """What is wrong where one line ends and the next begins, and what to do."""
    start, below, begins = line.chance.start, line.below, after.chance.start
    if below is None:
        return "Only the last line has no `below`.", "Say where the next line begins."
    end = points_text(below)
    hint = f"Write from: {end}: each line begins where the one before it ends."
    if start is not None and below <= start:
        return (
            f"No score is from {points_text(start)} to below {end}.",
            "Ascending, please: " + hint,
        )
    if begins is None:
        return "Only the first line has no `from`.", hint
    if begins > below:
        return f"Scores from {end} to below {points_text(begins)} have no probability.", hint
    if start is not None and begins <= start:
        return "The lines of `scores` are not in ascending order.", hint
    if begins < below:
        return f"Scores from {points_text(begins)} to below {end} have two probabilities.", hint
    return None


def read_learned(reader: Reader, card: Entries) -> tuple[tuple[str, str], ...]:
    """How the card was made: names with their texts."""
    tree = card.entries.get("learned")
    if tree is None:
        return ()
    if not isinstance(tree, Entries):
        reader.problem(tree.line, "`learned` is a mapping (name: text).")
        return ()
    found = []
    for key, below in tree.entries.items():
        if not isinstance(below, Text) or not normal(below.text) or not normal(key):
            reader.problem(tree.lines[key], f"`{key}` of `learned` is one text, and not blank.")
            continue
        found.append((normal(key), normal(below.text)))
    return tuple(found)
