"""How long an outcome takes: the time to convert, and the window that most of it needs.

A lead that came in yesterday has not been lost: it has not had the time. Counted as lost, the
newest records drag every rate down. So an event is one within a window that nine in ten of all
events need, and records younger than that say nothing yet, whatever has become of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Floats
from scoreline.learn.rates import Z99

MOST_OF_THEM = 0.9
"""Share of the events that come while records are watched, within the window."""
LEAST_AT_RISK = 20
"""Records of some age below which nothing is said of that age."""
LEVELLED = 0.75
"""Where nine in ten of the events need more than this part of the time that is watched, the curve
may still be rising."""
NEWEST = 0.1
"""Share of the records, the newest, whose rate is held beside that of the others."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """So many days that an outcome is waited for.

    days: of the window; watched: days that at least a few records were watched; shares: of all
    records, those that had converted within each number of days (Aalen and Johansen, 1978: a lost
    record stays among those that could, for it is known not to); too_young: records that have not
    been watched so long.
    """

    days: int
    watched: int
    shares: Floats
    too_young: int = 0

    @property
    def share(self) -> float:
        """The share of the events seen that come within the window."""
        return float(self.shares[self.days] / self.shares[-1])

    @property
    def levelled(self) -> bool:
        """Whether the curve has levelled off, so that few events are missed."""
        return self.days <= LEVELLED * self.watched


def conversion_window(age: Floats, took: Floats, days: int | None = None) -> Window | None:
    """The window of records; None where none converted while enough of them were watched.

    age: days from each record to the end of what is known; took: days to its event, NaN for none,
    a part of a day counts as one, so that what came within n days took n at most;
    days: of the window, those that nine in ten need unless said.

    >>> age, took = np.full(100, 60.0), np.where(np.arange(100) < 20, np.arange(100), np.nan)
    >>> found = conversion_window(age, took)
    >>> found.days, found.watched, round(float(found.shares[-1]), 2)
    (17, 60, 0.2)
    """
    ages = np.floor(np.maximum(age, 0.0)).astype(np.int64)
    there = ~np.isnan(took)
    needed = np.ceil(np.clip(took[there], 0.0, ages[there])).astype(np.int64)
    width = int(ages.max(initial=0)) + 1
    came = np.bincount(needed, minlength=width)[:width]
    # At risk on a day: watched at least so long, and not converted before.
    watched = np.cumsum(np.bincount(ages, minlength=width)[::-1])[::-1]
    begin, end = (
        np.bincount(needed + 1, minlength=width + 2),
        np.bincount(ages[there] + 1, minlength=width + 2),
    )
    risk = watched - np.cumsum(begin - end)[:width]
    enough = np.flatnonzero(watched >= LEAST_AT_RISK)
    if not len(enough):
        return None
    last = int(enough[-1])
    hazard = np.where(risk > 0, came / np.maximum(risk, 1.0), 0.0)[: last + 1]
    shares = 1.0 - np.cumprod(1.0 - hazard)
    if shares[-1] <= 0:
        return None
    if days is not None:
        return Window(days, last, np.asarray(shares, dtype=np.float64)) if days <= last else None
    within = int(np.argmax(shares >= MOST_OF_THEM * shares[-1] - 1e-12))
    return Window(within, last, np.asarray(shares, dtype=np.float64))


def fades(times: npt.NDArray[np.int64], events: Floats) -> bool:
    """Whether the newest records have fewer events than chance explains: perhaps for lack of time.

    The newest tenth beside all others, by the difference of two rates at 99 in 100.
    """
    order = np.argsort(times, kind="stable")
    cut = round(len(order) * (1 - NEWEST))
    old, new = events[order[:cut]], events[order[cut:]]
    if min(len(old), len(new)) < LEAST_AT_RISK:
        return False
    common = float(events.mean())
    spread = np.sqrt(common * (1 - common) * (1 / len(old) + 1 / len(new)))
    return bool(new.mean() - old.mean() < -Z99 * spread)
