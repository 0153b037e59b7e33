"""The set of all scores that a card can reach, for segments that lie between two of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoreline.scorecard.checks.clock import TooManyPathsError
from scoreline.scorecard.checks.numbersets import NumberSet
from scoreline.scorecard.checks.paths import Given, Paths
from scoreline.scorecard.checks.reach import Reach
from scoreline.scorecard.model import Clamp

MOST_BYTES = 80_000_000
MOST_KEYS = 120_000
Key = tuple[int, ...]
Keyed = dict[Key, NumberSet]
"""By sums of groups: the sums of the other terms that go with them."""
ZERO = NumberSet.of([0])
EMPTY = NumberSet({})


@dataclass(frozen=True, slots=True)
class Scores:
    """The reachable scores before the clamp of the total: base + unit x each of `sums`, scaled."""

    base: int
    unit: int
    total: Clamp
    sums: NumberSet

    def meet(self, first: int, last: int) -> bool:
        """Whether a scaled score from first to last, both included, is reachable."""
        floor, cap = self.total.floor, self.total.cap
        if (cap is not None and cap < first) or (floor is not None and floor > last):
            return False
        # What the total's clamp moves into the range lies beyond its end.
        least = -((self.base - first) // self.unit)
        most = (last - self.base) // self.unit
        low = None if floor is not None and floor >= first else least
        high = None if cap is not None and cap <= last else most
        return bool(self.sums.between(low, high))


def scores_of(reach: Reach) -> Scores:
    """The scores that a card can reach.

    Raises TooManyPathsError where they are too many to look at one by one.
    """
    points = {p for given in reach.points.values() for p in given}
    clamps = [group.clamp for group in reach.biting]
    ends = [end for clamp in clamps for end in (clamp.floor, clamp.cap) if end is not None]
    unit = math.gcd(*points, *ends) or 1
    folder = _Folder(reach, unit, [Clamp(), *(_divided(clamp, unit) for clamp in clamps)])
    return Scores(reach.card.base, unit, reach.card.total, folder.sums())


def _divided(clamp: Clamp, unit: int) -> Clamp:
    return Clamp(*(None if end is None else end // unit for end in (clamp.floor, clamp.cap)))


class _Folder:
    """Folds the graphs of a card into one set of sums, counted in units."""

    def __init__(self, reach: Reach, unit: int, clamps: Sequence[Clamp]) -> None:
        self.reach = reach
        self.unit = unit
        self.clamps = clamps

    def sums(self) -> NumberSet:
        """All sums after the clamps of groups."""
        alone: dict[int, NumberSet] = {}
        mixed: list[tuple[frozenset[int], Keyed]] = []
        for paths in self.reach.paths:
            slots = sorted({self.reach.slots[term] for term in paths.terms})
            if len(slots) == 1:
                found = self._folded(paths, ())[()]
                alone[slots[0]] = alone.get(slots[0], ZERO).plus(found, self._pause)
            else:
                keys = [slot for slot in slots if slot]
                mixed.append((frozenset(keys), self._folded(paths, keys)))
        total = alone.pop(0, ZERO)
        # A group of no terms still has its floor.
        alone = {slot: alone.get(slot, ZERO) for slot in range(1, len(self.clamps))}
        for slots, cluster in _clusters(mixed):
            total = total.plus(self._cluster(slots, cluster, alone), self._pause)
        for slot, found in alone.items():
            total = total.plus(found.clamped(self.clamps[slot]), self._pause)
        return total

    def _folded(self, paths: Paths, keys: Sequence[int]) -> Keyed:
        """What the ways of a graph come to, by the sums of the slots that are keys."""
        weights: list[tuple[Key, int]] = []
        for falls in paths.given:
            weights.append(self._weight(falls, keys))
            self.reach.clock.work(3 * len(falls))
        before: list[Keyed] = [{(0,) * len(keys): ZERO}]
        for layer, size in zip(paths.layers, paths.sizes[1:], strict=True):
            after: list[Keyed] = [{} for _ in range(size)]
            held = 0
            for origin, given, to in layer:
                key, by = weights[given]
                for old, sums in before[origin].items():
                    new = tuple([x + y for x, y in zip(old, key, strict=True)])
                    known = after[to].get(new, EMPTY)
                    after[to][new] = known | sums.moved(by)
                    held += after[to][new].weight - known.weight
                    self._pause(sums, held)
            before = after
        return before[0]

    def _weight(self, given: Given, keys: Sequence[int]) -> tuple[Key, int]:
        by_slot = dict.fromkeys(keys, 0)
        rest = 0
        for term, fall in given:
            slot = self.reach.slots[term]
            points = self.reach.worth[term, fall] // self.unit
            if slot in by_slot:
                by_slot[slot] += points
            else:
                rest += points
        return tuple(by_slot.values()), rest

    def _pause(self, worked: NumberSet, held: int = 0) -> None:
        """Raises where the time or the memory is used up; worked: what was just looked at."""
        self.reach.clock.work(1 + len(worked.pieces))
        if max(held, worked.weight) > MOST_BYTES:
            raise TooManyPathsError

    def _cluster(
        self, slots: Sequence[int], cluster: Iterable[Keyed], alone: dict[int, NumberSet]
    ) -> NumberSet:
        """The sums of graphs that share groups; takes what is alone in these groups along."""
        held: Keyed = {(0,) * len(slots): ZERO}
        for keyed in cluster:
            held = self._joined(held, keyed.items())
        for place, slot in enumerate(slots):
            apart = alone.pop(slot, ZERO)
            zeros = (0,) * place, (0,) * (len(slots) - place - 1)
            if apart.count > MOST_KEYS:
                raise TooManyPathsError
            held = self._joined(held, [((*zeros[0], n, *zeros[1]), ZERO) for n in apart.numbers()])
        total = EMPTY
        for key, sums in held.items():
            by = sum(self.clamps[slot].apply(part) for slot, part in zip(slots, key, strict=True))
            total |= sums.moved(by)
            self._pause(total)
        return total

    def _joined(self, held: Keyed, others: Iterable[tuple[Key, NumberSet]]) -> Keyed:
        found: Keyed = {}
        weight = 0
        for other, more in others:
            for key, sums in held.items():
                new = tuple([x + y for x, y in zip(key, other, strict=True)])
                known = found.get(new, EMPTY)
                found[new] = known | sums.plus(more, self._pause)
                weight += found[new].weight - known.weight
                self._pause(sums, weight)
        return found


def _clusters(
    mixed: Iterable[tuple[frozenset[int], Keyed]],
) -> Iterator[tuple[list[int], list[Keyed]]]:
    """Graphs that share groups, with the slots of all these groups, keyed by all of them."""
    groups: list[tuple[frozenset[int], list[tuple[frozenset[int], Keyed]]]] = []
    for slots, keyed in mixed:
        near = [group for group in groups if group[0] & slots]
        groups = [group for group in groups if not group[0] & slots]
        union = slots.union(*(group[0] for group in near))
        groups.append((union, [(slots, keyed), *(part for group in near for part in group[1])]))
    for slots, parts in groups:
        order = sorted(slots)
        yield order, [_rekeyed(keyed, sorted(own), order) for own, keyed in parts]


def _rekeyed(keyed: Keyed, own: Sequence[int], order: Sequence[int]) -> Keyed:
    def wide(key: Key) -> Key:
        parts = dict(zip(own, key, strict=True))
        return tuple(parts.get(slot, 0) for slot in order)

    return {wide(key): sums for key, sums in keyed.items()}
