"""A rate, and where it lies: intervals of few cases."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""The normal distribution holds 95 % within this many standard deviations."""
Z90 = 1.6448536269514722
"""The same for 90 %."""

Z99 = 2.5758293035489004
"""The same for 99 %."""


def wilson_bounds(hits: float, of: float) -> tuple[float, float]:
    """The ends of the 95 % interval of the rate hits / of; nothing known is 0 to 1.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; recommended for small numbers by
    Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.

    >>> [round(end, 4) for end in wilson_bounds(8, 100)]
    [0.0411, 0.15]
    """
    if of <= 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if hits <= 0 else max(0.0, middle - half)
    high = 1.0 if hits >= of else min(1.0, middle + half)
    return low, high
