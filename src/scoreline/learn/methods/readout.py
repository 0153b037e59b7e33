"""A fit and its whole points -> the table: who is in each bin, and between which points it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Column, Floats, Numbers
from scoreline.learn.cutting import Cutter, Grid
from scoreline.learn.fitting.coded import Coded
from scoreline.learn.fitting.integers import WholePoints
from scoreline.learn.fitting.logistic import Fit
from scoreline.learn.rates import Z90
from scoreline.learn.table import USELESS, LearnedBin, LearnedPair, LearnedTerm, PointsTable

Points = npt.NDArray[np.int64]
Paired = tuple[Column, Column, Grid]
"""Two columns, and how they fall into cells together."""


def table_of(
    few: Sequence[tuple[Column, Cutter]],
    pairs: Sequence[Paired],
    rows: Coded,
    fit: Fit,
    whole: WholePoints,
    left_out: Mapping[str, str],
) -> PointsTable:
    """The table of whole points.

    few, pairs: what the terms of the rows are, in their order; left_out: columns without a term.
    The average record has about no points in a term; base lifts the least score to nothing.
    """
    known = _Known(rows, fit.effects, fit.covariance[1:, 1:], whole)
    terms, tables, useless, base, shifts = [], [], {}, 0, 0
    for number, (column, cutter) in enumerate(few):
        points, middle = known.points(number)
        shifts += middle
        if points.any():
            same = _same(points, ordered=isinstance(column, Numbers))
            own = cutter.joined(same.argmax(axis=0).astype(np.int32))
            terms.append(LearnedTerm(column.name, own, known.bins(number, points, same)))
            base -= int(points.min())
        else:
            useless[column.name] = USELESS
    for number, (one, other, grid) in enumerate(pairs, len(few)):
        points, middle = known.points(number)
        shifts += middle
        if points.any():
            cells = known.bins(number, points, np.eye(grid.size))
            tables.append(LearnedPair((one.name, other.name), grid, cells))
            base -= int(points.min())
    return PointsTable(
        tuple(terms),
        base,
        whole.doubling,
        whole.intercept + (shifts - base) * whole.unit,
        whole.gap,
        {**left_out, **useless},
        tuple(tables),
    )


@dataclass(frozen=True)
class _Known:
    """What is known of the bins of all terms; covariance: of their effects."""

    rows: Coded
    effects: Floats
    covariance: Floats
    whole: WholePoints

    def points(self, term: int) -> tuple[Points, int]:
        """The points of a term's bins beside the average record, and what that has."""
        place = self.rows.place(term)
        points, weight = self.whole.points[place], self.rows.weight[place]
        middle = int(np.rint(points @ weight / weight.sum()))
        return np.where(weight > 0, points - middle, 0), middle

    def bins(self, term: int, points: Points, same: Floats) -> tuple[LearnedBin, ...]:
        """The bins that stay of a term; same: a row for each, a one for each that goes into it."""
        place, unit = self.rows.place(term), self.whole.unit
        weight = self.rows.weight[place]
        means = _means(same, weight)
        middles = means @ (self.effects[place] / unit)
        spread = means @ self.covariance[place, place] @ means.T
        half = Z90 * np.sqrt(np.diag(spread).clip(0)) / unit
        known = zip(
            points[same.argmax(axis=1)],
            middles - half,
            middles + half,
            same @ weight,
            same @ self.rows.hits[place],
            strict=True,
        )
        return tuple(LearnedBin(int(p), *map(float, rest)) for p, *rest in known)


def _same(points: npt.NDArray[np.int64], *, ordered: bool) -> Floats:
    """Which bins become one: a row for each that stays, a one for each bin that goes into it.

    Bins of equal points do, of numbers neighbours alone; the last bin stays by itself.
    """
    last = len(points) - 1
    place = np.zeros(last + 1, dtype=np.int64)
    if ordered:
        place[1:last] = np.cumsum(np.diff(points[:last]) != 0)
    else:
        place[:last] = np.unique(points[:last], return_inverse=True)[1]
    place[last] = place[:last].max(initial=-1) + 1
    return np.asarray(np.arange(place[last] + 1)[:, None] == place, dtype=np.float64)


def _means(same: Floats, weight: Floats) -> Floats:
    """What makes the effects of the bins that stay of those of all, beside the average record."""
    held = np.maximum(weight, 1e-9)
    inner = same * held
    return np.asarray(inner / inner.sum(axis=1, keepdims=True) - weight / weight.sum())
