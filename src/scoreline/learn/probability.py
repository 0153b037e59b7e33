"""What a score means as a chance: bands of scores, each with a rate and where it lies.

The bands are the best of all whose rates rise, by the evidence for each: a further band has its
price, so that no band differs from the next by chance. With few events there are few bands,
and their intervals say how little is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.best import Counts, best_partition, evidence
from scoreline.learn.binning.rules import BinRules
from scoreline.learn.measures import Ranked
from scoreline.learn.rates import wilson_bounds

Floats = npt.NDArray[np.float64]
FINEST = 100
"""Bands that the best ones are joined of."""
SHARE, LEAST, ENOUGH = 0.05, 100, 500
"""A band has one record in twenty, but 100 at least (of few records a fifth) and never needs more
than 500: the best of small ones at the ends is best by luck. In 150 draws the top band says .031
too much of 200 records, .017 of 500, .020 of 2,000; without the 100 it was .073 and .050."""


@dataclass(frozen=True)
class Band:
    """Scores from `start` on (None: from the least), up to the next band.

    chance: the rate of events; low, high: its 95 % interval; events, weight: who was in it.
    """

    start: int | None
    chance: float
    low: float
    high: float
    events: float
    weight: float


def bands(scores: Floats, events: Floats, weights: Floats | None = None) -> tuple[Band, ...]:
    """Bands of whole scores; their chances rise.

    events: 1 for an event, 0 for none.

    >>> won = np.arange(300) % 100 < np.repeat([10, 12, 60], 100)
    >>> found = bands(np.repeat([1.0, 2.0, 3.0], 100), won)
    >>> [(band.start, round(band.chance, 2)) for band in found]
    [(None, 0.11), (3, 0.6)]
    """
    ranked = Ranked.of(scores, events, weights)
    values, hits, rest = ranked.scores[::-1], ranked.events[::-1], ranked.others[::-1]
    begins = _about_equal(hits + rest)
    e, o = np.add.reduceat(hits, begins), np.add.reduceat(rest, begins)
    records = float((e + o).sum())
    smallest = max(min(SHARE * records, ENOUGH), min(LEAST, records / 5))
    found = best_partition(Counts.of(e, o), BinRules(smallest, trend="ascending"), evidence)
    starts = (0,) if found is None else found.starts
    by_band = zip(np.add.reduceat(e, starts), np.add.reduceat(o, starts), strict=True)
    whole = []
    for start, (hit, other) in zip(starts, by_band, strict=True):
        edge = None if not start else round(float(values[begins[start]]))
        hit, other = float(hit), float(other)
        whole.append(
            Band(edge, hit / (hit + other), *wilson_bounds(hit, hit + other), hit, hit + other)
        )
    return tuple(whole)


def tenths(said: Floats, events: Floats) -> tuple[Band, ...]:
    """Tenths of the records by what was said of them, each with its rate; `chance`: the mean said.

    said: log-odds; records of equal ones are in one part, so that there may be fewer.

    >>> found = tenths(np.log(np.repeat([0.25, 4.0], 50)), np.arange(100) % 2.0)
    >>> [(part.chance, part.events, part.weight) for part in found]
    [(0.2, 25.0, 50.0), (0.8, 25.0, 50.0)]
    """
    chances = 1.0 / (1.0 + np.exp(-said))
    edges = np.unique(np.quantile(chances, np.arange(1, 10) / 10, method="higher"))
    places = np.searchsorted(edges, chances, side="right")
    found = []
    for place in np.unique(places):
        own = places == place
        hits, weight = float(events[own].sum()), float(own.sum())
        mean = round(float(chances[own].mean()), 12)
        found.append(Band(None, mean, *wilson_bounds(hits, weight), hits, weight))
    return tuple(found)


def _about_equal(counts: Floats) -> list[int]:
    """Places at which parts of about equal weight begin."""
    until = np.cumsum(counts) - counts
    wanted = float(counts.sum()) * np.arange(FINEST) / FINEST
    return sorted({int(place) for place in np.searchsorted(until, wanted) if place < len(counts)})
