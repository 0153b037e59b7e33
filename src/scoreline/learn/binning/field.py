"""A field cut into bins: pre-bins, the best partition, missing in a bin of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.best import Counts, Partition, best_partition, evidence, information
from scoreline.learn.binning.categories import ordered_levels
from scoreline.learn.binning.numbers import bins_among, number_cuts
from scoreline.learn.binning.rules import BinRules, Trend
from scoreline.learn.columns import Column, Levels

Floats = npt.NDArray[np.float64]
SIMPLEST: tuple[Trend, ...] = ("ascending", "descending", "peak", "valley", "any")
"""Trends that `auto` tries; of equally good ones the first."""
_EQUAL = 1e-9


@dataclass(frozen=True)
class Bins:
    """The bins of a field, with the events and the other records in each.

    cuts: where the bins of numbers begin but for the first; groups: the levels of each bin of a
    category; rare: the bin of levels that are rare or were never seen; events, others: by bin,
    those of the missing ones last; trend: of the rates; worth: the information value of the bins
    without the missing ones.
    """

    events: Floats
    others: Floats
    trend: Trend
    worth: float
    cuts: tuple[Decimal, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    rare: int | None = None

    @property
    def count(self) -> int:
        """How many bins there are, without that of the missing ones."""
        return len(self.events) - 1

    @property
    def rates(self) -> Floats:
        """The rate of events of each bin, the missing ones last; NaN where nobody is in it."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.events / (self.events + self.others))


def bins_of(
    column: Column,
    events: Floats,
    rules: BinRules,
    weights: Floats | None = None,
    *,
    auto: bool = True,
) -> Bins | None:
    """The bins of a column, as of its kind; None where no partition keeps to the rules."""
    if isinstance(column, Levels):
        return bins_of_levels(column, events, rules, weights)
    return bins_of_numbers(column.values, events, rules, weights, auto=auto)


def bins_of_numbers(
    values: Floats,
    events: Floats,
    rules: BinRules,
    weights: Floats | None = None,
    *,
    auto: bool = True,
) -> Bins | None:
    """The bins of a field of numbers; None where no partition keeps to the rules.

    values: NaN where missing; events: 1 for an event, 0 for none; weights: of the records;
    auto: whether the trend is the one that the data bear out best, and not that of the rules.

    >>> ages = np.repeat([20.0, 30, 40], 100)
    >>> bought = np.concatenate([np.arange(100) < n for n in (10, 11, 60)]).astype(float)
    >>> found = bins_of_numbers(ages, bought, BinRules(smallest=20))
    >>> found.cuts, found.trend, found.rates.round(2).tolist()[:-1]
    ((Decimal('40'),), 'ascending', [0.1, 0.6])
    """
    weight = np.ones(len(events)) if weights is None else weights
    there = ~np.isnan(values)
    cuts = number_cuts(values[there], events[there], weight[there])
    place = bins_among(values[there], np.array([float(cut) for cut in cuts]))
    counts = _counts(place, there, events, weight, len(cuts) + 1)
    found = _best(counts, rules, auto=auto)
    if found is None:
        return None
    partition, trend = found
    starts = partition.starts
    return _bins(counts, partition, trend, cuts=tuple(cuts[start - 1] for start in starts[1:]))


def bins_of_levels(
    column: Levels, events: Floats, rules: BinRules, weights: Floats | None = None
) -> Bins | None:
    """The bins of a category, in the order of their rates; None where none keep to the rules.

    Levels of less weight than `smallest` are rare.
    """
    weight = np.ones(len(events)) if weights is None else weights
    there = column.there
    codes, names = column.codes[there], list(column.names)
    held = np.bincount(codes, weight[there], len(names)).astype(np.float64)
    hits = np.bincount(codes, weight[there] * events[there], len(names)).astype(np.float64)
    ordered = ordered_levels(names, hits, held, rules.smallest)
    of_level = {name: n for n, group in enumerate(ordered.groups) for name in group}
    places = np.array([of_level[name] for name in names], dtype=np.int64)
    counts = _counts(places[codes], there, events, weight, len(ordered.groups))
    partition = best_partition(counts, replace(rules, trend="any"), evidence)
    if partition is None:
        return None
    ends = (*partition.starts[1:], len(ordered.groups))
    spans = list(zip(partition.starts, ends, strict=True))
    groups = tuple(
        tuple(name for group in ordered.groups[begin:end] for name in group) for begin, end in spans
    )
    rare = next(
        (n for n, (begin, end) in enumerate(spans) if ordered.rare is not None
         and begin <= ordered.rare < end),
        None,
    )  # fmt: skip
    return _bins(counts, partition, "ascending", groups=groups, rare=rare)


def _counts(
    place: npt.NDArray[np.integer],
    there: npt.NDArray[np.bool_],
    events: Floats,
    weights: Floats,
    bins: int,
) -> Counts:
    """The counts of pre-bins; place: of the records that are there, all others are missing."""
    own, hits = weights[there], (weights * events)[there]
    hit = np.bincount(place, hits, bins)
    all_ = np.bincount(place, own, bins)
    missing = float((weights * events)[~there].sum())
    return Counts.of(hit, all_ - hit, (missing, float(weights[~there].sum()) - missing))


def _best(counts: Counts, rules: BinRules, *, auto: bool) -> tuple[Partition, Trend] | None:
    """The best partition and its trend; of all trends the one of most evidence.

    A peak is taken only where a straight trend would hide it: each further bin has its price.
    """
    best: tuple[Partition, Trend] | None = None
    for trend in SIMPLEST if auto else (rules.trend,):
        found = best_partition(counts, replace(rules, trend=trend), evidence)
        if found is not None and (best is None or found.worth > best[0].worth + _EQUAL):
            best = found, trend
    return best


def _by_bin(counts: Counts, found: Partition) -> tuple[Floats, Floats]:
    return (
        np.add.reduceat(counts.events, found.starts),
        np.add.reduceat(counts.others, found.starts),
    )


def _bins(
    counts: Counts,
    found: Partition,
    trend: Trend,
    *,
    cuts: tuple[Decimal, ...] = (),
    groups: tuple[tuple[str, ...], ...] = (),
    rare: int | None = None,
) -> Bins:
    events, others = _by_bin(counts, found)
    missing = (
        counts.total_events - counts.events.sum(),
        counts.total_others - counts.others.sum(),
    )
    return Bins(
        np.append(events, missing[0]),
        np.append(others, missing[1]),
        trend,
        float(information(events, others, counts).sum()),
        cuts,
        groups,
        rare,
    )
