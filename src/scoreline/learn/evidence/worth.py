"""What a point of a hand-made card is worth, in log-odds: as most of its criteria have it.

A card is judged by one rate of log-odds a point. The rate that lies nearest to all criteria at once
is drawn away by a few whose points are badly wrong, and then the right ones look wrong; so what
lies far off counts for little here (residuals of a Cauchy distribution; Huber, 1981).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RIGHT = 0.2
"""Log-odds by which right points may be off: the odds changed by a fifth."""
FIVEFOLD = 5.0
"""Before anything is seen, a rate five times what is expected, or a fifth of it, is as unlikely as
two standard errors."""
WIDEST, TRIED = 25.0, 800
"""Rates that are tried: up to so many times what is expected, and down to as small a part, each
less than one per cent above the one before."""


def worth_of_a_point(effects: Floats, errors: Floats, points: Floats, before: float) -> float:
    """The log-odds of a point.

    effects, errors: the log-odds of each criterion by itself, beside the others, and their standard
    errors; points: that the card gives for it; before: what is expected before anything is seen.

    >>> right = np.array([0.4, 0.8, 1.2, 0.8])
    >>> unit = worth_of_a_point(right, np.full(4, 0.05), np.array([1.0, 2.0, 3.0, -5.0]), 0.3)
    >>> round(unit, 1)
    0.4
    """
    folds = np.geomspace(1 / WIDEST, WIDEST, TRIED)
    width, doubt = np.hypot(errors, RIGHT), np.log(FIVEFOLD) / 2
    away = (effects - before * folds[:, None] * points) / width
    price = np.log1p(away**2).sum(axis=1) + (np.log(folds) / doubt) ** 2 / 2
    return before * float(folds[int(np.argmin(price))])
