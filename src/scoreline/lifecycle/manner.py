"""How a batch is carried out, and what it comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from scoreline.store.moves import NewMove
from scoreline.store.scores import StoredScore


@dataclass(frozen=True, slots=True)
class Manner:
    """How a batch is carried out.

    as_of: the moment that it happens at; cause: what history says of it; actions: whether moves are
    handed over; dry: whether nothing is written.
    """

    as_of: dt.datetime
    cause: str
    actions: bool = True
    dry: bool = False


@dataclass
class BatchDone:
    """What a batch came to.

    computed: scores that were worked out; changed: those that were other than before; later: those
    that were as of a later moment before, and stay so, by card and record; moves: every one of
    them; handed: messages put into the outbox; stood: the scores of records that moved, as they
    were kept, where time can have moved them before anybody looked; net: what the moves of each
    record come to.
    """

    computed: int = 0
    changed: int = 0
    later: set[tuple[str, int]] = field(default_factory=set)
    moves: list[NewMove] = field(default_factory=list)
    handed: int = 0
    stood: dict[tuple[str, int], StoredScore] = field(default_factory=dict)
    net: list[NewMove] = field(default_factory=list)

    def add(self, other: BatchDone) -> None:
        """Count in what a further batch came to."""
        self.computed += other.computed
        self.changed += other.changed
        self.later |= other.later
        self.moves += other.moves
        self.net += other.net
        self.handed += other.handed
