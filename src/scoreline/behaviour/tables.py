"""Event terms of many records: typed events as tables -> points of each key as of a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.expressions import MOMENT, Compiler, Stages
from scoreline.engines.local.results import exactly
from scoreline.scorecard.ageing import DAY
from scoreline.scorecard.model import AT, Scorecard, Tally

KEY = "__key__"
_MICROSECONDS = 1_000_000
_POINTS, _VALUE = "__points__", "__value__"


def tally_frame(
    card: Scorecard, events: Mapping[str, pl.LazyFrame], as_of: dt.datetime
) -> pl.LazyFrame:
    """A row a key that has events: the scaled points of each event term, after its own clamp.

    events: by kind, the typed events of one recording each: `__key__`, `at` and the properties
    that the card reads. A kind that is absent did not happen.
    """
    names = [tally_column(number) for number in range(len(card.tallies))]
    none = {KEY: pl.String(), **dict.fromkeys(names, pl.Int64())}
    parts = [pl.LazyFrame(schema=none)]
    for name, (_, tally) in zip(names, card.tallies, strict=True):
        if tally.event.name in events:
            chosen = _chosen(tally, events[tally.event.name], as_of)
            points = _points(tally, as_of).alias(name)
            parts.append(chosen.select(KEY, points).group_by(KEY).agg(pl.col(name).sum()))
    summed = pl.concat(parts, how="diagonal").group_by(KEY).agg(pl.col(names).sum())
    clamps = [card.terms[place].clamp for place, _ in card.tallies]
    return summed.with_columns(
        pl.col(name).clip(clamp.floor, clamp.cap)
        for name, clamp in zip(names, clamps, strict=True)
        if not clamp.is_open
    )


def _chosen(tally: Tally, events: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
    """The events that count, as `tallies.counted_events` says: `__key__` and `at`."""
    at, now = pl.col(AT.name), pl.lit(as_of, dtype=MOMENT)
    since = at <= now
    if tally.within is not None:
        since &= at > now - pl.duration(seconds=tally.within)
    safe = {column: f"__read__{n}" for n, column in enumerate(sorted(tally.reads - {AT.name}))}
    chosen = events.filter(since).select(
        KEY, AT.name, *(exactly(column).alias(name) for column, name in safe.items())
    )
    safe[AT.name] = AT.name
    if tally.where is not None:
        stages = Stages("__step__")
        test = Compiler(safe.__getitem__, as_of, stages).value(tally.where)
        for stage in stages.stages:
            chosen = chosen.with_columns(stage)
        chosen = chosen.filter(test)
    if tally.count == "each":
        return chosen.select(KEY, AT.name)
    if tally.count == "once":
        return chosen.group_by(KEY).agg(at.max())
    valued = chosen.select(KEY, AT.name, pl.col(safe[tally.distinct]).alias(_VALUE))
    return valued.drop_nulls(_VALUE).group_by(KEY, _VALUE).agg(at.max())


def _points(tally: Tally, as_of: dt.datetime) -> pl.Expr:
    """Scaled points of an event, by its age in whole days."""
    ageing, points = tally.ageing, tally.points
    if ageing is None:
        return pl.when(pl.col(AT.name).is_not_null()).then(pl.lit(points, dtype=pl.Int64))
    apart = (pl.lit(as_of, dtype=MOMENT) - pl.col(AT.name)).dt.total_microseconds()

    def aged(days: pl.Series) -> pl.Series:
        ages = days.unique()
        table = pl.Series([ageing.points(points, age) for age in ages], dtype=pl.Int64)
        return days.replace_strict(ages, table, return_dtype=pl.Int64)

    days = apart // (DAY * _MICROSECONDS)
    return days.map_batches(aged, return_dtype=pl.Int64, is_elementwise=True)
