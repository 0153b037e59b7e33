"""The best of all partitions of pre-bins into bins, exactly.

The worth of a partition is a sum over its bins, and every rule looks at one bin or at two
neighbours. So the best partition that ends in a given bin is the best one that ends in some bin
before it, and that bin: dynamic programming over the last bin finds the optimum. With the number
of bins and the turning point of a peak as part of the state nothing is left to chance or to time.
(Bellman and Roth, 1969, for segmented curves; the recurrence is theirs.)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.engines.local.compiled import compiled
from scoreline.learn.binning.rules import TRENDS, BinRules

Floats = npt.NDArray[np.float64]
NOTHING = -np.inf


@dataclass(frozen=True, slots=True)
class Counts:
    """Events and other records of pre-bins in order, weighted if records are.

    total_events, total_others: of all records, those in bins of their own (missing, special codes)
    included, so that the worth of a bin does not depend on where the missing ones are.
    """

    events: Floats
    others: Floats
    total_events: float
    total_others: float

    @classmethod
    def of(
        cls,
        events: npt.ArrayLike,
        others: npt.ArrayLike,
        beside: tuple[float, float] = (0.0, 0.0),
    ) -> Counts:
        """Counts of pre-bins; beside: events and others of records that are in none of them."""
        e, o = (np.asarray(counts, dtype=np.float64) for counts in (events, others))
        return cls(e, o, float(e.sum()) + beside[0], float(o.sum()) + beside[1])


@dataclass(frozen=True, slots=True)
class Partition:
    """Bins of pre-bins.

    starts: the pre-bin at which each bin begins, the first is 0; worth: the sum of theirs.
    """

    starts: tuple[int, ...]
    worth: float


def information(events: Floats, others: Floats, counts: Counts) -> Floats:
    """The information value of bins: what each adds to how well a field tells events from others.

    events, others: of each bin, of any shape; minus infinity where one of them is nothing, for the
    weight of evidence is then infinite. Source: Siddiqi, Credit Risk Scorecards (2006).

    >>> counts = Counts.of([10, 30], [40, 20])
    >>> information(counts.events, counts.others, counts).round(4).tolist()
    [0.4087, 0.3379]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        good, bad = events / counts.total_events, others / counts.total_others
        worth = (good - bad) * np.log(good / bad)
    return np.where((events > 0) & (others > 0), worth, NOTHING)


def evidence(events: Floats, others: Floats, counts: Counts) -> Floats:
    """What bins add to the evidence for themselves: logarithm of likelihood, less a bin's price.

    The price of a bin is half the logarithm of the records (Schwarz, 1978): a bin that chance
    explains costs more than it brings. Arguments as in `information`.

    >>> counts = Counts.of([10, 11, 60], [90, 89, 40])
    >>> best_partition(counts, BinRules(), evidence).starts
    (0, 2)
    """
    size = events + others
    with np.errstate(divide="ignore", invalid="ignore"):
        likely = sum(
            np.where(some > 0, some * np.log(some / size), 0.0) for some in (events, others)
        )
    price = 0.5 * np.log(counts.total_events + counts.total_others)
    return np.where(size > 0, likely - price, NOTHING)


Worth = Callable[[Floats, Floats, Counts], Floats]
"""What bins are worth, by their events and others; the worth of a partition is their sum."""


def best_partition(counts: Counts, rules: BinRules, worth: Worth = information) -> Partition | None:
    """The partition of most worth that keeps to the rules; None if none does.

    Of partitions of equal worth the one is taken whose last bins begin first.

    >>> found = best_partition(Counts.of([1, 2, 9, 8], [9, 8, 1, 2]), BinRules(most=2))
    >>> found.starts, round(found.worth, 4)
    ((0, 2), 2.4284)
    """
    if not len(counts.events):
        return None
    events, others, values = _bins(counts, rules, worth)
    counted = rules.most is not None or rules.fewest > 1
    n = len(counts.events)
    most = min(n, rules.most or n) if counted else 1
    trend = TRENDS.index(rules.trend)
    starts, found = _search(
        events, others, values, trend, rules.difference, rules.fewest if counted else 0, most
    )
    return Partition(tuple(starts.tolist()), float(found)) if len(starts) else None


def _bins(counts: Counts, rules: BinRules, worth: Worth) -> tuple[Floats, Floats, Floats]:
    """Events, others and worth of every bin; minus infinity where one breaks a rule.

    Row: its first pre-bin, column: its last. The two ways of ours are worked out in one compiled
    pass, for most of the time of a small problem goes into making arrays.
    """
    if worth is information or worth is evidence:
        limits = np.array(
            [rules.smallest, rules.largest, rules.events, rules.others], dtype=np.float64
        )
        cuts = np.array(sorted(rules.cuts), dtype=np.int64)
        totals = (counts.total_events, counts.total_others)
        return _own_bins(counts.events, counts.others, *totals, limits, cuts, worth is evidence)
    events, others = _sums(counts.events), _sums(counts.others)
    values = np.where(_allowed(events, others, rules), worth(events, others, counts), NOTHING)
    return events, others, values


@compiled
def _own_bins(
    events: Floats,
    others: Floats,
    total_events: float,
    total_others: float,
    limits: Floats,
    cuts: npt.NDArray[np.int64],
    by_evidence: bool,
) -> tuple[Floats, Floats, Floats]:
    """What `_bins` gives for `information`, or by evidence."""
    n = len(events)
    sums_e, sums_o = np.zeros((n, n)), np.zeros((n, n))
    values = np.full((n, n), -np.inf)
    price = 0.5 * math.log(max(total_events + total_others, 1e-300))
    for first in range(n):
        before_e, before_o = 0.0, 0.0
        end = n
        for cut in cuts:
            if cut > first and cut < end:
                end = cut
        for last in range(first, n):
            before_e += events[last]
            before_o += others[last]
            e, o = before_e, before_o
            sums_e[first, last], sums_o[first, last] = e, o
            size = e + o
            pure = e <= 0.0 or o <= 0.0
            if last >= end or size <= 0.0 or (pure and not by_evidence):
                continue
            if size < limits[0] or size > limits[1] or e < limits[2] or o < limits[3]:
                continue
            if pure:
                values[first, last] = -price  # sure of its outcome: nothing is lost
            elif by_evidence:
                values[first, last] = e * math.log(e / size) + o * math.log(o / size) - price
            else:
                good, bad = e / total_events, o / total_others
                values[first, last] = (good - bad) * math.log(good / bad)
    return sums_e, sums_o, values


def _sums(counts: Floats) -> Floats:
    """The counts of every bin: row its first pre-bin, column its last; 0 where there is none."""
    until = np.concatenate(([0.0], np.cumsum(counts)))
    return np.triu(until[None, 1:] - until[:-1, None])


def _allowed(events: Floats, others: Floats, rules: BinRules) -> npt.NDArray[np.bool_]:
    """Whether each bin keeps to the rules of one bin."""
    size = events + others
    fits = (size >= rules.smallest) & (size <= rules.largest)
    fits &= (events >= rules.events) & (others >= rules.others)
    for cut in rules.cuts:
        fits[:cut, cut:] = False
    return np.asarray(np.triu(fits))


@compiled
def _search(
    events: Floats,
    others: Floats,
    worth: Floats,
    trend: int,
    difference: float,
    fewest: int,
    most: int,
) -> tuple[npt.NDArray[np.int64], float]:
    """The starts of the best bins, and their worth; no starts where no partition fits.

    trend: its place in TRENDS; fewest: 0 where bins are not counted. State: how many bins (one
    plane where they are not counted), whether the trend has turned, first and last pre-bin of the
    last bin.
    """
    n = worth.shape[0]
    turns = 2 if trend >= 3 else 1
    best = np.full((most, turns, n, n), -np.inf)
    before = np.full((most, turns, n, n), -1, dtype=np.int32)  # start and turn of the bin before
    for last in range(n):
        if worth[0, last] > -np.inf:
            best[0, 0, 0, last] = worth[0, last]
    for last in range(1, n):
        for first in range(1, last + 1):
            own = worth[first, last]
            if own == -np.inf:
                continue
            e, size = events[first, last], events[first, last] + others[first, last]
            for start in range(first):
                if worth[start, first - 1] == -np.inf:
                    continue
                e0 = events[start, first - 1]
                size0 = e0 + others[start, first - 1]
                slope = e * size0 - e0 * size  # the sign of the difference of rates, exactly
                if difference > 0.0 and abs(slope) < difference * size * size0 * (1.0 - 1e-12):
                    continue
                rises, falls = slope >= 0.0, slope <= 0.0
                if (trend == 1 and not rises) or (trend == 2 and not falls):
                    continue
                if trend == 4:
                    rises, falls = falls, rises
                for k in range(most):
                    to = k + 1 if fewest > 0 else 0
                    if to >= most:
                        break
                    for turn in range(turns):
                        old = best[k, turn, start, first - 1]
                        if old == -np.inf:
                            continue
                        for now in range(turn, turns):
                            if turns == 2 and not (rises if now == 0 else falls):
                                continue
                            if old + own > best[to, now, first, last]:
                                best[to, now, first, last] = old + own
                                before[to, now, first, last] = start * 2 + turn
    at_k, at_turn, at_first, found = -1, 0, -1, -np.inf
    for k in range(max(fewest - 1, 0), most):
        for turn in range(turns):
            for first in range(n):
                if best[k, turn, first, n - 1] > found:
                    found = best[k, turn, first, n - 1]
                    at_k, at_turn, at_first = k, turn, first
    starts = np.empty(n, dtype=np.int64)
    length, last = 0, n - 1
    while at_k >= 0 and at_first >= 0:
        starts[length] = at_first
        length += 1
        code = before[at_k, at_turn, at_first, last]
        if at_first == 0:
            break
        last = at_first - 1
        at_first, at_turn = code // 2, code % 2
        if fewest > 0:
            at_k -= 1
    return starts[:length][::-1].copy(), found
