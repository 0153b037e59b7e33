"""How values fall into the bins of a term; the bin of missing values is the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.numbers import bins_among, number_cuts
from scoreline.learn.columns import Column, Floats, Levels, Numbers

Places = npt.NDArray[np.int32]
SMALLEST_SHARE, SMALLEST = 0.005, 20
"""A fine bin holds at least one record in two hundred, and twenty: fewer tell nothing about."""


@dataclass(frozen=True)
class Cuts:
    """Bins of numbers: where each begins but for the first."""

    cuts: tuple[Decimal, ...]

    @property
    def size(self) -> int:
        """How many bins there are, with that of missing values."""
        return len(self.cuts) + 2

    @property
    def edges(self) -> Floats:
        """The cuts as floats."""
        return np.array([float(cut) for cut in self.cuts])

    def places(self, column: Column) -> Places:
        """The bin of each row."""
        assert isinstance(column, Numbers)  # noqa: S101  a term is cut from its own column
        return bins_among(column.values, self.edges)

    def joined(self, place: Places) -> Cuts:
        """The bins after neighbours were joined; place: of each bin among the joined ones."""
        return Cuts(tuple(cut for n, cut in enumerate(self.cuts) if place[n] != place[n + 1]))


@dataclass(frozen=True)
class Groups:
    """Bins of levels; rare: the bin of levels that are rare or were never seen, if there is one."""

    groups: tuple[tuple[str, ...], ...]
    rare: int | None = None

    @property
    def size(self) -> int:
        """How many bins there are, with that of missing values."""
        return len(self.groups) + 1

    def places(self, column: Column) -> Places:
        """The bin of each row; what was never seen is rare, and missing where nothing is."""
        assert isinstance(column, Levels)  # noqa: S101  a term is cut from its own column
        of = {name: n for n, group in enumerate(self.groups) for name in group}
        last = self.size - 1
        other = last if self.rare is None else self.rare
        by_code = [of.get(name, other) for name in column.names]
        return np.array([*by_code, last], dtype=np.int32)[column.codes]

    def joined(self, place: Places) -> Groups:
        """The bins after some were joined."""
        count = int(place[:-1].max(initial=-1)) + 1
        groups: list[list[str]] = [[] for _ in range(count)]
        for n, group in enumerate(self.groups):
            groups[place[n]] += group
        rare = None if self.rare is None else int(place[self.rare])
        return Groups(tuple(tuple(sorted(group)) for group in groups), rare)


Cutter = Cuts | Groups


@dataclass(frozen=True)
class Grid:
    """The cells of two columns, row by row; those of missing values are the last."""

    rows: Cutter
    columns: Cutter

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.rows.size * self.columns.size

    def places(self, one: Column, other: Column) -> Places:
        """The cell of each row."""
        return self.rows.places(one) * self.columns.size + self.columns.places(other)


def fine_bins(column: Column, events: Floats, weights: Floats) -> Cutter | None:
    """Fine bins to fit upon; None for a column that has one value, or whose values are all rare.

    events: 1 for an event and 0 for none.

    >>> ages = Numbers("age", np.repeat([20.0, 30.0], 50))
    >>> fine_bins(ages, np.arange(100) % 2.0, np.ones(100))
    Cuts(cuts=(Decimal('30'),))
    """
    least = least_weight(weights)
    if isinstance(column, Numbers):
        return _fine_numbers(column, events, weights, least)
    return _fine_levels(column, weights, least)


def least_weight(weights: Floats) -> float:
    """The weight of records below which a bin of theirs tells nothing."""
    return max(SMALLEST_SHARE * float(weights.sum()), SMALLEST)


def _fine_numbers(column: Numbers, events: Floats, weights: Floats, least: float) -> Cuts | None:
    there = column.there
    cuts = Cuts(tuple(number_cuts(column.values[there], events[there], weights[there])))
    counts = np.bincount(cuts.places(column), weights, cuts.size).astype(np.float64)
    kept = _large_enough(cuts.cuts, counts[:-1], least)
    if not kept and there.all():
        return None
    return Cuts(tuple(kept)) if there.any() else None


def _large_enough(cuts: Sequence[Decimal], counts: Floats, least: float) -> list[Decimal]:
    """The cuts at which both the bin that ends and all that follows are large enough."""
    kept: list[Decimal] = []
    since, rest = 0.0, float(counts.sum())
    for cut, count in zip(cuts, counts, strict=False):
        since, rest = since + count, rest - count
        if since >= least and rest >= least:
            kept.append(cut)
            since = 0.0
    return kept


def _fine_levels(column: Levels, weights: Floats, least: float) -> Groups | None:
    there = column.there
    counts = np.bincount(column.codes[there], weights[there], len(column.names))
    groups: list[tuple[str, ...]] = [
        (name,) for name, count in zip(column.names, counts, strict=True) if count >= least
    ]
    few = [name for name, count in zip(column.names, counts, strict=True) if count < least]
    if not groups and (not few or there.all()):
        return None
    rare = len(groups) if few else None
    if few:
        groups.append(tuple(few))
    return Groups(tuple(groups), rare) if len(groups) > 1 or not there.all() else None
