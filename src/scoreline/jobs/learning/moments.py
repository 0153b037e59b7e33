"""When records were scored, when their outcomes came, and how long they are waited for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.errors import DataError, Finding, counted
from scoreline.jobs.learning.asked import LearnAsked
from scoreline.jobs.learning.columns import DAY
from scoreline.learn.validation.maturity import LEAST_AT_RISK, Window, conversion_window
from scoreline.scoring.moments import moment

TIME, CLOSED = "__time__", "__closed__"


def to_come(times: npt.NDArray[np.int64] | None, asked: LearnAsked) -> list[Finding]:
    """What is to be said of records whose moment is still to come."""
    now = round(moment(None).timestamp() * 1_000_000)
    count = 0 if times is None else int((times > now).sum())
    if not count:
        return []
    return [
        Finding(
            "time-future",
            "warning",
            f"{counted(count, 'record')} with an outcome, and with a moment that is still to come",
            "Look at the column; say the --order of its dates if days and months could be either.",
            field=asked.time,
            count=count,
        )
    ]


def check_moments(moments: pl.Series, option: str, says: str) -> None:
    """Refuses a column in which nobody finds a moment; says: what it should say."""
    if not moments.is_not_null().any():
        raise DataError(
            f"`{option}` names a column that holds no moments.",
            f"Name the column that says {says}, or say the --order of dates.",
        )


def stamps(moments: pl.Series) -> pl.Series:
    """Moments in microseconds."""
    return moments.cast(pl.Datetime("us", "UTC")).cast(pl.Int64)


def watched(
    frame: pl.DataFrame, won: pl.Series, within: int | None
) -> tuple[pl.Series, pl.Series, Window]:
    """The records that were watched long enough, which of all have their event in time, and how
    long that is.

    The end of what is known is the latest moment in either column. An event whose moment is not
    there counts as one in time.
    """
    begun, closed = stamps(frame[TIME]), stamps(frame[CLOSED])
    latest = [one for one in (begun.max(), closed.max()) if isinstance(one, int)]
    age = ((max(latest) - begun) / DAY).to_numpy()
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
        old = there & (np.floor(age) >= found.days)
        in_time = wins & ~(dated & (np.floor(took) > found.days))
    young = int((there & ~old).sum())
    return pl.Series(old), pl.Series(in_time), replace(found, too_young=young)
