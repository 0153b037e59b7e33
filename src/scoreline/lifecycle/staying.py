"""For how long a record stayed: when it left its segment, if time took it out before we looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scoreline.behaviour.happened import Happened
from scoreline.behaviour.leaving import leaving
from scoreline.lifecycle.shelf import CardInForce
from scoreline.store import events, records
from scoreline.store.moments import moment_of, stored
from scoreline.store.moves import NewMove
from scoreline.store.scores import StoredScore

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Staying:
    """The records of a batch that moved, as they stood before.

    stood: the scores of those that time can have moved before anybody looked, by card and record.
    """

    def __init__(
        self,
        connection: Connection,
        cards: Sequence[CardInForce],
        stood: Mapping[tuple[str, int], StoredScore],
    ) -> None:
        self._connection = connection
        self._cards = {card.name: card for card in cards}
        self._stood = stood

    def left_at(self, move: NewMove) -> int:
        """When the record of a move left the segment that it was in, by what was known then.

        The moment of the move, unless time alone took it out earlier.
        """
        before = self._stood.get((move.card, move.record))
        card = self._cards.get(move.card)
        if before is None or card is None or not card.reads(before):
            return move.at
        values = card.scorer.typed.values(before.typed)
        behind = records.behind(self._connection, [move.record]).get(move.record, ())
        known = events.known_by(self._connection, [move.record, *behind], before.as_of)
        happened = card.scorer.events(known)
        left = _left(card, before, values, happened, moment_of(move.at))
        return move.at if left is None else stored(left)


def _left(
    card: CardInForce,
    before: StoredScore,
    values: Mapping[str, Any],
    happened: Sequence[Happened],
    until: dt.datetime,
) -> dt.datetime | None:
    """The first moment up to another at which time alone took a record out of its segment.

    Events that were known and still to come change the score when they happen.
    """
    begin = moment_of(before.as_of)
    steps = sorted({one.at for one in happened if begin < one.at <= until})
    for start, end in zip([begin, *steps], [*steps, until], strict=True):
        if card.scorer.result(values, happened, start).segment != before.segment:
            return start
        found = leaving(card.model, card.scorer.score, values, happened, start)
        if found is not None and found.at <= end:
            return found.at
    return None
