"""How much records have changed between those learnt from and those tried on.

The index compares the shares of two sets over the same bins: of scores it is called PSI, of the
bins of a term CSI. Below 0.1 little has moved, above 0.25 much (Siddiqi: Credit Risk Scorecards,
2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.learn.columns import Column, Floats
from scoreline.learn.table import PointsTable

PARTS = 10
"""Parts of about equal size that the scores learnt from are cut into."""
MOVED, MUCH = 0.1, 0.25
"""From here on records have moved, and have moved much."""


@dataclass(frozen=True)
class Stability:
    """psi: of the scores; csi: of each term, by its column, in the order of the table."""

    psi: float
    csi: tuple[tuple[str, float], ...]


def stability_index(before: Floats, after: Floats) -> float:
    """The index of two counts over the same bins: 0 where their shares are equal.

    Half a record is added to each bin, so that an empty one is no infinity.

    >>> stability_index(np.array([50.0, 50]), np.array([500.0, 500])), round(
    ...     stability_index(np.array([500.0, 500]), np.array([600.0, 400])), 3)
    (0.0, 0.04)
    """
    there = (before > 0) | (after > 0)
    if there.sum() < 2:
        return 0.0
    one, other = before[there] + 0.5, after[there] + 0.5
    shares, then = one / one.sum(), other / other.sum()
    return float(((then - shares) * np.log(then / shares)).sum())


def stability(table: PointsTable, before: Sequence[Column], after: Sequence[Column]) -> Stability:
    """How much the records of a table have changed; before: those learnt from."""
    scores, then = table.scores(before), table.scores(after)
    edges = np.unique(np.quantile(scores, np.arange(1, PARTS) / PARTS, method="higher"))
    psi = stability_index(_counts(edges, scores), _counts(edges, then))
    one = {column.name: column for column in before}
    other = {column.name: column for column in after}
    found: dict[str, float] = {}
    for term in table.terms:
        counts, later = (
            np.bincount(term.cutter.places(own[term.column]), minlength=term.cutter.size)
            for own in (one, other)
        )
        index = stability_index(counts.astype(np.float64), later.astype(np.float64))
        found[term.column] = max(index, found.get(term.column, 0.0))
    return Stability(psi, tuple(found.items()))


def _counts(edges: Floats, scores: Floats) -> Floats:
    places = np.searchsorted(edges, scores, side="right")
    return np.bincount(places, minlength=len(edges) + 1).astype(np.float64)
