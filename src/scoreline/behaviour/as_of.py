"""What the events of one record come to as of a moment: for whoever scores it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from scoreline.behaviour.bursts import without_bursts
from scoreline.behaviour.features import featured
from scoreline.behaviour.happened import Happened, without_repeats
from scoreline.behaviour.tallies import tallied
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Behaviour


def behaviour_of(card: Scorecard, events: Iterable[Happened], as_of: dt.datetime) -> Behaviour:
    """The lines of a card's event terms and the values of its features, at a moment.

    events: of one record, in the order they were recorded; repeats of an id, bursts and what
    happens after the moment don't count. as_of: aware.
    """
    if not card.counts_events:
        return Behaviour()
    kept, ignored = without_bursts(card, without_repeats(events), as_of)
    lines = tallied(card, kept, as_of)
    return Behaviour(lines, featured(card.features, kept, as_of), ignored)
