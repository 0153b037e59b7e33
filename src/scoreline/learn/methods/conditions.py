"""Conditions that one would write of a column: `age >= 50`, `job in (boss, clerk)`, `age is null`.

Each is a set of fine bins; which records meet it is looked up by the bin that they are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Floats
from scoreline.learn.cutting import Cuts, Cutter, Groups

MOST_LEVELS = 10
"""Levels that a condition names at most: more are no condition that one keeps in mind."""
PARTS = 20
"""Parts of a column that ranges (`25 <= age < 40`) begin and end at: finer ones say no more."""
Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """A condition over one column.

    bits: which of its fine bins meet it; cutter: the bins that are left: those that do are bin
    `on`, all others have no points.
    """

    bits: Bits
    cutter: Cutter
    on: int

    @property
    def direction(self) -> int:
        """1 where greater numbers meet it, -1 where smaller ones do, 0 for all else."""
        one_cut = isinstance(self.cutter, Cuts) and self.cutter.size == 3
        return (1 if self.on else -1) if one_cut else 0


def conditions(
    cutter: Cutter, weights: Floats, least: float, *, ranges: bool = True
) -> list[Condition]:
    """The plain conditions over a column that enough records meet, and enough do not.

    weights: of the fine bins, that of missing values last; least: weight of either side; ranges:
    whether numbers may lie between two ends (`age >= 25 and age < 40`). Of two that say the
    opposite of one another the first is there alone. Conditions of several levels are not among
    them: `of_levels` finds those that a fit asks for.

    >>> from decimal import Decimal
    >>> found = conditions(Cuts((Decimal(30),)), np.array([50.0, 50, 0]), 20)
    >>> [(one.cutter, one.on) for one in found]
    [(Cuts(cuts=(Decimal('30'),)), 1)]
    """
    found: list[Condition] = []
    seen: set[bytes] = set()
    there = weights > 0
    for one in _written(cutter, weights, ranges=ranges):
        own = (one.bits & there).tobytes()
        if own in seen or not splits(one.bits, weights, least):
            continue
        seen |= {own, (~one.bits & there).tobytes()}
        found.append(one)
    return found


def splits(bits: Bits, weights: Floats, least: float) -> bool:
    """Whether enough records meet a condition, and enough do not."""
    met = float(weights[bits].sum())
    return min(met, float(weights.sum()) - met) >= least


def of_levels(cutter: Groups, pulls: Floats, weights: Floats, least: float) -> list[Condition]:
    """Conditions of several levels: those that a fit finds too low, and those it finds too high.

    pulls: of the fine bins, how far up the fit would have each, that of missing values last; of all
    conditions of levels the best one is such a set (Fisher, 1958), unless it has more levels than
    one reads.

    >>> cutter = Groups((("a",), ("b",), ("c",), ("d",)))
    >>> found = of_levels(cutter, np.array([0.1, 2, -1, 1, 0]), np.full(5, 50.0), 20)
    >>> [one.cutter.groups[0] for one in found]
    [('a', 'c'), ('b', 'd')]
    """
    last = cutter.size - 1
    named = [n for n in range(last) if n != cutter.rare and weights[n] > 0]
    order = sorted(named, key=lambda n: (pulls[n], n))
    sets = (
        part
        for size in range(2, min(len(order) // 2, MOST_LEVELS) + 1)
        for part in (order[:size], order[-size:])
    )
    found = (_levels(cutter, part) for part in sets)
    return [one for one in found if splits(one.bits, weights, least)]


def _written(cutter: Cutter, weights: Floats, *, ranges: bool) -> Iterator[Condition]:
    """The conditions of a column, plain ones first."""
    last = cutter.size - 1
    yield _missing(cutter)
    if isinstance(cutter, Groups):
        yield from (_levels(cutter, [n]) for n in range(last) if n != cutter.rare)
        return
    bins = np.arange(last + 1)
    for place, cut in enumerate(cutter.cuts):
        yield Condition((bins > place) & (bins < last), Cuts((cut,)), 1)
    for place, cut in enumerate(cutter.cuts):
        yield Condition(bins <= place, Cuts((cut,)), 0)
    for begin, end in combinations(_edges(weights[:last]) if ranges else [], 2):
        both = Cuts((cutter.cuts[begin], cutter.cuts[end]))
        yield Condition((bins > begin) & (bins <= end), both, 1)


def _edges(weights: Floats) -> list[int]:
    """Cuts at which about equal parts of the records end; ranges lie between them."""
    wanted = float(weights.sum()) * np.arange(1, PARTS) / PARTS
    found = np.searchsorted(np.cumsum(weights)[:-1], wanted)
    return sorted({int(place) for place in found if place < len(weights) - 1})


def _missing(cutter: Cutter) -> Condition:
    bits = np.arange(cutter.size) == cutter.size - 1
    if isinstance(cutter, Cuts):
        return Condition(bits, Cuts(()), 1)
    everything = tuple(sorted(chain.from_iterable(cutter.groups)))
    return Condition(bits, Groups((everything,), 0), 1)


def _levels(cutter: Groups, group: Sequence[int]) -> Condition:
    bits = np.isin(np.arange(cutter.size), group)
    inside = tuple(sorted(chain.from_iterable(cutter.groups[n] for n in group)))
    rest = chain.from_iterable(g for n, g in enumerate(cutter.groups) if n not in group)
    return Condition(bits, Groups((inside, tuple(sorted(rest))), 1), 0)
