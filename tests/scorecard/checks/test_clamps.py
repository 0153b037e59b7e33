"""Caps below a single term, and floors above one."""

import pytest

from tests.scorecard.checks.checking import check, found

FIVE = "name: five, when: ok, points: 5"
MINUS = "name: minus, when: a > 1, points: -5"


@pytest.mark.parametrize(
    ("terms", "rest", "words"),
    [
        ([f"{FIVE}, cap: 3"], "", "The cap of `five`, 3, is below its own +5"),
        ([f"{MINUS}, floor: -2"], "", "The floor of `minus`, -2, is above its own -5"),
        ([f"{FIVE}, group: g"], "groups: {g: {cap: 4}}", "The cap of the group `g`, 4, is below"),
        ([FIVE, MINUS], "total: {cap: 4}", "the +5 of `five` alone"),
        (
            [FIVE, MINUS],
            "total: {cap: 7}\nbase: 3",
            "The cap of the total, 7, is below base 3 and the +5 of `five` alone",
        ),
        ([MINUS], "total: {floor: 0}", "The floor of the total, 0, is above"),
    ],
)
def test_a_clamp_that_one_term_goes_beyond(terms: list[str], rest: str, words: str) -> None:
    (finding,) = found(check(*terms, rest=rest), "cap-below-term")
    assert finding.level == "warning"
    assert words in finding.message


@pytest.mark.parametrize(
    ("terms", "rest"),
    [
        ([f"{FIVE}, cap: 5"], ""),
        ([FIVE, MINUS], "total: {floor: 0, cap: 100}"),
        ([f"{FIVE}, group: g", f"{MINUS}, group: g"], "groups: {g: {floor: 0}}"),
        ([MINUS], "total: {cap: 7}\nbase: 8"),
    ],
)
def test_a_clamp_that_is_meant(terms: list[str], rest: str) -> None:
    assert not found(check(*terms, rest=rest), "cap-below-term")


def test_points_that_a_group_stops_do_not_reach_the_total() -> None:
    rest = "groups: {g: {cap: 3}}\ntotal: {cap: 4}"
    (finding,) = found(check(f"{FIVE}, group: g", rest=rest), "cap-below-term")
    assert "The cap of the group `g`" in finding.message
    (_, total) = found(check(f"{FIVE}, group: g", rest=rest.replace("4", "2")), "cap-below-term")
    assert total.message == "The cap of the total, 2, is below the +3 of `five` alone."
