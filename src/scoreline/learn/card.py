"""A learned table -> a card file that a person can read, change and publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scoreline.language.fields import Field
from scoreline.learn.probability import Band
from scoreline.learn.table import PointsTable
from scoreline.learn.wording import Clue, counts_given, pair_entry, term_entries
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.write import field_entry
from scoreline.scorecard.yamltree import write_tree

Entries = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """All of a card but what was learnt.

    segments: best first: name and least score, None for the rest; bands: what scores mean as a
    probability; of: of what; learned: how the card was made, by name; features: how columns
    that are taken from events are written, by name.
    """

    name: str
    title: str = ""
    objective: str = ""
    key: str | None = None
    segments: Sequence[tuple[str, int | None]] = ()
    bands: Sequence[Band] = ()
    of: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, Entries] = field(default_factory=dict)


def learned_card(
    table: PointsTable, clues: Sequence[Clue], fields: Sequence[Field], frame: Frame
) -> tuple[Scorecard, str]:
    """The card of a table, and the text of its file.

    clues: of all columns of the table; fields: that clues read, others are left out.

    >>> from decimal import Decimal
    >>> from scoreline.learn.cutting import Cuts
    >>> from scoreline.learn.table import LearnedBin, LearnedTerm
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
    base = table.base + sum(term.bins[-1].points for term, clue in own if counts_given(term, clue))
    tables = [pair_entry(pair, *(by_column[name] for name in pair.columns)) for pair in table.pairs]
    features = {name: dict(one) for name, one in frame.features.items() if name in table.columns}
    sections: Entries = {
        "scorecard": frame.name,
        "title": frame.title,
        "objective": frame.objective,
        "key": frame.key or "",
        "fields": {one.name: field_entry(one) for one in fields},
        "events": {str(one["event"]): {} for one in features.values()},
        "features": features,
        "base": str(base) if base else "",
        "terms": [*term_entries(own), *tables],
        "segments": [_segment(name, least) for name, least in frame.segments],
        "probability": _probability(frame),
        "learned": dict(frame.learned),
    }
    needed = ("scorecard", "fields", "terms")
    text = write_tree({key: value for key, value in sections.items() if value or key in needed})
    return parse_card(text), text


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
