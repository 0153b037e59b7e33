"""From which score on records are reached: by the card, by capacity, by profit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoreline.jobs.evidence.asked import EvidenceAsked, Threshold
from scoreline.learn.measures import Ranked
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE

Floats = npt.NDArray[np.float64]


def thresholds(
    card: Scorecard, scores: Floats, events: Floats, asked: EvidenceAsked
) -> tuple[Threshold, ...]:
    """The threshold of the card's first segment, if it has one, and those worked out; best last.

    By capacity: the least score that no more records reach than can be, or the best one if more
    have that; by profit: the one from
    which on margin times events, less cost times records, is most; without either, where the
    shares of events and of others that reach it lie furthest apart.

    >>> from scoreline.analytics.outcomes import OutcomeSpec
    >>> from scoreline.jobs.capacity import Capacity
    >>> from scoreline.scorecard.file import parse_card
    >>> text = "{scorecard: one, fields: {a: number}, terms: [{name: a, when: a > 1, points: 1}]}"
    >>> card = parse_card(text)
    >>> asked = EvidenceAsked(OutcomeSpec("won"), capacity=Capacity(2))
    >>> found = thresholds(card, np.array([3.0, 2, 1]), np.array([1.0, 0, 0]), asked)
    >>> [(one.by, one.least, one.reached) for one in found]
    [('capacity', 2.0, 2)]
    """
    ranked = Ranked.of(scores, events)
    reached = np.cumsum(ranked.events + ranked.others)
    hits = np.cumsum(ranked.events)
    found: list[tuple[str, int]] = []
    if card.segments and card.segments[0].lowest is not None:
        least = card.segments[0].lowest / SCALE
        found.append(("the card", int((ranked.scores >= least - 1e-9).sum()) - 1))
    if asked.capacity is not None:
        most = asked.capacity.of(len(scores))
        found.append(("capacity", max(int((reached <= most).sum()) - 1, 0)))
    if asked.margin is not None:
        profit = asked.margin * hits - (asked.cost or 0.0) * reached
        found.append(("profit", int(np.argmax(profit)) if profit.max() > 0 else -1))
    if asked.capacity is None and asked.margin is None:
        apart = hits / hits[-1] - (reached - hits) / (reached[-1] - hits[-1])
        found.append(("where rates part", int(np.argmax(apart))))
    return tuple(_threshold(by, place, ranked, reached, hits, card, asked) for by, place in found)


def _threshold(
    by: str,
    place: int,
    ranked: Ranked,
    reached: Floats,
    hits: Floats,
    card: Scorecard,
    asked: EvidenceAsked,
) -> Threshold:
    """place: of the last score that is reached; -1 where none is."""
    none = place < 0
    least = float(ranked.scores[0]) + 1 if none else float(ranked.scores[place])
    if by == "the card" and card.segments[0].lowest is not None:
        least = card.segments[0].lowest / SCALE
    count, won = (0.0, 0.0) if none else (float(reached[place]), float(hits[place]))
    profit = None if asked.margin is None else asked.margin * won - (asked.cost or 0.0) * count
    over = 0
    if by == "capacity" and asked.capacity is not None:
        over = max(round(count) - asked.capacity.of(round(float(reached[-1]))), 0)
    return Threshold(by, least, round(count), round(won), profit, over)
