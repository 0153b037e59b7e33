"""The most that ways through a card can come to, found without looking at each way.

Points of a group with a clamp are counted by themselves, so a way comes to a vector of sums; the
score grows with each of them. So of the ways to one place only those count that no other way beats
in every sum. Where even these are too many TooManyPathsError is raised.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.paths import Arrow, Fall, Paths

MOST_VECTORS = 5_000
MOST_PAIRS = 50_000
"""Vectors in one front; pairs are sorted in one pass, longer ones are compared one by one."""
MOST_HELD = 300_000
"""Vectors at a time, in all fronts of a graph and in what fronts are made of."""
Vector = tuple[int, ...]
Front = tuple[Vector, ...]
"""Vectors none of which is at least another one in every part."""
Weights = Sequence[Vector | None]
"""The vector of each thing that a graph gives; None closes the arrows that give it."""


def front(vectors: Iterable[Vector], clock: Clock) -> Front:
    """The vectors that no other one beats.

    >>> sorted(front([(1, 5), (2, 3), (1, 4), (2, 3)], Clock(60)))
    [(1, 5), (2, 3)]
    """
    ordered = sorted(set(vectors), reverse=True)
    clock.work(len(ordered))
    if not ordered or len(ordered[0]) == 1:
        return tuple(ordered[:1])
    two = len(ordered[0]) == 2
    found: list[Vector] = []
    for vector in ordered:
        if two:
            beaten = bool(found) and vector[1] <= found[-1][1]
        else:
            beaten = _is_beaten(vector, found)
            clock.work(len(found))
        if not beaten:
            found.append(vector)
        if len(found) > (MOST_PAIRS if two else MOST_VECTORS):
            raise TooManyPathsError
    return tuple(found)


def _is_beaten(vector: Vector, found: Iterable[Vector]) -> bool:
    for best in found:
        for ours, theirs in zip(vector, best, strict=True):
            if ours > theirs:
                break
        else:
            return True
    return False


class _Gathered:
    """Vectors on their way to a front; those that are beaten go as soon as they are many."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.found: set[Vector] = set()
        self._limit = MOST_VECTORS

    def add(self, vectors: Sequence[Vector]) -> None:
        """Take these too."""
        self.found.update(vectors)
        self.clock.work(len(vectors))
        if len(self.found) > self._limit:
            self.found = set(front(self.found, self.clock))
            self._limit = MOST_VECTORS + 2 * len(self.found)

    def front(self) -> Front:
        """The front of all that was taken."""
        return front(self.found, self.clock)


def add(a: Vector, b: Vector) -> Vector:
    """The sum, part by part."""
    return tuple([x + y for x, y in zip(a, b, strict=True)])


def joined(a: Front, b: Front, clock: Clock) -> Front:
    """The front of all sums of one vector of each."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    if len(few) == 1:  # what no vector beats, none beats when all are moved
        return tuple([add(few[0], vector) for vector in many])
    found = _Gathered(clock)
    for vector in few:
        found.add([add(vector, other) for other in many])
    return found.front()


def joined_all(fronts: Iterable[Front], zero: Vector, clock: Clock) -> Front:
    """The front of all sums of one vector of each front."""
    found: Front = (zero,)
    for one in sorted(fronts, key=len):
        found = joined(found, one, clock)
    return found


def peaks(paths: Paths, weights: Weights, zero: Vector, clock: Clock) -> Front:
    """The front of what all ways come to; empty if every way is closed."""
    used, narrow = _narrowed(weights, zero)
    (last,) = deque(_forward(paths, narrow, (0,) * len(used), clock), maxlen=1)
    return _widened(last[0], used, zero)


def _narrowed(weights: Weights, zero: Vector) -> tuple[tuple[int, ...], list[Vector | None]]:
    """The parts that are ever more or less than 0, and the vectors of these parts alone."""
    used = {i for w in weights if w is not None for i, part in enumerate(w) if part}
    parts = tuple(sorted(used)) or tuple(range(len(zero)))[:1]
    return parts, [w if w is None else tuple([w[i] for i in parts]) for w in weights]


def _widened(narrow: Front, used: Sequence[int], zero: Vector) -> Front:
    if len(used) == len(zero):
        return narrow
    wide = []
    for vector in narrow:
        parts = list(zero)
        for place, part in zip(used, vector, strict=True):
            parts[place] = part
        wide.append(tuple(parts))
    return tuple(wide)


def _forward(paths: Paths, weights: Weights, zero: Vector, clock: Clock) -> Iterator[list[Front]]:
    """For each layer, for each of its places: the front of the ways that lead to it."""
    found: list[Front] = [(zero,)]
    yield found
    for layer, size in zip(paths.layers, paths.sizes[1:], strict=True):
        found = _step(layer, found, weights, size, len(zero), clock)
        yield found


def _backward(paths: Paths, weights: Weights, zero: Vector, clock: Clock) -> Iterator[list[Front]]:
    """The same from the last layer: the front of the ways that lead on from each place."""
    found: list[Front] = [(zero,)]
    yield found
    for layer, size in zip(reversed(paths.layers), reversed(paths.sizes[:-1]), strict=True):
        turned = [(b, given, a) for a, given, b in layer]
        found = _step(turned, found, weights, size, len(zero), clock)
        yield found


def _step(
    arrows: Sequence[Arrow],
    before: Sequence[Front],
    weights: Weights,
    size: int,
    parts: int,
    clock: Clock,
) -> list[Front]:
    clock.work(len(arrows))
    if parts == 1:
        return _step_of_one(arrows, before, weights, size)
    reached = [_Gathered(clock) for _ in range(size)]
    held = 0
    for origin, given, to in arrows:
        weight = weights[given]
        if weight is not None:
            held -= len(reached[to].found)
            reached[to].add([add(vector, weight) for vector in before[origin]])
            held += len(reached[to].found)
            if held > MOST_HELD:
                raise TooManyPathsError
    return [gathered.front() for gathered in reached]


def _step_of_one(
    arrows: Iterable[Arrow], before: Sequence[Front], weights: Weights, size: int
) -> list[Front]:
    """The same for vectors of one part, of which only the highest counts."""
    closed = -math.inf
    ours = [front[0][0] if front else closed for front in before]
    gains = [closed if weight is None else weight[0] for weight in weights]
    best = [closed] * size
    for origin, given, to in arrows:
        reached = ours[origin] + gains[given]
        if reached > best[to]:
            best[to] = reached
    return [() if number == closed else ((int(number),),) for number in best]


def peaks_given(paths: Paths, weights: Weights, zero: Vector, clock: Clock) -> dict[Fall, Front]:
    """For each fall of a term: the front of the ways on which it falls there."""
    used, narrow = _narrowed(weights, zero)
    small = (0,) * len(used)
    before = _kept(_forward(paths, narrow, small, clock))
    after = _kept(_backward(paths, narrow, small, clock))[::-1]
    reached: dict[Fall, Front] = {}
    held = 0
    for depth, layer in enumerate(paths.layers):
        ways: dict[int, _Gathered] = {}
        for origin, number, to in layer:
            weight = narrow[number]
            if weight is None:
                continue
            through = joined(before[depth][origin], after[depth + 1][to], clock)
            ways.setdefault(number, _Gathered(clock)).add([add(x, weight) for x in through])
        for number, gathered in ways.items():
            best = gathered.front()
            clock.work(len(paths.given[number]))
            for fall in paths.given[number]:
                known = reached.get(fall, ())
                reached[fall] = _either(known, best, clock)
                held += len(reached[fall]) - len(known)
            if held > MOST_HELD:
                raise TooManyPathsError
    return {fall: _widened(vectors, used, zero) for fall, vectors in reached.items()}


def _either(a: Front, b: Front, clock: Clock) -> Front:
    """The front of the vectors of both."""
    if not a or not b:
        return a or b
    if len(a[0]) == 1:
        return max(a, b)
    return front((*a, *b), clock)


def _kept(layers: Iterable[list[Front]]) -> list[list[Front]]:
    """All layers at once."""
    found: list[list[Front]] = []
    held = 0
    for layer in layers:
        found.append(layer)
        held += sum(map(len, layer))
        if held > 2 * MOST_HELD:
            raise TooManyPathsError
    return found
