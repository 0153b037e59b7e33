"""What stays open while answers are missing, worked out by hand, on both engines.

The term gives 1; a settled one has an interval of one point, an open one [0, 1].
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.record.engine import compile_card
from scoreline.language import kleene
from scoreline.language.kleene import opened_by, openly
from scoreline.language.tree import Case, walk
from scoreline.scorecard.file import parse_card
from tests.scorecard.cards import VALUES, card_trees, read

AS_OF = datetime(2026, 1, 31, tzinfo=UTC)
TRUE, FALSE, OPEN_TRUE, OPEN = (1, 1, 1), (0, 0, 0), (1, 0, 1), (0, 0, 1)
"""(score, low, high) of the term."""


@settings(max_examples=150, deadline=None)
@given(card_trees(most_terms=3))
def test_what_opens_a_node_alone_is_known_beforehand(tree: dict[str, Any]) -> None:
    """Where only missing fields open an expression, in every record that lacks one they do."""
    card = read(tree)
    records = [
        {column: value for one in some for column, value in one.items()}
        for some in itertools.product(*(VALUES[field.name][::3] for field in card.fields))
    ][:400]
    for node in {part for term in card.terms for part in walk(term.of)}:
        fields = opened_by(node)
        for record in records if fields is not None else ():
            lacking = any(record.get(name) is None for name in fields or ())
            assert (openly(node, record, AS_OF) is kleene.OPEN) == lacking, (node, record)


def test_rows_of_a_pair_table_are_opened_by_their_field_alone() -> None:
    """A table of ten rows and columns costs a quarter with it: 0.3 s a million records, not 1.3."""
    card = parse_card(
        "scorecard: c\nfields: {a: number, mail: email}\nterms:\n- name: t\n  of: [a, mail.kind]\n"
        "  rows: [{below: 1}, {from: 1, below: 2}, missing]\n"
        "  columns: [{is: free}, otherwise]\n  points: [[1, 2], [3, 4], [5, 6]]\n"
    )
    cases = [part for part in walk(card.terms[0].of) if isinstance(part, Case)]
    assert {opened_by(part) for part in cases} == {None, frozenset({"a"}), frozenset({"mail"})}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("gone > 1", OPEN),
        ("gone is null", OPEN_TRUE),
        ("gone is not null", OPEN),
        ("(gone is not null) = false", OPEN_TRUE),
        ("(gone is null) is true", OPEN_TRUE),
        ("(gone > 1) is not true", OPEN_TRUE),
        ("not (gone > 1)", OPEN),
        ("mail.kind = 'invalid'", OPEN_TRUE),
        ("mail.domain is null", OPEN_TRUE),
        ("five > 1 or gone > 1", TRUE),
        ("five > 9 or gone > 1", OPEN),
        ("five > 9 and gone > 1", FALSE),
        ("five > 9 and gone is null", FALSE),
        ("gone is null or gone is not null", OPEN_TRUE),
        ("coalesce(gone, 5) > 1", OPEN_TRUE),
        ("coalesce(five, gone) > 1", TRUE),
        ("coalesce(five / 0, gone) is null", OPEN_TRUE),
        ("five / 0 > 1", FALSE),
        ("five / 0 is null", TRUE),
        ("five / gone > 1", OPEN),
        ("five / 0 > 1 and gone > 1", OPEN),
        ("gone = gone", OPEN),
        ("case when gone > 1 then true else true end", TRUE),
        ("case when gone > 1 then five else 5 end = 5", TRUE),
        ("case when gone > 1 then five else 6 end = 6", OPEN_TRUE),
        ("case when five > 1 then true when gone > 1 then false end", TRUE),
        ("case when five > 9 then gone when five > 1 then 5 end = 5", TRUE),
        ("case gone when 5 then 1 else 2 end = 2", OPEN_TRUE),
        ("gone in (1, 2)", OPEN),
        ("five between 1 and gone", OPEN),
        ("five between 6 and gone", FALSE),
    ],
)
def test_openness(when: str, expected: tuple[int, int, int]) -> None:
    card = parse_card(
        "scorecard: c\nfields: {gone: number, five: number, mail: email}\n"
        f'terms: [{{name: t, when: "{when}", points: 1}}]'
    )
    record = {"five": 5.0, "mail__kind": "invalid"}
    found = compile_card(card).score(record, AS_OF)
    assert (found.score, found.low, found.high) == expected
    frame = pl.LazyFrame([record])
    [row] = LocalEngine(card, AS_OF).lazy(frame, []).collect().to_dicts()
    assert (row["score"], row["low"], row["high"]) == expected
