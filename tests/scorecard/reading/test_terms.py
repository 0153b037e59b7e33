"""Terms of a card: names that no other line of a score has, and conditions within limits."""

import pytest

from scoreline.scorecard.file import parse_card
from scoreline.scorecard.reading.terms import MAX_CARD_NODES
from tests.scorecard.reading.refusing import findings


def card(term: str, groups: str = "{engagement: {cap: 5}}") -> str:
    return f"""scorecard: c
fields: {{a: yes/no}}
groups: {groups}
terms:
- {{name: "{term}", when: a, points: 1}}
"""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("base", "the points every record starts with"),
        ("other", "sums up the reasons not shown"),
        ("total cap", "the cap of the whole score"),
        ("total floor", "the floor of the whole score"),
        ("engagement cap", "the cap of the group `engagement`"),
        ("engagement floor", "the floor of the group `engagement`"),
    ],
)
def test_a_term_can_not_be_called_like_another_line(name: str, line: str) -> None:
    (finding,) = findings(card(name))
    assert (finding.code, finding.term, finding.line) == ("card-format", name, 5)
    assert line in finding.message
    assert finding.hint == "Give the term another name."


@pytest.mark.parametrize("name", ["Base", "basement", "total", "engagement", "cap", "contact cap"])
def test_names_of_no_other_line_are_free(name: str) -> None:
    assert parse_card(card(name)).terms[0].name == name


def test_a_group_can_not_be_called_total() -> None:
    (finding,) = findings(card("x", "{total: {cap: 5}}"))
    assert finding.line == 3
    assert "`total cap` and `total floor`" in finding.message


def test_a_name_that_stands_twice_is_said_once_for_each_repeat() -> None:
    text = card("x") + '- {name: x, when: a, points: 1}\n- {name: "x", when: not a, points: 2}\n'
    found = findings(text)
    assert [finding.line for finding in found] == [6, 7]
    assert all("first on line 5" in finding.message for finding in found)


def listing(terms: int, values: int) -> str:
    """A card whose terms each look for a number among so many."""
    among = ", ".join(map(str, range(values)))
    rows = "".join(
        f"- {{name: t{place}, when: 'a in ({among})', points: 1}}\n" for place in range(terms)
    )
    return f"scorecard: c\nfields: {{a: number}}\nterms:\n{rows}"


def test_every_value_of_a_list_is_a_part() -> None:
    terms, values = 20, 499  # and the field itself: 500 parts a term
    assert terms * (values + 1) == MAX_CARD_NODES
    assert len(parse_card(listing(terms, values)).terms) == terms
    (finding,) = findings(listing(terms + 1, values))
    assert finding.message == "The card has 10,500 condition parts; 10,000 is the most."


def test_a_term_has_a_limit_of_its_own() -> None:
    assert findings(listing(1, 999)) == []
    (finding,) = findings(listing(1, 1_000))
    assert (finding.code, finding.term) == ("not-in-subset", "t0")
    assert "1,001 parts or more; 1,000 is the most" in finding.message
