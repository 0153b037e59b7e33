"""What is asked of `learn`, and what comes out."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from scoreline.analytics.outcomes import OutcomeSpec
from scoreline.errors import Finding, UsageError
from scoreline.learn.binning.rules import BinRules, Trend
from scoreline.learn.maturity import Window
from scoreline.learn.probability import Band
from scoreline.learn.stability import Stability
from scoreline.learn.table import CONDITIONS, PointsTable
from scoreline.learn.validation import Figures
from scoreline.learn.wording import Clue
from scoreline.quality.reading.files import ReadOptions
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import Events

FEWEST = 20
"""Events, and other records, below which no table is learnt: a rate of so few is anybody's guess
(the 95 % interval of half of them reaches from 30 to 70 %)."""
MOST_SCORE = 100_000
"""The greatest score that a scale is asked for at."""
WEAK = 200
"""Below so many the table is called weak: the interval of a rate of a half is wider than 14 %."""


@dataclass(frozen=True)
class Capacity:
    """How many records can be reached: so many, or a share of them."""

    count: int | None = None
    share: float | None = None

    def of(self, rows: int) -> int:
        """How many of so many records, one at least."""
        if self.count is not None:
            return self.count
        return max(round((self.share or 0.0) * rows), 1)


@dataclass(frozen=True, slots=True)
class Reached:
    """The best of the records tried on, as many as can be reached.

    count, rows: how many, and of how many; hits: events among them, ties by their share; lift: how
    many times more than of as many drawn blindly.
    """

    count: int
    rows: int
    hits: float
    lift: float


@dataclass(frozen=True, slots=True)
class Peer:
    """What a card is held beside, and its area on the same unseen records."""

    name: str
    auc: float


@dataclass(frozen=True)
class LearnAsked:
    """What the user asked.

    target: what an event is; lost: what is none, all else that is filled in unless said; key, time:
    columns; closed: the column of the moment at which the outcome came; within: days that it is
    waited for, found unless said; events: a file of what records did; left_out: columns that are
    not learnt from; insisted: columns that are, whatever speaks against it; method: by name;
    conditions: of a short card, at most; doubling: how many points double the odds; scale: a score
    and the odds that it has; pairs: columns that have a table together, those that gain unless
    said; capacity: how many can be reached; challenger: whether boosted trees are held beside;
    trends: by column; order: of day, month and year; progress: told how many rows each card was
    learnt from.
    """

    target: OutcomeSpec
    lost: OutcomeSpec | None = None
    key: str | None = None
    time: str | None = None
    closed: str | None = None
    within: int | None = None
    events: Events = None
    left_out: Sequence[str] = ()
    insisted: Sequence[str] = ()
    method: str = "points"
    conditions: int = CONDITIONS
    doubling: int | None = None
    scale: tuple[float, float] | None = None
    pairs: Sequence[tuple[str, str]] | None = None
    capacity: Capacity | None = None
    challenger: bool = False
    trends: Mapping[str, Trend] = field(default_factory=dict)
    name: str = "learned"
    order: str | None = None
    country: str | None = None
    read: ReadOptions | None = None
    progress: Callable[[int], None] | None = None


def trends_of(texts: Sequence[str]) -> dict[str, Trend]:
    """What `--trend COL=TREND` says, by column.

    >>> trends_of(["age=ascending"])
    {'age': 'ascending'}
    """
    found: dict[str, Trend] = {}
    for text in texts:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip():
            raise UsageError(
                f"`--trend {text[:80]}` does not name a column and a trend.",
                "Write --trend COL=ascending.",
            )
        trend = cast("Trend", name.strip())
        BinRules(trend=trend)
        found[column.strip()] = trend
    return found


def capacity_of(text: str) -> Capacity:
    """What `--capacity 200` or `--capacity 10%` says.

    >>> capacity_of("200"), capacity_of("12.5 %")
    (Capacity(count=200, share=None), Capacity(count=None, share=0.125))
    """
    bare = text.strip()
    try:
        if bare.endswith("%"):
            share = float(bare[:-1]) / 100
            if 0 < share <= 1:
                return Capacity(share=share)
        elif int(bare) > 0:
            return Capacity(count=int(bare))
    except ValueError:
        pass
    raise UsageError(
        f"`--capacity {text[:80]}` is no number of records and no share of them.",
        "Write --capacity 200 or --capacity 10%.",
    )


def scale_of(text: str) -> tuple[float, float]:
    """What `--at SCORE=ODDS` says: a score, and the odds that it has.

    >>> scale_of("600=50")
    (600.0, 50.0)
    """
    score, _, odds = text.partition("=")
    try:
        found = float(score), float(odds)
    except ValueError:
        found = 0.0, 0.0
    if not 0 < found[1] < math.inf or abs(found[0]) > MOST_SCORE:
        raise UsageError(
            f"`--at {text[:80]}` does not say which score has which odds.",
            "Write --at 600=50 for odds of 50 to 1 at a score of 600.",
        )
    return found


def pair_of(text: str) -> tuple[str, str]:
    """The two columns that `--pair ONE,OTHER` names.

    >>> pair_of('month, "city, region"')
    ('month', 'city, region')
    """
    names = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise UsageError(
            f"`--pair {text[:80]}` does not name two columns.", "Write --pair month,housing."
        )
    return names[0], names[1]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that was not learnt from, and why; leak: whether it seems to know the outcome."""

    field: str
    why: str
    leak: bool = False


@dataclass(frozen=True)
class Learned:
    """What came out.

    card, text: the card and its file; table: its points with intervals; clues: what
    its columns are in the card; bands: what scores mean as a probability; target: what an event is;
    rows, positives: records learnt from and events among them; open: records whose outcome is not
    known; split: how the figures were found, in words; figures: of records that the card did not
    see; findings: of the file, and examples of values', counts: how many by code and field; weak:
    whether outcomes are few; best_single, challenger: what it is held beside; reached: the best, as
    many as can be; stability: how much records changed from those learnt from to those tried on,
    None without a time; groups: tenths of the records tried on, by what was said of them; method:
    by name; window: that an outcome was waited for; fades: whether the newest records have fewer
    events than the others.
    """

    card: Scorecard
    text: str
    table: PointsTable
    clues: tuple[Clue, ...]
    bands: tuple[Band, ...]
    target: str
    rows: int
    positives: int
    open: int
    split: str
    figures: Figures
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str | None], int]
    weak: bool
    best_single: Peer
    challenger: Peer | None
    reached: Reached | None
    stability: Stability | None
    groups: tuple[Band, ...]
    method: str
    window: Window | None
    fades: bool
