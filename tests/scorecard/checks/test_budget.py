"""Proof-reading keeps to its time and to little memory, whatever the card; each in a child."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import parse_card
from tests.scorecard.checks.checking import found

SECONDS = 3.0
"""Of computing; a child may take twice as many before the test fails."""
MOST_MEGABYTES = 512
CHILD = """
import json, re, resource, sys, time
from pathlib import Path
from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import parse_card
card = parse_card(sys.stdin.read())
begin = time.thread_time()
result = check_card(card, float(sys.argv[1]))
took = time.thread_time() - begin
status = Path("/proc/self/status")  # the peak of rusage is the parent's too
if status.exists():
    most = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024
else:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([took, most, result.exact, result.min, result.max]))
"""
CHANCE = random.Random(1)  # noqa: S311 - test cards


def card(fields: Iterable[str], terms: Iterable[str], rest: str = "") -> str:
    lines = ["scorecard: t", "fields:", *(f"  {f}" for f in fields), rest, "terms:"]
    end = "segments: [{name: good, from: 40}, {name: fair, from: 3.5}, {name: rest}]"
    return "\n".join([*lines, *(f"- {term}" for term in terms), end])


def thresholds(count: int) -> str:
    terms = [f"{{name: t{i}, when: n >= {i}, points: {i % 7 + 1}}}" for i in range(count)]
    return card(["n: number"], terms)


def two_sums(count: int) -> str:
    """Each field adds to a capped group and takes a little less outside of it."""
    terms = []
    for i in range(count):
        points, part = CHANCE.randint(1, 10**6), CHANCE.randint(1, 9999)
        terms += [
            f"{{name: a{i}, when: f{i}, points: {points}, group: g}}",
            f"{{name: b{i}, when: f{i}, points: -{points}.{part:04d}}}",
        ]
    fields = [f"f{i}: yes/no" for i in range(count)]
    return card(fields, terms, "groups: {g: {cap: 3000000}}")


def all_different(count: int) -> str:
    """Every choice of fields has a score of its own, far from all others."""
    points = [f"{CHANCE.randint(1, 10**8)}.{CHANCE.randint(1, 9999):04d}" for _ in range(count)]
    terms = [f"{{name: t{i}, when: f{i}, points: {p}}}" for i, p in enumerate(points)]
    return card([f"f{i}: yes/no" for i in range(count)], terms)


def many_groups(count: int) -> str:
    terms = [f"{{name: t{i}, when: f{i}, points: 5, group: g{i // 2}}}" for i in range(count)]
    groups = ", ".join(f"g{i}: {{cap: 6}}" for i in range(count // 2))
    return card([f"f{i}: yes/no" for i in range(count)], terms, f"groups: {{{groups}}}")


def pairs(count: int, fields: int) -> str:
    terms = []
    for i in range(count):
        a, b = CHANCE.sample(range(fields), 2)
        terms.append(f'{{name: t{i}, when: "f{a} > 1 and f{b} < 2", points: {i % 11 - 4}}}')
    return card([f"f{i}: number" for i in range(fields)], terms)


def ranges(count: int) -> str:
    bins = ", ".join(f"{{from: {i}, below: {i + 2}, points: {i % 9}}}" for i in range(count))
    return card(["n: number"], [f"{{name: t, of: n, bins: [{bins}]}}"])


def lists(count: int) -> str:
    terms = []
    for i in range(10):
        words = ", ".join(f"'w{CHANCE.randint(0, 9000)}'" for _ in range(count))
        terms.append(f'{{name: t{i}, when: "c in ({words})", points: 1}}')
    return card(["c: choice"], terms)


def text_tests(count: int) -> str:
    terms = [
        f"{{name: t{i}, when: \"contains(c, '{CHANCE.randint(0, 99999)}')\", points: 1}}"
        for i in range(count)
    ]
    return card(["c: text"], terms)


@pytest.mark.parametrize(
    ("make", "exact"),
    [
        (lambda: thresholds(600), True),
        (lambda: thresholds(2000), None),
        (lambda: two_sums(42), False),
        (lambda: all_different(40), True),
        (lambda: many_groups(1000), True),
        (lambda: pairs(1400, 1000), False),
        (lambda: ranges(20_000), None),
        (lambda: lists(950), True),
        (lambda: text_tests(2000), None),
    ],
    ids=[
        *("600 thresholds", "2,000 thresholds", "two sums", "all different", "many groups"),
        *("pairs", "20,000 ranges", "lists", "text tests"),
    ],
)
def test_a_check_keeps_to_its_time_and_memory(make: Callable[[], str], exact: bool | None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(SECONDS)],
        input=make(),
        capture_output=True,
        text=True,
        check=True,
    )
    took, most, was_exact, low, high = json.loads(done.stdout)
    assert took < 2 * SECONDS
    assert most < MOST_MEGABYTES
    assert low <= high
    assert exact in (None, was_exact)


def test_600_terms_on_one_number_are_exact() -> None:
    result = check_card(parse_card(thresholds(600)), 600)
    assert (result.min, result.max) == (0, sum(i % 7 + 1 for i in range(600)))
    assert result.exact
    assert not found(result, "segment-unreachable")


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2])
def test_without_time_there_are_bounds_and_one_finding_for_all_terms(seconds: float) -> None:
    values = ", ".join(f"{{is: v{i}, points: {i}}}" for i in range(150))
    text = thresholds(240).replace("n: number", "n: number\n  c: choice")
    text = text.replace("terms:", f"terms:\n- {{name: c, of: c, values: [{values}]}}")
    result = check_card(parse_card(text), seconds)
    assert result.min <= 0
    assert result.max >= 149 + sum(i % 7 + 1 for i in range(240))
    assert len([f for f in found(result, "bound") if "too much to look" in f.message]) <= 1
    if not seconds:
        assert not result.exact
        assert "share too much for the time there was" in found(result, "bound")[0].message


def test_without_time_to_read_the_fields_there_are_bounds() -> None:
    result = check_card(parse_card(text_tests(400)), 0.0)
    assert (result.min, result.max, result.exact) == (0, 400, False)
    first, second = found(result, "bound")[:2]
    assert "388 more read more than there was time to look at" in first.message
    assert "388 more read too much to look for dead bins" in second.message
