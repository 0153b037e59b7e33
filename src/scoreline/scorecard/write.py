"""Model -> card files: YAML that a person can read, and that reads back to an equal card.

Every section, term, segment and case stands on a line of its own, as in the cards of the docs.
Comments are not part of the model, so they are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoreline.language.fields import Field
from scoreline.language.names import written
from scoreline.language.tree import value_text
from scoreline.scorecard.ageing import HalfLife, Linear, written_duration
from scoreline.scorecard.events import Choice, Event, Feature, Tally
from scoreline.scorecard.model import (
    Bin,
    Clamp,
    Example,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Pair,
    Range,
    Scorecard,
    Segment,
    Term,
)
from scoreline.scorecard.points import points_text
from scoreline.scorecard.probability import Probability, share_text
from scoreline.scorecard.reading.events import IGNORE
from scoreline.scorecard.yamltree import write_tree

Entries = dict[str, Any]
LEVELS = {"probability": 3}
"""Sections whose lines stand one level deeper."""


def card_yaml(card: Scorecard) -> str:
    """The text of the file of a card or grid; reading it gives a card of equal meaning.

    Of a grid it names the files of both cards, which `card_files` gives too.

    >>> from scoreline.scorecard.file import parse_card
    >>> text = '''scorecard: example
    ... fields:
    ...   budget: money
    ... terms:
    ... - {name: large, when: budget >= 1000, points: 2.5}
    ... '''
    >>> card_yaml(parse_card(text)) == text
    True
    """
    sections = _grid(card) if card.parts else _card(card)
    needed = ("scorecard", "fields", "terms")
    return "".join(
        write_tree({key: value}, block_levels=LEVELS.get(key, 2))
        for key, value in sections.items()
        if value or key in needed
    )


def card_files(card: Scorecard, name: str = "card.yaml") -> dict[str, str]:
    """The texts of all files of a card or grid by name, its own first.

    name: of its own file; the cards of a grid have the names that it gives them.
    """
    return {name: card_yaml(card)} | {side.file: card_yaml(side.card) for side in card.parts}


def card_entries(card: Scorecard) -> Entries:
    """The sections of a card's file as nested texts, lists and mappings: what JSON can hold.

    A card file may be JSON as well as YAML; reading it gives a card of equal meaning.
    """
    return _said(_card(card) if not card.parts else _grid(card))


def _grid(grid: Scorecard) -> Entries:
    sides = {
        side.name: {"card": side.file, **{one.name: _bound(one) for one in side.classes}}
        for side in grid.parts
    }
    return {"grid": grid.name, **_said({"title": grid.title, "objective": grid.objective}), **sides}


def _card(card: Scorecard) -> Entries:
    return {
        "scorecard": card.name,
        "title": card.title,
        "objective": card.objective,
        "key": card.key,
        "fields": {field.name: field_entry(field) for field in card.fields},
        "events": {event.name: _event(event) for event in card.events},
        "features": {feature.name: _feature(feature) for feature in card.features},
        "base": points_text(card.base) if card.base else None,
        "groups": {group.name: _clamp(group.clamp) for group in card.groups},
        "total": _clamp(card.total),
        "terms": [_term(term) for term in card.terms],
        "segments": [_segment(segment) for segment in card.segments],
        "probability": None if card.probability is None else _probability(card.probability),
        "learned": dict(card.learned),
        "cases": [_case(case) for case in card.cases],
    }


def _said(entries: Mapping[str, Any]) -> Entries:
    """The entries that say something."""
    return {key: value for key, value in entries.items() if value not in (None, "", [], False)}


def _few(words: Sequence[str]) -> str | list[str]:
    """A single text alone, several as a list."""
    return words[0] if len(words) == 1 else list(words)


def field_entry(field: Field) -> str | Entries:
    """A field as a card file declares it."""
    options = _said(
        {
            "column": _few(field.column) if field.column else None,
            "optional": "yes" if field.optional else None,
            "missing": list(field.missing),
            "decimal": field.decimal,
            "order": field.order,
            "currency": field.currency,
            "country": field.country,
        }
    )
    return {"type": field.type, **options} if options else field.type


def _event(event: Event) -> Entries:
    """The properties of a kind of event, and what is ignored of it."""
    properties: Entries = {field.name: field_entry(field) for field in event.properties}
    if event.burst is None:
        return properties
    burst = f"{event.burst.events} in {written_duration(event.burst.seconds)}"
    return {**properties, IGNORE: {"burst": burst}}


def _feature(feature: Feature) -> Entries:
    of = feature.of
    take = feature.take if of is None else f"{feature.take}({written(of.field, of.fact)})"
    return {"event": feature.event.name, "take": take, **_chosen(feature)}


def _chosen(choice: Choice) -> Entries:
    """Which events are chosen."""
    within = None if choice.within is None else written_duration(choice.within)
    return _said({"where": choice.text, "within": within})


def _clamp(clamp: Clamp) -> Entries:
    ends = {"floor": clamp.floor, "cap": clamp.cap}
    return {key: points_text(end) for key, end in ends.items() if end is not None}


def _term(term: Term) -> Entries:
    if term.tally is not None:
        rules = _tally(term.tally)
    elif term.pair is not None:
        rules = _pair(term.pair, term.bins)
    else:
        rules = {"when" if term.is_condition else "of": term.text, **_bins(term)}
    return {"name": term.name, **rules, **_said({"group": term.group}), **_clamp(term.clamp)}


def _pair(pair: Pair, cells: Sequence[Bin]) -> Entries:
    """Its rows, its columns, and the points of its cells."""
    width = len(pair.columns.bins)
    return {
        "of": [axis.text for axis in pair.axes],
        "rows": [_place(b) for b in pair.rows.bins],
        "columns": [_place(b) for b in pair.columns.bins],
        "points": [
            [_points(cell) for cell in cells[start : start + width]]
            for start in range(0, len(cells), width)
        ],
    }


def _place(bin_: Bin) -> str | Entries:
    """A row or column: what it holds."""
    match bin_.test:
        case Otherwise():
            return "otherwise"
        case Missing():
            return "missing"
    return {key: value for key, value in _bin(bin_).items() if key != "points"}


def _tally(tally: Tally) -> Entries:
    half = tally.ageing.seconds if isinstance(tally.ageing, HalfLife) else None
    ageing = {
        "half_life": None if half is None else written_duration(half),
        "linear": tally.ageing.text if isinstance(tally.ageing, Linear) else None,
    }
    count = {"each": None, "once": "once", "distinct": f"distinct({_quoted(tally.distinct)})"}
    return {
        "event": tally.event.name,
        **_said({"count": count[tally.count]}),
        "points": points_text(tally.points),
        **_chosen(tally),
        **_said(ageing),
    }


def _quoted(name: str) -> str:
    """A property as `distinct` names it: its quotes are those at the ends, if there are any."""
    return f'"{name}"' if '"' in name else name


def _bins(term: Term) -> Entries:
    if term.is_condition:
        return {"points" if isinstance(b.test, Holds) else "missing": _points(b) for b in term.bins}
    ranged = any(isinstance(b.test, Range) for b in term.bins)
    return {"bins" if ranged else "values": [_bin(b) for b in term.bins]}


def _bin(bin_: Bin) -> Entries:
    points = _points(bin_)
    match bin_.test:
        case Range(lower, upper):
            ends = {"from": lower, "below": upper}
            edges = {key: value_text(end) for key, end in ends.items() if end is not None}
            return {**edges, "points": points}
        case OneOf(values):
            return {
                "is": _few(bin_.spelt or [value_text(value) for value in values]),
                "points": points,
            }
        case Otherwise():
            return {"otherwise": points}
        case Missing() | Holds():
            return {"missing": points}


def _points(bin_: Bin) -> str:
    """The points before the term's own clamp, which stands beside them."""
    return points_text(bin_.points if bin_.written is None else bin_.written)


def _segment(segment: Segment) -> Entries:
    return {"name": segment.name, **_bound(segment)}


def _bound(segment: Segment) -> Entries:
    """Where a segment, or a class of a grid, begins."""
    if segment.bound is None:
        return {}
    return {"above" if segment.strict else "from": points_text(segment.bound)}


def _probability(probability: Probability) -> Entries:
    """Its table, a line for each range of scores."""
    ends: list[int | None] = [*probability.cuts, None]
    lines = []
    for chance, below in zip(probability.chances, ends, strict=True):
        edges = {"from": chance.start, "below": below}
        shares = {"probability": chance.share, "low": chance.low, "high": chance.high}
        lines.append(
            {key: points_text(edge) for key, edge in edges.items() if edge is not None}
            | {key: share_text(share) for key, share in shares.items() if share is not None}
        )
    return {**_said({"of": probability.of}), "scores": lines}


def _case(case: Example) -> Entries:
    expected = {key: text or "" for key, text in case.expected.items()}
    given = {name: text or "" for name, text in case.given.items()}
    happened = [{name: text or "" for name, text in one.items()} for one in case.events]
    return {"given": given, **_said({"events": happened, "as_of": case.as_of}), **expected}
