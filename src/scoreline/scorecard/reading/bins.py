"""The bins of a term: true or missing of a condition; ranges or values of an expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from scoreline.language.literals import literal_of
from scoreline.language.text import normal
from scoreline.language.tree import Node, Scalar
from scoreline.scorecard import schema
from scoreline.scorecard.model import (
    Bin,
    Edge,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Test,
)
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Tree


def when_bins(reader: Reader, term: Entries) -> list[Bin]:
    """The bins of a `when` term: true, and missing where it is said."""
    for key in ("of", "bins", "values", "rows", "columns"):
        if key in term.entries:
            reader.problem(term.lines[key], f"A `when` term has no `{key}`.")
    if "points" not in term.entries:
        reader.problem(term.line, "A `when` term needs `points`.")
    bins = [Bin(Holds(), reader.points(term, "points") or 0, term.line)]
    missing = reader.points(term, "missing")
    return bins if missing is None else [*bins, Bin(Missing(), missing, term.line)]


def of_bins(reader: Reader, term: Entries, of: Node | None) -> list[Bin]:
    """The bins of an `of` term; of: what they look at, None if it was refused."""
    for key in ("points", "missing"):
        if key in term.entries:
            reader.problem(
                term.lines[key],
                f"An `of` term has its `{key}` inside its bins.",
                "Write - {missing: -1} as one of the bins.",
            )
    for key in ("rows", "columns"):
        if key in term.entries:
            reader.problem(term.lines[key], f"`{key}` needs an `of` of two.", "of: [age, job]")
    if ("bins" in term.entries) == ("values" in term.entries):
        reader.problem(term.line, "An `of` term needs `bins` or `values`, one of them.")
    key = "bins" if "bins" in term.entries else "values"
    trees = reader.items(term, key, f"`{key}` is empty.")
    if of is not None and refuses_ranges(reader, trees, of):
        of = None
    bins = [b for tree in trees for b in _bin(reader, tree, of)]
    for kind in (Missing, Otherwise):
        if sum(isinstance(b.test, kind) for b in bins) > 1:
            reader.problem(term.line, f"`{kind.__name__.lower()}` stands twice.")
    # The two that look at no value come last, so that the first bin that holds is the one.
    rank = {Otherwise: 1, Missing: 2}
    return sorted(bins, key=lambda b: rank.get(type(b.test), 0))


def refuses_ranges(reader: Reader, trees: Sequence[Tree], of: Node) -> bool:
    """Whether there are ranges of what has no order: noted on the first of them."""
    if of.kind in ("number", "date", "time"):
        return False
    for tree in trees:
        if isinstance(tree, Entries) and {"from", "below"} & tree.entries.keys():
            reader.problem(
                tree.line,
                f"Ranges need a number or a date; this is a {of.kind}.",
                "Use `values` with `is`.",
            )
            return True
    return False


def _bin(reader: Reader, tree: Tree, of: Node | None) -> list[Bin]:
    """One entry of `bins` or `values`: usually one bin."""
    entries = reader.entries(tree, schema.BIN, "a bin")
    if entries is None:
        return []
    keys = entries.entries.keys()
    if not keys:
        reader.problem(entries.line, "A bin is empty.", "Write - {below: 25, points: -4}.")
        return []
    if "otherwise" in keys or "missing" in keys:
        return _bins_without_value(reader, entries)
    points = reader.points(entries, "points")
    if "points" not in keys:
        reader.problem(entries.line, "A bin needs `points`.")
    found = known_bin(reader, entries, of, "A bin")
    return [] if found is None else [replace(found, points=points or 0)]


def known_bin(reader: Reader, entries: Entries, of: Node | None, what: str) -> Bin | None:
    """The bin of a range or of values, without points; None where it can't be read.

    of: what it looks at, None if that was refused; what: is being read.
    """
    ranged = bool({"from", "below"} & entries.entries.keys())
    if ("is" in entries.entries) == ranged:
        reader.problem(entries.line, f"{what} needs `from` and `below`, one of them, or `is`.")
        return None
    if of is None:  # refused already: its literals have no kind to be read by
        return None
    if ranged:
        test = Range(_edge(reader, entries, "from", of), _edge(reader, entries, "below", of))
        return Bin(test, 0, entries.line)
    values = _values(reader, entries, of)
    spelt = tuple(values.values()) if of.kind == "choice" else ()
    return Bin(OneOf(tuple(values)), 0, entries.line, spelt=spelt)


def _bins_without_value(reader: Reader, entries: Entries) -> list[Bin]:
    """The bins `otherwise` and `missing`, or both in one entry."""
    keys = entries.entries.keys()
    if keys - {"otherwise", "missing"}:
        reader.problem(
            entries.line,
            "`missing` and `otherwise` are bins of their own.",
            "Write - {missing: -1} and - {otherwise: 0}.",
        )
    tests: dict[str, Test] = {"otherwise": Otherwise(), "missing": Missing()}
    return [Bin(tests[k], reader.points(entries, k) or 0, entries.line) for k in tests if k in keys]


def _values(reader: Reader, entries: Entries, of: Node) -> dict[Scalar, str]:
    """The values of a bin, each with its spelling in the card; of equal ones the first."""
    line = entries.lines["is"]
    found: dict[Scalar, str] = {}
    for word in reader.words(entries, "is", "`is` is empty."):
        value = _literal(reader, word, line, of)
        if value is not None:
            found.setdefault(value, normal(word))
    return found


def _edge(reader: Reader, entries: Entries, key: str, of: Node) -> Edge | None:
    """One edge of a range; None is open."""
    text = reader.text(entries, key)
    if text is None:
        return None
    return cast(Edge | None, _literal(reader, text, entries.lines[key], of))


def _literal(reader: Reader, text: str, line: int, of: Node) -> Scalar | None:
    """A scalar as a value beside `of`."""
    return reader.attempt(line, lambda: literal_of(text, of))
