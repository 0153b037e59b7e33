"""Two records that are one person: facts and events united, scored anew; and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoreline.errors import UsageError
from scoreline.lifecycle.batch import Batch, Touched
from scoreline.store import moves, records, scores
from scoreline.store.scores import StoredScore


@dataclass(frozen=True, slots=True)
class Merged:
    """The key of the record that stands for both, and of the one that it stands for.

    root, other: their numbers.
    """

    kept: str
    gone: str
    root: int
    other: int


def merge(batch: Batch, kept: str, gone: str) -> Merged:
    """One record stands for both from now on; nothing of either is lost."""
    one, other = records.existing(batch.connection, [kept, gone], lock=True)
    if one.id == other.id:
        raise UsageError("A record can't be merged with itself.", "Give two different keys.")
    for record in (one, other):
        if record.merged_into is not None:
            stands = records.by_ids(batch.connection, [record.root])[record.root].key
            raise UsageError(
                f"The record `{record.key}` was merged into `{stands}` before.",
                f"Merge with `{stands}`, or take them apart first: scoreline unmerge {record.key}",
            )
    records.merge(batch.connection, one.id, other.id, batch.now)
    if batch.matching is not None:
        batch.matching.forget(batch.connection, other.id)
    moves.set_aside(batch.connection, other.id, batch.now)
    scores.remove(batch.connection, [other.id])
    batch.rescore(Touched([one.id], frozenset([one.id])))
    return Merged(one.key, other.key, one.id, other.id)


def unmerge(batch: Batch, gone: str) -> Merged:
    """Both are records of their own again, with what each knew and did."""
    [other] = records.existing(batch.connection, [gone], lock=True)
    kept = records.unmerge(batch.connection, other.id, batch.now)
    if kept is None:
        raise UsageError(f"The record `{gone}` is not merged into another.")
    moves.take_up(batch.connection, other.id)
    _restore_scores(batch, other.id)
    both = sorted([kept, other.id])
    records.lock_ids(batch.connection, both)
    batch.rescore(Touched(both, frozenset(both)))
    stands = records.by_ids(batch.connection, [kept])[kept]
    return Merged(stands.key, other.key, kept, other.id)


def _restore_scores(batch: Batch, record: int) -> None:
    """The scores that it had last, so that coming back is no move into its own segment."""
    past: dict[str, list[scores.PastScore]] = {card.name: [] for card in batch.cards}
    for one in scores.history(batch.connection, record):
        past.get(one.card, []).append(one)
    last = [_as_kept(record, some) for some in past.values() if some]
    scores.put(batch.connection, last)


def _as_kept(record: int, past: Sequence[scores.PastScore]) -> StoredScore:
    """The last of a record's past scores; its facts are typed again before it is used."""
    last = past[-1]
    return StoredScore(
        card=last.card,
        record=record,
        version=last.version,
        as_of=last.as_of,
        score=last.score,
        low=last.low,
        high=last.high,
        segment=last.segment,
        ask=last.ask,
        reasons=last.reasons,
        typed="{}",
        facts_version="",
        since=scores.entered(past),
        next_change=None,
    )
