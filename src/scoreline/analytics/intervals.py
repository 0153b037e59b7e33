"""Rates with intervals, and whether two of them differ by more than chance."""

from __future__ import annotations

import math

from scoreline.learn.rates import Z95, wilson_bounds
from scoreline.pages.figures import Rate


def wilson(hits: float, of: float) -> Rate:
    """The rate hits / of with its 95 % interval by Wilson; nothing known is 0 to 1.

    hits may be a fraction, where ties at a cut are shared out.

    >>> rate = wilson(8, 100)
    >>> round(rate.low, 4), round(rate.high, 4)
    (0.0411, 0.15)
    """
    if of <= 0:
        return Rate(0, 0, 0.0, 1.0)
    return Rate(hits, of, *wilson_bounds(hits, of))


def rates_differ(one: Rate, other: Rate) -> bool:
    """Whether two rates differ by more than chance (95 %).

    By Newcombe's interval of a difference, built from the two Wilson intervals.
    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    >>> rates_differ(wilson(8, 100), wilson(10, 50)), rates_differ(wilson(7, 20), wilson(10, 25))
    (True, False)
    """
    if not one.of or not other.of:
        return False
    if one.value < other.value:
        one, other = other, one
    below = math.hypot(one.value - one.low, other.high - other.value)
    return one.value - other.value > below


def log_ratio_differs(costs: tuple[float, float], counts: tuple[Rate, Rate]) -> bool:
    """Whether two costs for each hit differ by more than chance (95 %).

    costs: what was spent, taken as certain; counts: the hits bought, of the records they came
    from. The logarithm of cost / hits has the variance (1 - rate) / hits (delta method).
    Source: Katz et al. (1978), Biometrics 34, 469-474, for the ratio of two rates.

    >>> log_ratio_differs((10000, 10000), (wilson(20, 100), wilson(25, 50)))
    False
    """
    if min(*costs, counts[0].hits, counts[1].hits) <= 0:
        return False
    logs = [math.log(cost / rate.hits) for cost, rate in zip(costs, counts, strict=True)]
    variance = sum((1 - rate.value) / rate.hits for rate in counts)
    return abs(logs[0] - logs[1]) > Z95 * math.sqrt(variance)
