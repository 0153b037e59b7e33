"""Learned terms in the words of a card: its lines, its conditions, what its bins are called."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from scoreline.learn.cutting import Cuts, Cutter, Groups
from scoreline.learn.table import LearnedPair, LearnedTerm
from scoreline.scorecard.model import Bin, Range

Entries = dict[str, Any]
NAMED = 3
"""Levels that the name of a condition tells; of more it tells how many."""


@dataclass(frozen=True)
class Clue:
    """What a column is in a card.

    column: its name among those that were learnt from; term: the name of its term; of: what the
    term looks at, as a card writes it; spelt: levels as people write them; given: whether it only
    counts that there is a value; field: that it reads, the column unless said; codes: numbers that
    are none, and apart: whether these are what it tells; ladder: levels that were learnt from as
    numbers, their places in it.
    """

    column: str
    term: str
    of: str
    spelt: Mapping[str, str] = field(default_factory=dict)
    given: bool = False
    field: str = ""
    codes: tuple[str, ...] = ()
    apart: bool = False
    ladder: tuple[str, ...] = ()

    @property
    def reads(self) -> str:
        """The name of the card's field that it reads."""
        return self.field or self.column


def in_levels(term: LearnedTerm, clue: Clue) -> LearnedTerm:
    """A term as a card has it: one over places in a ladder as one over levels."""
    if not clue.ladder or not isinstance(term.cutter, Cuts):
        return term
    starts = [0, *(math.ceil(cut) for cut in term.cutter.cuts), len(clue.ladder)]
    groups = tuple(clue.ladder[begin:end] for begin, end in pairwise(starts))
    return replace(term, cutter=Groups(groups))


def term_entries(own: Sequence[tuple[LearnedTerm, Clue]]) -> list[Entries]:
    """The lines of terms in a card; conditions over one column are told apart by their names."""
    seen: Counter[str] = Counter()
    found = []
    for term, clue in own:
        entry = _term(in_levels(term, clue), clue)
        name = entry["name"]
        seen[name] += 1
        if seen[name] > 1:
            entry["name"] = f"{name} ({seen[name]})"
        found.append(entry)
    return found


def counts_given(term: LearnedTerm, clue: Clue) -> bool:
    """Whether all values have the same points, so that only their being there counts."""
    return term.on is None and (clue.given or term.cutter.size == 2)


def _term(term: LearnedTerm, clue: Clue) -> Entries:
    if term.on is not None:
        worth = str(term.bins[term.on].points)
        return {"name": condition_name(term, clue), "when": _condition(term, clue), "points": worth}
    missing = term.bins[-1].points
    if counts_given(term, clue):
        points = term.bins[0].points - missing
        return {"name": clue.term, "when": f"{clue.of} is not null", "points": str(points)}
    if isinstance(term.cutter, Cuts):
        return {"name": clue.term, "of": clue.of, "bins": _ranges(term, term.cutter)}
    return {"name": clue.term, "of": clue.of, "values": _levels(term, term.cutter, clue.spelt)}


def _ranges(term: LearnedTerm, cutter: Cuts) -> list[Entries]:
    edges = [None, *(format(cut, "f") for cut in cutter.cuts), None]
    found: list[Entries] = []
    for (lower, upper), one in zip(pairwise(edges), term.bins, strict=False):
        ends = {"from": lower, "below": upper}
        known = {key: end for key, end in ends.items() if end is not None}
        found.append({**known, "points": str(one.points)})
    return [*found, *_missing(term)]


def _levels(term: LearnedTerm, cutter: Groups, spelt: Mapping[str, str]) -> list[Entries]:
    found: list[Entries] = []
    otherwise = term.bins[-1].points  # what was never seen says as little as what is missing
    for place, (group, one) in enumerate(zip(cutter.groups, term.bins, strict=False)):
        if place == cutter.rare:
            otherwise = one.points
            continue
        names = [spelt.get(name, name) for name in group]
        found.append({"is": names[0] if len(names) == 1 else names, "points": str(one.points)})
    return [*found, {"otherwise": str(otherwise)}, *_missing(term)]


def pair_entry(pair: LearnedPair, one: Clue, other: Clue) -> Entries:
    """The lines of a table of two columns in a card."""
    rows, columns = _axis(pair.grid.rows, one), _axis(pair.grid.columns, other)
    width = pair.grid.columns.size
    worth = [[pair.cells[row * width + at].points for at, _ in columns] for row, _ in rows]
    # What is in no row, or in no column, is worth nothing: such rows and columns need no line.
    rows, worth = _counting(rows, worth)
    columns, across = _counting(columns, [list(line) for line in zip(*worth, strict=True)])
    return {
        "name": pair_name(one, other),
        "of": [one.of, other.of],
        "rows": [entry for _, entry in rows],
        "columns": [entry for _, entry in columns],
        "points": [[str(points) for points in line] for line in zip(*across, strict=True)],
    }


def pair_name(one: Clue, other: Clue) -> str:
    """What the table of two columns is called."""
    return f"{one.term} and {other.term}"


Line = tuple[int, "Entries | str"]


def _axis(cutter: Cutter, clue: Clue) -> list[Line]:
    """The rows or columns of a table: the bin of each, and how a card writes it."""
    last = cutter.size - 1
    if isinstance(cutter, Cuts):
        edges = [None, *(format(cut, "f") for cut in cutter.cuts), None]
        ranges = ({"from": lower, "below": upper} for lower, upper in pairwise(edges))
        known = [{key: end for key, end in one.items() if end is not None} for one in ranges]
        return [*enumerate(known), (last, "missing")]
    named = [(n, group) for n, group in enumerate(cutter.groups) if n != cutter.rare]
    found: list[Line] = [(n, {"is": _spelt(group, clue)}) for n, group in named]
    other = last if cutter.rare is None else cutter.rare
    return [*found, (other, "otherwise"), (last, "missing")]


def _counting(lines: list[Line], worth: list[list[int]]) -> tuple[list[Line], list[list[int]]]:
    """The lines that need be written: all ranges and levels, others where they have points."""
    kept = [
        (line, own)
        for line, own in zip(lines, worth, strict=True)
        if not isinstance(line[1], str) or any(own)
    ]
    return [line for line, _ in kept], [own for _, own in kept]


def cell_labels(pair: LearnedPair, one: Clue, other: Clue) -> list[str]:
    """What the cells of a table are called, row by row."""
    columns = _labels(pair.grid.columns, other)
    return [f"{row}; {column}" for row in _labels(pair.grid.rows, one) for column in columns]


def _missing(term: LearnedTerm) -> list[Entries]:
    """The bin of missing values, where there were any: unlisted it has no points."""
    last = term.bins[-1]
    return [{"missing": str(last.points)}] if last.weight or last.points else []


def bin_labels(term: LearnedTerm, clue: Clue) -> list[str]:
    """What the bins of a term are called, that of missing values last.

    >>> from decimal import Decimal
    >>> bin_labels(LearnedTerm("age", Cuts((Decimal(30),)), ()), Clue("age", "age", "age"))
    ['below 30', '30 or more', 'missing']
    """
    if counts_given(term, clue):
        return ["given", "missing"]
    return _labels(in_levels(term, clue).cutter, clue)


def _labels(cutter: Cutter, clue: Clue) -> list[str]:
    if isinstance(cutter, Cuts):
        edges = [None, *(float(cut) for cut in cutter.cuts), None]
        return [*(Bin(Range(*ends), 0).label for ends in pairwise(edges)), "missing"]
    named = [
        "otherwise" if place == cutter.rare else ", ".join(_spelt(group, clue))
        for place, group in enumerate(cutter.groups)
    ]
    return [*named, "missing"]


def condition_name(term: LearnedTerm, clue: Clue) -> str:
    """What the term of a condition is called.

    >>> from decimal import Decimal
    >>> older = LearnedTerm("age", Cuts((Decimal(50),)), (), on=1)
    >>> condition_name(older, Clue("age", "age", "age"))
    'age 50 or more'
    """
    place = term.on or 0
    if clue.given:
        return f"{clue.term} {'missing' if place == term.cutter.size - 1 else 'given'}"
    term = in_levels(term, clue)
    label = bin_labels(term, clue)[place]
    if isinstance(term.cutter, Groups) and place < len(term.cutter.groups):
        names = _spelt(term.cutter.groups[place], clue)
        more = len(names) - NAMED
        label = ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{clue.term} {label}".replace(";", ",")


def _condition(term: LearnedTerm, clue: Clue) -> str:
    """The condition of a term as a card writes it."""
    place = term.on or 0
    if place == term.cutter.size - 1:
        return f"{clue.of} is null"
    if clue.given:
        return f"{clue.of} is not null"
    if isinstance(term.cutter, Cuts):
        edges = [None, *term.cutter.cuts, None]
        lower, upper = edges[place], edges[place + 1]
        tests = [] if lower is None else [f"{clue.of} >= {lower:f}"]
        tests += [] if upper is None else [f"{clue.of} < {upper:f}"]
        return " and ".join(tests)
    names = [_quoted(name) for name in _spelt(term.cutter.groups[place], clue)]
    return f"{clue.of} = {names[0]}" if len(names) == 1 else f"{clue.of} in ({', '.join(names)})"


def _spelt(group: Sequence[str], clue: Clue) -> list[str]:
    return [clue.spelt.get(name, name) for name in group]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
