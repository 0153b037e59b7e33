"""What scores a card can reach: the least, the most, and the most while a term gives so much."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoreline.scorecard.checks.domains import Domains
from scoreline.scorecard.checks.falls import points_at
from scoreline.scorecard.checks.paths import (
    Clock,
    Fall,
    Given,
    Paths,
    TooManyPathsError,
    all_paths,
    loosened,
)
from scoreline.scorecard.checks.peaks import (
    Front,
    Vector,
    joined,
    joined_all,
    peaks,
    peaks_given,
)
from scoreline.scorecard.model import Clamp, Group, Scorecard

_LARGE = 20_000


def reach_of(card: Scorecard, domains: Domains, clock: Clock) -> Reach:
    """The reach of a card: exact, or with bounds where it would take too long."""
    paths = all_paths(card.terms, domains, clock)
    for loosen in (None, _is_heavy, _is_any):
        if loosen is not None:
            paths = [p for one in paths for p in (loosened(one) if loosen(one) else [one])]
        reach = Reach(card, tuple(paths), clock)
        try:
            _ = reach.low, reach.high
        except TooManyPathsError:
            continue
        return reach
    raise AssertionError("graphs of one term are never too many")


def _is_heavy(paths: Paths) -> bool:
    return len(paths.terms) > 1 and sum(map(len, paths.layers)) > _LARGE


def _is_any(paths: Paths) -> bool:
    return True


@dataclass(frozen=True)
class Reach:
    """The reachable scores of a card, scaled; bounds of them where `exact` is false.

    paths: a graph for each set of terms that share fields.
    """

    card: Scorecard
    paths: tuple[Paths, ...]
    clock: Clock

    @property
    def exact(self) -> bool:
        """Whether nothing is added to what can happen."""
        return all(paths.exact for paths in self.paths)

    @cached_property
    def falls(self) -> dict[int, set[int]]:
        """The bins that each term can fall into, by its place in the card."""
        found: dict[int, set[int]] = {}
        for paths in self.paths:
            found |= paths.falls()
        return found

    def points_at(self, term: int, fall: int) -> int:
        """The points that a term gives in a bin."""
        return points_at(self.card.terms[term], fall)

    @cached_property
    def points(self) -> dict[int, set[int]]:
        """The points that each term can give."""
        return {t: {self.points_at(t, fall) for fall in falls} for t, falls in self.falls.items()}

    @cached_property
    def biting(self) -> tuple[Group, ...]:
        """The groups whose clamp can change something."""
        return tuple(group for group in self.card.groups if self._bites(group))

    def _bites(self, group: Group) -> bool:
        members = [self.points[i] for i, t in enumerate(self.card.terms) if t.group == group.name]
        ends = sum(min(points) for points in members), sum(max(points) for points in members)
        return any(group.clamp.apply(end) != end for end in ends)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """The slot of each term in vectors: 0 where no clamp of a group bites."""
        places = {group.name: place for place, group in enumerate(self.biting, start=1)}
        return tuple(places.get(term.group or "", 0) for term in self.card.terms)

    @cached_property
    def zero(self) -> Vector:
        """The vector of a way that gives nothing."""
        return (0,) * (1 + len(self.biting))

    def weigh(self, given: Given) -> Vector:
        """What an arrow gives, by slot."""
        sums = list(self.zero)
        for term, fall in given:
            sums[self.slots[term]] += self.points_at(term, fall)
        return tuple(sums)

    def total(self, sums: Sequence[int]) -> int:
        """The score of sums by slot."""
        clamps = (Clamp(), *(group.clamp for group in self.biting))
        groups = sum(clamp.apply(part) for clamp, part in zip(clamps, sums, strict=True))
        return self.card.total.apply(self.card.base + groups)

    def best(self, front: Iterable[Vector]) -> int | None:
        """The highest score of vectors; None if there are none."""
        return max(map(self.total, front), default=None)

    @cached_property
    def high(self) -> int:
        """The most that a record can score."""
        return max(map(self.total, joined_all(self._fronts, self.zero)))

    @cached_property
    def low(self) -> int:
        """The least that a record can score."""

        def weigh(given: Given) -> Vector:
            return tuple(-part for part in self.weigh(given))

        fronts = [peaks(paths, weigh, self.zero, self.clock) for paths in self.paths]
        lowest = joined_all(fronts, self.zero)
        return min(self.total([-part for part in vector]) for vector in lowest)

    @cached_property
    def _fronts(self) -> tuple[Front, ...]:
        return tuple(peaks(paths, self.weigh, self.zero, self.clock) for paths in self.paths)

    @cached_property
    def _others(self) -> tuple[Front, ...]:
        """For each graph: what all the others come to at most."""
        if not self.paths:
            return ()
        before: list[Front] = [(self.zero,)]
        after: list[Front] = [(self.zero,)]
        for front in self._fronts[:-1]:
            before.append(joined(before[-1], front))
        for front in self._fronts[:0:-1]:
            after.append(joined(after[-1], front))
        return tuple(joined(a, b) for a, b in zip(before, reversed(after), strict=True))

    @cached_property
    def best_given(self) -> dict[Fall, int]:
        """For each fall that happens: the most that a record then scores."""
        found: dict[Fall, int] = {}
        for paths, others in zip(self.paths, self._others, strict=True):
            fronts = peaks_given(paths, self.weigh, self.zero, self.clock)
            for fall, front in fronts.items():
                found[fall] = max(map(self.total, joined(front, others)))
        return found

    def most_lacking(self, terms: Collection[int], least: int) -> int:
        """How many of the terms at most give no points above 0 where the score is `least` or more.

        -1 if no record scores so much.
        """

        def weigh(given: Given) -> Vector:
            lacking = sum(t in terms and self.points_at(t, fall) <= 0 for t, fall in given)
            return (*self.weigh(given), lacking)

        zero = (*self.zero, 0)
        fronts = [peaks(paths, weigh, zero, self.clock) for paths in self.paths]
        reached = joined_all(fronts, zero)
        return max((v[-1] for v in reached if self.total(v[:-1]) >= least), default=-1)

    def best_lacking(self, terms: Collection[int]) -> int | None:
        """The most a record scores to which none of the terms gives points above 0."""

        def weigh(given: Given) -> Vector | None:
            closed = any(t in terms and self.points_at(t, fall) > 0 for t, fall in given)
            return None if closed else self.weigh(given)

        fronts = [
            peaks(paths, weigh, self.zero, self.clock) if set(paths.terms) & set(terms) else front
            for paths, front in zip(self.paths, self._fronts, strict=True)
        ]
        return max(map(self.total, joined_all(fronts, self.zero)), default=None)
