"""Dead bins, gaps and overlaps: what is told, and what is not."""

import pytest

from tests.scorecard.checks.checking import check, found


@pytest.mark.parametrize(
    ("term", "label", "why"),
    [
        ("of: age, bins: [{below: 20, points: 1}, {from: 2.2, below: 2.8, points: 2}]", "2.2", ""),
        ("of: age, bins: [{from: 30, below: 20, points: 1}]", "30", "not less than"),
        ("of: age, bins: [{from: 9.2, below: 9.8, points: 1}]", "9.2", "never has such"),
        ("of: b, bins: [{below: 0, points: 1}, {from: 0, points: 2}]", "below 0", "never has such"),
        ("of: ok, values: [{is: [yes, no], points: 1}, {otherwise: 2}]", "otherwise", "before it"),
        ("of: 'coalesce(a, 1)', bins: [{below: 1, points: 1}, {missing: 2}]", "missing", "unknown"),
        ("of: job, values: [{is: x, points: 1}, {is: x, points: 2}]", "x", "before it"),
    ],
)
def test_a_bin_that_no_value_reaches(term: str, label: str, why: str) -> None:
    (finding,) = found(check(f"name: t, {term}"), "bin-dead")
    assert finding.level == "warning"
    assert finding.term == "t"
    assert f"the bin `{label}" in finding.message
    assert why in finding.message


def test_a_careful_otherwise_that_gives_nothing_is_an_info() -> None:
    term = "name: t, of: ok, values: [{is: [yes, no], points: 1}, {otherwise: 0}]"
    assert [f.level for f in found(check(term), "bin-dead")] == ["info"]


def test_a_value_that_counts_as_missing_is_never_found_in_a_bin() -> None:
    term = "name: t, of: job, values: [{is: [boss, unemployed], points: 1}, {otherwise: 0}]"
    (finding,) = found(check(term), "bin-dead")
    assert "never `unemployed`" in finding.message


def test_gaps_between_ranges_are_named() -> None:
    bins = "[{below: 20, points: 1}, {from: 30, below: 40, points: 2}]"
    (finding,) = found(check(f"name: t, of: age, bins: {bins}"), "bin-gap")
    assert finding.level == "warning"
    assert "`20 to below 30` and `40 or more`" in finding.message


def test_a_value_with_a_bin_of_its_own_is_no_part_of_a_gap() -> None:
    bins = "[{below: 5, points: 1}, {is: 5, points: 2}, {from: 10, below: 20, points: 3}]"
    (finding,) = found(check(f"name: t, of: age, bins: {bins}"), "bin-gap")
    assert "`above 5 and below 10` and `20 or more`" in finding.message


def test_no_gap_where_no_value_lies() -> None:
    # No whole number lies between 2.2 and 2.8, and no money below zero.
    whole = "name: t, of: age, bins: [{below: 2.2, points: 1}, {from: 2.8, points: 2}]"
    money = "name: u, of: b, bins: [{from: 0, points: 1}]"
    assert not found(check(whole, money), "bin-gap")


def test_unlisted_values_are_an_info_and_named_where_they_are_few() -> None:
    term = "name: t, of: email.kind, values: [{is: [corporate, free, relay], points: 1}]"
    (finding,) = found(check(term), "bin-gap")
    assert finding.level == "info"
    assert "`disposable` and `invalid`" in finding.message


def test_ranges_that_share_values() -> None:
    bins = "[{below: 20, points: 1}, {from: 15, points: 2}]"
    (finding,) = found(check(f"name: t, of: age, bins: {bins}"), "bin-overlap")
    assert "`below 20` and `15 or more`" in finding.message


def test_every_value_that_bins_share_is_named_in_order() -> None:
    values = "[{is: [d, c, b, a], points: 1}, {is: [b, a, d, e], points: 2}]"
    (finding,) = found(check(f"name: t, of: job, values: {values}"), "bin-overlap")
    assert "share `a`, `b` and `d`: the first" in finding.message


def test_a_gap_of_a_guess_is_a_bound() -> None:
    bins = "[{below: 0, points: 1}, {from: 1, points: 2}]"
    result = check(f"name: t, of: a - b, bins: {bins}", "name: u, when: a > 3, points: 1")
    (finding,) = found(result, "bin-gap")
    assert finding.message.startswith("bound: ")
