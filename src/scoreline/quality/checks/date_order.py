"""The order of day, month and year in a column of dates, where its cells prove it together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import polars as pl

from scoreline.quality.text import normal
from scoreline.quality.typing.dates import read_date

ORDERS = ("dmy", "mdy", "ymd")
ORDER_PROVED = "date-order-proved"
"""The code of the finding."""
ENOUGH = 3
"""Cells that must speak for an order: a slip stands alone or twice, a habit in each record."""
_NUMERIC = r"^\s*(\d{1,2} ?[-./ ] ?\d{1,2} ?[-./ ] ?\d{1,4})(?:\D|$)"
"""Three numbers, the year not first: all else says itself what it is."""


@dataclass(frozen=True)
class Proved:
    """The order that reads all cells, and how many of them each other order can't read."""

    order: str
    cells: int


def order_proved(cells: pl.Series) -> Proved | None:
    """The one order in which all cells can be read that can be read at all.

    cells: texts of dates as they are written; null is none. None if there is no such order, or if
    fewer than three cells speak against another.

    >>> order_proved(pl.Series(["03/04/2026", "13/04/2026", "25/12/2025", "31/01/2026"]))
    Proved(order='dmy', cells=3)
    """
    counts = cells.str.extract(_NUMERIC).drop_nulls().value_counts(name="n")
    refused = Counter(dict.fromkeys(ORDERS, 0))
    for text, count in counts.iter_rows():
        refuse = [order for order in ORDERS if not _reads(text, order)]
        if len(refuse) < len(ORDERS):
            refused.update(dict.fromkeys(refuse, count))
    left = [order for order in ORDERS if not refused[order]]
    others = min((refused[order] for order in ORDERS if order not in left), default=0)
    return Proved(left[0], others) if len(left) == 1 and others >= ENOUGH else None


def _reads(text: str, order: str) -> bool:
    return isinstance(read_date(normal(text), order), dt.date)
