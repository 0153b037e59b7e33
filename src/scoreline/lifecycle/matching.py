"""Records that may be one customer with a new one: looked up by the workspace's match model.

The index of keys is kept in the transaction that changes a record, so that it is true whenever
anybody looks. Nobody is blocked by what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scoreline.quality.duplicates.blocking import LARGEST_BLOCK
from scoreline.quality.duplicates.kept import Given, KeptModel, Match
from scoreline.store import matching, records

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_CANDIDATES = LARGEST_BLOCK
"""Records that a new one is compared with: as many as one key may bring together."""
SHOWN = 3
"""Records that it is said to look like."""


class Matching:
    """A match model at work; it looks up and keeps the index, on any connection."""

    def __init__(self, kept: KeptModel) -> None:
        self.kept = kept

    @classmethod
    def in_force(cls, connection: Connection, number: int) -> Matching:
        """The one of a number; raises DataError where it can't be used any more."""
        return cls(KeptModel.of_text(matching.text(connection, number)))

    def keep(
        self, connection: Connection, new: Mapping[int, Given], changed: Mapping[int, Given]
    ) -> frozenset[int]:
        """The records whose keys are others than before, in the index too.

        new, changed: raw values of records that are scored; of the new ones it knows nothing yet.
        """
        wanted = {record: self.keys(given) for record, given in {**new, **changed}.items()}
        known = matching.keys_of(connection, list(changed)) if changed else {}
        more, less = [], []
        for record, keys in wanted.items():
            before = known.get(record, set())
            more += [(key, record) for key in keys - before]
            less += [(key, record) for key in before - keys]
        matching.drop(connection, less)
        matching.add(connection, more)
        return frozenset(record for _, record in (*more, *less))

    def forget(self, connection: Connection, record: int) -> None:
        """A record is not found any more: another one stands for it."""
        known = matching.keys_of(connection, [record]).get(record, set())
        matching.drop(connection, [(key, record) for key in known])

    def keys(self, given: Given) -> frozenset[int]:
        """What a record is found by, as hashes."""
        return frozenset(self.kept.keys_of(self.kept.prepared(given)))

    def like(self, connection: Connection, own: int, given: Given) -> list[Match[str]]:
        """The records that are rather one customer with a record than two, the likeliest first.

        own: the number of the record itself, if it has one; given: its raw values.
        """
        new = self.kept.prepared(given)
        hashes = self.kept.values_of(new)
        new = self.kept.classed(new, matching.classes(connection, list(hashes.values())))
        candidates = self._candidates(connection, own, self.kept.keys_of(new))
        if not candidates:
            return []
        known = records.people(connection, candidates)
        others = ((person.key, self.kept.when_asked(person.given)) for person in known)
        return self.kept.best(new, others, SHOWN)

    @staticmethod
    def _candidates(connection: Connection, own: int, keys: Sequence[int]) -> list[int]:
        """Records to compare with, those of the rarest keys first; a key of too many has none."""
        found = matching.holders(connection, keys, LARGEST_BLOCK + 1)
        rare = sorted((some for some in found.values() if len(some) <= LARGEST_BLOCK), key=len)
        candidates = dict.fromkeys(record for some in rare for record in some if record != own)
        return list(candidates)[:MOST_CANDIDATES]
