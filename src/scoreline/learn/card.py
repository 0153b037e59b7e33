"""A learned table -> a card file that a person can read, change and publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from scoreline.language.fields import Field
from scoreline.learn.cutting import Cuts, Groups
from scoreline.learn.probability import Band
from scoreline.learn.table import LearnedTerm, PointsTable
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Bin, Range, Scorecard
from scoreline.scorecard.write import field_entry
from scoreline.scorecard.yamltree import write_tree

Entries = dict[str, Any]


@dataclass(frozen=True)
class Clue:
    """What a column is in a card.

    column: its name among those that were learnt from; term: the name of its term; of: what the
    term looks at, as a card writes it; spelt: levels as people write them; given: whether it only
    counts that there is a value.
    """

    column: str
    term: str
    of: str
    spelt: Mapping[str, str] = field(default_factory=dict)
    given: bool = False


@dataclass(frozen=True)
class Frame:
    """All of a card but what was learnt.

    segments: best first: name and least score, None for the rest; bands: what scores mean as a
    probability; of: of what; learned: how the card was made, by name.
    """

    name: str
    title: str = ""
    objective: str = ""
    key: str | None = None
    segments: Sequence[tuple[str, int | None]] = ()
    bands: Sequence[Band] = ()
    of: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)


def learned_card(
    table: PointsTable, clues: Sequence[Clue], fields: Sequence[Field], frame: Frame
) -> tuple[Scorecard, str]:
    """The card of a table, and the text of its file.

    clues: of all columns of the table; fields: that clues read, others are left out.

    >>> from decimal import Decimal
    >>> from scoreline.learn.table import LearnedBin
    >>> bins = tuple(LearnedBin(points, 0, 0, 10, 5) for points in (-2, 3, 1))
    >>> table = PointsTable((LearnedTerm("age", Cuts((Decimal(30),)), bins),), 2, 5, 0.0, 0.0)
    >>> card, text = learned_card(table, [Clue("age", "age", "age")], [Field("age", "number")],
    ...                           Frame("example"))
    >>> print(text)
    scorecard: example
    fields:
      age: number
    base: 2
    terms:
    - {name: age, of: age, bins: [{below: 30, points: -2}, {from: 30, points: 3}, {missing: 1}]}
    <BLANKLINE>
    """
    by_column = {clue.column: clue for clue in clues}
    own = [(term, by_column[term.column]) for term in table.terms]
    base = table.base + sum(term.bins[-1].points for term, clue in own if _counts_given(term, clue))
    sections: Entries = {
        "scorecard": frame.name,
        "title": frame.title,
        "objective": frame.objective,
        "key": frame.key or "",
        "fields": {one.name: field_entry(one) for one in fields},
        "base": str(base) if base else "",
        "terms": [_term(term, clue) for term, clue in own],
        "segments": [_segment(name, least) for name, least in frame.segments],
        "probability": _probability(frame),
        "learned": dict(frame.learned),
    }
    needed = ("scorecard", "fields", "terms")
    text = write_tree({key: value for key, value in sections.items() if value or key in needed})
    return parse_card(text), text


def _counts_given(term: LearnedTerm, clue: Clue) -> bool:
    """Whether all values have the same points, so that only their being there counts."""
    return clue.given or term.cutter.size == 2


def _term(term: LearnedTerm, clue: Clue) -> Entries:
    missing = term.bins[-1].points
    if _counts_given(term, clue):
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
    otherwise = 0
    for place, (group, one) in enumerate(zip(cutter.groups, term.bins, strict=False)):
        if place == cutter.rare:
            otherwise = one.points
            continue
        names = [spelt.get(name, name) for name in group]
        found.append({"is": names[0] if len(names) == 1 else names, "points": str(one.points)})
    return [*found, {"otherwise": str(otherwise)}, *_missing(term)]


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
    if _counts_given(term, clue):
        return ["given", "missing"]
    if isinstance(term.cutter, Cuts):
        edges = [None, *(float(cut) for cut in term.cutter.cuts), None]
        return [*(Bin(Range(*ends), 0).label for ends in pairwise(edges)), "missing"]
    named = [
        "otherwise" if place == term.cutter.rare else ", ".join(clue.spelt.get(n, n) for n in group)
        for place, group in enumerate(term.cutter.groups)
    ]
    return [*named, "missing"]


def _probability(frame: Frame) -> Entries:
    if not frame.bands:
        return {}
    ends = [None if band.start is None else str(band.start) for band in frame.bands]
    scores = []
    for band, lower, upper in zip(frame.bands, ends, [*ends[1:], None], strict=True):
        known = {key: end for key, end in (("from", lower), ("below", upper)) if end is not None}
        says = (("probability", band.chance), ("low", band.low), ("high", band.high))
        scores.append({**known, **{key: f"{value:.4f}" for key, value in says}})
    return {"of": frame.of, "scores": scores} if frame.of else {"scores": scores}


def _segment(name: str, least: int | None) -> Entries:
    return {"name": name} if least is None else {"name": name, "from": str(least)}
