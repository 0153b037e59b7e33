"""How good a base is: as a whole, by channel (which one brings garbage) and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from scoreline.analytics.intervals import wilson
from scoreline.pages.figures import Rate
from scoreline.quality.quality_card import POOR

SCORE, SEGMENT, SOUND, PART = "score", "segment", "sound", "part"
"""Columns of a base that was scored: points and segment of the quality card, whether nothing in
the record is bad or doubtful, and the part of the base that it belongs to."""
PERIODS = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
MOST_CHANNELS, OTHERS = 50, "all others"
"""So many channels are told apart, as many as a page ranks, and what the rest is called."""
MOST_PERIODS = 31
"""A trend has no more steps: a month of days, else weeks, months and so on."""


@dataclass(frozen=True)
class Part:
    """Some records of a base.

    name: the channel, or the first day of the period; None where the record says neither; score:
    their mean quality, 0 to 100; poor: those that lack most of what matters; wrong: the share in
    which something is bad or doubtful.
    """

    name: str | None
    rows: int
    score: float
    poor: int
    wrong: Rate

    def json(self) -> dict[str, object]:
        """The object that `quality --format json` prints for each part."""
        return {
            "name": self.name,
            "rows": self.rows,
            "score": round(self.score, 4),
            "poor": self.poor,
            "wrong": {
                "value": self.wrong.value,
                "low": self.wrong.low,
                "high": self.wrong.high,
                "hits": self.wrong.hits,
                "of": self.wrong.of,
            },
        }


@dataclass(frozen=True)
class Trend:
    """The quality of a base over time; period: day, week, month, quarter or year."""

    period: str
    parts: tuple[Part, ...]


def by_channel(scored: pl.DataFrame) -> tuple[Part, ...]:
    """The parts of a scored base by the texts of `part`, the largest first.

    Only the largest are told apart, the others are one: a column that has another value in each
    row is no channel, and may hold what belongs into no report.
    """
    part = pl.col(PART)
    counts = scored[PART].drop_nulls().value_counts(name="n")
    if counts.height > MOST_CHANNELS:
        largest = counts.sort("n", PART, descending=[True, False])[PART].head(MOST_CHANNELS)
        known = part.is_null() | part.is_in(largest.implode())
        scored = scored.with_columns(
            pl.when(known).then(part).otherwise(pl.lit(OTHERS)).alias(PART)
        )
    return tuple(sorted(_parts(scored), key=lambda part: (-part.rows, part.name or "")))


def over_time(scored: pl.DataFrame) -> Trend:
    """The parts of a scored base by the days of `part`, in the finest period that has few steps.

    Records without a day come last.
    """
    for period, every in PERIODS.items():
        steps = scored.with_columns(pl.col(PART).dt.truncate(every))
        if period == "year" or steps[PART].drop_nulls().n_unique() <= MOST_PERIODS:
            break
    return Trend(period, tuple(_parts(steps.with_columns(pl.col(PART).cast(pl.String)))))


def whole(scored: pl.DataFrame) -> Part | None:
    """The base as one part; None without records."""
    found = _parts(scored.with_columns(pl.lit(None, pl.String).alias(PART)))
    return found[0] if found else None


def _parts(scored: pl.DataFrame) -> Sequence[Part]:
    table = (
        scored.group_by(PART)
        .agg(
            pl.len().alias("rows"),
            pl.col(SCORE).mean(),
            (pl.col(SEGMENT) == POOR).sum().alias("poor"),
            (~pl.col(SOUND)).sum().alias("wrong"),
        )
        .sort(PART, nulls_last=True)
    )
    return [
        Part(name, rows, score, poor, wilson(wrong, rows))
        for name, rows, score, poor, wrong in table.iter_rows()
    ]
