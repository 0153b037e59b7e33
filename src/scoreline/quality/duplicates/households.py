"""Customers -> households: people who live in one house and have a name or a phone in common.

The estimate of what agreement is worth knows pairs of one house as a kind of their own, so each
pair has a probability of it. Pairs that also agree in what makes a house a home are put together as
customers are, on average and up to the largest expected F1; and a customer lives in one household.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.clusters import clustered, united
from scoreline.quality.duplicates.comparisons import Comparison, of_people
from scoreline.quality.duplicates.finding import Duplicates
from scoreline.quality.duplicates.prepare import ROW
from scoreline.quality.roles import Role

Truths = npt.NDArray[np.bool_]
OTHER = 0


def households(found: Duplicates) -> list[int] | None:
    """The first record of each record's household, by row; None where no column tells one.

    Firms of one building are no household, and without an address or a phone nobody can say who
    lives together.
    """
    compared = found.base.comparisons
    told = {one.role for one in compared}
    if found.house is None or not of_people(compared) or not told & {"street", "phone"}:
        return None
    pairs, of = found.scored.pairs, found.scored.patterns.of
    street = _agree(found, "street") & ~_differ(found, "city") & ~_differ(found, "house number")
    home = (street | _agree(found, "phone")) & ~_differ(found, "street")
    both = street & _agree(found, "phone")
    if "surname" in told:
        related = _agree(found, "surname")[of]
    else:
        related = _a_name_in_common(found, home[of])
    chances = np.where(home[of] & (related | both[of]), found.house[of], 0.0)
    houses = clustered(found.base.frame.height, pairs.left, pairs.right, chances)
    return united(found.clusters.first, houses.first)


def _places(found: Duplicates, role: Role) -> list[npt.NDArray[np.int8]]:
    """The levels of the comparisons of a role, of each pattern."""
    levels = found.scored.patterns.levels
    return [levels[:, n] for n, one in enumerate(found.base.comparisons) if one.role == role]


def _agree(found: Duplicates, role: Role) -> Truths:
    """Whether the pairs of each pattern have one value in a column of a role, maybe with a slip."""
    truths = np.zeros(len(found.scored.patterns.levels), dtype=bool)
    for number, one in enumerate(found.base.comparisons):
        if one.role == role:
            levels = found.scored.patterns.levels[:, number]
            truths |= np.array(one.telling)[np.maximum(levels, OTHER)]
    return truths


def _differ(found: Duplicates, role: Role) -> Truths:
    """Whether the pairs of each pattern differ in a column of a role."""
    truths = np.zeros(len(found.scored.patterns.levels), dtype=bool)
    for place in _places(found, role):
        truths |= place == OTHER
    return truths


def _a_name_in_common(found: Duplicates, asked: Truths) -> Truths:
    """Whether each pair that is asked about has a word of its full names in common."""
    names = [one for one in found.base.comparisons if one.role == "full name"]
    truths = np.zeros(len(asked), dtype=bool)
    if not names:
        return truths
    words = _words(found, names[0])
    pairs = found.scored.pairs
    for place in np.flatnonzero(asked).tolist():
        one, other = words[int(pairs.left[place])], words[int(pairs.right[place])]
        truths[place] = not one.isdisjoint(other)
    return truths


def _words(found: Duplicates, name: Comparison) -> list[frozenset[str]]:
    """The words of two letters or more of each row's full name, in standard form."""
    values = found.base.frame.sort(ROW)[name.code].to_list()
    return [frozenset(w for w in (value or "").split() if len(w) > 1) for value in values]
