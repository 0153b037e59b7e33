"""What a table is worth on records that it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scoreline.learn.columns import Column, Floats, parts
from scoreline.learn.measures import Ranked, brier, calibration
from scoreline.learn.rates import Z95

Rows = npt.NDArray[np.intp]


class Says(Protocol):
    """What was learnt: it says log-odds of records."""

    def log_odds(self, columns: Sequence[Column]) -> Floats:
        """What is said of the odds of each record."""
        ...


Learner = Callable[[Rows], Says]
"""What learns from some of the records."""
FOLDS = 5
LATER = 0.3
"""The share of the records, the latest, that a table is tried on."""
FEW_ROWS, REPEATS = 2_000, 4
"""With so few records the folds are drawn several times: one draw moves the figures too much."""


@dataclass(frozen=True)
class Figures:
    """What scores of unseen records are worth.

    auc, gini, ks, pr_auc: how well they rank; auc_low, auc_high: between which the area lies, 95 %;
    brier: of the chances that they say; slope: of what happened on what they say, 1 where they
    promise what comes; lift10, lift20: of the best.
    """

    rows: int
    events: int
    auc: float
    auc_low: float
    auc_high: float
    gini: float
    ks: float
    pr_auc: float
    brier: float
    slope: float
    lift10: float
    lift20: float


def figures(log_odds: Floats, events: Floats) -> Figures:
    """The figures of log-odds that were said of records, beside what became of them."""
    ranked = Ranked.of(np.round(log_odds, 9), events)
    chances = 1.0 / (1.0 + np.exp(-log_odds))
    return Figures(
        rows=len(events),
        events=int(events.sum()),
        auc=ranked.auc,
        auc_low=max(ranked.auc - Z95 * ranked.auc_deviation, 0.0),
        auc_high=min(ranked.auc + Z95 * ranked.auc_deviation, 1.0),
        gini=ranked.gini,
        ks=ranked.ks,
        pr_auc=ranked.average_precision,
        brier=brier(chances, events),
        slope=calibration(log_odds, events)[1],
        lift10=ranked.lift(0.1),
        lift20=ranked.lift(0.2),
    )


def later_rows(times: npt.NDArray[np.int64]) -> tuple[Rows, Rows]:
    """The earlier and the later records; those of one moment are on one side.

    >>> [part.tolist() for part in later_rows(np.array([5, 1, 2, 3, 4, 5, 5, 0, 1, 2]))]
    [[1, 2, 3, 4, 7, 8, 9], [0, 5, 6]]
    """
    cut = np.quantile(times, 1 - LATER, method="higher")
    if cut == times.min():
        cut = times[times > cut].min(initial=np.iinfo(np.int64).max)
    return np.flatnonzero(times < cut), np.flatnonzero(times >= cut)


def folds(events: Floats, seed: int = 0) -> Iterator[tuple[Rows, Rows]]:
    """Parts of the records with as many events each: (the others, the part)."""
    random = np.random.default_rng(seed)
    place = np.empty(len(events), dtype=np.int64)
    for outcome in (0.0, 1.0):
        own = random.permutation(np.flatnonzero(events == outcome))
        place[own] = np.arange(len(own)) % FOLDS
    for fold in range(FOLDS):
        yield np.flatnonzero(place != fold), np.flatnonzero(place == fold)


def unseen(columns: Sequence[Column], events: Floats, learner: Learner) -> Iterator[Floats]:
    """The log-odds of all records, each by a table that did not see it; once a draw of folds."""
    for repeat in range(REPEATS if len(events) < FEW_ROWS else 1):
        said = np.empty(len(events))
        for seen, rest in folds(events, repeat):
            table = learner(seen)
            said[rest] = table.log_odds(parts(columns, rest))
        yield said


def mean_figures(several: Sequence[Figures]) -> Figures:
    """The mean of the figures of several draws."""
    first = several[0]
    names = [name for name in Figures.__dataclass_fields__ if name not in ("rows", "events")]
    means = {name: float(np.mean([getattr(one, name) for one in several])) for name in names}
    return Figures(rows=first.rows, events=first.events, **means)
