"""What scores a card can reach: the least, the most, and the most while a term gives so much."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.domains import Domains
from scoreline.scorecard.checks.falls import points_at
from scoreline.scorecard.checks.paths import Fall, Paths, all_paths, loosened
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


def reach_of(
    card: Scorecard, domains: Domains, seen: Mapping[int, Iterable[int]], clock: Clock
) -> Reach:
    """The reach of a card: exact, or with bounds where it would take too long.

    seen: the falls of each term by itself, where they are known.
    """
    paths = all_paths(card.terms, domains, seen, clock)
    # Graphs of one term and one layer have one peak each: they take next to no time.
    for loosen, share in ((None, 0.7), (_is_heavy, 0.75), (_is_any, math.inf)):
        if loosen is not None:
            paths = [p for one in paths for p in (loosened(one) if loosen(one) else [one])]
        reach = Reach(card, tuple(paths), clock)
        try:
            with clock.within(share):
                _ = reach.low, reach.high
        except TooManyPathsError:
            continue
        return reach
    raise AssertionError("graphs of one term have one peak each")


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

    @cached_property
    def points(self) -> dict[int, set[int]]:
        """The points that each term can give."""
        return {t: {self.worth[t, fall] for fall in falls} for t, falls in self.falls.items()}

    @cached_property
    def worth(self) -> dict[Fall, int]:
        """The points of each fall that happens."""
        terms = self.card.terms
        return {(t, f): points_at(terms[t], f) for t, falls in self.falls.items() for f in falls}

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

    def weights(self, paths: Paths, sign: int = 1) -> list[Vector]:
        """What each thing that a graph gives comes to, by slot."""
        slots = sorted({self.slots[term] for term in paths.terms})
        worth = self.worth.__getitem__
        found: list[Vector] = []
        for given in paths.given:
            sums = list(self.zero)
            for slot in slots:
                own = given
                if len(slots) > 1:
                    own = tuple([fall for fall in given if self.slots[fall[0]] == slot])
                sums[slot] = sign * sum(map(worth, own))
            found.append(tuple(sums))
            self.clock.work(len(slots) * len(given) + len(sums))
        return found

    def total(self, sums: Sequence[int]) -> int:
        """The score of sums by slot."""
        clamps = (Clamp(), *(group.clamp for group in self.biting))
        groups = sum(clamp.apply(part) for clamp, part in zip(clamps, sums, strict=True))
        return self.card.total.apply(self.card.base + groups)

    @cached_property
    def high(self) -> int:
        """The most that a record can score."""
        return max(map(self.total, joined_all(self._fronts, self.zero, self.clock)))

    @cached_property
    def low(self) -> int:
        """The least that a record can score."""
        fronts = [
            peaks(paths, self.weights(paths, -1), self.zero, self.clock) for paths in self.paths
        ]
        lowest = joined_all(fronts, self.zero, self.clock)
        return min(self.total([-part for part in vector]) for vector in lowest)

    @cached_property
    def _weights(self) -> tuple[list[Vector], ...]:
        return tuple(self.weights(paths) for paths in self.paths)

    @cached_property
    def _fronts(self) -> tuple[Front, ...]:
        return tuple(
            peaks(paths, weights, self.zero, self.clock)
            for paths, weights in zip(self.paths, self._weights, strict=True)
        )

    @cached_property
    def _others(self) -> tuple[Front, ...]:
        """For each graph: what all the others come to at most."""
        if not self.paths:
            return ()
        before: list[Front] = [(self.zero,)]
        after: list[Front] = [(self.zero,)]
        for front in self._fronts[:-1]:
            before.append(joined(before[-1], front, self.clock))
        for front in self._fronts[:0:-1]:
            after.append(joined(after[-1], front, self.clock))
        return tuple(joined(a, b, self.clock) for a, b in zip(before, reversed(after), strict=True))

    @cached_property
    def best_given(self) -> dict[Fall, int]:
        """For each fall that happens: the most that a record then scores."""
        found: dict[Fall, int] = {}
        for paths, weights, others in zip(self.paths, self._weights, self._others, strict=True):
            fronts = peaks_given(paths, weights, self.zero, self.clock)
            for fall, front in fronts.items():
                reached = joined(front, others, self.clock)
                found[fall] = max(map(self.total, reached))
                self.clock.work(len(reached) * len(self.zero))
        return found

    def most_lacking(self, terms: Collection[int], least: int) -> int:
        """How many of the terms at most give no points above 0 where the score is `least` or more.

        -1 if no record scores so much.
        """
        own = set(terms)
        lacks = {fall: fall[0] in own and points <= 0 for fall, points in self.worth.items()}
        zero = (*self.zero, 0)
        fronts: list[Front] = []
        for paths, weights in zip(self.paths, self._weights, strict=True):
            wide: list[Vector] = []
            for given, weight in zip(paths.given, weights, strict=True):
                wide.append((*weight, sum(map(lacks.__getitem__, given))))
                self.clock.work(len(given))
            fronts.append(peaks(paths, wide, zero, self.clock))
        reached = joined_all(fronts, zero, self.clock)
        return max((v[-1] for v in reached if self.total(v[:-1]) >= least), default=-1)

    def best_lacking(self, terms: Collection[int]) -> int | None:
        """The most a record scores to which none of the terms gives points above 0."""
        own = set(terms)
        closed = {fall for fall, points in self.worth.items() if fall[0] in own and points > 0}
        fronts: list[Front] = []
        for paths, weights, front in zip(self.paths, self._weights, self._fronts, strict=True):
            if own.isdisjoint(paths.terms):
                fronts.append(front)
                continue
            open_: list[Vector | None] = []
            for given, weight in zip(paths.given, weights, strict=True):
                open_.append(weight if closed.isdisjoint(given) else None)
                self.clock.work(len(given))
            fronts.append(peaks(paths, open_, self.zero, self.clock))
        reached = joined_all(fronts, self.zero, self.clock)
        return max(map(self.total, reached), default=None)
