"""Bursts: events that come so thick that no person made them, and that count for nothing.

An event is ignored if it lies in a span that is short enough and holds enough events of its kind
and record: mail scanners click too. Nothing from after the moment of scoring makes a burst.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from scoreline.behaviour.happened import Happened
from scoreline.engines.local.expressions import MOMENT
from scoreline.scorecard.events import AT, Burst
from scoreline.scorecard.model import Scorecard

_BEGUN = "__begun__"


def without_bursts(
    card: Scorecard, events: Sequence[Happened], as_of: dt.datetime
) -> tuple[Sequence[Happened], int]:
    """The events of one record that are not ignored, in their order, and how many are.

    events: without repeats.
    """
    ignored: set[int] = set()
    for kind, burst in card.bursts.items():
        ours = [
            (one.at, place)
            for place, one in enumerate(events)
            if one.event == kind and one.at <= as_of
        ]
        ours.sort()
        span = dt.timedelta(seconds=burst.seconds)
        for first in range(len(ours) - burst.events + 1):
            together = ours[first : first + burst.events]
            if together[-1][0] - together[0][0] <= span:
                ignored.update(place for _, place in together)
    if not ignored:
        return events, 0
    return [one for place, one in enumerate(events) if place not in ignored], len(ignored)


def frame_without_bursts(
    events: pl.LazyFrame, key: str, burst: Burst, as_of: dt.datetime
) -> pl.LazyFrame:
    """The events of a kind up to the moment, but for bursts; by key and moment.

    key: the column that says whose they are.
    """
    at, now = pl.col(AT.name), pl.lit(as_of, dtype=MOMENT)
    ordered = events.filter(at <= now).sort(key, AT.name)
    last = burst.events - 1
    same = pl.col(key).shift(-last) == pl.col(key)
    begins = same & (at.shift(-last) - at <= pl.duration(seconds=burst.seconds))
    begun = ordered.with_columns(begins.fill_null(False).cast(pl.Int64).cum_sum().alias(_BEGUN))
    # An event is in a burst if one begins with it, or with one of the few before it.
    before = pl.col(_BEGUN).shift(burst.events, fill_value=0)
    return begun.filter(pl.col(_BEGUN) == before).drop(_BEGUN)
