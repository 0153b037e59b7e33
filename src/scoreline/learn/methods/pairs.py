"""Pairs of columns that say more together: which foresee better what they were not fitted on.

A sum of points is easy to read; a table of two columns less so. So a pair is taken only where
records that it was not fitted on - the latest, where there is a time - are foreseen better by more
than chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Column, Floats, parts
from scoreline.learn.cutting import Grid
from scoreline.learn.fitting.cells import Cells
from scoreline.learn.methods.grids import cells_of, coarse_bins, joined_grid
from scoreline.learn.methods.points import learn_points
from scoreline.learn.rates import Z95
from scoreline.learn.table import LearnOptions, PointsTable
from scoreline.learn.threads import on_one_thread

Rows = npt.NDArray[np.intp]
Moments = npt.NDArray[np.int64]
MOST_PAIRS = 3
"""Tables of two columns that a person still reads beside the other terms."""
SCREENED, TRIED = 20, 10
"""Columns whose pairs are looked at, those that move scores most; pairs that are tried."""
LATER = 0.3
"""Share of the records, the latest, that a pair must gain on."""


@on_one_thread
def gaining_pairs(
    columns: Sequence[Column],
    events: Floats,
    times: Moments | None = None,
    options: LearnOptions | None = None,
    seed: int = 0,
) -> tuple[tuple[str, str], ...]:
    """The pairs of columns that gain on records they were not fitted on, the best first.

    times: moments of the records; without them records are drawn. At most three pairs; none over a
    column whose trend is locked.

    >>> one, other = np.random.default_rng(0).random((2, 4000)) < 0.5
    >>> from scoreline.learn.columns import Numbers
    >>> x, y = Numbers("x", one.astype(float)), Numbers("y", other.astype(float))
    >>> chance = np.where(one ^ other, 0.6, 0.2)
    >>> gaining_pairs([x, y], (np.random.default_rng(1).random(4000) < chance).astype(float))
    (('x', 'y'),)
    """
    asked = options or LearnOptions()
    seen, rest = _split(len(events), times, seed)
    if min(events[seen].sum(), (1 - events[seen]).sum()) < 1:
        return ()
    fold = _Fold.of(columns, events, seen, rest, replace(asked, pairs=()))
    found: list[tuple[str, str]] = []
    for tried in fold.best(fold.candidates(asked)):
        if len(found) < MOST_PAIRS and fold.gains(tried):
            found.append(tried.names)
            fold = fold.beside(tried)
    return tuple(found)


def _split(rows: int, times: Moments | None, seed: int) -> tuple[Rows, Rows]:
    """The records to fit on, and those that a pair must gain on."""
    order = np.random.default_rng(seed).permutation(rows)
    if times is not None:
        order = np.argsort(times, kind="stable")
    cut = round(rows * (1 - LATER))
    return np.sort(order[:cut]), np.sort(order[cut:])


@dataclass(frozen=True)
class _Tried:
    """A pair of columns that was fitted; gain: of the log-likelihood, less what chance gives."""

    places: tuple[int, int]
    names: tuple[str, str]
    grid: Grid
    cells: Cells
    gain: float


@dataclass(frozen=True)
class _Fold:
    """Records to fit on and records to try on, with what is said of them already."""

    seen: Sequence[Column]
    rest: Sequence[Column]
    events: tuple[Floats, Floats]
    said: tuple[Floats, Floats]
    table: PointsTable

    @classmethod
    def of(
        cls,
        columns: Sequence[Column],
        events: Floats,
        seen: Rows,
        rest: Rows,
        options: LearnOptions,
    ) -> _Fold:
        here, there = parts(columns, seen), parts(columns, rest)
        table = learn_points(here, events[seen], options=options)
        said = table.log_odds(here), table.log_odds(there)
        return cls(here, there, (events[seen], events[rest]), said, table)

    def candidates(self, asked: LearnOptions) -> Iterator[_Tried]:
        """All pairs of the columns that move scores most, fitted beside the sum."""
        ranges = {
            term.column: max(one.points for one in term.bins) - min(one.points for one in term.bins)
            for term in self.table.terms
        }
        alike = np.ones(len(self.events[0]))
        chosen = sorted(
            (n for n, one in enumerate(self.seen) if one.name not in asked.trends),
            key=lambda n: -ranges.get(self.seen[n].name, 0),
        )[:SCREENED]
        bins = {n: coarse_bins(self.seen[n], self.events[0], alike) for n in sorted(chosen)}
        there = [n for n, one in bins.items() if one is not None]
        for one, other in combinations(there, 2):
            rows, own = bins[one], bins[other]
            assert rows is not None  # noqa: S101  those without bins were left out
            assert own is not None  # noqa: S101  as above
            yield self.fitted((one, other), Grid(rows, own))

    def fitted(self, places: tuple[int, int], grid: Grid) -> _Tried:
        """A pair, fitted on the records that are seen."""
        one, other = (self.seen[n] for n in places)
        alike = np.ones(len(self.events[0]))
        cells = cells_of(grid, one, other, self.said[0], self.events[0], alike)
        gain = float((cells.weights * cells.effects**2).sum() / 2)
        there = float((cells.weights > 0).sum()) / 2
        return _Tried(places, (one.name, other.name), grid, cells, gain - there)

    def best(self, tried: Iterator[_Tried]) -> list[_Tried]:
        """The pairs that seem to gain most."""
        return sorted(tried, key=lambda one: (-one.gain, one.places))[:TRIED]

    def gains(self, tried: _Tried) -> bool:
        """Whether the records that were not seen are foreseen better, by more than chance."""
        again = self.fitted(tried.places, tried.grid)
        one, other = tried.places
        if joined_grid(again.grid, self.seen[one], self.seen[other], again.cells) is None:
            return False
        more = again.cells.effects[again.grid.places(self.rest[one], self.rest[other])]
        events, said = self.events[1], self.said[1]
        gained = events * more - np.logaddexp(0, said + more) + np.logaddexp(0, said)
        return bool(gained.mean() > Z95 * gained.std() / np.sqrt(len(gained)))

    def beside(self, tried: _Tried) -> _Fold:
        """The same, after a pair was taken."""
        again = self.fitted(tried.places, tried.grid)
        one, other = tried.places
        here, there = (
            known + again.cells.effects[again.grid.places(own[one], own[other])]
            for known, own in zip(self.said, (self.seen, self.rest), strict=True)
        )
        return replace(self, said=(here, there))
