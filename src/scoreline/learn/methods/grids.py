"""How two columns together fall into cells: few rows and columns, those that the data bear out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Column, Floats, Numbers
from scoreline.learn.cutting import Cutter, Grid, Places, fine_bins
from scoreline.learn.fitting.cells import Cells, fit_cells, joined_axis

PARTS = 20
"""Parts of a column of numbers that the rows of a table are joined of."""
LEVELS = 12
"""Levels, the commonest, that they are joined of; all others are one."""
AXIS = 6
"""Rows or columns of a table that a person still reads, beside that of missing values."""


def coarse_bins(column: Column, events: Floats, weights: Floats) -> Cutter | None:
    """Bins of a column to look at beside those of another; None where it has one bin."""
    fine = fine_bins(column, events, weights)
    if fine is None or fine.size < 3:
        return None
    counts = np.bincount(fine.places(column), weights, fine.size)[:-1].astype(np.float64)
    return fine.joined(_parts(counts) if isinstance(column, Numbers) else _commonest(counts))


def _parts(counts: Floats) -> Places:
    """About equal parts of bins in their order."""
    middles = np.cumsum(counts) - counts / 2
    part = np.minimum(middles / max(counts.sum(), 1e-300) * PARTS, PARTS - 1).astype(np.int64)
    return _numbered(part)


def _commonest(counts: Floats) -> Places:
    """The commonest bins each by itself, all others as one."""
    order = np.argsort(-counts, kind="stable")
    part = np.empty(len(counts), dtype=np.int64)
    part[order] = np.minimum(np.arange(len(counts)), LEVELS)
    return _numbered(part)


def _numbered(part: npt.NDArray[np.int64]) -> Places:
    """Numbers of parts without gaps, and the number after them, that of missing values."""
    numbers = np.unique(part, return_inverse=True)[1]
    return np.append(numbers, numbers.max() + 1).astype(np.int32)


def cells_of(
    grid: Grid, one: Column, other: Column, said: Floats, events: Floats, weights: Floats
) -> Cells:
    """What the cells of two columns say beside log-odds that are said already."""
    places = grid.places(one, other).astype(np.int64)
    return fit_cells(places, grid.size, said, events, weights)


def joined_grid(grid: Grid, one: Column, other: Column, cells: Cells) -> Grid | None:
    """The fewest rows and columns that say what many say; None where one row or column says all."""
    shape = grid.rows.size, grid.columns.size
    effects, weights = cells.effects.reshape(shape), cells.weights.reshape(shape)
    rows = joined_axis(effects, weights, ordered=isinstance(one, Numbers), most=AXIS)
    effects, weights = _summed(effects, weights, rows)
    columns = joined_axis(effects.T, weights.T, ordered=isinstance(other, Numbers), most=AXIS)
    effects, weights = (part.T for part in _summed(effects.T, weights.T, columns))
    if min(int((weights.sum(axis=side) > 0).sum()) for side in (0, 1)) < 2:
        return None
    return Grid(grid.rows.joined(rows), grid.columns.joined(columns))


def _summed(effects: Floats, weights: Floats, place: Places) -> tuple[Floats, Floats]:
    """The effects and weights of joined rows."""
    size = int(place.max()) + 1
    held, pulls = np.zeros((2, size, effects.shape[1]))
    np.add.at(held, place, weights)
    np.add.at(pulls, place, weights * effects)
    return np.where(held > 0, pulls / np.maximum(held, 1e-300), 0.0), held
