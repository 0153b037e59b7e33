"""Events on their way in: kept as they came, and the scores that they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoreline.lifecycle.batch import Batch, Touched
from scoreline.lifecycle.scorer import FEW
from scoreline.store import events, records
from scoreline.store.events import NewEvent

STEPS = 20
"""Events of one record in a batch that are scored one after the other, so that history has each;
more of them are a load of old data, and are scored once."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as it comes: at: as the store keeps moments; properties: texts by column."""

    key: str
    event: str
    at: int
    event_id: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of events.

    repeats: known by their id already; differing: ids under which something else is known;
    nobody: places in the list of those whose record is not known.
    """

    new: int
    repeats: int
    differing: tuple[str, ...]
    nobody: tuple[int, ...]


def store_events(batch: Batch, raw: Sequence[RawEvent]) -> Kept:
    """Keep events, each once by its id, and score the records that they happened to."""
    known = records.by_keys(batch.connection, list({one.key for one in raw}), lock=True)
    nobody = tuple(place for place, one in enumerate(raw) if one.key not in known)
    new = [
        NewEvent(known[one.key].id, one.event, one.at, one.event_id, one.properties)
        for one in raw
        if one.key in known
    ]
    added = events.add(batch.connection, new, batch.now)
    root_of = {record.id: record.root for record in known.values()}
    touched = sorted({root_of[one.record] for one in added.events})
    records.lock_ids(batch.connection, touched)
    _rescore(batch, added, touched, root_of)
    if len(raw) <= FEW:
        batch.people |= {key: record.root for key, record in known.items()}
    return Kept(len(added.events), added.repeats, tuple(added.differing), nobody)


def _rescore(
    batch: Batch, added: events.Added, touched: Sequence[int], root_of: Mapping[int, int]
) -> None:
    kinds = {one.event for one in added.events}
    cards = [card for card in batch.cards if card.scorer.counts(kinds)]
    if not cards:
        return
    steps: dict[int, list[int]] = {}
    counts: dict[int, int] = {}
    for one in added.events:
        root = root_of[one.record]
        counts[root] = counts.get(root, 0) + 1
    several = {root for root, count in counts.items() if 1 < count <= STEPS}
    if several:
        members = [record for record, root in root_of.items() if root in several]
        for number, record in events.since(batch.connection, members, added.before):
            steps.setdefault(root_of[record], []).append(number)
    for step in range(max((len(numbers) for numbers in steps.values()), default=1) - 1):
        limits = {root: n[step] for root, n in steps.items() if step < len(n) - 1}
        batch.rescore(Touched(sorted(limits), limits=limits), cards)
    batch.rescore(Touched(touched), cards)
