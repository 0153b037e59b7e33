"""Re-score what is due or everything, and send what waits: once, or as a worker."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scoreline.jobs.workspace.telling import Effects, effects
from scoreline.lifecycle.batch import Batch, Manner
from scoreline.lifecycle.delivering import Delivered, deliver_due
from scoreline.lifecycle.reading import chosen
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
    """Score the records whose change has come, or everything; only changes are written."""

    def work(batch: Batch) -> None:
        cards = None if card is None else chosen(batch.connection, card)
        (rescore_all if everything else rescore_due)(batch, cards)

    _, outcome = workspace.batch(Manner(as_of, TIME, actions=actions), work)
    return effects(outcome)


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
            else {"sent": sent.sent, "later": sent.later, "dead": sent.dead},
        }


def work_once(workspace: Workspace, as_of: dt.datetime) -> Worked:
    """Score what is due, then send what waits."""
    return Worked(rescore(workspace, as_of), deliver_due(workspace, as_of))
