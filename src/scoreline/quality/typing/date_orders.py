"""The order of day, month and year in a column of dates, where its cells prove it together."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from scoreline.quality.text import normal
from scoreline.quality.typing.dates import read_date

Order = Literal["dmy", "mdy", "ymd"]
"""How dates are written whose parts don't say what they are."""
ORDERS: tuple[Order, ...] = get_args(Order)
ORDER_PROVED = "date-order-proved"
"""The code of the finding."""
SLIPS = 1 / 100
"""Dates that are slips: so many at most may not be read in the order of their column."""
HABIT = math.sqrt(SLIPS * 19 / 31)
"""Dates that speak against another order, at least. Of 31 days 19 are no month, so a habit shows in
61 of 100 dates, slips in one; midway between the two, as ratios go, are 8 of 100."""
ENOUGH = 3
"""Cells that must speak against another order, also in a short column."""
_NUMERIC = r"^\s*(\d{1,2} ?[-./ ] ?\d{1,2} ?[-./ ] ?\d{1,4})(?:\D|$)"
"""Three numbers, the year not first: all else says itself what it is."""
_YEAR_LAST = re.compile(r"\d{4}$")


@dataclass(frozen=True)
class Proved:
    """The order of a column, and how many of its cells each other order can't read, at least."""

    order: Order
    cells: int


def order_proved(cells: pl.Series) -> Proved | None:
    """The one order in which a column of dates is written, as far as its cells show it.

    It fails at one date in a hundred at most, each other one at three and at 8 in a hundred at
    least, of the dates whose year does not stand first in four digits. No year is first where one
    of four digits stands last elsewhere.

    cells: texts of dates as they are written; null is none. None if no order is proved.

    >>> order_proved(pl.Series(["03/04/2026", "13/04/2026", "25/12/2025", "31/01/2026"]))
    Proved(order='dmy', cells=3)
    """
    counts = cells.cast(pl.String).str.extract(_NUMERIC).drop_nulls().value_counts(name="n")
    dates, failed, year_last = 0, Counter(dict.fromkeys(ORDERS, 0)), False
    for text, count in counts.iter_rows():
        fails = [order for order in ORDERS if not _reads(text, order)]
        if len(fails) < len(ORDERS):
            dates += count
            failed.update(dict.fromkeys(fails, count))
            year_last = year_last or _YEAR_LAST.search(text) is not None
    if year_last:
        failed["ymd"] = dates
    left = [order for order in ORDERS if failed[order] <= dates * SLIPS]
    others = min((failed[order] for order in ORDERS if order not in left), default=0)
    if len(left) != 1 or others < max(ENOUGH, dates * HABIT):
        return None
    return Proved(left[0], others)


def _reads(text: str, order: Order) -> bool:
    return isinstance(read_date(normal(text), order), dt.date)
