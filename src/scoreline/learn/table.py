"""A learned table of points, whatever learnt it, and what a user may ask of a learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from scoreline.learn.binning.rules import Trend
from scoreline.learn.columns import Column, Floats
from scoreline.learn.cutting import Cutter, Grid
from scoreline.learn.fitting.joining import MOST, PRICE

CONDITIONS, LIMIT = 10, 5
"""Conditions of a short card, and the most points that one has: to be added up in one's head."""

CONSTANT = "nearly all its values are one"
USELESS = "it tells nothing beside the others"


@dataclass(frozen=True)
class LearnedBin:
    """What is known of a bin: its points, between which they lie (nine in ten), and who is in it.

    low, high: the points of its effect beside an average record; of a condition, beside those that
    don't meet it.
    """

    points: int
    low: float
    high: float
    weight: float
    events: float


@dataclass(frozen=True)
class LearnedTerm:
    """A term: how a column falls into bins, and the bins; the last is that of missing values.

    on: the bin that a condition is about, all others have no points; None for a term whose bins all
    count.
    """

    column: str
    cutter: Cutter
    bins: tuple[LearnedBin, ...]
    on: int | None = None

    def points(self, column: Column) -> Floats:
        """The points of each row."""
        return np.array([float(one.points) for one in self.bins])[self.cutter.places(column)]


@dataclass(frozen=True)
class LearnedPair:
    """A table of two columns: its cells, row by row."""

    columns: tuple[str, str]
    grid: Grid
    cells: tuple[LearnedBin, ...]

    def points(self, one: Column, other: Column) -> Floats:
        """The points of each record."""
        worth = np.array([float(cell.points) for cell in self.cells])
        return worth[self.grid.places(one, other)]


@dataclass(frozen=True)
class PointsTable:
    """A learned table of points.

    base: what every record starts with, so that the least that one can have is nothing, unless a
    scale was asked for; doubling: points that double the odds; intercept: the log-odds at a score
    of nothing; gap: by what share the loss of these points lies above that of the best reals over
    the same bins, at most; left_out: columns that have no term, and why; pairs: tables of two
    columns beside the terms.
    """

    terms: tuple[LearnedTerm, ...]
    base: int
    doubling: float
    intercept: float
    gap: float
    left_out: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[LearnedPair, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """All columns that it reads."""
        paired = (name for pair in self.pairs for name in pair.columns)
        return frozenset([*(term.column for term in self.terms), *paired])

    @property
    def unit(self) -> float:
        """The log-odds of a point."""
        return float(np.log(2.0) / self.doubling)

    def at(self, score: float, odds: float) -> PointsTable:
        """The same table on a scale where a score has such odds (of events to others).

        >>> table = PointsTable((), 0, 20, float(np.log(2.0)), 0.0).at(600, 50)
        >>> table.base, round(float(np.exp(table.intercept + table.unit * 600)))
        (507, 50)
        """
        shift = round(score - (float(np.log(odds)) - self.intercept) / self.unit)
        return replace(self, base=self.base + shift, intercept=self.intercept - shift * self.unit)

    def scores(self, columns: Sequence[Column]) -> Floats:
        """The score of each row."""
        by_name = {column.name: column for column in columns}
        total = np.full(len(columns[0]), float(self.base))
        for term in self.terms:
            total += term.points(by_name[term.column])
        for pair in self.pairs:
            total += pair.points(*(by_name[name] for name in pair.columns))
        return total

    def log_odds(self, columns: Sequence[Column]) -> Floats:
        """What the score of each row says of its odds."""
        return np.asarray(self.intercept + self.unit * self.scores(columns))


@dataclass(frozen=True)
class LearnOptions:
    """What a user may ask of the learner.

    doubling: how many points double the odds, what the learner finds best unless said; trends: of
    the rate along the bins of numbers, by column; most: bins of a term; price: of a bin;
    pairs: columns that have a table together; scale: a score and the odds that it has, the least
    score is nothing unless said; most_terms, limit: conditions of a short card, and the most points
    that one has.
    """

    doubling: float | None = None
    trends: Mapping[str, Trend] = field(default_factory=dict)
    most: int = MOST
    price: float = PRICE
    pairs: Sequence[tuple[str, str]] = ()
    scale: tuple[float, float] | None = None
    most_terms: int = CONDITIONS
    limit: int = LIMIT
