"""What events of many records come to: typed events as tables -> a row for each key as of a moment.

The events of a kind are read once for all the terms that count each of them or one of them, and for
all features; a term that counts values of a property reads them again, for it groups them in
another way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from scoreline.behaviour.bursts import frame_without_bursts
from scoreline.behaviour.choosing import tested
from scoreline.behaviour.taking import ORDER, feature_column, taken
from scoreline.behaviour.worth import Worth
from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.expressions import DTYPES, MOMENT, divided
from scoreline.engines.local.results import exactly
from scoreline.scorecard.ageing import DAY
from scoreline.scorecard.events import AT, Feature, Tally
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE

KEY = "__key__"
_MICROSECONDS = 1_000_000
_VALUE = "__value__"

Numbered = tuple[int, Tally]
"""A tally with its number among those of the card."""


def behaviour_frame(
    card: Scorecard, events: Mapping[str, pl.LazyFrame], as_of: dt.datetime
) -> pl.LazyFrame:
    """A row a key that has events: the scaled points of each event term, after its own clamp, and
    the features under their names, a sum that is missing as NaN.

    Null where the term counts none of its events: nothing happened then, as far as it knows.

    events: by kind, the typed events of one recording each: `__key__`, `at` and the properties
    that the card reads, for features also `__row__`, which rises as they were recorded. A kind
    that is absent did not happen.
    """
    names = [tally_column(number) for number in range(len(card.tallies))]
    types = [DTYPES[feature.as_field.kind] for feature in card.features]
    own = [feature_column(number) for number in range(len(types))]
    schema = {
        KEY: pl.String(),
        **dict.fromkeys(names, pl.Int64()),
        **dict(zip(own, types, strict=True)),
    }
    parts = [pl.LazyFrame(schema=schema)]
    for kind, frame in events.items():
        parts += _of_kind(card, kind, frame, as_of)
    summed = (
        pl.concat(parts, how="diagonal")
        .group_by(KEY)
        .agg(pl.col(names).max(), *(pl.col(name).drop_nulls().first() for name in own))
    )
    clamps = [card.terms[place].clamp for place, _ in card.tallies]
    found = summed.with_columns(
        pl.col(name).clip(clamp.floor, clamp.cap)
        for name, clamp in zip(names, clamps, strict=True)
        if not clamp.is_open
    )
    # Sums are divided where they are a column: of a group's one value Polars takes the reciprocal.
    features = (
        (divided(pl.col(n), pl.lit(float(SCALE))) if f.take == "sum" else pl.col(n)).alias(f.name)
        for n, f in zip(own, card.features, strict=True)
    )
    return found.select(KEY, *names, *features)


def _of_kind(
    card: Scorecard, kind: str, events: pl.LazyFrame, as_of: dt.datetime
) -> list[pl.LazyFrame]:
    """What the events of a kind give, in parts that are to be put together by key."""
    numbered = [(n, tally) for n, (_, tally) in enumerate(card.tallies) if tally.event.name == kind]
    features = {n: one for n, one in enumerate(card.features) if one.event.name == kind}
    if kind in card.bursts:
        events = frame_without_bursts(events, KEY, card.bursts[kind], as_of)
    plain = [one for one in numbered if one[1].count != "distinct"]
    parts = [_plain(plain, features, events, as_of)] if plain or features else []
    return parts + [_distinct(one, events, as_of) for one in numbered if one not in plain]


def _plain(
    tallies: Sequence[Numbered],
    features: Mapping[int, Feature],
    events: pl.LazyFrame,
    as_of: dt.datetime,
) -> pl.LazyFrame:
    """The points of the terms that count each event of a kind, or the latest one; and features."""
    keep = [KEY, ORDER] if features else [KEY]
    read = tested([*(tally for _, tally in tallies), *features.values()], events, as_of, keep)
    sums, latest = [], []
    for (number, tally), test in zip(tallies, read.tests, strict=False):
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
    tests = read.tests[len(tallies) :]
    for (number, feature), test in zip(features.items(), tests, strict=True):
        column = None if feature.of is None else read.columns[feature.of.column]
        sums.append(taken(feature, column, test, as_of).alias(feature_column(number)))
    return read.events.group_by(KEY).agg(sums).with_columns(latest)


def _distinct(numbered: Numbered, events: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
    """The points of a term that counts the values of a property."""
    (number, tally), at = numbered, pl.col(AT.name)
    value = at if tally.distinct == AT.name else exactly(tally.distinct)
    read = tested([tally], events.with_columns(value.alias(_VALUE)), as_of, [KEY, _VALUE])
    chosen = read.events.filter(read.tests[0])
    known = chosen.drop_nulls(_VALUE)
    if tally.ageing is None:
        worth = pl.len().cast(pl.Int64) * tally.points
        each = known.select(KEY, _VALUE).unique()
    else:
        worth = _points(tally, at, as_of).sum()
        each = known.group_by(KEY, _VALUE).agg(at.max())
    return each.group_by(KEY).agg(worth.alias(tally_column(number)))


def _points(tally: Tally, at: pl.Expr, as_of: dt.datetime) -> pl.Expr:
    """Scaled points of events that happened at these moments; 0 where there is none."""
    ageing, points = tally.ageing, tally.points
    if ageing is None:
        return pl.when(at.is_not_null()).then(pl.lit(points, dtype=pl.Int64)).otherwise(0)
    worth = Worth(ageing, points)

    def aged(days: pl.Series) -> pl.Series:
        found = worth.of(days.fill_null(0).to_numpy())
        return pl.Series(days.name, found).set(days.is_null(), 0)

    apart = (pl.lit(as_of, dtype=MOMENT) - at).dt.total_microseconds()
    days = apart // (DAY * _MICROSECONDS)
    return days.map_batches(aged, return_dtype=pl.Int64, is_elementwise=True)
