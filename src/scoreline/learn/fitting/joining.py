"""Many bins of a fit -> the few that say the same, by dynamic programming on the fitted effects.

Bins are joined as long as chance alone would set their effects further apart every second time:
the price of a bin is the loss of likelihood at one probable error. What is joined is fitted again
under the very same penalties, so that both fits have one loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.learn.binning.best import Counts, best_partition
from scoreline.learn.binning.rules import BinRules, Trend
from scoreline.learn.fitting.coded import Floats
from scoreline.learn.fitting.logistic import Penalty

PROBABLE_ERROR = 0.6744897501960817
"""Half of all draws of a normal distribution lie within so many standard deviations."""
PRICE = PROBABLE_ERROR**2 / 2
"""What a bin costs: the log-likelihood that is lost by a shift of one probable error."""
MOST = 10
"""Bins of a term that a person still reads as one curve."""


@dataclass(frozen=True)
class Joined:
    """Bins that were joined.

    place: of each bin among the joined ones; count: how many these are.
    """

    place: npt.NDArray[np.int32]
    count: int

    def penalty(self, own: Penalty) -> Penalty:
        """The penalty of the bins, of joined bins."""
        spread = np.zeros((len(self.place), self.count))
        spread[np.arange(len(self.place)), self.place] = 1.0
        mean = np.zeros(self.count)
        np.put(mean, self.place[::-1], own.mean[::-1])
        return Penalty(own.matrix @ spread, mean, own.strength)


def keeps_to(trend: Trend, effects: Floats) -> bool:
    """Whether effects run as a trend says; equal ones keep to every trend.

    >>> keeps_to("peak", np.array([1.0, 2, 2, 0])), keeps_to("ascending", np.array([1.0, 0]))
    (True, False)
    """
    steps = np.diff(effects)
    rises, falls = np.flatnonzero(steps > 0), np.flatnonzero(steps < 0)
    match trend:
        case "ascending":
            return not len(falls)
        case "descending":
            return not len(rises)
        case "peak":
            return not len(rises) or not len(falls) or bool(rises[-1] < falls[0])
        case "valley":
            return not len(rises) or not len(falls) or bool(falls[-1] < rises[0])
    return True


def join_bins(
    effects: Floats,
    weights: Floats,
    *,
    ordered: bool,
    trend: Trend = "any",
    most: int = MOST,
    price: float = PRICE,
) -> Joined:
    """The fewest bins that say what many say.

    effects, weights: of the bins, the last of which is that of missing values and stays alone;
    the weight of a bin is the curvature of the loss by its effect. ordered: whether only
    neighbours may be joined; else any of like effect.

    >>> join_bins(np.array([0.1, 0.2, 2.0, 0.0]), np.full(4, 10.0), ordered=True).place.tolist()
    [0, 0, 1, 2]
    """
    last = len(effects) - 1
    order = np.arange(last) if ordered else np.argsort(effects[:last], kind="stable")
    rules = BinRules(events=-np.inf, others=-np.inf, trend=trend, most=most)
    starts = _starts(effects[order], weights[order], rules, price)
    place = np.empty(last + 1, dtype=np.int32)
    place[order] = np.searchsorted(starts, np.arange(last), side="right") - 1
    place[last] = len(starts)
    return Joined(place, len(starts) + 1)


def _starts(effects: Floats, weights: Floats, rules: BinRules, price: float) -> tuple[int, ...]:
    if not len(effects):
        return ()
    pulls = weights * effects

    def worth(pull: Floats, rest: Floats, _: Counts) -> Floats:
        weight = pull + rest
        with np.errstate(divide="ignore", invalid="ignore"):
            explained = np.where(weight > 0, pull * pull / weight, 0.0)
        return np.asarray(explained / 2 - price)

    found = best_partition(Counts.of(pulls, weights - pulls), rules, worth)
    return (0,) if found is None else found.starts
