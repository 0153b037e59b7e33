"""Re-score what is due or everything, and send what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scoreline.jobs.workspace.telling import Effects, effects
from scoreline.lifecycle.batch import PIECE, Batch
from scoreline.lifecycle.delivering import Delivered, deliver_due
from scoreline.lifecycle.manner import BatchDone, Manner
from scoreline.lifecycle.reading import chosen, waiting
from scoreline.lifecycle.rescoring import TIME, rescore_all, rescore_due
from scoreline.lifecycle.workspace import Workspace


def rescore(
    workspace: Workspace,
    as_of: dt.datetime,
    card: str | None = None,
    *,
    everything: bool = False,
    actions: bool = True,
) -> Effects:
    """Score the records whose change has come, or everything; only changes are written.

    Everything is one transaction; what is due is done in pieces, so that others can write between.
    """
    manner, whole = Manner(as_of, TIME, actions=actions), BatchDone()

    def work(batch: Batch) -> bool:
        cards = None if card is None else chosen(batch.connection, card)
        if everything:
            rescore_all(batch, cards, forward=True)
            return False
        return rescore_due(batch, cards, PIECE)

    more = True
    while more:
        more, piece = workspace.batch(manner, work)
        whole.add(piece)
    return effects(whole)


@dataclass(frozen=True)
class Worked:
    """What a round of the worker did; delivered: None if another worker was sending."""

    effects: Effects
    delivered: Delivered | None

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.effects.recomputed and self.delivered in (None, Delivered())

    def json(self) -> dict[str, object]:
        """The object that `work --format json` prints."""
        sent = self.delivered
        return {
            **self.effects.json(),
            "deliveries": None
            if sent is None
            else {
                "sent": sent.sent,
                "later": sent.later,
                "dead": sent.dead,
                "why": dict(sent.why),
            },
        }


def work_once(workspace: Workspace, as_of: dt.datetime) -> Worked:
    """Score what is due, then send what waits."""
    return Worked(rescore(workspace, as_of), deliver_due(workspace, as_of))


@dataclass(frozen=True)
class Waiting:
    """What a round of the worker would do: scores that are due, and messages by handler."""

    due: int
    messages: dict[str, int]

    def json(self) -> dict[str, object]:
        """The object that `work --dry-run --format json` prints."""
        return {"due": self.due, "messages": self.messages}


def look_at_work(workspace: Workspace, as_of: dt.datetime) -> Waiting:
    """What a round would do, as far as is known before it; nothing is done."""
    return Waiting(*waiting(workspace, as_of))
