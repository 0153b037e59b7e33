"""Pairs that are never one customer, whatever else they agree in.

Where duplicates are few, nothing in the answers tells a family, the firms of one building, a couple
with one mailbox or namesakes from them: these would be the largest groups of pairs that agree in
several columns, and be taken for duplicates. So it is said what a pair of one customer is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.comparisons import (
    ADDRESS,
    WEAK,
    WHO,
    Comparison,
    of_people,
)

Levels = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]
OTHER = 0
TOWN = ADDRESS - {"street", "house number"}
HOUSE = frozenset({"street", "phone"})
"""Roles of what says that people live in one house; a surname and a town alone do not."""
SEVERAL = 3
"""Columns that differ: of so many that would tell, slips do not spoil all."""
IDENTIFIERS = frozenset({"company id", "personal id", "iban"})
"""Roles of what one customer has, and nobody else."""


def never_one(levels: Levels, compared: Sequence[Comparison]) -> Truths:
    """Whether a pair of each pattern is never one customer.

    levels: a row a pattern, places of levels from the end, `other` is 0, missing below.
    """
    pairs = _Patterns(levels, compared)
    found = pairs.of_one_place() | pairs.agree_in_little()
    return found | pairs.two_people() | pairs.namesakes() if pairs.people else found


class _Patterns:
    """Patterns of answers, and what each says of a pair."""

    def __init__(self, levels: Levels, compared: Sequence[Comparison]) -> None:
        self.levels, self.compared = levels, compared
        self.people = of_people(compared)
        self.telling = np.column_stack(
            [np.array(one.telling)[np.maximum(levels[:, n], 0)] for n, one in enumerate(compared)]
        )
        self.whole = levels == np.array([len(one.levels) for one in compared])

    def of_one_place(self) -> Truths:
        """They agree in nothing but where somebody lives, and differ in who it is.

        That is a family. Firms of one building have another e-mail, web site or identifier, too;
        branches have telephones that follow each other, and no street in common: else what is
        called otherwise may be the same firm.
        """
        own = np.array([not one.shared_by_a_house(people=True) for one in self.compared])
        one_house = ~((self.levels > OTHER) & own).any(axis=1) & self._differ(WHO)
        if self.people:
            return np.asarray(one_house & self._agree(HOUSE))
        phones = self._has({"phone"})
        follow = (phones & (self.levels > OTHER) & ~self.whole).any(axis=1)
        follow &= ~self._agree({"street"})
        return np.asarray(one_house & (self._differ({"email", "web", "company id"}) | follow))

    def agree_in_little(self) -> Truths:
        """They agree in a first name, a town, a street or a year alone, and differ in three columns
        at least that would tell more; or in a town alone, and differ in one.
        """
        tells = ~self._has(WEAK)
        nothing = ~(self.telling & tells).any(axis=1)
        differing = ((self.levels == OTHER) & tells).sum(axis=1)
        in_town = ~((self.levels > OTHER) & ~self._has(TOWN)).any(axis=1)
        return np.asarray(nothing & (differing >= np.where(in_town, 1, SEVERAL)))

    def two_people(self) -> Truths:
        """They live in one house and differ in first name and birth date, and no identifier says
        that they are one: a couple with one mailbox.
        """
        named = self._differ({"given name", "full name"}) & self._differ({"birth date"})
        return np.asarray(named & self._agree(HOUSE) & ~self._agree(IDENTIFIERS))

    def namesakes(self) -> Truths:
        """They agree in their names, in a mailbox that is made of them, and in nothing else that
        tells; and they were born on other days and live, or are called, elsewhere, or differ in
        three columns at least.
        """
        names = self._has({"given name", "surname", "full name"} | WEAK)
        agree = np.where(self._has({"email"}), self.whole, self.telling) & ~names
        elsewhere = self._differ({"phone", "street"}) & self._differ({"birth date"} | IDENTIFIERS)
        elsewhere |= ((self.levels == OTHER) & ~names).sum(axis=1) >= SEVERAL
        return np.asarray(~agree.any(axis=1) & elsewhere)

    def _has(self, roles: Collection[str]) -> Truths:
        """Whether each column has one of some roles."""
        return np.array([one.role in roles for one in self.compared])

    def _agree(self, roles: Collection[str]) -> Truths:
        """Whether the pairs of each pattern have one value in a column of some roles."""
        return np.asarray((self.telling & self._has(roles)).any(axis=1))

    def _differ(self, roles: Collection[str]) -> Truths:
        """Whether the pairs of each pattern differ in a column of some roles."""
        return np.asarray(((self.levels == OTHER) & self._has(roles)).any(axis=1))
