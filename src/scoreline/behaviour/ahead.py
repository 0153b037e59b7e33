"""For how long scores can be left alone: of many records at once, in growing steps of days.

What `outlook` finds for one record to the day is found here for a table, coarser: the answer is one
of the HORIZONS, never beyond what `outlook` would say. Cards whose scores time changes in other
ways (by dates, features, grids) are left to `outlook`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.behaviour.choosing import tested
from scoreline.behaviour.outlook import fades, losses, most_to_lose, spent
from scoreline.behaviour.tables import KEY
from scoreline.behaviour.turns import DAY, FURTHEST
from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.expressions import MOMENT
from scoreline.engines.local.results import exactly
from scoreline.language.tree import reads_time
from scoreline.scorecard.events import AT, Tally
from scoreline.scorecard.model import Scorecard

HORIZONS = (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 32, 64, 128, 512)
"""Whole days ahead at which scores are looked at."""
SOON = 8
"""Days up to which each is one of the HORIZONS: what comes then is known to the microsecond."""
NEAR, NEVER = 0, -1
"""Within a day the segment can change; it never can."""
COMES, STEP = "__comes__", "__step__"
"""The columns of the first event still to come, and of the first step of points that fade."""
DAYS = "__days__"
"""The column of the whole days for which a score can be left alone."""
_VALUE, _FROM = "__value__", "__from__"
_DAY = 86_400_000_000
Floats = npt.NDArray[np.float64]


def can_look_ahead(card: Scorecard) -> bool:
    """Whether time changes a card's scores by ageing and windows of event terms alone."""
    if card.parts or card.features or card.bursts:
        return False
    conditions = [tally.where for _, tally in card.tallies if tally.where is not None]
    if card.timed or any(reads_time(condition) for condition in conditions):
        return False
    # Under another clamp than a cap above and a floor below 0 more can go than is there.
    probe = 10**6
    clamps = [card.terms[place].clamp for place, _ in card.tallies]
    return all(
        most_to_lose(sign * probe, c) == abs(c.apply(sign * probe))
        for c in clamps
        for sign in (1, -1)
    )


def ahead_frame(
    card: Scorecard, events: Mapping[str, pl.LazyFrame], as_of: dt.datetime
) -> pl.LazyFrame:
    """A row a key that has events: of each fading term how many events that it counts are worth
    something, and how many are out of its window by each horizon; and when the first event still to
    come happens.

    events: by kind, as `tables.behaviour_frame` takes them.
    """
    numbered = [(n, tally) for n, (_, tally) in enumerate(card.tallies) if fades(tally)]
    parts = [pl.LazyFrame(schema={KEY: pl.String(), **_schema(numbered)})]
    for kind, frame in events.items():
        own = [(n, tally) for n, tally in numbered if tally.event.name == kind]
        plain = [one for one in own if one[1].count == "each"]
        if plain:
            read = tested([tally for _, tally in plain], frame, as_of, [KEY])
            counts = [
                part
                for (n, tally), test in zip(plain, read.tests, strict=True)
                for part in _counts(n, tally, test, as_of)
            ]
            parts.append(read.events.group_by(KEY).agg(counts))
        parts += [_latest(n, tally, frame, as_of) for n, tally in own if tally.count != "each"]
        if any(tally.event.name == kind for _, tally in card.tallies):
            still = frame.filter(pl.col(AT.name) > pl.lit(as_of, dtype=MOMENT))
            parts.append(still.group_by(KEY).agg(pl.col(AT.name).min().alias(COMES)))
    whole = pl.concat(parts, how="diagonal").group_by(KEY)
    return whole.agg(pl.col(COMES).min(), pl.exclude(KEY, COMES).sum())


def _schema(numbered: Sequence[tuple[int, Tally]]) -> dict[str, pl.DataType]:
    names = [name for n, tally in numbered for name in [_events(n), *_ends(n, tally)]]
    return {COMES: MOMENT, **dict.fromkeys(names, pl.Int64())}


def _counts(n: int, tally: Tally, test: pl.Expr, as_of: dt.datetime) -> list[pl.Expr]:
    """How many chosen events are worth something, and how many are past by each horizon."""
    at, old = pl.col(AT.name), spent(tally)
    worth = test if old is None else test & (at > pl.lit(as_of - old * DAY, dtype=MOMENT))
    found = [worth.sum().cast(pl.Int64).alias(_events(n))]
    for days, name in zip(HORIZONS, _ends(n, tally), strict=False):
        begins = as_of + dt.timedelta(days=days) - dt.timedelta(seconds=tally.within or 0)
        out = test & (at <= pl.lit(begins, dtype=MOMENT))
        found.append(out.sum().cast(pl.Int64).alias(name))
    return found


def _latest(n: int, tally: Tally, events: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
    """The same of a term that counts the latest event, or that of each value of a property."""
    last = _last(tally, events, as_of, [])
    return last.group_by(KEY).agg(_counts(n, tally, pl.col(AT.name).is_not_null(), as_of))


def _last(
    tally: Tally, events: pl.LazyFrame, as_of: dt.datetime, keep: Sequence[str]
) -> pl.LazyFrame:
    """When the events happened that count: the latest, or the latest of each value."""
    value = pl.lit("")
    if tally.count == "distinct":
        value = pl.col(AT.name) if tally.distinct == AT.name else exactly(tally.distinct)
    read = tested([tally], events.with_columns(value.alias(_VALUE)), as_of, [KEY, _VALUE, *keep])
    chosen = read.events.filter(read.tests[0]).drop_nulls(_VALUE)
    return chosen.group_by(KEY, _VALUE).agg(
        pl.col(AT.name).max(), *(pl.col(n).first() for n in keep)
    )


def steps_frame(
    card: Scorecard, events: Mapping[str, pl.LazyFrame], as_of: dt.datetime, quiet: pl.DataFrame
) -> pl.LazyFrame:
    """A row a key of `quiet` that has points which fade: the first moment at which they do.

    quiet: `__key__` and `__days__`, the whole days for which the score can be left alone; what
    happens within them is passed over. events: as `ahead_frame` takes them.
    """
    begins = _number(as_of) + pl.col(DAYS).cast(pl.Int64) * _DAY
    asked = quiet.lazy().select(KEY, begins.alias(_FROM))
    parts = [pl.LazyFrame(schema={KEY: pl.String(), STEP: pl.Int64()})]
    for kind, frame in events.items():
        own = [tally for _, tally in card.tallies if fades(tally) and tally.event.name == kind]
        if not own:
            continue
        some = frame.join(asked, on=KEY)
        plain = [tally for tally in own if tally.count == "each"]
        if plain:
            read = tested(plain, some, as_of, [KEY, _FROM])
            steps = [_step(t, test, as_of) for t, test in zip(plain, read.tests, strict=True)]
            first = pl.min_horizontal(steps).min().alias(STEP)
            parts.append(read.events.group_by(KEY).agg(first))
        for tally in own:
            if tally.count != "each":
                last = _last(tally, some, as_of, [_FROM])
                first = _step(tally, pl.lit(True), as_of).min().alias(STEP)
                parts.append(last.group_by(KEY).agg(first))
    return pl.concat(parts).group_by(KEY).agg(pl.col(STEP).min())


def _step(tally: Tally, test: pl.Expr, as_of: dt.datetime) -> pl.Expr:
    """When a chosen event is worth less for the first time after `__from__`."""
    at, begins, old = pl.col(AT.name).cast(pl.Int64), pl.col(_FROM), spent(tally)
    found = []
    if tally.ageing is not None:
        worth = test if old is None else test & (at > _number(as_of) - old * _DAY)
        found.append(pl.when(worth).then(begins + _DAY - (begins - at) % _DAY))
    if tally.within is not None:
        end = at + tally.within * 1_000_000
        found.append(pl.when(test & (end > begins)).then(end))
    return pl.min_horizontal(found)


def _number(moment: dt.datetime) -> pl.Expr:
    return pl.lit(moment, dtype=MOMENT).cast(pl.Int64)


def quiet_spans(
    card: Scorecard, scores: npt.NDArray[np.int64], table: pl.DataFrame
) -> npt.NDArray[np.int64]:
    """Days for which each score can be left alone: one of HORIZONS, NEAR or NEVER.

    scores: scaled; table: a row a score, with the points of event terms after their clamps and the
    columns of `ahead_frame`, null where nothing happened.
    """
    cuts = np.array(card.sides[0].steps[0], dtype=np.int64)
    place = np.searchsorted(cuts, scores, side="right")
    ends = np.concatenate([[-np.inf], cuts.astype(np.float64), [np.inf]])
    exact = scores.astype(np.float64)
    down, up = exact - ends[place], ends[place + 1] - exact
    found = np.full(len(scores), NEAR, dtype=np.int64)
    columns = _floats(table)
    for days in HORIZONS:
        found[_stays(card, columns, days, down, up)] = days
    found[_stays(card, columns, FURTHEST, down, up)] = NEVER
    return found


def _stays(
    card: Scorecard, columns: Mapping[str, Floats], days: int, down: Floats, up: Floats
) -> npt.NDArray[np.bool_]:
    """Whether fading points can't carry a score over an end of its segment within so many days."""
    falls, rises = np.zeros(len(down)), np.zeros(len(down))
    for n, (_, tally) in enumerate(card.tallies):
        if not fades(tally):
            continue
        points = np.abs(columns[tally_column(n)])
        share, each = losses(tally, days)
        lost = points * share + columns[_events(n)] * each
        if tally.within is not None and days in HORIZONS:
            lost += columns[_end(n, days)] * abs(tally.points)
        elif tally.within is not None:
            lost = points
        (falls if tally.points > 0 else rises)[:] += np.minimum(points, lost)
    return (falls <= down) & (rises < up)


def _floats(table: pl.DataFrame) -> dict[str, Floats]:
    """Its columns of numbers; null is 0."""
    numbers = table.select(pl.exclude(KEY, COMES).cast(pl.Float64).fill_null(0.0))
    return {column.name: column.to_numpy() for column in numbers}


def _events(n: int) -> str:
    return f"__events__{n}"


def _end(n: int, days: int) -> str:
    return f"__ends__{n}__{days}"


def _ends(n: int, tally: Tally) -> list[str]:
    return [] if tally.within is None else [_end(n, days) for days in HORIZONS]
