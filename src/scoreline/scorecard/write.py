"""Model -> card file: YAML that a person can read, and that reads back to an equal card.

Every section, term, segment and case stands on a line of its own, as in the cards of the docs.
Comments are not part of the model, so they are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoreline.language.fields import Field
from scoreline.language.tree import value_text
from scoreline.scorecard.model import (
    Bin,
    Clamp,
    Example,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Scorecard,
    Segment,
    Term,
)
from scoreline.scorecard.points import points_text
from scoreline.scorecard.yamltree import write_tree

Entries = dict[str, Any]


def card_yaml(card: Scorecard) -> str:
    """The text of a card file; reading it gives a card of equal meaning.

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
    sections: Entries = {
        "scorecard": card.name,
        "title": card.title,
        "objective": card.objective,
        "key": card.key,
        "fields": {field.name: _field(field) for field in card.fields},
        "base": points_text(card.base) if card.base else None,
        "groups": {group.name: _clamp(group.clamp) for group in card.groups},
        "total": _clamp(card.total),
        "terms": [_term(term) for term in card.terms],
        "segments": [_segment(segment) for segment in card.segments],
        "cases": [_case(case) for case in card.cases],
    }
    return write_tree({key: value for key, value in sections.items() if value})


def _said(entries: Mapping[str, Any]) -> Entries:
    """The entries that say something."""
    return {key: value for key, value in entries.items() if value not in (None, "", [], False)}


def _few(words: Sequence[str]) -> str | list[str]:
    """A single text alone, several as a list."""
    return words[0] if len(words) == 1 else list(words)


def _field(field: Field) -> str | Entries:
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


def _clamp(clamp: Clamp) -> Entries:
    ends = {"floor": clamp.floor, "cap": clamp.cap}
    return {key: points_text(end) for key, end in ends.items() if end is not None}


def _term(term: Term) -> Entries:
    looks = {"name": term.name, "when" if term.is_condition else "of": term.text}
    return {**looks, **_bins(term), **_said({"group": term.group}), **_clamp(term.clamp)}


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
    if segment.bound is None:
        return {"name": segment.name}
    return {
        "name": segment.name,
        "above" if segment.strict else "from": points_text(segment.bound),
    }


def _case(case: Example) -> Entries:
    expected = {key: text or "" for key, text in case.expected.items()}
    given = {name: text or "" for name, text in case.given.items()}
    return {"given": given, **_said({"as_of": case.as_of}), **expected}
