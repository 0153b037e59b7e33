"""Event terms of many records: typed events as tables -> points of each key as of a moment.

The events of a kind are read once for all the terms that count each of them or one of them; a term
that counts values of a property reads them again, for it groups them in another way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np
import polars as pl

from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.expressions import MOMENT, Compiler, Stages
from scoreline.engines.local.results import exactly
from scoreline.scorecard.ageing import DAY
from scoreline.scorecard.model import AT, Scorecard, Tally

KEY = "__key__"
_MICROSECONDS = 1_000_000
_VALUE = "__value__"

Numbered = tuple[int, Tally]
"""A tally with its number among those of the card."""


def tally_frame(
    card: Scorecard, events: Mapping[str, pl.LazyFrame], as_of: dt.datetime
) -> pl.LazyFrame:
    """A row a key that has events: the scaled points of each event term, after its own clamp.

    Null where the term counts none of its events: nothing happened then, as far as it knows.

    events: by kind, the typed events of one recording each: `__key__`, `at` and the properties
    that the card reads. A kind that is absent did not happen.
    """
    numbered = [(number, tally) for number, (_, tally) in enumerate(card.tallies)]
    names = [tally_column(number) for number, _ in numbered]
    parts = [pl.LazyFrame(schema={KEY: pl.String(), **dict.fromkeys(names, pl.Int64())})]
    for kind, frame in events.items():
        own = [(number, tally) for number, tally in numbered if tally.event.name == kind]
        plain = [one for one in own if one[1].count != "distinct"]
        if plain:
            parts.append(_plain(plain, frame, as_of))
        parts += [_distinct(one, frame, as_of) for one in own if one not in plain]
    summed = pl.concat(parts, how="diagonal").group_by(KEY).agg(pl.col(names).max())
    clamps = [card.terms[place].clamp for place, _ in card.tallies]
    return summed.with_columns(
        pl.col(name).clip(clamp.floor, clamp.cap)
        for name, clamp in zip(names, clamps, strict=True)
        if not clamp.is_open
    )


def _plain(tallies: Sequence[Numbered], events: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
    """The points of the terms that count each event of a kind, or the latest one."""
    read, tests = _tested(tallies, events, as_of)
    sums, latest = [], []
    for (number, tally), test in zip(tallies, tests, strict=True):
        name, at = tally_column(number), pl.when(test).then(pl.col(AT.name))
        if tally.count == "once":
            sums.append(at.max().alias(name))
            worth = _points(tally, pl.col(name), as_of)
            latest.append(pl.when(pl.col(name).is_not_null()).then(worth).alias(name))
        elif tally.ageing is None:
            worth = test.sum().cast(pl.Int64) * tally.points
            sums.append(pl.when(test.any()).then(worth).alias(name))
        else:
            worth = _points(tally, at, as_of).sum()
            sums.append(pl.when(test.any()).then(worth).alias(name))
    return read.group_by(KEY).agg(sums).with_columns(latest)


def _distinct(numbered: Numbered, events: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
    """The points of a term that counts the values of a property."""
    (number, tally), at = numbered, pl.col(AT.name)
    value = at if tally.distinct == AT.name else exactly(tally.distinct)
    read, (test,) = _tested([numbered], events.with_columns(value.alias(_VALUE)), as_of)
    last = read.filter(test).drop_nulls(_VALUE).group_by(KEY, _VALUE).agg(at.max())
    points = _points(tally, at, as_of).sum().alias(tally_column(number))
    return last.group_by(KEY).agg(points)


def _tested(
    tallies: Sequence[Numbered], events: pl.LazyFrame, as_of: dt.datetime
) -> tuple[pl.LazyFrame, list[pl.Expr]]:
    """The events up to the moment, and for each tally whether an event is one that it counts."""
    at, now = pl.col(AT.name), pl.lit(as_of, dtype=MOMENT)
    kept = [name for name in (KEY, AT.name, _VALUE) if name in events.collect_schema()]
    columns = sorted({column for _, tally in tallies for column in tally.reads} - {AT.name})
    safe = {column: f"__read__{n}" for n, column in enumerate(columns)}
    read = events.filter(at <= now).select(
        *kept, *(exactly(column).alias(name) for column, name in safe.items())
    )
    safe[AT.name] = AT.name
    stages, tests = Stages("__step__"), []
    compiler = Compiler(safe.__getitem__, as_of, stages)
    for _, tally in tallies:
        test = (
            pl.lit(True) if tally.within is None else at > now - pl.duration(seconds=tally.within)
        )
        if tally.where is not None:
            test &= compiler.value(tally.where).fill_null(False)
        tests.append(test)
    named = [f"__counts__{number}" for number, _ in tallies]
    for stage in stages.stages:
        read = read.with_columns(stage)
    read = read.with_columns(test.alias(name) for test, name in zip(tests, named, strict=True))
    return read, [pl.col(name) for name in named]


def _points(tally: Tally, at: pl.Expr, as_of: dt.datetime) -> pl.Expr:
    """Scaled points of events that happened at these moments; 0 where there is none."""
    ageing, points = tally.ageing, tally.points
    if ageing is None:
        return pl.when(at.is_not_null()).then(pl.lit(points, dtype=pl.Int64)).otherwise(0)
    worth: list[int] = []
    lock = Lock()

    def aged(days: pl.Series) -> pl.Series:
        oldest = int(str(days.max() or 0))
        with lock:  # Polars calls from its threads
            worth.extend(ageing.points(points, age) for age in range(len(worth), oldest + 1))
            table = np.array(worth, dtype=np.int64)
        return pl.Series(days.name, table[days.fill_null(0).to_numpy()]).set(days.is_null(), 0)

    apart = (pl.lit(as_of, dtype=MOMENT) - at).dt.total_microseconds()
    days = apart // (DAY * _MICROSECONDS)
    return days.map_batches(aged, return_dtype=pl.Int64, is_elementwise=True)
