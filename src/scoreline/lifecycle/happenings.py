"""Events on their way in: kept as they came, and the scores that they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from scoreline.lifecycle.batch import Batch, Touched
from scoreline.lifecycle.scorer import FEW
from scoreline.store import events, records
from scoreline.store.events import NewEvents

_encode = msgspec.json.encode
STEPS = 20
"""Events of one record in a batch that are scored one after the other, so that history has each;
more of them are a load of old data, and are scored once."""


@dataclass(frozen=True, slots=True)
class RawEvents:
    """Events as they come, by column.

    moments: as the store keeps them; properties: JSON of raw texts by column.
    """

    keys: Sequence[str]
    events: Sequence[str]
    moments: Sequence[int]
    ids: Sequence[str | None]
    properties: Sequence[str]

    @classmethod
    def of_one(
        cls, key: str, event: str, at: int, own: str | None, properties: Mapping[str, str]
    ) -> RawEvents:
        """A single one."""
        return cls([key], [event], [at], [own], [_encode(properties).decode()])

    def without(self, places: Collection[int]) -> RawEvents:
        """The others than those at some places."""
        if not places:
            return self
        left_out = set(places)
        rest = [place for place in range(len(self.keys)) if place not in left_out]
        return RawEvents(
            [self.keys[place] for place in rest],
            [self.events[place] for place in rest],
            [self.moments[place] for place in rest],
            [self.ids[place] for place in rest],
            [self.properties[place] for place in rest],
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of events.

    repeats: known by their id already; differing: ids under which something else is known;
    nobody: places in the list of those whose record is not known; taken: the others. again: how
    many without an id say exactly what was there already, if that was asked for.
    """

    taken: RawEvents
    new: int
    repeats: int
    differing: tuple[str, ...]
    nobody: tuple[int, ...]
    again: int = 0


def store_events(batch: Batch, raw: RawEvents, *, compare: bool = False) -> Kept:
    """Keep events, each once by its id, and score the records that they happened to.

    compare: whether those without an id are looked for among what is known.
    """
    known = records.by_keys(batch.connection, list(set(raw.keys)), lock=True)
    nobody = tuple(place for place, key in enumerate(raw.keys) if key not in known)
    told = raw.without(nobody)
    numbers = [known[key].id for key in told.keys]
    new = NewEvents(numbers, told.events, told.moments, told.ids, told.properties)
    again = events.said_again(batch.connection, new) if compare else 0
    added = events.add(batch.connection, new, batch.now)
    root_of = {record.id: record.root for record in known.values()}
    counts = Counter(root_of[record] for record in added.new.records)
    touched = sorted(counts)
    records.lock_ids(batch.connection, touched)
    _rescore(batch, added, counts, root_of)
    if len(known) <= FEW:
        batch.people |= {key: record.root for key, record in known.items()}
    return Kept(told, len(added.new.ids), added.repeats, tuple(added.differing), nobody, again)


def _rescore(
    batch: Batch, added: events.Added, counts: Mapping[int, int], root_of: Mapping[int, int]
) -> None:
    """Score the records that something happened to.

    counts: how many events each of them got.
    """
    kinds = set(added.new.events)
    cards = [card for card in batch.cards if card.scorer.counts(kinds)]
    if not cards:
        return
    steps: dict[int, list[int]] = {}
    several = {root for root, count in counts.items() if 1 < count <= STEPS}
    if several:
        members = [record for record, root in root_of.items() if root in several]
        for number, record in events.since(batch.connection, members, added.before):
            steps.setdefault(root_of[record], []).append(number)
    for step in range(max((len(numbers) for numbers in steps.values()), default=1) - 1):
        limits = {root: n[step] for root, n in steps.items() if step < len(n) - 1}
        batch.rescore(Touched(sorted(limits), limits=limits), cards)
    batch.rescore(Touched(sorted(counts)), cards)
