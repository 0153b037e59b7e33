"""Numbers -> pre-bins: cut points where the values are dense, and where the rate of events moves.

Quantiles alone place cuts where records are, and lose up to 2 % of the information where the rate
jumps between two of them; cuts of a tree alone are few. Both together are what the best partition
chooses from. Each cut is a number of few digits between two values.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled

Floats = npt.NDArray[np.float64]
QUANTILES, LEAVES, FINE = 40, 20, 512
"""Cuts by quantiles; leaves of the tree; steps of the grid that the tree looks at."""
_DIGITS = 700
"""From the largest float to the smallest there are so many digits."""
SMALLEST_LEAF = 0.02
"""Share of the records that a leaf of the tree has at least."""
ENOUGH, ENOUGH_OF_EACH = 75_000, 5_000
"""Records, and records of either outcome, that cuts are looked for in: each quantile is then within
a sixth of the weight between two of them, at two standard errors."""


def number_cuts(values: Floats, events: Floats, weights: Floats | None = None) -> list[Decimal]:
    """Cut points of a field of numbers, in order; a value that equals one lies above it.

    Of many records one in two, in three ... is looked at, as long as enough of both outcomes are.

    values: of the records that have one, no NaN among them; events: 1 for an event, 0 for none;
    weights: of the records, all one unless said.

    >>> number_cuts(np.array([20.5, 31.7, 44.1]), np.array([0.0, 1.0, 1.0]))
    [Decimal('30'), Decimal('40')]
    """
    if not len(values):
        return []
    weight = np.ones(len(values)) if weights is None else weights
    some = _some(len(events), _step(events))
    values, weight, events = values[some], weight[some], events[some]
    order = np.argsort(values)
    sums = _Sums.of(values[order], weight[order], events[order])
    cuts = {sums.rounded(place, place) for place in sums.where_rates_move()}
    slack = sums.weight[-1] / QUANTILES / 8  # a rounder number a little further is as good
    for place in sums.parts(QUANTILES):
        near = np.searchsorted(sums.weight, sums.weight[place] + [-slack, slack])
        cuts.add(sums.rounded(max(int(near[0]), 1), min(int(near[1]), len(values) - 1)))
    return sorted(cut for cut in cuts if cut is not None)


def _step(events: Floats) -> int:
    """Of how many records one is looked at."""
    had = int(np.count_nonzero(events))
    return max(1, min(len(events) // ENOUGH, min(had, len(events) - had) // ENOUGH_OF_EACH))


@lru_cache(maxsize=4)
def _some(count: int, step: int) -> npt.NDArray[np.intp] | slice:
    """One record of each `step` in a row, drawn: each k-th one would see half of what alternates.

    The same ones each time, so that columns are cut from the same records.
    """
    if step == 1:
        return slice(None)
    begins = np.arange(0, count, step)
    drawn = begins + np.random.default_rng(0).integers(0, step, len(begins))
    return drawn[drawn < count]


@compiled
def bins_among(values: Floats, edges: Floats) -> npt.NDArray[np.int32]:
    """The bin of each value: how many edges are not above it; NaN in one after the last.

    Counting all edges keeps the machine's pipe full, which a search among so few does not.
    """
    found = np.empty(len(values), dtype=np.int32)
    for row in range(len(values)):
        value, below = values[row], 0
        for edge in range(len(edges)):
            below += edges[edge] <= value
        found[row] = below if value == value else len(edges) + 1
    return found


@dataclass(frozen=True)
class _Sums:
    """Values in order, and the weight and the events of all that stand before each place."""

    values: Floats
    weight: Floats
    events: Floats

    @classmethod
    def of(cls, values: Floats, weight: Floats, events: Floats) -> _Sums:
        sums = (np.concatenate(([0.0], np.cumsum(one))) for one in (weight, weight * events))
        return cls(values, *sums)

    def rounded(self, low: int, high: int) -> Decimal | None:
        """The roundest cut at a place from `low` to `high`; None where the values are equal."""
        below, above = float(self.values[low - 1]), float(self.values[high])
        return roundest(below, above) if below < above else None

    def parts(self, most: int) -> list[int]:
        """Places at which parts of about equal weight begin, none within equals."""
        wanted = self.weight[-1] * np.arange(1, most) / most
        places = np.searchsorted(self.weight, wanted, side="left").clip(1, len(self.values) - 1)
        begins = np.searchsorted(self.values, self.values[places], side="left")
        return sorted({int(place) for place in begins if place > 0})

    def where_rates_move(self) -> list[int]:
        """The places at which a regression tree, grown best first on a fine grid, cuts."""
        edges = [0, *self.parts(FINE), len(self.values)]
        found = []
        for at in _tree(self.weight[edges], self.events[edges]):
            begin, end = edges[at - 1], edges[at + 1]
            firsts = np.flatnonzero(np.diff(self.values[begin:end]) > 0) + begin + 1
            there = np.array([begin, *firsts, end])
            _, best = _best_cut(self.weight[there], self.events[there], 0, len(there) - 1, 0.0)
            found.append(int(there[best]))
        return [place for place in found if place > 0]


def roundest(low: float, high: float) -> Decimal:
    """The number of fewest digits above `low` and not above `high`; of several the largest.

    >>> roundest(24.3, 25.1), roundest(0.123, 0.127), roundest(-3, -2), roundest(990, 1010)
    (Decimal('25'), Decimal('0.127'), Decimal('-2'), Decimal('1000'))
    """
    floor, ceiling = Decimal(repr(low)), Decimal(repr(high))
    power = max(floor.adjusted(), ceiling.adjusted()) + 1
    with localcontext(prec=_DIGITS):
        while True:
            step = Decimal(1).scaleb(power)
            found = (ceiling / step).to_integral_value(ROUND_FLOOR) * step
            if found > floor:
                return Decimal(int(found)) if power >= 0 else found.normalize()
            power -= 1


def _tree(weight: Floats, events: Floats) -> list[int]:
    """Places at which a regression tree, grown best first, cuts; given sums before each place."""
    least = SMALLEST_LEAF * float(weight[-1])
    heap: list[tuple[float, int, int, int]] = []

    def offer(begin: int, end: int) -> None:
        gain, at = _best_cut(weight, events, begin, end, least)
        if gain > 0:
            heapq.heappush(heap, (-gain, begin, at, end))

    offer(0, len(weight) - 1)
    cuts: list[int] = []
    while heap and len(cuts) < LEAVES - 1:
        _, begin, at, end = heapq.heappop(heap)
        cuts.append(at)
        offer(begin, at)
        offer(at, end)
    return cuts


def _best_cut(
    weight: Floats, events: Floats, begin: int, end: int, least: float
) -> tuple[float, int]:
    """By how much the best cut of a part lowers the squared error, and where it lies."""
    if end - begin < 2:
        return -math.inf, begin
    w = weight[begin + 1 : end] - weight[begin]
    e = events[begin + 1 : end] - events[begin]
    w_all, e_all = weight[end] - weight[begin], events[end] - events[begin]
    fits = (w > 0) & (w < w_all) & (w >= least) & (w_all - w >= least)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = e**2 / w + (e_all - e) ** 2 / (w_all - w) - e_all**2 / w_all
    gain = np.where(fits, gain, -math.inf)
    at = int(np.argmax(gain))
    return float(gain[at]), begin + 1 + at
