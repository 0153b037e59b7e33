"""What has stopped moving: columns that are one value in part of a base, records left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from scoreline.quality.checks.shared import ENOUGH, NEARLY_ALL
from scoreline.quality.roles import words

VARIES = 0.5
"""Share of its commonest value below which a column varies: that ENOUGH cells of such a column are
nearly all one value by chance happens less than once in 10^13 times."""
STALE = dt.timedelta(days=1_096)
"""Three years: how long the French data protection authority (CNIL) lets data of prospects be kept
after the last contact."""

_TOUCHED = frozenset(
    {
        *("updated", "modified", "changed", "edited", "touched", "activity", "seen", "contacted"),
        *("обновлен", "обновлено", "обновления", "изменен", "изменено", "изменения"),
        *("modifie", "modification", "maj", "geandert", "aktualisiert", "anderung"),
    }
)
"""Words in headers of the date at which a record was last touched."""
_SOURCE = frozenset(
    {"source", "channel", "utm", "campaign", "источник", "канал", "quelle", "kanal", "canal"}
)
"""Words in headers of where a record came from."""


def frozen(values: pl.Series, parts: Sequence[pl.Series]) -> pl.Series:
    """Whether each cell stands in a part of the base where a column that varies is one value.

    parts: which part each row is in, such as its source, or source and month; null: in none. A part
    is frozen if it has at least 50 values, 98 of a hundred of them are one, and of the parts of 50
    values more vary than are frozen: what follows from the part, as a year does from a month, is
    one value in each.

    >>> base = pl.Series([*map(str, range(60)), *["7"] * 50, *map(str, range(60))])
    >>> frozen(base, [pl.Series(["site"] * 60 + ["shop"] * 50 + ["fair"] * 60)]).sum()
    50
    """
    found = pl.Series([False]).new_from_index(0, len(values))
    for part in parts:
        found = found | _frozen(pl.DataFrame({"v": values, "p": part}))
    return found


def _frozen(frame: pl.DataFrame) -> pl.Series:
    counts = frame.drop_nulls().group_by("v", "p").len("n")
    large = (
        counts.group_by("p")
        .agg(pl.sum("n").alias("all"), pl.max("n").alias("top"), pl.col("v").sort_by("n").last())
        .filter(pl.col("all") >= ENOUGH)
    )
    still = large.filter(pl.col("top") >= NEARLY_ALL * pl.col("all"))
    if large.filter(pl.col("top") <= VARIES * pl.col("all")).height <= still.height:
        still = still.clear()
    told = still.select("p", "v", pl.lit(value=True).alias("frozen"))
    joined = frame.join(told, on=["p", "v"], how="left", maintain_order="left")
    return joined["frozen"].fill_null(value=False)


def parts_of(source: pl.Series | None, day: pl.Series | None) -> list[pl.Series]:
    """The parts of a base: each source, and each source in each month; each month without one."""
    month = None if day is None else day.cast(pl.Date).dt.strftime("%Y-%m")
    if source is None:
        return [] if month is None else [month]
    if month is None:
        return [source]
    both = pl.select(pl.concat_str(source, month, separator="\x1f")).to_series()
    return [source, both]


def stale(touched: pl.Series, today: dt.date) -> pl.Series:
    """Whether each record was last touched three years or more before the last one that was.

    today: dates after it are no touches, and are left out.

    >>> days = pl.Series([dt.date(2020, 5, 1), dt.date(2026, 5, 1), None])
    >>> stale(days, dt.date(2026, 6, 1)).to_list()
    [True, False, False]
    """
    days = touched.cast(pl.Date)
    newest = days.filter(days <= today).max()
    if not isinstance(newest, dt.date):
        return pl.Series([False]).new_from_index(0, len(touched))
    return (days <= newest - STALE).fill_null(value=False)


def is_touched(header: str) -> bool:
    """Whether a column of dates says when a record was last touched.

    >>> is_touched("updated_at"), is_touched("Дата изменения"), is_touched("created")
    (True, True, False)
    """
    return not _TOUCHED.isdisjoint(words(header))


def is_source(header: str) -> bool:
    """Whether a column says where a record came from.

    >>> is_source("utm_source"), is_source("Quelle"), is_source("resource")
    (True, True, False)
    """
    return not _SOURCE.isdisjoint(words(header))
