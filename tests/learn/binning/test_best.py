"""The best partition, against all partitions tried one by one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.errors import UsageError
from scoreline.learn.binning.best import Counts, Partition, best_partition, evidence, information
from scoreline.learn.binning.rules import TRENDS, BinRules


def partitions(n: int) -> Iterator[tuple[int, ...]]:
    """All partitions of n pre-bins, by where their bins begin."""
    for size in range(n):
        for cuts in itertools.combinations(range(1, n), size):
            yield (0, *cuts)


def worth(counts: Counts, starts: tuple[int, ...], rules: BinRules) -> float:
    """The information value of a partition; minus infinity if it breaks a rule. Said once more."""
    ends = (*starts[1:], len(counts.events))
    events = [int(counts.events[a:b].sum()) for a, b in zip(starts, ends, strict=True)]
    others = [int(counts.others[a:b].sum()) for a, b in zip(starts, ends, strict=True)]
    sizes = [e + o for e, o in zip(events, others, strict=True)]
    if not rules.fewest <= len(starts) <= (rules.most or len(counts.events)):
        return -math.inf
    if not set(rules.cuts) <= set(starts):
        return -math.inf
    if not all(rules.smallest <= size <= rules.largest for size in sizes):
        return -math.inf
    if min(events) < max(rules.events, 1) or min(others) < max(rules.others, 1):
        return -math.inf
    rates = list(zip(events, sizes, strict=True))
    steps = [b[0] * a[1] - a[0] * b[1] for a, b in itertools.pairwise(rates)]
    for step, (a, b) in zip(steps, itertools.pairwise(sizes), strict=True):
        if abs(step) < rules.difference * a * b * (1 - 1e-12):
            return -math.inf
    if not keeps(steps, rules.trend):
        return -math.inf
    total = 0.0
    for e, o in zip(events, others, strict=True):
        good, bad = e / counts.total_events, o / counts.total_others
        total += (good - bad) * math.log(good / bad)
    return total


def keeps(steps: list[int], trend: str) -> bool:
    """Whether rates that differ so from bin to bin run as the trend says."""
    up, down = [step >= 0 for step in steps], [step <= 0 for step in steps]
    if trend in ("any", "ascending", "descending"):
        return trend == "any" or all(up if trend == "ascending" else down)
    first, then = (up, down) if trend == "peak" else (down, up)
    return any(all(first[:k]) and all(then[k:]) for k in range(len(steps) + 1))


counted = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 12), min_size=n, max_size=n),
        st.lists(st.integers(0, 12), min_size=n, max_size=n),
    )
)
ruled = st.builds(
    BinRules,
    smallest=st.integers(0, 12),
    largest=st.sampled_from([math.inf, 40]),
    events=st.integers(0, 4),
    others=st.integers(0, 4),
    fewest=st.integers(1, 3),
    most=st.one_of(st.none(), st.integers(3, 5)),
    trend=st.sampled_from(TRENDS),
    difference=st.sampled_from([0.0, 0.0, 0.1]),
    cuts=st.lists(st.integers(1, 1), max_size=1),
)


@settings(max_examples=400, deadline=None)
@given(counted, ruled)
def test_no_partition_is_better(drawn: tuple[list[int], list[int]], rules: BinRules) -> None:
    counts = Counts.of(*drawn, beside=(3, 5))
    tried = {starts: worth(counts, starts, rules) for starts in partitions(len(drawn[0]))}
    most = max(tried.values())
    found = best_partition(counts, rules)
    if most == -math.inf:
        assert found is None
    else:
        assert found is not None
        assert found.worth == pytest.approx(most, abs=1e-9)
        assert tried[found.starts] == pytest.approx(found.worth, abs=1e-9), "and keeps to the rules"


def test_twelve_pre_bins() -> None:
    random = np.random.default_rng(5)
    for trend in TRENDS:
        counts = Counts.of(random.integers(1, 50, 12), random.integers(1, 50, 12))
        rules = BinRules(smallest=30, trend=trend, most=5)
        tried = (worth(counts, starts, rules) for starts in partitions(12))
        found = best_partition(counts, rules)
        assert found is not None
        assert found.worth == pytest.approx(max(tried), abs=1e-9)


def test_a_rate_that_ties_keeps_to_every_trend() -> None:
    counts = Counts.of([1, 1, 1], [2, 2, 2], beside=(1, 9))
    for trend in TRENDS:
        assert best_partition(counts, BinRules(trend=trend, fewest=3)) is not None


def test_nothing_fits_and_nothing_is_there() -> None:
    assert best_partition(Counts.of([], []), BinRules()) is None
    assert best_partition(Counts.of([5, 0], [5, 0]), BinRules(smallest=11)) is None
    assert best_partition(Counts.of([5], [0]), BinRules()) is None, "a bin without others"
    assert best_partition(Counts.of([5], [5]), BinRules()) == Partition((0,), 0.0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"trend": "ascendin"}, "ascending"),
        ({"fewest": 3, "most": 2}, "number of bins"),
        ({"smallest": 2.0, "largest": 1.0}, "No bin"),
        ({"difference": 1.5}, "between 0 and 1"),
    ],
)
def test_rules_that_nothing_keeps_to_are_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        BinRules(**wrong)  # type: ignore[arg-type]
    assert said in str(refused.value)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=9),
    st.integers(0, 20),
    st.sets(st.integers(1, 8)),
    st.sampled_from([information, evidence]),
)
def test_both_ways_of_working_out_the_worth_of_bins_agree(counted, smallest, cuts, worth):
    counts = Counts.of([e for e, _ in counted], [o for _, o in counted], (1.0, 2.0))
    rules = BinRules(smallest=smallest, cuts={cut for cut in cuts if cut < len(counted)})

    def same(events, others, of):
        return worth(events, others, of)

    one, other = (best_partition(counts, rules, way) for way in (worth, same))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.worth == pytest.approx(other.worth, rel=1e-12, abs=1e-12)
