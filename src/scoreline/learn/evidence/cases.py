"""Records by the criteria of a hand-made card that they meet, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cases:
    """Records by what they meet; records that meet the same are one row.

    met: rows x criteria, 1 where one is met (how often, where that counts); events, others: how
    many records of each row had the event, and had not; terms: the number of each criterion's term.
    """

    met: Floats
    events: Floats
    others: Floats
    terms: tuple[int, ...]

    @classmethod
    def of(cls, met: Floats, events: Floats, terms: Sequence[int] | None = None) -> Cases:
        """The same of records.

        >>> Cases.of(np.array([[1.0], [1.0], [0.0]]), np.array([1.0, 0.0, 1.0])).events.tolist()
        [1.0, 1.0]
        """
        _, first, place = np.unique(_combinations(met), return_index=True, return_inverse=True)
        hits = np.bincount(place, events, len(first))
        all_ = np.bincount(place, minlength=len(first))
        own = range(met.shape[1]) if terms is None else terms
        return cls(
            met[first], hits.astype(np.float64), (all_ - hits).astype(np.float64), tuple(own)
        )

    def measures(self, points: Floats) -> frozenset[int]:
        """Of each term of which every record meets exactly one criterion, the one that others are
        measured against: the commonest of no points that any record meets, else the commonest.
        """
        count = self.weight @ self.met
        found = []
        for term in set(self.terms):
            own = [one for one, of in enumerate(self.terms) if of == term]
            if len(own) > 1 and bool((self.met[:, own].sum(axis=1) == 1).all()):
                found.append(max(own, key=lambda one: (points[one] == 0 < count[one], count[one])))
        return frozenset(found)

    @property
    def weight(self) -> Floats:
        """Records of each row."""
        return self.events + self.others


def _combinations(met: Floats) -> npt.NDArray[np.int64]:
    """A number of each record, the same where it meets the same criteria as often."""
    found, many = np.zeros(len(met), dtype=np.int64), 1
    for column in met.T:
        own = column.astype(np.int64)
        if (own != column).any() or own.min(initial=0) < 0:
            own = np.unique(column, return_inverse=True)[1].astype(np.int64)
        most = int(own.max(initial=0)) + 1
        if many * most >= _ROOM:  # as digits of one number, made small again before it overflows
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
            many = int(found.max(initial=0)) + 1
        found, many = found * most + own, many * most
    return found


_ROOM = 2**62
