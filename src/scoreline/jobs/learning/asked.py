"""What is asked of `learn`, and what comes out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from scoreline.analytics.outcomes import OutcomeSpec
from scoreline.errors import Finding, UsageError
from scoreline.jobs.capacity import Capacity
from scoreline.learn.binning.rules import BinRules, Trend
from scoreline.learn.probability import Band
from scoreline.learn.table import CONDITIONS, PointsTable
from scoreline.learn.validation.figures import Figures
from scoreline.learn.validation.maturity import Window
from scoreline.learn.validation.stability import Stability
from scoreline.learn.wording import Clue
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.text import folded, normal
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import Events

FEWEST = 20
"""Events, and other records, below which no table is learnt: a rate of so few is anybody's guess
(the 95 % interval of half of them reaches from 30 to 70 %)."""
ABOVE = "<"
"""What stands between two levels of which the second has no fewer points."""
MOST_SCORE, MOST_ODDS = 100_000, 1_000_000
"""The greatest score, and the longest odds, that a scale is asked for at."""
WEAK = 200
"""Below so many the table is called weak: the interval of a rate of a half is wider than 14 %."""


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
    trends: by column; ladders: levels in the order in which points rise, by column; special: codes
    that are no numbers, by column; order: of day, month and year; progress: told how many rows each
    card was learnt from.
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
    ladders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    special: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = "learned"
    order: str | None = None
    country: str | None = None
    read: ReadOptions | None = None
    progress: Callable[[int], None] | None = None


def trends_of(texts: Sequence[str]) -> dict[str, Trend]:
    """What `--trend COL=TREND` says, by column; levels in an order ascend.

    >>> trends_of(["age=peak", "school=primary < secondary"])
    {'age': 'peak', 'school': 'ascending'}
    """
    found: dict[str, Trend] = {}
    for text in texts:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip():
            raise UsageError(
                f"`--trend {text[:80]}` does not name a column and a trend.",
                "Write --trend COL=ascending.",
            )
        trend = cast("Trend", "ascending" if ABOVE in name else name.strip())
        BinRules(trend=trend)
        if found.get(column.strip(), trend) != trend:
            raise UsageError(f"`{column.strip()}` has two trends.", "Say one of them.")
        found[column.strip()] = trend
    return found


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
    if not (1 / MOST_ODDS <= found[1] <= MOST_ODDS and abs(found[0]) <= MOST_SCORE):
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


def ladders_of(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The levels of each column that `--trend COL=LEVEL<LEVEL` puts in an order.

    >>> ladders_of(["age=peak", "school=primary < secondary"])
    {'school': ('primary', 'secondary')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        column, _, names = text.partition("=")
        levels = tuple(folded(normal(name)) for name in names.split(ABOVE))
        if len(levels) < 2:
            continue
        if not all(levels) or len(set(levels)) < len(levels):
            raise UsageError(
                f"`--trend {text[:80]}` does not put levels in an order.",
                "Write each once, the least first: --trend school=primary<secondary.",
            )
        found[column.strip()] = levels
    return found


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that was not learnt from, and why; leak: whether it seems to know the outcome."""

    field: str
    why: str
    leak: bool = False


@dataclass(frozen=True)
class Learned:
    """What came out.

    card, text: the card and its file; table: its points with intervals; clues: what its columns are
    in the card; bands: what scores mean as a probability; target: what an event is; rows,
    positives: records learnt from and events among them; open: records whose outcome is not known;
    split: how the figures were found, in words; figures: of records that the card did not see;
    left_out: columns that are not in the card; insisted: those that seem to know the outcome and
    were taken all the same; findings: of the file, and examples of values', counts: how many by
    code and field; weak: whether outcomes are few; best_single, challenger: what it is held beside;
    reached: the best, as many as can be; stability: how much records changed from those learnt from
    to those tried on, None without a time; groups: tenths of the records tried on, by what was said
    of them; method: by name; window: that an outcome was waited for; fades: whether the newest
    records have fewer events than the others.
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
    insisted: tuple[LeftOut, ...]
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
