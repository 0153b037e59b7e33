"""One mistake, one finding: whatever is put in the place of whatever part of a card."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from scoreline.scorecard.yamltree import Items, Text, Tree, read_tree, write_tree
from tests.scorecard.reading.refusing import findings
from tests.scorecard.test_write import BEHAVIOUR, EVERYTHING


def plain(tree: Tree) -> Any:
    """A tree as texts, lists and mappings."""
    if isinstance(tree, Text):
        return tree.text
    if isinstance(tree, Items):
        return [plain(item) for item in tree.items]
    return {key: plain(below) for key, below in tree.entries.items()}


CARD = plain(read_tree(EVERYTHING))
Path = tuple[Any, ...]

WRONG = {
    "a word": "wrong",
    "a text that is no name": "wrong;",
    "nothing": "",
    "a list": ["a"],
    "an empty list": [],
    "a mapping": {"a": "b"},
    "an empty mapping": {},
}
NAMED = ("fields", "groups")
"""Sections whose keys are names: a mapping is right there, and then lacks what terms name."""


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """The path to every part of a tree."""
    yield path
    below = tree.items() if isinstance(tree, dict) else enumerate(tree)
    if not isinstance(tree, str):
        for key, part in below:
            yield from places(part, (*path, key))


def at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def replaced(path: Path, part: Any) -> Any:
    if not path:
        return part
    tree = copy.deepcopy(CARD)
    at(tree, path[:-1])[path[-1]] = part
    return tree


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_part_is_one_finding(wrong: str) -> None:
    part = WRONG[wrong]
    for path in places(CARD):
        if isinstance(part, dict) and (path in [(name,) for name in NAMED] or is_text(path, part)):
            continue
        found = findings(write_tree(replaced(path, part)))
        assert len(found) <= 1, (path, found)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_part_of_what_happened_in_a_case_is_one_finding(wrong: str) -> None:
    card = plain(read_tree(BEHAVIOUR))
    happened = ("cases", 0, "events")
    for path in [path for path in places(card) if path[:3] == happened]:
        tree = copy.deepcopy(card)
        at(tree, path[:-1])[path[-1]] = WRONG[wrong]
        found = findings(write_tree(tree))
        assert len(found) <= 1, (path, found)


def is_text(path: Path, part: dict[str, str]) -> bool:
    """Whether it makes a field a text, which then is compared with numbers."""
    return not part and len(path) == 2 and path[0] == "fields"


def test_a_misspelt_key_is_one_finding() -> None:
    looked_at = 0
    for path in places(CARD):
        above = at(CARD, path[:-1]) if path else None
        named = path and path[0] in (*NAMED, "learned") and len(path) == 2
        if not isinstance(above, dict) or named or "given" in path:
            continue
        key = path[-1]
        spelt = {key + key[-1] if k == key else k: below for k, below in above.items()}
        (finding,) = findings(write_tree(replaced(path[:-1], spelt)))
        assert f"`{key}{key[-1]}` is not a key of" in finding.message
        looked_at += 1
    assert looked_at > 60


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("{}", "A term is empty."),
        ("{name: x, of: a}", "An `of` term needs `bins` or `values`, one of them."),
        ("{name: x, of: a, bins: {}}", "`bins` is a list (lines that begin with -)."),
        ("{name: x, of: a, bins: []}", "`bins` is empty."),
        ("{name: x, of: a, bins: [{}]}", "A bin is empty."),
        ("{name: x, of: a, values: [{is: [], points: 1}]}", "`is` is empty."),
        ("{name: x, of: a, values: [{is: {}, points: 1}]}", "`is` holds texts only."),
        ("{name: x, when: [a], points: 1}", "`when` is one text, not a list or mapping."),
        (
            "{name: x, of: t, bins: [{below: 1, points: 1}, {from: 1, points: 2}]}",
            "Ranges need a number or a date; this is a text.",
        ),
        (
            "{name: x, of: [a, t], rows: [], columns: [missing], points: [[1]]}",
            "`rows` is empty.",
        ),
    ],
)
def test_a_term_of_the_wrong_shape(term: str, message: str) -> None:
    text = f"scorecard: c\nfields: {{a: number, t: text}}\nterms:\n- {term}\n"
    assert [finding.message for finding in findings(text)] == [message]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ("{}", "`terms` is a list (lines that begin with -)."),
        ("five", "`terms` is a list (lines that begin with -)."),
        ("[]", "The card has no terms."),
        ("", "The card has no terms."),
    ],
)
def test_terms_that_are_none(terms: str, message: str) -> None:
    text = f"scorecard: c\nfields: {{a: number}}\nterms: {terms}\n"
    assert [finding.message for finding in findings(text)] == [message]


def test_of_a_field_that_can_not_be_read_nothing_more_is_said() -> None:
    text = """scorecard: c
fields: {budget: mony, "Budget, EUR": [money]}
terms:
- {name: a, when: budget > 1 and buget > 1, points: 1}
- {name: b, of: "Budget, EUR", bins: [{below: 1, points: 1}]}
- {name: c, when: other > 1, points: 1}
cases:
- {given: {budget: 5}, score: 1}
"""
    assert [(finding.code, finding.term) for finding in findings(text)] == [
        ("card-format", None),
        ("card-format", None),
        ("unknown-field", "c"),
    ]


def test_two_mistakes_are_two_findings() -> None:
    text = """scorecard: c
fields: {a: number}
terms:
- {name: x, wen: b > 1, pionts: one}
segments: [{name: s, above: high}, {name: s}]
"""
    assert [finding.message for finding in findings(text)] == [
        "`wen` is not a key of a term.",
        "`pionts` is not a key of a term.",
        "There is no field `b`.",
        "`one` is not a number of points.",
        "`high` is not a number of points.",
        "The segment `s` stands twice (first on line 5).",
    ]
