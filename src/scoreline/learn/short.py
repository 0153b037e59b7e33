"""The learner of short cards: a few conditions with small points, to be added up in one's head.

Conditions are sought by a beam: of each set of conditions the ones that would gain most are added,
fitted exactly, and the best few sets are kept; then each condition of a set is exchanged for a
better one as long as there is one. Of the best sets the one is taken whose whole points fit best.
(The idea of sparse integer scores is that of FasterRisk: Liu and others, 2022.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.learn.columns import Column, Floats
from scoreline.learn.conditions import Condition, conditions
from scoreline.learn.cutting import Cutter, fine_bins, least_weight
from scoreline.learn.fitting.coded import Coded, gathered
from scoreline.learn.fitting.patterns import Patterns
from scoreline.learn.fitting.screening import gains_of
from scoreline.learn.fitting.small import SmallPoints, small_points
from scoreline.learn.rates import Z90
from scoreline.learn.table import LearnedBin, LearnedTerm, PointsOptions, PointsTable

BEAM, TRIED, OF_A_COLUMN = 5, 10, 3
"""Sets of conditions that are kept; conditions that are tried with each, and of these of a column:
neighbouring cuts gain nearly the same."""


def learn_short(
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: PointsOptions | None = None,
) -> PointsTable:
    """A table of a few conditions with small points, from records and what became of them.

    Arguments as those of `learn_points`; of the options `most_terms`, `limit` and `doubling` count.

    >>> from scoreline.learn.columns import Numbers
    >>> ages = Numbers("age", np.repeat([20.0, 30, 40], 200))
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)]).astype(float)
    >>> table = learn_short([ages], bought)
    >>> table.terms[0].cutter, [one.points for one in table.terms[0].bins]
    (Cuts(cuts=(Decimal('40'),)), [0, 4, 0])
    """
    asked = options or PointsOptions()
    weight = np.ones(len(events)) if weights is None else weights
    cut = [(column, fine_bins(column, events, weight)) for column in columns]
    used = [(column, cutter) for column, cutter in cut if cutter is not None]
    search = _Search.of(used, events, weight)
    best = min(
        (small_points(one, asked.limit, asked.doubling) for one in search.best(asked.most_terms)),
        key=lambda one: round(one.loss, 9),
    )
    terms = [_term(search, best, place) for place in range(len(best.points)) if best.points[place]]
    named = {term.column for term in terms}
    base = -sum(min(int(points), 0) for points in best.points)
    return PointsTable(
        tuple(terms),
        base,
        best.doubling,
        best.intercept - base * best.unit,
        best.gap,
        useless=tuple(column.name for column, _ in used if column.name not in named),
        constant=tuple(column.name for column, cutter in cut if cutter is None),
    )


@dataclass(frozen=True)
class _Search:
    """Conditions to choose from, and how to try them.

    names: of the columns; found: their conditions, all together; terms: the column of each.
    """

    rows: Coded
    names: tuple[str, ...]
    found: tuple[Condition, ...]
    terms: tuple[int, ...]
    values: tuple[Floats, ...]
    price: float

    @classmethod
    def of(cls, used: Sequence[tuple[Column, Cutter]], events: Floats, weights: Floats) -> _Search:
        places = [cutter.places(column) for column, cutter in used]
        rows = Coded.of(places, [cutter.size for _, cutter in used], events, weights)
        hits = gathered(rows.codes, rows.starts, rows.weights * rows.events)
        total = float(weights.sum())
        least = least_weight(weights)
        by_term = []
        for term, (_, cutter) in enumerate(used):
            place = rows.place(term)
            by_term.append(conditions(cutter, rows.weight[place], hits[place], least))
        return cls(
            rows,
            tuple(column.name for column, _ in used),
            tuple(one for own in by_term for one in own),
            tuple(term for term, own in enumerate(by_term) for _ in own),
            tuple(
                np.array([one.bits for one in own], dtype=np.float64).reshape(-1, rows.sizes[term])
                for term, own in enumerate(by_term)
            ),
            0.5 * float(np.log(total)),
        )

    def best(self, most: int) -> list[Patterns]:
        """The best sets of at most so many conditions, each of which is worth its price."""
        kept = [Patterns.none(self.rows.events, self.rows.weights)]
        for _ in range(most):
            longer = _best_of(more for one in kept for more in self._longer(one, TRIED))[:BEAM]
            if not longer or longer[0].fit.loss > kept[0].fit.loss - self.price:
                break
            kept = longer
        return _best_of([self._exchanged(kept[0]), *kept])

    def _longer(self, one: Patterns, tried: int) -> list[Patterns]:
        """A set with one condition more, for each of those that seem to gain most."""
        at = one.fit
        sums = (at.intercept + one.met @ at.effects)[one.of]
        gains = gains_of(self.rows, self.values, sums, one.met[one.of]).gains
        taken: list[int] = []
        # Rounded, so that of equal conditions the first is taken and not what chance has left.
        for number in np.argsort(-np.round(gains, 6), kind="stable"):
            if gains[number] <= 0 or len(taken) == tried:
                break
            term = self.terms[number]
            if sum(self.terms[other] == term for other in taken) < OF_A_COLUMN:
                taken.append(int(number))
        return [self._with(one, number) for number in taken]

    def _with(self, one: Patterns, number: int) -> Patterns:
        bits = self.found[number].bits[self.rows.codes[:, self.terms[number]]]
        return one.with_one(number, bits, self.rows.events, self.rows.weights)

    def _exchanged(self, one: Patterns) -> Patterns:
        """The set after its conditions were exchanged for better ones, one at a time."""
        better = True
        while better:
            better = False
            for number in one.support:
                rest = Patterns.none(self.rows.events, self.rows.weights)
                for other in one.support:
                    rest = rest if other == number else self._with(rest, other)
                found = _best_of(self._longer(rest, OF_A_COLUMN))
                if found and found[0].fit.loss < one.fit.loss - 1e-6 * self.price:
                    one, better = found[0], True
        return one


def _best_of(sets: Iterable[Patterns]) -> list[Patterns]:
    """Sets of conditions in the order of their loss, each set once."""
    found = {frozenset(one.support): one for one in sets}
    return sorted(found.values(), key=_loss)


def _loss(one: Patterns) -> float:
    return round(one.fit.loss, 6)


def _term(search: _Search, best: SmallPoints, place: int) -> LearnedTerm:
    """A condition as a term: its points, where they lie, and who meets it."""
    number = best.patterns.support[place]
    one, term = search.found[number], search.terms[number]
    into = np.where(one.bits, one.on, 1 - one.on)
    into[-1] = one.cutter.size - 1
    rows = search.rows
    bins = into[rows.codes[:, term]]
    weight = np.bincount(bins, rows.weights, one.cutter.size)
    hits = np.bincount(bins, rows.weights * rows.events, one.cutter.size)
    points, low, high = np.zeros((3, one.cutter.size))
    fit = best.patterns.fit
    half = Z90 * np.sqrt(np.linalg.inv(fit.curvature)[place + 1, place + 1])
    points[one.on] = best.points[place]
    low[one.on], high[one.on] = (fit.effects[place] + np.array([-half, half])) / best.unit
    known = zip(points, low, high, weight, hits, strict=True)
    own = tuple(LearnedBin(int(p), *map(float, rest)) for p, *rest in known)
    return LearnedTerm(search.names[term], one.cutter, own, one.on)
