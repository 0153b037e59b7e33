"""Conditions that one would write of a column: `age >= 50`, `job in (boss, clerk)`, `age is null`.

Each is a set of fine bins; which records meet it is looked up by the bin that they are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.categories import shrunken
from scoreline.learn.columns import Floats
from scoreline.learn.cutting import Cuts, Cutter, Groups

MOST_LEVELS = 10
"""Levels that a condition names at most: more are no condition that one keeps in mind."""
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


def conditions(cutter: Cutter, weights: Floats, events: Floats, least: float) -> list[Condition]:
    """All conditions over a column that enough records meet, and enough do not.

    weights, events: of the fine bins, that of missing values last; least: weight of either side. Of
    two that say the opposite of one another the first is there alone.

    >>> from decimal import Decimal
    >>> found = conditions(Cuts((Decimal(30),)), np.array([50.0, 50, 0]), np.zeros(3), 20)
    >>> [(one.cutter, one.on) for one in found]
    [(Cuts(cuts=(Decimal('30'),)), 1)]
    """
    found: list[Condition] = []
    seen: set[bytes] = set()
    there = weights > 0
    for one in _written(cutter, weights, events):
        met = float(weights[one.bits].sum())
        own = (one.bits & there).tobytes()
        if min(met, float(weights.sum()) - met) < least or own in seen:
            continue
        seen |= {own, (~one.bits & there).tobytes()}
        found.append(one)
    return found


def _written(cutter: Cutter, weights: Floats, events: Floats) -> Iterator[Condition]:
    """The conditions of a column, plain ones first."""
    last = cutter.size - 1
    yield _missing(cutter)
    if isinstance(cutter, Cuts):
        for place, cut in enumerate(cutter.cuts):
            above = np.arange(last + 1) > place
            above[last] = False
            yield Condition(above, Cuts((cut,)), 1)
        for place, cut in enumerate(cutter.cuts):
            yield Condition(np.arange(last + 1) <= place, Cuts((cut,)), 0)
        return
    for group in _groups(cutter, weights[:last], events[:last]):
        yield _levels(cutter, group)


def _missing(cutter: Cutter) -> Condition:
    bits = np.arange(cutter.size) == cutter.size - 1
    if isinstance(cutter, Cuts):
        return Condition(bits, Cuts(()), 1)
    everything = tuple(sorted(chain.from_iterable(cutter.groups)))
    return Condition(bits, Groups((everything,), 0), 1)


def _groups(cutter: Groups, weights: Floats, events: Floats) -> Iterator[list[int]]:
    """Bins of levels that may stand in one condition: each, then those of the least rates and of
    the greatest.
    """
    named = [n for n in range(len(cutter.groups)) if n != cutter.rare and weights[n] > 0]
    if not named:
        return
    rates = shrunken(events[named], weights[named])
    order = [named[n] for n in np.argsort(rates, kind="stable")]
    yield from ([n] for n in named)
    for size in range(2, min(len(order) - 1, MOST_LEVELS) + 1):
        yield order[:size]
        yield order[-size:]


def _levels(cutter: Groups, group: Sequence[int]) -> Condition:
    bits = np.isin(np.arange(cutter.size), group)
    inside = tuple(sorted(chain.from_iterable(cutter.groups[n] for n in group)))
    rest = chain.from_iterable(g for n, g in enumerate(cutter.groups) if n not in group)
    return Condition(bits, Groups((inside, tuple(sorted(rest))), 1), 0)
