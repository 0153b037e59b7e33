"""The learner of additive boosted cards: many small trees, each over one column or two, as a table.

interpret's explainable boosting machine (EBM: Lou, Caruana, Gehrke and Hooker, 2013) learns on our
fine bins, so that what comes out is read bin by bin and no tree is left. Needs interpret-core:
`pip install 'scoreline[additive]'`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoreline.errors import UsageError
from scoreline.learn.columns import Column, Floats, Numbers
from scoreline.learn.cutting import Cutter, Grid, Places, fine_bins
from scoreline.learn.fitting.coded import Coded, gathered
from scoreline.learn.fitting.integers import DOUBLINGS, LITTLE
from scoreline.learn.measures import fitted_intercept
from scoreline.learn.rates import Z90
from scoreline.learn.table import (
    CONSTANT,
    USELESS,
    LearnedBin,
    LearnedPair,
    LearnedTerm,
    LearnOptions,
    PointsTable,
)
from scoreline.learn.threads import on_one_thread

BAGS = 8
"""Machines that are fitted on other parts of the records, and averaged."""
AXIS = 8
"""Rows and columns of a table of two columns, at most."""
_SIGNS = {"any": 0, "ascending": 1, "descending": -1}
Points = npt.NDArray[np.int64]


@on_one_thread
def learn_additive(
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: LearnOptions | None = None,
) -> PointsTable:
    """A table of points read off an explainable boosting machine.

    Arguments as those of `learn_points`; of the options `doubling`, `trends` (ascending or
    descending) and `pairs` count. Raises UsageError where interpret-core is not installed.
    """
    asked = options or LearnOptions()
    weight = np.ones(len(events)) if weights is None else weights
    cut = [(column, fine_bins(column, events, weight)) for column in columns]
    used = [(column, cutter) for column, cutter in cut if cutter is not None]
    left_out = {column.name: CONSTANT for column, cutter in cut if cutter is None}
    if not used:
        return _constant(events, weight, left_out)
    effects, tables = _boosted(used, events, weight, asked)
    rows = Coded.of(
        [*(cutter.places(column) for column, cutter in used), *(one.places for one in tables)],
        [*(cutter.size for _, cutter in used), *(one.grid.size for one in tables)],
        events,
        weight,
    )
    reals = np.concatenate([*effects, *(one.effects for one in tables)])
    return _table(used, tables, rows, _whole(rows, reals, asked.doubling), left_out)


def _constant(events: Floats, weights: Floats, left_out: dict[str, str]) -> PointsTable:
    hits = float(weights @ events)
    return PointsTable((), 0, 1, float(np.log(hits / (weights.sum() - hits))), 0.0, left_out)


@dataclass(frozen=True)
class _Pair:
    """A table of two columns: the cell of each record, and the effects of all cells."""

    names: tuple[str, str]
    grid: Grid
    places: Places
    effects: Floats


def _machine(**asked: Any) -> Any:
    """An explainable boosting machine; one process, so that it does the same everywhere."""
    try:
        from interpret.glassbox import ExplainableBoostingClassifier  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("interpret", "sklearn"):
            raise
        raise UsageError(
            "The additive method needs interpret-core, which is not installed.",
            "pip install 'scoreline[additive]'",
        ) from None
    return ExplainableBoostingClassifier(
        outer_bags=BAGS, max_interaction_bins=AXIS, n_jobs=1, random_state=0, **asked
    )


def _boosted(
    used: Sequence[tuple[Column, Cutter]], events: Floats, weights: Floats, asked: LearnOptions
) -> tuple[list[Floats], list[_Pair]]:
    """The effects of the bins of each column, and the tables of the pairs that are asked for."""
    names = [column.name for column, _ in used]
    number = {name: n for n, name in enumerate(names)}
    pairs = [(number[a], number[b]) for a, b in asked.pairs if a in number and b in number]
    machine = _machine(
        feature_types=["continuous" if isinstance(one, Numbers) else "nominal" for one, _ in used],
        interactions=pairs or 0,
        monotone_constraints=[_SIGNS[asked.trends.get(name, "any")] for name in names],
    )
    codes = np.column_stack([_codes(cutter.places(one), cutter) for one, cutter in used])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Missing values detected")  # they have a bin
        machine.fit(codes, events.astype(int), sample_weight=weights)
    terms = {features: n for n, features in enumerate(machine.term_features_)}
    sizes = [cutter.size for _, cutter in used]
    effects = [_read(machine, terms[(n,)], sizes, (n,)) for n in range(len(used))]
    tables = []
    for features in pairs:
        at = terms.get(features) or terms[features[::-1]]
        one, other = (used[n] for n in features)
        wide = _read(machine, at, sizes, features).reshape(sizes[features[0]], -1)
        rows, columns = _alike(wide, one[0]), _alike(wide.T, other[0])
        grid = Grid(one[1].joined(rows), other[1].joined(columns))
        firsts = [np.unique(place, return_index=True)[1] for place in (rows, columns)]
        cells = wide[np.ix_(*firsts)].ravel()
        tables.append(
            _Pair((one[0].name, other[0].name), grid, grid.places(one[0], other[0]), cells)
        )
    return effects, tables


def _codes(places: Places, cutter: Cutter) -> Floats:
    """The bins of records as numbers; NaN for that of missing values."""
    return np.where(places == cutter.size - 1, np.nan, places.astype(np.float64))


def _read(machine: Any, term: int, sizes: Sequence[int], features: tuple[int, ...]) -> Floats:
    """The effects of a term in every bin of its columns, or cell of them, row by row."""
    axes = [np.append(np.arange(sizes[n] - 1.0), np.nan) for n in features]
    cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(features))
    asked = np.zeros((len(cells), len(sizes)))
    asked[:, list(features)] = cells
    return np.asarray(machine.eval_terms(asked)[:, term], dtype=np.float64)


def _alike(cells: Floats, column: Column) -> Places:
    """Which rows become one: those of equal cells, of numbers only neighbours; not the last."""
    inner = cells[:-1]
    if isinstance(column, Numbers):
        place = np.cumsum(np.append(False, (np.diff(inner, axis=0) != 0).any(axis=1)))
    else:
        place = np.unique(inner, axis=0, return_inverse=True)[1].ravel()
    return np.append(place, place.max() + 1).astype(np.int32)


@dataclass(frozen=True)
class _Whole:
    """Whole points of all bins and cells, and what they cost beside the effects they come from."""

    points: Points
    effects: Floats
    doubling: float
    intercept: float
    gap: float


def _whole(rows: Coded, effects: Floats, doubling: float | None) -> _Whole:
    """Effects as whole points: as few to double the odds as lose little, unless it is said."""
    least = _loss(rows, effects)[0]
    nothing = _loss(rows, np.zeros(rows.width))[0]
    found = None
    for each in DOUBLINGS if doubling is None else (doubling,):
        unit = float(np.log(2.0) / each)
        points = np.rint(effects / unit).astype(np.int64)
        loss, intercept = _loss(rows, np.asarray(points * unit))
        found = _Whole(points, effects, each, intercept, max(loss - least, 0.0) / least)
        if loss - least <= LITTLE * max(nothing - least, 0.0):
            break
    assert found is not None  # noqa: S101  there is one doubling at least
    return found


def _loss(rows: Coded, effects: Floats) -> tuple[float, float]:
    """Minus the log-likelihood of effects with the intercept that fits them best, and that."""
    sums = rows.sums(effects)
    intercept = fitted_intercept(sums, rows.weights * rows.events, rows.weights)
    said = sums + intercept
    return float(rows.weights @ (np.logaddexp(0.0, said) - rows.events * said)), intercept


def _table(
    used: Sequence[tuple[Column, Cutter]],
    tables: Sequence[_Pair],
    rows: Coded,
    whole: _Whole,
    left_out: dict[str, str],
) -> PointsTable:
    unit = float(np.log(2.0) / whole.doubling)
    said = rows.sums(whole.effects)
    chance = 1.0 / (1.0 + np.exp(-(said + whole.intercept)))
    known = gathered(rows.codes, rows.starts, rows.weights * chance * (1.0 - chance))
    terms, pairs, base = [], [], 0
    for place, (column, cutter) in enumerate(used):
        at = rows.place(place)
        points = np.where(rows.weight[at] > 0, whole.points[at], 0)
        if not points.any():
            left_out[column.name] = USELESS
            continue
        same = _alike(points[:, None].astype(np.float64), column)
        terms.append(
            LearnedTerm(column.name, cutter.joined(same), _bins(rows, at, whole, known, same))
        )
        base -= int(points.min())
    for place, one in enumerate(tables, len(used)):
        at = rows.place(place)
        points = np.where(rows.weight[at] > 0, whole.points[at], 0)
        if points.any():
            cells = _bins(rows, at, whole, known, np.arange(len(points), dtype=np.int32))
            pairs.append(LearnedPair(one.names, one.grid, cells))
            base -= int(points.min())
    return PointsTable(
        tuple(terms), base, whole.doubling, whole.intercept - base * unit, whole.gap, left_out,
        tuple(pairs),
    )  # fmt: skip


def _bins(
    rows: Coded, at: slice, whole: _Whole, known: Floats, place: Places
) -> tuple[LearnedBin, ...]:
    """What is known of bins that were joined; how far off they may be while all others stay."""
    unit = float(np.log(2.0) / whole.doubling)
    size = int(place.max()) + 1
    weight, hits, sure, pull = (
        np.bincount(place, own, size)
        for own in (
            rows.weight[at], rows.hits[at], known[at], known[at] * whole.effects[at]
        )
    )  # fmt: skip
    points = np.zeros(size, dtype=np.int64)
    points[place] = np.where(rows.weight[at] > 0, whole.points[at], 0)
    middle = pull / np.maximum(sure, 1e-300) / unit
    half = Z90 / np.sqrt(np.maximum(sure, 1e-6)) / unit
    found = zip(points, middle - half, middle + half, weight, hits, strict=True)
    return tuple(LearnedBin(int(p), *map(float, rest)) for p, *rest in found)
