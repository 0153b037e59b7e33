"""The duplicates of a base: comparisons, chance, weights, points and clusters, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from scoreline.engines.base import Result
from scoreline.errors import DataError
from scoreline.quality.duplicates.chance import Floats, by_chance
from scoreline.quality.duplicates.clusters import Clusters, clustered, with_equals
from scoreline.quality.duplicates.comparisons import comparisons
from scoreline.quality.duplicates.fitting import fitted
from scoreline.quality.duplicates.labels import NO_LABELS, Labels, Pair
from scoreline.quality.duplicates.model import MatchModel, match_model
from scoreline.quality.duplicates.order import Order
from scoreline.quality.duplicates.pairs import Pairs, pairs_of
from scoreline.quality.duplicates.prepare import ROW, Base, prepared
from scoreline.quality.duplicates.redundant import made_of_others
from scoreline.quality.duplicates.settling import Learnt, Patterns, probability, settled
from scoreline.quality.duplicates.taught import HALF, Taught, taught, untaught
from scoreline.quality.duplicates.telling import most_telling
from scoreline.quality.roles import Role

NOT_COMPARED = frozenset({"key", "number", "money", "text", "date"})
"""What says nothing of who a record is, or can't be told to."""


@dataclass(frozen=True)
class Scored:
    """Pairs with their points by the card: results of patterns, and the pattern of each pair."""

    pairs: Pairs
    patterns: Patterns
    results: tuple[Result, ...]

    @property
    def points(self) -> Floats:
        """The points of each pair."""
        return np.array([float(one.score) for one in self.results])[self.patterns.of]


@dataclass(frozen=True, slots=True)
class Surprising:
    """An answer that the points contradict: rather a slip than none, and it moved them little.

    pair: the two rows; same: what was answered; points: of the pair, all answers considered.
    """

    pair: Pair
    same: bool
    points: float


@dataclass(frozen=True)
class Duplicates:
    """Everything that was found: the prepared base, its match model, scored pairs and clusters.

    house: the probability that a pair of each pattern is of one house, None where nothing tells it;
    made_of: columns that were not compared, for they are made of others, and those others; held:
    the answers that bind the clusters; surprising: those that are rather slips.
    """

    base: Base
    model: MatchModel
    scored: Scored
    clusters: Clusters
    taught: Taught
    house: Floats | None = None
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: Labels = NO_LABELS
    surprising: tuple[Surprising, ...] = ()

    def most_telling(self, labels: Labels, most: int, seed: int = 0) -> list[int]:
        """Places of at most so many unanswered pairs to ask about, the most telling first."""
        pairs = self.scored.pairs
        answered = pairs.places(labels.pairs)
        return most_telling(pairs, self.scored.patterns, self.taught, answered, most, seed)


def compared_columns(roles: Mapping[str, Role]) -> dict[str, Role]:
    """The columns that say who a record is.

    Raises DataError if there is none.
    """
    found = {header: role for header, role in roles.items() if role not in NOT_COMPARED}
    if not found:
        raise DataError(
            "No column says who a record is: there is no name, contact, address or birth date.",
            "Name the columns by what they hold, such as `surname`, `email`, `phone`, `company`.",
        )
    return found


def find_duplicates(
    columns: Mapping[str, Sequence[str | None]],
    roles: Mapping[str, Role],
    seed: int = 0,
    labels: Labels = NO_LABELS,
    keys: Sequence[str] | None = None,
) -> Duplicates:
    """The duplicates among the records of raw columns; the same again for the same seed.

    labels: answers of people, which teach the points as far as they are no slips, and are held to;
    keys: what tells records apart whose cells are equal. How rows are sorted plays no part.
    """
    telling = compared_columns(roles)
    order = Order.of((columns[name] for name in telling), keys)
    cells = order.sorted({name: columns[name] for name in telling})
    made_of = made_of_others(cells, telling)
    compared = comparisons({name: r for name, r in telling.items() if name not in made_of})
    found = _found(prepared(compared, cells), seed, order.there(labels))
    return replace(_in_order_of_file(found, order), made_of=made_of)


def _found(base: Base, seed: int, labels: Labels) -> Duplicates:
    """The duplicates of a prepared base."""
    pairs = pairs_of(base, labels.pairs)
    patterns = Patterns.among(pairs.levels)
    learnt = learnt_from(base, patterns, seed)
    now = untaught(fitted(patterns, learnt))
    answered = pairs.places(labels.pairs)
    same = np.array([labels.answers[pair] for pair in labels.pairs], dtype=np.float64)
    if answered:
        now = taught(now.weights, pairs.at(answered), same)
    model = match_model(base.comparisons, learnt, *now.weights.bits)
    scored = score_pairs(model, pairs, patterns)
    points = scored.points
    # No more points than any pair has: nothing speaks for it, however likely any pair is.
    chances = np.where(points > model.base, probability(points), 0.0)
    held = labels.held(dict(zip(labels.pairs, now.slip.tolist(), strict=True)), HALF)
    chances[pairs.places(held.pairs)] = [held.answers[pair] for pair in held.pairs]
    clusters = clustered(base.frame.height, pairs.left, pairs.right, chances, held)
    clusters = with_equals(clusters, equals(base), held)
    odd = _surprising(labels, now.slip, points[answered])
    return Duplicates(base, model, scored, clusters, now, learnt.house, held=held, surprising=odd)


def _in_order_of_file(found: Duplicates, order: Order) -> Duplicates:
    """What was found, by the rows of the file."""
    pairs, before = order.pairs(found.scored.pairs)
    patterns = replace(found.scored.patterns, of=found.scored.patterns.of[before])
    surprising = (replace(one, pair=order.pair(one.pair)) for one in found.surprising)
    return replace(
        found,
        base=replace(found.base, frame=order.frame(found.base.frame)),
        scored=replace(found.scored, pairs=pairs, patterns=patterns),
        clusters=replace(found.clusters, first=order.first(found.clusters.first)),
        held=order.back(found.held),
        surprising=tuple(surprising),
    )


def _surprising(labels: Labels, slip: Floats, points: Floats) -> tuple[Surprising, ...]:
    """The answers that are rather slips, the surest slips first."""
    pairs = labels.pairs
    rather = [place for place in np.argsort(-slip, kind="stable").tolist() if slip[place] > HALF]
    return tuple(
        Surprising(pairs[place], labels.answers[pairs[place]], float(points[place]))
        for place in rather
    )


def equals(base: Base) -> list[list[int]]:
    """Rows that are equal in all that is compared, and have two values of it at least."""
    codes = [one.code for one in base.comparisons]
    there = pl.sum_horizontal(pl.col(code).is_not_null() for code in codes)
    groups = base.frame.filter(there >= 2).group_by(codes, maintain_order=True).agg(pl.col(ROW))
    return [rows for rows in groups[ROW].to_list() if len(rows) > 1]


def learnt_from(base: Base, patterns: Patterns, seed: int) -> Learnt:
    """How the kinds of pairs of a base answer, learnt from the answers of its pairs."""
    rows = base.frame.height
    all_pairs = max(1.0, rows * (rows - 1) / 2)
    return settled(patterns, by_chance(base, seed), base.comparisons, all_pairs)


def score_pairs(model: MatchModel, pairs: Pairs, patterns: Patterns) -> Scored:
    """The pairs scored by the card, once for each pattern of levels."""
    results = tuple(model.of_places(row) for row in patterns.levels.tolist())
    return Scored(pairs, patterns, results)
