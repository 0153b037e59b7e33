"""Probabilities that fall where the score rises."""

from tests.scorecard.checks.checking import check, found

TERM = "name: five, when: ok, points: 5"


def with_scores(*lines: str) -> str:
    return "probability: {scores: [" + ", ".join(f"{{{line}}}" for line in lines) + "]}"


def test_a_probability_that_falls() -> None:
    rest = with_scores(
        "below: 0, probability: 0.2",
        "from: 0, below: 2.5, probability: 0.04",
        "from: 2.5, probability: 0.3",
    )
    (finding,) = found(check(TERM, rest=rest), "probability-falls")
    assert finding.level == "warning"
    assert finding.message == (
        "From 0 on the probability falls from 20 % to 4 %, though the score rises."
    )
    assert finding.line is not None


def test_equal_ones_and_rising_ones_are_meant() -> None:
    rest = with_scores(
        "below: 0, probability: 0.2",
        "from: 0, below: 2.5, probability: 0.2",
        "from: 2.5, probability: 0.200001",
    )
    assert not found(check(TERM, rest=rest), "probability-falls")
