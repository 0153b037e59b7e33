"""Re-scoring: what is due, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scoreline.lifecycle.batch import PIECE, Batch, Touched
from scoreline.lifecycle.shelf import CardInForce
from scoreline.store import records, scores

TIME = "time"
"""The cause of what changes though nothing happened."""


def rescore_due(
    batch: Batch, cards: Sequence[CardInForce] | None = None, most: int | None = None
) -> bool:
    """Score the records whose change has come; nobody else is looked at.

    most: how many at most, of each card. Gives whether more of them are waiting.
    """
    kept, batch.manner = batch.manner, replace(batch.manner, cause=TIME)
    more = False
    for card in batch.cards if cards is None else cards:
        after: scores.Place | None = None
        left = most
        while left is None or left > 0:
            wanted = PIECE if left is None else min(left, PIECE)
            found = scores.due(batch.connection, card.name, batch.now, after, wanted)
            if not found:
                break
            ids = sorted(record for _, record in found)
            batch.rescore(Touched(_held(batch, ids), forward=True), [card])
            after = found[-1]
            left = None if left is None else left - len(found)
        more |= left == 0
    batch.manner = kept
    return more


def rescore_all(
    batch: Batch, cards: Sequence[CardInForce] | None = None, *, forward: bool = False
) -> None:
    """Score every record; forward: but none that was scored as of a later moment."""
    after = 0
    while found := records.roots(batch.connection, after, PIECE):
        batch.rescore(Touched(_held(batch, found), forward=forward), cards)
        after = found[-1]


def _held(batch: Batch, ids: Sequence[int]) -> Sequence[int]:
    """The records, held against other writers; who only looks holds nobody up."""
    return ids if batch.manner.dry else records.lock_ids(batch.connection, ids)
