"""Levels of a category -> pre-bins in the order of their rates, rare levels together.

Ordered by rate, the best partition of levels is one of neighbours (Breiman and others, 1984, for
convex measures without limits on bins; with limits it is a very good one). Rates of few records are
drawn towards the common one, by as much as levels are alike, so that one sale of one lead does not
put its level first. What is rare, and what was not seen at all, has one bin: `otherwise`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Levels:
    """Pre-bins of levels in the order of their rates.

    groups: the levels of each, one but for the rare ones; rare: the place of those, None where no
    level is rare.
    """

    groups: tuple[tuple[str, ...], ...]
    rare: int | None = None


def ordered_levels(names: list[str], events: Floats, weights: Floats, least: float) -> Levels:
    """Levels in the order of their rates.

    names: of the levels; events, weights: of each, with and without events; least: weight below
    which a level is rare. Of equal rates the first by name comes first.

    >>> ordered_levels(["ads", "fair", "x"], np.array([10.0, 60, 1]), np.array([100.0, 100, 2]), 5)
    Levels(groups=(('ads',), ('x',), ('fair',)), rare=1)
    """
    known = [place for place in range(len(names)) if weights[place] >= least]
    few = [place for place in range(len(names)) if weights[place] < least]
    parts = [[place] for place in known] + ([few] if few else [])
    if not parts:
        return Levels(())
    e = np.array([events[part].sum() for part in parts])
    w = np.array([weights[part].sum() for part in parts])
    rates = shrunken(e, w)
    keys = [(rates[n], names[part[0]]) for n, part in enumerate(parts)]
    order = sorted(range(len(parts)), key=keys.__getitem__)
    groups = tuple(tuple(sorted(names[place] for place in parts[n])) for n in order)
    return Levels(groups, order.index(len(known)) if few else None)


def shrunken(events: Floats, weights: Floats) -> Floats:
    """Rates drawn towards the common one: each as if its level had so many more records of it.

    How many is what makes the spread of the rates what it is (moments of the beta-binomial
    distribution; Kleinman, 1973); where chance alone explains it, all rates are the common one.

    >>> shrunken(np.array([1.0, 400, 100]), np.array([1.0, 1000, 1000])).round(2).tolist()
    [0.43, 0.4, 0.1]
    """
    total = float(weights.sum())
    common = float(events.sum()) / total
    chance = common * (1 - common)
    if len(events) < 2 or chance == 0:
        return np.full(len(events), common)
    spread = float((weights * (events / weights - common) ** 2).sum())
    size = total - float((weights**2).sum()) / total
    between = max((spread - (len(events) - 1) * chance) / size, 0.0)
    if between <= 0:
        return np.full(len(events), common)
    beside = max(chance / between - 1, 0.0)
    return np.asarray((events + beside * common) / (weights + beside))
