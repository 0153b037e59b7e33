"""Pairs -> clusters: records are put together while they belong together on average.

Two groups join when the mean probability over all pairs between them is the highest left, so one
strong pair doesn't chain two customers (a weak bridge is cut). Where to stop is chosen without
labels: at the largest expected F1 of the pairs that end in one cluster.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.labels import NO_LABELS, Labels
from scoreline.quality.duplicates.pairs import Rows

LEAST = 0.125
"""Joins below it are never looked at. The best threshold for F1 is half the F1 that it gives
(Lipton, Elkan and Naryanaswamy, 2014): nothing is lost where an F1 of 0.25 can be had."""


RATHER_ONE = 0.5
"""Two groups are joined if two of their records are rather one customer than two."""


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


def joins(left: Rows, right: Rows, probability: Floats, labels: Labels = NO_LABELS) -> list[Join]:
    """All joins down to LEAST, in the order in which they are made; those of answers yes first."""
    near = _neighbours(left, right, probability)
    sizes = dict.fromkeys(near, 1)
    made = _answered_yes(near, sizes, labels)
    apart, links = _Apart(labels, made), _Links(near)
    heap = [
        (-mean, one, other)
        for one, others in near.items()
        for other, total in others.items()
        if one < other
        and links.there(one, other)
        and (mean := total / (sizes[one] * sizes[other])) >= LEAST
    ]
    heapq.heapify(heap)
    while heap:
        negative, one, other = heapq.heappop(heap)
        if other not in near.get(one, {}):
            continue
        likely, pairs = near[one][other], sizes[one] * sizes[other]
        if likely / pairs != -negative:
            continue  # it was made with groups that have grown since
        if other in apart.of(one):
            continue
        made.append(Join(one, other, -negative, likely, pairs))
        _merge(near, one, other)
        apart.merge(one, other)
        links.merge(one, other)
        sizes[one] += sizes.pop(other)
        for third, total in near[one].items():
            mean = total / (sizes[one] * sizes[third])
            if mean >= LEAST and links.there(one, third):
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


def _answered_yes(
    near: dict[int, dict[int, float]], sizes: dict[int, int], labels: Labels
) -> list[Join]:
    """The joins that answers yes ask for, which they make certain."""
    made = []
    for first, *others in labels.together:
        near.setdefault(first, {})
        sizes.setdefault(first, 1)
        for other in others:
            near.setdefault(other, {})
            near[first].setdefault(other, 0.0)
            made.append(Join(first, other, 1.0, float(sizes[first]), sizes[first]))
            _merge(near, first, other)
            sizes[first] += sizes.pop(other, 1)
    return made


class _Apart:
    """Which groups hold two records that were answered no, while groups grow."""

    def __init__(self, labels: Labels, made: Sequence[Join]) -> None:
        group = {join.right: join.left for join in made}
        self._others: dict[int, set[int]] = {}
        for one, other in labels.apart:
            a, b = group.get(one, one), group.get(other, other)
            self._others.setdefault(a, set()).add(b)
            self._others.setdefault(b, set()).add(a)

    def of(self, group: int) -> Collection[int]:
        """The groups that may not be joined with a group."""
        return self._others.get(group, ())

    def merge(self, one: int, other: int) -> None:
        """The group `other` is now in `one`."""
        for third in self._others.pop(other, ()):
            self._others[third].discard(other)
            self._others[third].add(one)
            self._others.setdefault(one, set()).add(third)


class _Links:
    """Which groups have two records that are rather one customer, while groups grow."""

    def __init__(self, near: Mapping[int, Mapping[int, float]]) -> None:
        self._of = {
            one: {other for other, total in others.items() if total >= RATHER_ONE}
            for one, others in near.items()
        }

    def there(self, one: int, other: int) -> bool:
        """Whether two records of the groups are."""
        return other in self._of.get(one, ())

    def merge(self, one: int, other: int) -> None:
        """The group `other` is now in `one`."""
        for third in self._of.pop(other, ()):
            self._of[third].discard(other)
            if third != one:
                self._of[third].add(one)
                self._of[one].add(third)


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


def clustered(
    rows: int, left: Rows, right: Rows, probability: Floats, labels: Labels = NO_LABELS
) -> Clusters:
    """The clusters of all records, where the expected F1 is largest; answers are held to."""
    made = joins(left, right, probability, labels)
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


def with_equals(
    clusters: Clusters, groups: Iterable[Sequence[int]], labels: Labels = NO_LABELS
) -> Clusters:
    """The clusters with the rows of each group put together, where no answer keeps them apart."""
    first, apart = list(clusters.first), labels.apart
    for one, *others in groups:
        for other in others:
            a, b = sorted((_root(first, one), _root(first, other)))
            if any({_root(first, x), _root(first, y)} == {a, b} for x, y in apart):
                continue
            first[b] = a
    return replace(clusters, first=[_root(first, row) for row in range(len(first))])


def united(clusters: Sequence[int], others: Sequence[int]) -> list[int]:
    """The first record of each record's group, when all of a cluster are in one, by either.

    >>> united([0, 0, 2, 3], [0, 1, 1, 3])
    [0, 0, 0, 3]
    """
    first = list(clusters)
    for row, other in enumerate(others):
        one, two = sorted((_root(first, row), _root(first, other)))
        first[two] = one
    return [_root(first, row) for row in range(len(first))]


def _root(first: list[int], row: int) -> int:
    while first[row] != row:
        first[row] = row = first[first[row]]
    return row
