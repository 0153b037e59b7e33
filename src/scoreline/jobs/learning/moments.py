"""When records were scored, when their outcomes came, and how long they are waited for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from scoreline.errors import DataError, Finding, counted
from scoreline.jobs.learning.asked import LearnAsked
from scoreline.jobs.learning.columns import DAY
from scoreline.learn.validation.maturity import LEAST_AT_RISK, Window, conversion_window
from scoreline.scoring.moments import moment

TIME, CLOSED = "__time__", "__closed__"


def in_time(
    frame: pl.DataFrame, known: pl.Series, won: pl.Series, asked: LearnAsked
) -> tuple[pl.Series, pl.Series, Window | None, list[Finding]]:
    """The records whose outcome is known, which had their event, how long that was waited for, and
    what is to be said of moments.

    known, won: the same as the column of outcomes says it.
    """
    if asked.time is None:
        return known, won, None, []
    _check(frame[TIME], f"--time {asked.time}", "when a record was scored")
    if asked.closed is None:
        known = known & frame[TIME].is_not_null()
        return known, won, None, _to_come(frame.filter(known)[TIME], asked.time)
    _check(frame[CLOSED], f"--closed {asked.closed}", "when the outcome came")
    findings = _to_come(frame.filter(won)[CLOSED], asked.closed)
    known, won, window = _watched(frame, won, asked.within)
    findings += _to_come(frame.filter(known)[TIME], asked.time)
    return known, won, window, findings


def _to_come(moments: pl.Series, column: str | None) -> list[Finding]:
    """What is to be said of records with an outcome whose moment is still to come."""
    count = int((stamps(moments) > _now()).sum())
    if not count:
        return []
    return [
        Finding(
            "time-future",
            "warning",
            f"{counted(count, 'record')} with an outcome, and with a moment that is still to come",
            "Look at the column; say the --order of its dates if days and months could be either.",
            field=column,
            count=count,
        )
    ]


def _now() -> int:
    return round(moment(None).timestamp() * 1_000_000)


def _check(moments: pl.Series, option: str, says: str) -> None:
    """Refuses a column in which nobody finds a moment; says: what it should say."""
    if not moments.is_not_null().any():
        raise DataError(
            f"`{option}` names a column that holds no moments.",
            f"Name the column that says {says}, or say the --order of dates.",
        )


def stamps(moments: pl.Series) -> pl.Series:
    """Moments in microseconds."""
    return moments.cast(pl.Datetime("us", "UTC")).cast(pl.Int64)


def _watched(
    frame: pl.DataFrame, won: pl.Series, within: int | None
) -> tuple[pl.Series, pl.Series, Window]:
    """The records that were watched long enough, which of all have their event in time, and how
    long that is.

    The end of what is known is the latest moment in either column that is not still to come. An
    event whose moment is not there, or can't be right, counts as one in time.
    """
    begun, closed = stamps(frame[TIME]), stamps(frame[CLOSED])
    known = pl.concat([begun, closed]).drop_nulls()
    past = known.filter(known <= _now())
    end = np.max((past if len(past) else known).to_numpy())
    closed = closed.set(closed > end, None)
    age = (end - begun.cast(pl.Float64).to_numpy()) / DAY
    took = ((closed - begun) / DAY).to_numpy()
    there = ~np.isnan(age)
    wins = won.to_numpy()
    dated = wins & ~np.isnan(took)
    found = conversion_window(age[there], np.where(dated, took, np.nan)[there], within)
    if found is None and within is not None:
        raise DataError(
            f"No {LEAST_AT_RISK} records were watched for {within} days.",
            "Say fewer days, or leave out --within: then they are found.",
        )
    if found is None:
        raise DataError(
            "No window can be found: too few records of the target say when it came.",
            f"Learn without --closed, or wait until {LEAST_AT_RISK} records are old enough.",
        )
    with np.errstate(invalid="ignore"):
        old = there & (age >= found.days)
        in_time = wins & ~(dated & (took > found.days))
    young = int((there & ~old).sum())
    return pl.Series(old), pl.Series(in_time), replace(found, too_young=young)
