"""The learner of short cards: a few conditions with small points, to be added up in one's head.

Conditions are sought by a beam: of each set of conditions the ones that would gain most are added,
fitted exactly, and the best few sets are kept; then each condition of a set is exchanged for a
better one as long as there is one. Of the best sets the one is taken whose whole points fit best.
(The idea of sparse integer scores is that of FasterRisk: Liu and others, 2022.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.rules import Trend
from scoreline.learn.columns import Column, Floats
from scoreline.learn.cutting import Cutter, Groups, fine_bins, least_weight
from scoreline.learn.fitting.coded import Coded
from scoreline.learn.fitting.patterns import Patterns
from scoreline.learn.fitting.screening import Screen
from scoreline.learn.fitting.small import SmallPoints, small_points
from scoreline.learn.methods.conditions import Condition, conditions, of_levels
from scoreline.learn.rates import Z90
from scoreline.learn.table import CONSTANT, LearnedBin, LearnedTerm, LearnOptions, PointsTable
from scoreline.learn.threads import on_one_thread

STRAIGHT = ("ascending", "descending")
"""Trends that conditions of a short card can keep to."""
BEAM, TRIED, OF_A_COLUMN = 5, 10, 3
"""Sets of conditions that are kept; conditions that are tried with each, and of these of a column:
neighbouring cuts gain nearly the same."""


@on_one_thread
def learn_short(
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: LearnOptions | None = None,
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
    asked = options or LearnOptions()
    weight = np.ones(len(events)) if weights is None else weights
    cut = [(column, fine_bins(column, events, weight)) for column in columns]
    used = [(column, cutter) for column, cutter in cut if cutter is not None]
    trends = [asked.trends.get(column.name, "any") for column, _ in used]
    search = _Search(used, events, weight, trends)
    best = min(
        (small_points(one, asked.limit, asked.doubling) for one in search.best(asked.most_terms)),
        key=lambda one: round(one.loss, 9),
    )
    names = [column.name for column, _ in used]
    terms = [
        _term(search, names, best, place) for place in range(len(best.points)) if best.points[place]
    ]
    named = {term.column for term in terms}
    rest = f"no condition over it is among the best {asked.most_terms}"
    base = -search.least_score(best)
    return PointsTable(
        tuple(terms),
        base,
        best.doubling,
        best.intercept - base * best.unit,
        best.gap,
        {column.name: CONSTANT for column, cutter in cut if cutter is None}
        | dict.fromkeys((name for name in names if name not in named), rest),
    )


class _Search:
    """Conditions to choose from, and how to try them; found: those met so far, by number."""

    def __init__(
        self,
        used: Sequence[tuple[Column, Cutter]],
        events: Floats,
        weights: Floats,
        trends: Sequence[Trend],
    ) -> None:
        places = [cutter.places(column) for column, cutter in used]
        self.cutters = [cutter for _, cutter in used]
        self.rows = Coded.of(places, [one.size for one in self.cutters], events, weights)
        self.least = least_weight(weights)
        self.price = 0.5 * float(np.log(weights.sum()))  # of a parameter (Schwarz, 1978)
        self.found: list[tuple[int, Condition]] = []
        self._numbers: dict[tuple[int, bytes], int] = {}
        self._signs = [{"ascending": 1, "descending": -1}.get(trend, 0) for trend in trends]
        self._plain = []
        for term, cutter in enumerate(self.cutters):
            own = conditions(
                cutter,
                self.rows.weight[self.rows.place(term)],
                self.least,
                ranges=not self._signs[term],
            )
            self._plain.append(self._asked(term, own))
        # The best of so many gains as much where nothing counts: the first condition must do more.
        self.chance = float(np.log(max(len(self.found), 1)))

    def _asked(self, term: int, own: Sequence[Condition]) -> tuple[list[int], Floats]:
        """The numbers of some conditions of a column, and which bins meet each."""
        numbers = []
        for one in own:
            key = term, one.bits.tobytes()
            if key not in self._numbers:
                self._numbers[key] = len(self.found)
                self.found.append((term, one))
            numbers.append(self._numbers[key])
        bits = np.array([one.bits for one in own], dtype=np.float64)
        return numbers, bits.reshape(-1, self.rows.sizes[term])

    def least_score(self, found: SmallPoints) -> int:
        """The least sum that a record can have: each column at its worst bin."""
        totals: dict[int, npt.NDArray[np.int64]] = {}
        for number, points in zip(found.patterns.support, found.points, strict=True):
            term, condition = self.found[number]
            totals[term] = totals.get(term, 0) + int(points) * condition.bits.astype(int)
        return sum(int(own.min()) for own in totals.values())

    def best(self, most: int) -> list[Patterns]:
        """The best sets of at most so many conditions, each of which is worth its price."""
        kept = [Patterns.none(self.rows.events, self.rows.weights)]
        for _ in range(most):
            longer = _best_of(more for one in kept for more in self._longer(one, TRIED))[:BEAM]
            price = self.price if kept[0].support else self.price + self.chance
            if not longer or longer[0].fit.loss > kept[0].fit.loss - price:
                break
            kept = longer
        return _best_of([self._exchanged(kept[0]), *kept])

    def _longer(self, one: Patterns, tried: int) -> list[Patterns]:
        """A set with one condition more, for each of those that seem to gain most."""
        at = one.fit
        sums = (at.intercept + one.met @ at.effects)[one.of]
        screen = Screen(self.rows, sums, one.met[one.of])
        taken = sorted(
            (better for term in range(len(self.cutters)) for better in self._best(screen, term)),
            key=lambda better: (-better[0], better[1]),
        )
        longer = (self._with(one, number) for _, number in taken[:tried])
        return [more for more in longer if self._keeps(more)]

    def _sign(self, number: int) -> int:
        """What sign the effect of a condition must have; 0 where it may have any."""
        term, condition = self.found[number]
        return self._signs[term] * condition.direction

    def _keeps(self, one: Patterns) -> bool:
        """Whether all effects have the signs that they must."""
        signs = [self._sign(number) for number in one.support]
        return bool((one.fit.effects * signs >= 0).all())

    def _best(self, screen: Screen, term: int) -> list[tuple[float, int]]:
        """The gains and numbers of the best conditions of a column."""
        numbers, bits = self._plain[term]
        cutter = self.cutters[term]
        if isinstance(cutter, Groups):
            weights = self.rows.weight[self.rows.place(term)]
            several = of_levels(cutter, screen.pulls(term), weights, self.least)
            more, more_bits = self._asked(term, several)
            numbers, bits = [*numbers, *more], np.vstack((bits, more_bits))
        # Rounded, so that of equal conditions the first is taken and not what chance has left.
        signed = screen.gains(term, bits).round(6)
        wrong = [
            self._sign(number) * gain < 0 for number, gain in zip(numbers, signed, strict=True)
        ]
        gains = np.where(wrong, 0.0, np.abs(signed))
        order = np.argsort(-gains, kind="stable")[:OF_A_COLUMN]
        return [(float(gains[n]), numbers[n]) for n in order if gains[n] > 0]

    def _with(self, one: Patterns, number: int) -> Patterns:
        term, condition = self.found[number]
        bits = condition.bits[self.rows.codes[:, term]]
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


def _term(search: _Search, names: Sequence[str], best: SmallPoints, place: int) -> LearnedTerm:
    """A condition as a term: its points, where they lie, and who meets it."""
    number = best.patterns.support[place]
    term, one = search.found[number]
    into = _into(one)
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
    return LearnedTerm(names[term], one.cutter, own, one.on)


def _into(one: Condition) -> npt.NDArray[np.int64]:
    """The bin of the term that each fine bin becomes: that of the condition, or one beside it."""
    place = np.arange(len(one.bits))
    if one.cutter.size > 2:
        first = int(np.argmax(one.bits))
        beside = 1 - one.on if one.cutter.size == 3 else np.where(place < first, 0, 2)
        place = np.where(one.bits, one.on, beside)
    else:
        place = np.zeros(len(one.bits), dtype=np.int64)
    place[-1] = one.cutter.size - 1
    return place
