"""The most that ways through a card can come to, found without looking at each way.

Points of a group with a clamp are counted by themselves, so a way comes to a vector of sums; the
score grows with each of them. So of the ways to one place only those count that no other way beats
in every sum, and these are few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

from scoreline.scorecard.checks.paths import Arrow, Clock, Fall, Given, Paths, TooManyPathsError

MOST_VECTORS = 5_000
_SMALL = 100
Vector = tuple[int, ...]
Front = tuple[Vector, ...]
"""Vectors none of which is at least another one in every part."""
Weigh = Callable[[Given], Vector | None]
"""The vector of what an arrow gives; None if the arrow is closed."""


def front(vectors: Iterable[Vector]) -> Front:
    """The vectors that no other one beats.

    >>> sorted(front([(1, 5), (2, 3), (1, 4), (2, 3)]))
    [(1, 5), (2, 3)]
    """
    ordered = sorted(set(vectors), reverse=True)
    if not ordered or len(ordered[0]) == 1:
        return tuple(ordered[:1])
    if len(ordered[0]) == 2:
        return _front_of_two(ordered)
    found: list[Vector] = []
    for vector in ordered:
        if not _is_beaten(vector, found):
            found.append(vector)
        if len(found) > MOST_VECTORS:
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


def _front_of_two(ordered: Iterable[Vector]) -> Front:
    found: list[Vector] = []
    for vector in ordered:
        if not found or vector[1] > found[-1][1]:
            found.append(vector)
    return tuple(found)


def add(a: Vector, b: Vector) -> Vector:
    """The sum, part by part."""
    return tuple([x + y for x, y in zip(a, b, strict=True)])


def joined(a: Front, b: Front) -> Front:
    """The front of all sums of one vector of each."""
    return front(add(x, y) for x in a for y in b)


def joined_all(fronts: Iterable[Front], zero: Vector) -> Front:
    """The front of all sums of one vector of each front."""
    return reduce(joined, fronts, (zero,))


def peaks(paths: Paths, weigh: Weigh, zero: Vector, clock: Clock) -> Front:
    """The front of what all ways come to; empty if every way is closed."""
    used, weights = _narrowed([weigh(given) for given in paths.given], zero)
    return _widened(forward(paths, weights, (0,) * len(used), clock)[-1][0], used, zero)


def _narrowed(
    weights: Sequence[Vector | None], zero: Vector
) -> tuple[tuple[int, ...], list[Vector | None]]:
    """The parts that are ever more or less than 0, and the vectors of these parts alone."""
    used = {i for w in weights if w is not None for i, part in enumerate(w) if part}
    parts = tuple(sorted(used)) or tuple(range(len(zero)))[:1]
    return parts, [w if w is None else tuple([w[i] for i in parts]) for w in weights]


def _widened(narrow: Front, used: Sequence[int], zero: Vector) -> Front:
    wide = []
    for vector in narrow:
        parts = dict(zip(used, vector, strict=True))
        wide.append(tuple([parts.get(i, 0) for i in range(len(zero))]))
    return tuple(wide)


def forward(
    paths: Paths, weights: Sequence[Vector | None], zero: Vector, clock: Clock
) -> list[list[Front]]:
    """For each place of each layer: the front of the ways that lead to it."""
    found: list[list[Front]] = [[(zero,)]]
    for layer, size in zip(paths.layers, paths.sizes[1:], strict=True):
        before = found[-1]
        found.append(_step(((a, g, b) for a, g, b in layer), before, weights, size, len(zero)))
        _pause(layer, clock)
    return found


def backward(
    paths: Paths, weights: Sequence[Vector | None], zero: Vector, clock: Clock
) -> list[list[Front]]:
    """For each place of each layer: the front of the ways that lead on from it."""
    found: list[list[Front]] = [[(zero,)]]
    for layer, size in zip(reversed(paths.layers), reversed(paths.sizes[:-1]), strict=True):
        after = found[-1]
        found.append(_step(((b, g, a) for a, g, b in layer), after, weights, size, len(zero)))
        _pause(layer, clock)
    return found[::-1]


def _step(
    arrows: Iterator[tuple[int, int, int]],
    before: Sequence[Front],
    weights: Sequence[Vector | None],
    size: int,
    parts: int,
) -> list[Front]:
    if parts == 1:
        return _step_of_one(arrows, before, weights, size)
    reached: list[set[Vector]] = [set() for _ in range(size)]
    for origin, given, to in arrows:
        weight = weights[given]
        if weight is not None:
            reached[to].update([add(vector, weight) for vector in before[origin]])
    return [front(vectors) for vectors in reached]


def _step_of_one(
    arrows: Iterator[tuple[int, int, int]],
    before: Sequence[Front],
    weights: Sequence[Vector | None],
    size: int,
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


def peaks_given(paths: Paths, weigh: Weigh, zero: Vector, clock: Clock) -> dict[Fall, Front]:
    """For each fall of a term: the front of the ways on which it falls there."""
    used, weights = _narrowed([weigh(given) for given in paths.given], zero)
    small = (0,) * len(used)
    before, after = forward(paths, weights, small, clock), backward(paths, weights, small, clock)
    reached: dict[Fall, set[Vector]] = {}
    for depth, layer in enumerate(paths.layers):
        ways: dict[int, set[Vector]] = {}
        for origin, number, to in layer:
            weight = weights[number]
            if weight is not None:
                ways.setdefault(number, set()).update(
                    [
                        add(add(x, weight), y)
                        for x in before[depth][origin]
                        for y in after[depth + 1][to]
                    ]
                )
        for number, vectors in ways.items():
            best = front(vectors)
            for fall in paths.given[number]:
                reached.setdefault(fall, set()).update(best)
        _pause(layer, clock)
    return {fall: _widened(front(vectors), used, zero) for fall, vectors in reached.items()}


def _pause(layer: Sequence[Arrow], clock: Clock) -> None:
    """Look at the clock, but let small layers through: bounds are made of them when time is up."""
    if len(layer) > _SMALL:
        clock.check()
