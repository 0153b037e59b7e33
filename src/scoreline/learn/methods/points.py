"""The learner of points: fine bins, a penalised fit, few bins, whole points.

What comes out is a table of points and nothing else: any engine can run it, anybody can change it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoreline.learn.columns import Column, Floats, Numbers
from scoreline.learn.cutting import Cutter, Grid, fine_bins
from scoreline.learn.fitting.coded import Coded, gathered
from scoreline.learn.fitting.integers import whole_points
from scoreline.learn.fitting.joining import Joined, join_bins, keeps_to
from scoreline.learn.fitting.logistic import Fit, Penalty, fit_effects
from scoreline.learn.methods.grids import cells_of, coarse_bins, joined_grid
from scoreline.learn.methods.readout import Paired, table_of
from scoreline.learn.table import (
    CONSTANT,
    USELESS,
    LearnOptions,
    PointsTable,
)
from scoreline.learn.threads import on_one_thread


@on_one_thread
def learn_points(
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: LearnOptions | None = None,
) -> PointsTable:
    """A table of points from records and what became of them.

    events: 1 for an event, 0 for none, at least one of each; weights: of the records.

    >>> ages = Numbers("age", np.repeat([20.0, 30, 40], 200))
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)]).astype(float)
    >>> table = learn_points([ages], bought)
    >>> table.terms[0].cutter, table.terms[0].bins[1].points > table.terms[0].bins[0].points
    (Cuts(cuts=(Decimal('40'),)), True)
    """
    asked = options or LearnOptions()
    weight = np.ones(len(events)) if weights is None else weights
    cut = [(column, fine_bins(column, events, weight)) for column in columns]
    used = [(column, cutter) for column, cutter in cut if cutter is not None]
    places = [cutter.places(column) for column, cutter in used]
    fine = Coded.of(places, [cutter.size for _, cutter in used], events, weight)
    penalties = [_penalty(column, cutter) for column, cutter in used]
    first = fit_effects(fine, penalties)
    joined = _joined(used, fine, first, asked)
    kept = [n for n, one in enumerate(joined) if one.count > 2 or _tells(fine, first, n, asked)]
    few = [(used[n][0], used[n][1].joined(joined[n].place)) for n in kept]
    own = [joined[n].penalty(penalties[n].of_strength(first.strengths[n])) for n in kept]
    rows = fine.terms(kept).joined(dict(enumerate(joined[n].place for n in kept)))
    pairs = _pairs(columns, rows, own, asked) if asked.pairs else []
    together = [Penalty.of_levels(grid.size) for _, _, grid in pairs]
    cells = [grid.places(one, other) for one, other, grid in pairs]
    rows = rows.beside(cells, [grid.size for _, _, grid in pairs]).distinct()
    fit = fit_effects(rows, [*own, *together])
    while broken := _broken(few, rows, fit, asked):
        for n, again in broken.items():
            few[n] = few[n][0], few[n][1].joined(again.place)
            own[n] = again.penalty(own[n])
        rows = rows.joined({n: again.place for n, again in broken.items()})
        fit = fit_effects(rows, [*own, *together])
    locks = [asked.trends.get(column.name, "any") for column, _ in few]
    whole = whole_points(rows, [*own, *together], fit, asked.doubling, locks)
    names = {column.name for column, _ in few}
    return table_of(
        few,
        pairs,
        rows,
        fit,
        whole,
        {column.name: CONSTANT for column, cutter in cut if cutter is None}
        | {column.name: USELESS for column, _ in used if column.name not in names},
    )


def _pairs(
    columns: Sequence[Column], rows: Coded, own: Sequence[Penalty], asked: LearnOptions
) -> list[Paired]:
    """The tables of the pairs that are asked for, each beside the sum and those before it."""
    by_name = {column.name: column for column in columns}
    fit = fit_effects(rows, own)
    said = rows.sums(fit.effects, fit.intercept)
    found = []
    for names in asked.pairs:
        one, other = (by_name[name] for name in names)
        cut = [coarse_bins(column, rows.events, rows.weights) for column in (one, other)]
        if cut[0] is None or cut[1] is None:
            continue
        wide = Grid(cut[0], cut[1])
        cells = cells_of(wide, one, other, said, rows.events, rows.weights)
        grid = joined_grid(wide, one, other, cells)
        if grid is None:
            continue
        said = said + cells.effects[wide.places(one, other)]
        found.append((one, other, grid))
    return found


def _penalty(column: Column, cutter: Cutter) -> Penalty:
    if isinstance(column, Numbers):
        return Penalty.of_neighbours(cutter.size)
    return Penalty.of_levels(cutter.size)


def _curvature(rows: Coded, fit: Fit) -> Floats:
    """The curvature of the loss by the effect of each bin."""
    chance = 1.0 / (1.0 + np.exp(-rows.sums(fit.effects, fit.intercept)))
    return gathered(rows.codes, rows.starts, rows.weights * chance * (1.0 - chance))


def _centred(effects: Floats, weights: Floats) -> Floats:
    return effects - float(effects @ weights) / max(float(weights.sum()), 1e-300)


def _joined(
    used: Sequence[tuple[Column, Cutter]], rows: Coded, fit: Fit, asked: LearnOptions
) -> list[Joined]:
    weights = _curvature(rows, fit)
    found = []
    for term, (column, _) in enumerate(used):
        place = rows.place(term)
        found.append(
            join_bins(
                _centred(fit.effects[place], weights[place]),
                weights[place],
                ordered=isinstance(column, Numbers),
                trend=asked.trends.get(column.name, "any"),
                most=asked.most,
                price=asked.price,
            )
        )
    return found


def _broken(
    few: Sequence[tuple[Column, Cutter]], rows: Coded, fit: Fit, asked: LearnOptions
) -> dict[int, Joined]:
    """The terms whose effects no longer run as they must, joined so that they do."""
    weights = _curvature(rows, fit)
    found = {}
    for term, (column, _) in enumerate(few):
        place = rows.place(term)
        trend = asked.trends.get(column.name, "any")
        if not keeps_to(trend, fit.effects[place][:-1]):
            effects = _centred(fit.effects[place], weights[place])
            found[term] = join_bins(
                effects, weights[place], ordered=True, trend=trend, most=asked.most, price=0.0
            )
    return found


def _tells(rows: Coded, fit: Fit, term: int, asked: LearnOptions) -> bool:
    """Whether a term of one bin says something by what is missing."""
    place = rows.place(term)
    weights = _curvature(rows, fit)[place]
    effects = _centred(fit.effects[place], weights)
    return bool(weights[-1] * effects[-1] ** 2 / 2 > asked.price)
