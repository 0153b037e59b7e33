"""Conditions that can't be true, or always are."""

import pytest

from tests.scorecard.checks.checking import check, found

NEVER = [
    "a > 5 and a < 3",
    "job = 'x' and job = 'y'",
    "job = 'x' and starts_with(job, 'y')",
    "starts_with(job, 'ab') and starts_with(job, 'b')",
    "email is null and email.kind = 'free'",
    "email.kind = 'invalid' and email is not null",
    "phone.status = 'invalid' and phone.e164 is not null",
    "ok and not ok",
    "b < 0",
    "age > 3 and age < 4",
    "a * 2 > 10 and a < 5",
    "6 / a > 3 and a > 2",
    "joined > last and last >= joined",
    "days_between('2026-01-10', joined) > 3 and joined < '2026-01-12'",
    "days_between(joined, as_of) > 30 and days_between(joined, as_of) <= 7",
    "coalesce(a, 1) is null",
]
POSSIBLE = [
    "a > 5 or a < 3",
    "age >= 3 and age < 4",
    "starts_with(job, 'ab') and contains(job, 'ba') and ends_with(job, 'a')",
    "phone is not null and phone.country is null",
    "a is not null and 1 / a is null",
    "a is not null and a * 2 is null",
    "a > b and b > 3",
    "joined > as_of and days_between(joined, as_of) = -1",
    "email.role and email.kind = 'corporate'",
]


@pytest.mark.parametrize("condition", NEVER)
def test_never_true(condition: str) -> None:
    findings = found(check(f'name: t, when: "{condition}", points: 1'), "contradiction")
    assert [f.level for f in findings] == ["warning"] * len(findings)
    assert any("The condition is never true" in f.message for f in findings)


@pytest.mark.parametrize("condition", POSSIBLE)
def test_possible(condition: str) -> None:
    result = check(f'name: t, when: "{condition}", points: 1')
    assert not found(result, "contradiction")
    assert result.max == 1


@pytest.mark.parametrize(
    "condition", ["a is null or a is not null", "coalesce(ok, true) or not ok"]
)
def test_always_true(condition: str) -> None:
    (finding,) = found(check(f'name: t, when: "{condition}", points: 1'), "tautology")
    assert finding.level == "info"


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        ("a > 5 or (ok and not ok)", {2: "(ok and not ok)"}),
        ("ok or ok or a > 1 and a < 0", {3: "a > 1 and a < 0"}),
        ("ok or 1 / 0 > 2", {2: "1 / 0 > 2"}),
        ("(ok or 1 = 2 or (a > 1 and a < 0))", {2: "1 = 2", 3: "(a > 1 and a < 0)"}),
        ("job = 'x or y' or case when ok or a > 1 then b end < 0", {2: "case when ok or a > 1 t"}),
    ],
)
def test_parts_of_an_or_that_are_never_true(condition: str, parts: dict[int, str]) -> None:
    findings = found(check(f'name: t, when: "{condition}", points: 1'), "contradiction")
    assert len(findings) == len(parts)
    for finding, (place, text) in zip(findings, parts.items(), strict=True):
        assert f"Part {place} of the condition's `or`, `{text}" in finding.message


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("job in ('boss', 'unemployed')", "counts as missing"),
        ("budget = 0 or budget > 5", "counts as missing"),
        ("b = -1 or b > 5", "not below zero"),
        ("age = 2.5 or age > 5", "holds whole numbers"),
        ("age = 1e16 or age > 5", "whole numbers go up to 9,007,199,254,740,992"),
    ],
)
def test_a_literal_that_the_field_never_holds(condition: str, why: str) -> None:
    findings = found(check(f'name: t, when: "{condition}", points: 1'), "contradiction")
    assert any(why in f.message for f in findings)
