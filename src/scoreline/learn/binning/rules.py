"""What bins must keep to: sizes, outcomes in each, how many there are, and how their rates run."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from scoreline.errors import UsageError, did_you_mean

Trend = Literal["any", "ascending", "descending", "peak", "valley"]
"""How the rate of events runs from bin to bin: it never falls, never rises, rises and then falls,
falls and then rises. Equal rates keep to every trend."""
TRENDS = get_args(Trend)


@dataclass(frozen=True, slots=True)
class BinRules:
    """What each bin, and all of them together, must keep to.

    smallest, largest: weight of a bin (records, where they are not weighted); events, others: how
    many events, and records without, each bin has at least; fewest, most: how many bins; trend:
    of the rate of events; difference: between the rates of neighbours, at least; cuts: the places
    of pre-bins at which a bin must begin.

    Raises UsageError for what can't be kept to by anything.
    """

    smallest: float = 0.0
    largest: float = math.inf
    events: float = 1.0
    others: float = 1.0
    fewest: int = 1
    most: int | None = None
    trend: Trend = "any"
    difference: float = 0.0
    cuts: Collection[int] = ()

    def __post_init__(self) -> None:
        if self.trend not in TRENDS:
            near = did_you_mean(self.trend, TRENDS)
            raise UsageError(
                f"There is no trend `{self.trend}`.", near or f"Trends: {', '.join(TRENDS)}."
            )
        if self.fewest < 1 or (self.most is not None and self.most < self.fewest):
            raise UsageError(
                f"No number of bins is {self.fewest} at least and {self.most} at most.",
                "Say one bin at least, and no more than the most.",
            )
        if self.smallest > self.largest:
            raise UsageError(
                f"No bin has {self.smallest:g} at least and {self.largest:g} at most.", ""
            )
        if not 0 <= self.difference < 1:
            raise UsageError("A difference of rates lies between 0 and 1.", "")
