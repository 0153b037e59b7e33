"""Re-scoring: what is due, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scoreline.lifecycle.batch import PIECE, Batch, Touched
from scoreline.lifecycle.shelf import CardInForce
from scoreline.store import records, scores

TIME = "time"
"""The cause of what changes though nothing happened."""


def rescore_due(batch: Batch, cards: Sequence[CardInForce] | None = None) -> None:
    """Score the records whose change has come; nobody else is looked at."""
    kept, batch.manner = batch.manner, replace(batch.manner, cause=TIME)
    for card in batch.cards if cards is None else cards:
        after = 0
        while found := scores.due(batch.connection, card.name, batch.now, after, PIECE):
            records.lock_ids(batch.connection, found)
            batch.rescore(Touched(found), [card])
            after = found[-1]
    batch.manner = kept


def rescore_all(batch: Batch, cards: Sequence[CardInForce] | None = None) -> None:
    """Score every record."""
    after = 0
    while found := records.roots(batch.connection, after, PIECE):
        records.lock_ids(batch.connection, found)
        batch.rescore(Touched(found), cards)
        after = found[-1]
