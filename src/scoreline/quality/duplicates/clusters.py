"""Pairs -> clusters: records are put together while they belong together on average.

Two groups join when the mean probability over all pairs between them is the highest left, so one
strong pair doesn't chain two customers (a weak bridge is cut). Where to stop is chosen without
labels: at the largest expected F1 of the pairs that end in one cluster.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.pairs import Rows

LEAST = 0.125
"""Joins below it are never looked at. The best threshold for F1 is half the F1 that it gives
(Lipton, Elkan and Naryanaswamy, 2014): nothing is lost where an F1 of 0.25 can be had."""


@dataclass(frozen=True, slots=True)
class Join:
    """Two groups that were put together: by their first records, and what it brings.

    mean: the mean probability between them; likely: its sum, the duplicates expected among the
    pairs that come together; pairs: how many those are.
    """

    left: int
    right: int
    mean: float
    likely: float
    pairs: int


@dataclass(frozen=True)
class Clusters:
    """first: the first record of each record's cluster, by row; threshold: the mean at the stop.

    expected: the F1 of pairs that is expected there.
    """

    first: list[int]
    threshold: float
    expected: float

    @property
    def sizes(self) -> Mapping[int, int]:
        """How many records each cluster has, by its first record."""
        return Counter(self.first)


def joins(left: Rows, right: Rows, probability: Floats) -> list[Join]:
    """All joins down to LEAST, in the order in which they are made."""
    near = _neighbours(left, right, probability)
    sizes = dict.fromkeys(near, 1)
    heap = [
        (-mean, one, other)
        for one, others in near.items()
        for other, mean in others.items()
        if one < other and mean >= LEAST
    ]
    heapq.heapify(heap)
    made = []
    while heap:
        negative, one, other = heapq.heappop(heap)
        if other not in near.get(one, {}):
            continue
        likely, pairs = near[one][other], sizes[one] * sizes[other]
        if likely / pairs != -negative:
            continue  # it was made with groups that have grown since
        made.append(Join(one, other, -negative, likely, pairs))
        _merge(near, one, other)
        sizes[one] += sizes.pop(other)
        for third, total in near[one].items():
            mean = total / (sizes[one] * sizes[third])
            if mean >= LEAST:
                heapq.heappush(heap, (-mean, min(one, third), max(one, third)))
    return made


def _neighbours(left: Rows, right: Rows, probability: Floats) -> dict[int, dict[int, float]]:
    """For each record its possible duplicates, with their probability."""
    near: dict[int, dict[int, float]] = {}
    kept = probability >= LEAST**3  # what is less changes no mean by as much as counts
    for one, other, p in zip(
        left[kept].tolist(), right[kept].tolist(), probability[kept].tolist(), strict=True
    ):
        near.setdefault(one, {})[other] = p
        near.setdefault(other, {})[one] = p
    return near


def _merge(near: dict[int, dict[int, float]], one: int, other: int) -> None:
    """Put the group `other` into `one`; sums of probabilities add up."""
    kept = near[one]
    del kept[other]
    for third, total in near.pop(other).items():
        if third == one:
            continue
        kept[third] = near[third][one] = kept.get(third, 0.0) + total
        del near[third][other]


def best_stop(made: Iterable[Join], duplicates: float) -> tuple[float, float]:
    """The mean at which to stop, and the expected F1 there.

    duplicates: how many are expected among all pairs. The joins are taken strongest first.
    """
    best = (1.0, 0.0)
    likely, pairs = 0.0, 0
    for join in sorted(made, key=lambda one: -one.mean):
        likely, pairs = likely + join.likely, pairs + join.pairs
        f1 = 2 * likely / (pairs + duplicates)
        if f1 > best[1]:
            best = (join.mean, f1)
    return best


def clustered(rows: int, left: Rows, right: Rows, probability: Floats) -> Clusters:
    """The clusters of all records, where the expected F1 is largest."""
    made = joins(left, right, probability)
    threshold, expected = best_stop(made, float(probability.sum()))
    return Clusters(first_of_each(rows, made, threshold), threshold, expected)


def first_of_each(rows: int, made: Iterable[Join], threshold: float) -> list[int]:
    """The first record of each record's cluster, when joins of at least `threshold` are made."""
    first = list(range(rows))
    for join in made:
        if join.mean >= threshold:
            one, other = _root(first, join.left), _root(first, join.right)
            first[max(one, other)] = min(one, other)
    return [_root(first, row) for row in range(rows)]


def with_equals(clusters: Clusters, groups: Iterable[Sequence[int]]) -> Clusters:
    """The clusters with the rows of each group put together."""
    first = list(clusters.first)
    for one, *others in groups:
        for other in others:
            a, b = _root(first, one), _root(first, other)
            first[max(a, b)] = min(a, b)
    return replace(clusters, first=[_root(first, row) for row in range(len(first))])


def _root(first: list[int], row: int) -> int:
    while first[row] != row:
        first[row] = row = first[first[row]]
    return row
