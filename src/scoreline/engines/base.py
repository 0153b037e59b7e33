"""What every engine gives for a record."""

from __future__ import annotations

import datetime as dt

import msgspec

from scoreline.errors import Finding
from scoreline.scorecard.layout import places
from scoreline.scorecard.reasons import Reason


class Result(msgspec.Struct, frozen=True, gc=False):
    """A record's score and everything about it.

    score, low, high: points; [low, high] holds the score whatever the missing answers turn out to
    be. segment: None for a card without segments. certain: low and high lie in one segment. ask:
    the field to ask for next, blank when certain. reasons: lines that sum to the score, strongest
    first. mask: the bits of the bins that hold. opened: the terms whose result a missing answer
    can still change, as a mask of their places in the card. findings: what is wrong with the raw
    values, where there were any. probability: what the score means, with its interval, from 0 to 1;
    None where the card does not say.
    """

    score: int | float
    segment: str | None
    low: int | float
    high: int | float
    certain: bool
    ask: str
    reasons: tuple[Reason, ...]
    fingerprint: str
    as_of: dt.datetime
    mask: int
    opened: int
    findings: tuple[Finding, ...] = ()
    probability: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None

    @property
    def open_terms(self) -> tuple[int, ...]:
        """The places of the open terms."""
        return places(self.opened)
