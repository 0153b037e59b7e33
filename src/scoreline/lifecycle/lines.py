"""Lines of a score as they are kept: text, and what of it made a record move."""

from __future__ import annotations

from collections.abc import Mapping

from scoreline.scorecard.points import written_points

SEGMENTS = "segments"
"""What moved a record where no line did: the segments themselves."""


def points_by_line(reasons: str) -> dict[str, int]:
    """Scaled points of each line of a text of reasons, in its order.

    >>> points_by_line("budget suits +3; not our core work -5")
    {'budget suits': 30000, 'not our core work': -50000}
    """
    found: dict[str, int] = {}
    for line in reasons.split("; ") if reasons else []:
        name, _, points = line.rpartition(" ")
        found[name] = written_points(points)
    return found


def _apart(reasons: str, other: str) -> dict[str, int]:
    """Scaled points of each line that does not stand in another text just so: most lines stay."""
    others = set(other.split("; "))
    return points_by_line("; ".join(x for x in reasons.split("; ") if x not in others))


def moving_line(old: str, new: str, *, up: bool, order: Mapping[str, int]) -> str:
    """The line whose points changed most in the direction of a move (design 4.10).

    up: to a better segment; order: places of the lines in the new card, which decide ties.
    """
    before, after = _apart(old, new), _apart(new, old)
    sign = 1 if up else -1
    gains = {
        name: sign * (after.get(name, 0) - before.get(name, 0))
        for name in dict.fromkeys([*after, *before])
    }
    if not gains or max(gains.values()) <= 0:
        return SEGMENTS
    last = len(order)
    return min(gains, key=lambda name: (-gains[name], order.get(name, last)))
