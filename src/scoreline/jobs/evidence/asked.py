"""What is asked of `evidence`, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from scoreline.analytics.outcomes import OutcomeSpec
from scoreline.errors import Finding
from scoreline.jobs.capacity import Capacity
from scoreline.learn.evidence.judging import Judged
from scoreline.quality.reading.files import ReadOptions
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import Events

OfferName = Literal["keep", "threshold", "few", "refit"]
OFFERS: dict[OfferName, str] = {
    "keep": "keep the card",
    "threshold": "move the threshold",
    "few": "change three at most",
    "refit": "change all that differ",
}
"""What may be done with a card, and how it is called; the mildest first."""


@dataclass(frozen=True)
class EvidenceAsked:
    """What the user asked.

    target: what an event is; lost: what is none, all else that is filled in unless said; time: the
    column of the moment of each record; order: of day, month and year in it; capacity: how many of
    these records can be reached; margin, cost: what an event brings, and what it costs to reach a
    record; probability: whether offered cards say what a score means as one; progress: told how
    many rows each trial weighed.
    """

    target: OutcomeSpec
    lost: OutcomeSpec | None = None
    time: str | None = None
    order: str | None = None
    events: Events = None
    capacity: Capacity | None = None
    margin: float | None = None
    cost: float | None = None
    probability: bool = False
    read: ReadOptions | None = None
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True)
class CriterionSaid:
    """A criterion with what the data say of it.

    term, bin: as a reason names them; points: the card's; suggested: whole points in its own step;
    low, high: between which they lie nine times in ten; place: of its term and bin in the card,
    None as bin for what is counted.
    """

    term: str
    bin: str
    points: float
    suggested: float
    low: float
    high: float
    judged: Judged
    place: tuple[int, int | None]
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Threshold:
    """A score from which on records are reached: how many are, and what they bring.

    by: what set it: `the card`, `capacity`, `profit`, `where rates part`; over: how many more than
    can be reached share the best score.
    """

    by: str
    least: float
    reached: int
    events: int
    profit: float | None = None
    over: int = 0


@dataclass(frozen=True)
class Offer:
    """What may be done with the card, tried on records that it was not made from.

    auc, lift20: there; loss: of what it says of each record, on average; moved: records of all that
    are in another segment by it; card: the new one; changed: criteria whose points differ; least:
    the score from which on a record is in the first segment, None without one; reached: how many
    are; cases: those of the card that expect something else by it, which are written anew.
    """

    name: OfferName
    auc: float
    lift20: float
    loss: float
    moved: int
    card: Scorecard
    changed: int = 0
    least: float | None = None
    reached: int = 0
    cases: int = 0


@dataclass(frozen=True)
class Evidence:
    """What came out.

    point: what a point multiplies the odds by; advised: the name of the offer to take; weak:
    whether outcomes are few.
    """

    card: Scorecard
    target: str
    rows: int
    positives: int
    open: int
    split: str
    point: float
    criteria: tuple[CriterionSaid, ...]
    thresholds: tuple[Threshold, ...]
    offers: tuple[Offer, ...]
    advised: OfferName
    weak: bool = False
    findings: Sequence[Finding] = ()
    counts: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
