"""The learner of a risk analyst's card: weights of evidence, stepwise, in points.

Bins are the best of all by their evidence; each becomes its weight of evidence (WoE): the log of
its share of the events over its share of the others. One logistic regression weighs the columns.
They enter and leave one by one, and none may turn against its own rates (the sign check).
(Siddiqi: Credit Risk Scorecards, 2006; Thomas: Consumer Credit Models, 2009.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.learn.binning.field import Bins, bins_of
from scoreline.learn.binning.rules import BinRules
from scoreline.learn.columns import Column, Floats, Levels
from scoreline.learn.cutting import SMALLEST, Cuts, Cutter, Groups
from scoreline.learn.fitting.coded import Coded
from scoreline.learn.fitting.logistic import Penalty, fit_effects, penalised_loss
from scoreline.learn.fitting.plain import PlainFit, fit_plain
from scoreline.learn.fitting.screening import Screen
from scoreline.learn.measures import fitted_intercept
from scoreline.learn.rates import Z90
from scoreline.learn.table import (
    CONSTANT,
    USELESS,
    LearnedBin,
    LearnedTerm,
    LearnOptions,
    PointsTable,
)
from scoreline.learn.threads import on_one_thread

DOUBLING = 20
"""Points that double the odds unless said: those of most cards of credit."""
SMALLEST_BIN = 0.05
"""Share of the records that a bin holds at least (Siddiqi, 2006)."""
TURNED = "beside the others its points would turn against its own rates"
_FREE = 1e-4
"""Strength of a penalty that holds bins without events, and no other."""


@on_one_thread
def learn_woe(
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: LearnOptions | None = None,
) -> PointsTable:
    """A table of weights of evidence, from records and what became of them.

    Arguments as those of `learn_points`; of the options `doubling`, `trends` and `most` count.

    >>> from scoreline.learn.columns import Numbers
    >>> ages = Numbers("age", np.repeat([20.0, 30, 40], 200))
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)]).astype(float)
    >>> table = learn_woe([ages], bought)
    >>> table.terms[0].cutter, [one.points for one in table.terms[0].bins]
    (Cuts(cuts=(Decimal('40'),)), [-34, 41, 0])
    """
    asked = options or LearnOptions()
    weight = np.ones(len(events)) if weights is None else weights
    found = {column.name: _evidence(column, events, weight, asked) for column in columns}
    left_out = {
        column.name: CONSTANT if _constant(column) else USELESS
        for column in columns
        if found[column.name] is None
    }
    known = [one for one in found.values() if one is not None]
    rows = _coded(known, events, weight)
    chosen, turned = _stepwise(known, rows)
    for place, one in enumerate(known):
        if place not in chosen:
            left_out[one.column.name] = TURNED if place in turned else USELESS
    own = [known[place] for place in chosen]
    return _table(own, _coded(own, events, weight), asked.doubling or DOUBLING, left_out)


@dataclass(frozen=True)
class Evidence:
    """The bins of a column with their weights of evidence, that of missing values last.

    spread: how far off each may be, at one sigma.
    """

    column: Column
    cutter: Cutter
    weights: Floats
    spread: Floats


def _evidence(
    column: Column, events: Floats, weights: Floats, asked: LearnOptions
) -> Evidence | None:
    """The weights of evidence of a column; None where it has one bin."""
    trend = asked.trends.get(column.name)
    rules = BinRules(
        smallest=max(SMALLEST_BIN * float(weights.sum()), SMALLEST),
        events=0.0,  # half a record is added to each, so that a bin of one outcome has a weight
        others=0.0,
        most=asked.most,
        trend=trend or "any",
    )
    bins = bins_of(column, events, rules, weights, auto=trend is None)
    cutter = _one_bin(column) if bins is None else _cutter(bins)
    rows = Coded.of([cutter.places(column)], [cutter.size], events, weights)
    if (rows.weight > 0).sum() < 2:
        return None
    return _weighed(column, cutter, rows)


def _one_bin(column: Column) -> Cutter:
    """A bin for all values: it counts whether there is one."""
    return Groups((column.names,)) if isinstance(column, Levels) else Cuts(())


def _cutter(bins: Bins) -> Cutter:
    return Groups(bins.groups, bins.rare) if bins.groups else Cuts(bins.cuts)


def _constant(column: Column) -> bool:
    """Whether all records have one and the same value."""
    values = column.codes if isinstance(column, Levels) else column.values
    return bool(column.there.all() and (values == values[0]).all())


def _weighed(column: Column, cutter: Cutter, rows: Coded) -> Evidence:
    # Haldane (1956).
    e, o = rows.hits + 0.5, rows.weight - rows.hits + 0.5
    there = rows.weight >= SMALLEST
    woe = np.where(there, np.log(e / e.sum()) - np.log(o / o.sum()), 0.0)
    return Evidence(column, cutter, woe, np.where(there, np.sqrt(1 / e + 1 / o), 0.0))


def _coded(known: Sequence[Evidence], events: Floats, weights: Floats) -> Coded:
    places = [one.cutter.places(one.column) for one in known]
    return Coded.of(places, [one.cutter.size for one in known], events, weights)


def _stepwise(known: Sequence[Evidence], rows: Coded) -> tuple[list[int], set[int]]:
    """The columns that enter, in order, and those whose sign turned.

    A column enters, and stays, while it gains more than the price of a parameter (Schwarz, 1978).
    """
    price = 0.5 * float(np.log(rows.weights.sum()))
    values = [one.weights[rows.codes[:, place]] for place, one in enumerate(known)]
    chosen: list[int] = []
    turned: set[int] = set()
    gone: set[int] = set()
    while True:
        fit = fit_plain(_design(values, chosen, rows), rows.events, rows.weights)
        worst = _worst(fit)
        if worst is not None:
            rest = [place for n, place in enumerate(chosen) if n != worst]
            without = fit_plain(_design(values, rest, rows), rows.events, rows.weights)
            if fit.effects[worst] <= 0 or without.loss - fit.loss < price:
                (turned if fit.effects[worst] <= 0 else gone).add(chosen[worst])
                chosen = rest
                continue
        design = _design(values, chosen, rows)
        screen = Screen(rows, fit.log_odds(design), design)
        gains = {
            place: float(screen.gains(place, one.weights[None, :])[0])
            for place, one in enumerate(known)
            if place not in {*chosen, *turned, *gone}
        }
        best = max(gains, key=lambda place: gains[place], default=None)
        if best is None or gains[best] <= price:
            turned |= {place for place, gain in gains.items() if gain < -price}
            return chosen, turned
        chosen.append(best)


def _design(values: Sequence[Floats], chosen: Sequence[int], rows: Coded) -> Floats:
    columns = [values[place] for place in chosen]
    return np.column_stack(columns) if columns else np.empty((len(rows.events), 0))


def _worst(fit: PlainFit) -> int | None:
    """The column that tells least: one whose sign turned, else that of the weakest effect."""
    if not len(fit.effects):
        return None
    return int(np.argmin(np.sign(fit.effects) * fit.effects**2 / np.diag(fit.covariance)[1:]))


def _table(
    own: Sequence[Evidence], rows: Coded, doubling: float, left_out: dict[str, str]
) -> PointsTable:
    """The table of the columns chosen: whole points, the intercept that fits them best."""
    unit = float(np.log(2.0) / doubling)
    design = _design(
        [one.weights[rows.codes[:, n]] for n, one in enumerate(own)], range(len(own)), rows
    )
    fit = fit_plain(design, rows.events, rows.weights)
    terms, reals = [], []
    for place, one in enumerate(own):
        effect = float(fit.effects[place])
        reals.append(np.rint(effect * one.weights / unit))
        deviation = np.sqrt(
            (effect * one.spread) ** 2 + one.weights**2 * fit.covariance[place + 1, place + 1]
        )
        middle, half = effect * one.weights / unit, Z90 * deviation / unit
        at = rows.place(place)
        known = zip(
            reals[-1], middle - half, middle + half, rows.weight[at], rows.hits[at], strict=True
        )
        bins = tuple(LearnedBin(int(p), *map(float, rest)) for p, *rest in known)
        terms.append(LearnedTerm(one.column.name, one.cutter, bins))
    base = -int(sum(points.min() for points in reals))
    effects = np.concatenate(reals) * unit if reals else np.zeros(0)
    sums = rows.sums(effects)
    intercept = fitted_intercept(sums, rows.weights * rows.events, rows.weights, fit.intercept)
    gap = _gap(rows, effects, intercept)
    return PointsTable(tuple(terms), base, doubling, intercept - base * unit, gap, left_out)


def _gap(rows: Coded, effects: Floats, intercept: float) -> float:
    """By what share the loss of the points lies above the least that these bins allow."""
    rules = [Penalty.of_levels(size).of_strength(_FREE) for size in rows.sizes]
    best = fit_effects(rows, rules)
    loss = penalised_loss(rows, rules, best.strengths, intercept, effects)
    return (loss - best.penalised) / best.penalised
