"""The `probability` of a card, and `learned`: what is read, and what is said of the rest."""

from __future__ import annotations

import pytest

from scoreline.scorecard.file import parse_card
from tests.scorecard.reading.refusing import findings

CARD = """scorecard: c
fields: {a: yes/no}
terms: [{name: x, when: a, points: 1}]
"""


def with_scores(*lines: str) -> str:
    """A card whose first range of scores stands on line 6."""
    rows = "".join(f"  - {{{line}}}\n" for line in lines)
    return f"{CARD}probability:\n  scores:\n{rows}"


def test_every_score_has_a_probability() -> None:
    text = with_scores(
        "below: -10, probability: 0.021, low: 0.015, high: 0.029",
        "from: -10, below: 0, probability: 0.04",
        "from: 0, probability: 1",
    )
    found = parse_card(text).probability
    assert found is not None
    assert [found.at(score * 10_000).values for score in (-11, -10, -1, 0, 99)] == [
        (0.021, 0.015, 0.029),
        (0.04, None, None),
        (0.04, None, None),
        (1, None, None),
        (1, None, None),
    ]


def test_one_range_may_be_all() -> None:
    found = parse_card(with_scores("probability: 0.5")).probability
    assert found is not None
    assert found.at(-(10**12)).values == found.at(10**12).values == (0.5, None, None)


@pytest.mark.parametrize(
    ("lines", "line", "message", "hint"),
    [
        (
            ["from: 0, probability: 0.1"],
            6,
            "Scores below 0 have no probability.",
            "The first line has no `from`",
        ),
        (
            ["below: 5, probability: 0.1"],
            6,
            "Scores of 5 and more have no probability.",
            "The last line has no `below`",
        ),
        (
            ["below: 0, probability: 0.1", "from: 2.5, probability: 0.2"],
            7,
            "Scores from 0 to below 2.5 have no probability.",
            "Write from: 0:",
        ),
        (
            ["below: 0, probability: 0.1", "from: -1, probability: 0.2"],
            7,
            "Scores from -1 to below 0 have two probabilities.",
            "Write from: 0:",
        ),
        (
            [
                "below: 0, probability: 0.1",
                "from: 0, below: 9, probability: 0.2",
                "from: -5, probability: 0.3",
            ],
            8,
            "not in ascending order",
            "Write from: 9:",
        ),
        (
            [
                "below: 0, probability: 0.1",
                "from: 0, below: 0, probability: 0.2",
                "from: 0, probability: 0.3",
            ],
            8,
            "No score is from 0 to below 0.",
            "Ascending",
        ),
        (
            ["below: 0, probability: 0.1", "below: 3, probability: 0.2"],
            7,
            "Only the first line has no `from`.",
            "Write from: 0:",
        ),
        (
            ["probability: 0.1", "from: 3, probability: 0.2"],
            6,
            "Only the last line has no `below`.",
            "next line begins",
        ),
        (["probability: 1.1"], 6, "`1.1` is not between 0 and 1.", "Write 0.04 for 4 %."),
        (["probability: -0.1"], 6, "`-0.1` is not between 0 and 1.", "Write 0.04 for 4 %."),
        (["probability: 4 %"], 6, "`4 %` is not a probability.", "Write 0.04 for 4 %."),
        (["probability: 1e-3"], 6, "`1e-3` is not a probability.", "Write 0.04 for 4 %."),
        (["probability: 0.1234567"], 6, "more than six decimals", "Round it"),
        (["probability: 0.2, low: 0.1"], 6, "`low` and `high` go together.", "Say both"),
        (["probability: 0.2, low: 0.3, high: 0.4"], 6, "lies between its `low`", "Write {"),
        (["probability: 0.2, low: 0.1, high: 0.15"], 6, "lies between its `low`", "Write {"),
        (["below: 5"], 6, "A line of `scores` needs `probability`.", ""),
        (["probability: 0.2, chance: 0.3"], 6, "`chance` is not a key of a line", ""),
    ],
)
def test_each_mistake_is_said_once_with_its_line(
    lines: list[str], line: int, message: str, hint: str
) -> None:
    (finding,) = findings(with_scores(*lines))
    assert (finding.code, finding.line) == ("card-format", line)
    assert message in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("probability: 0.5", "`probability` is a mapping"),
        ("probability: {of: buys}", "`probability` needs `scores`."),
        ("probability: {scores: []}", "`scores` is empty."),
        ("probability: {scores: 0.5}", "`scores` is a list"),
        ("learned: yes", "`learned` is a mapping"),
        ("learned: {rows: [1, 2]}", "`rows` of `learned` is one text"),
        ("learned: {rows: }", "`rows` of `learned` is one text"),
    ],
)
def test_a_section_that_can_not_be_read(text: str, message: str) -> None:
    (finding,) = findings(f"{CARD}{text}\n")
    assert (finding.code, finding.line) == ("card-format", 4)
    assert message in finding.message


def test_learned_is_texts_by_name() -> None:
    card = parse_card(CARD + "learned:\n  method:  points\n  rows: 41,188\n  auc: 0.790\n")
    assert card.learned == (("method", "points"), ("rows", "41,188"), ("auc", "0.790"))
