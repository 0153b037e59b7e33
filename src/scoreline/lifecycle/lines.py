"""Lines of a score as they are kept: text, and what of it made a record move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scoreline.scorecard.points import written_points

SEGMENTS = "segments"
"""What moved a record where no line did: the segments themselves."""


def points_by_line(reasons: str) -> dict[str, int]:
    """Scaled points of each line of a text of reasons, in its order.

    >>> points_by_line("budget suits +3; not our core work -5")
    {'budget suits': 30000, 'not our core work': -50000}
    """
    return _points(reasons.split("; ")) if reasons else {}


def _points(lines: Iterable[str]) -> dict[str, int]:
    parts = (line.rpartition(" ") for line in lines)
    return {name: written_points(points) for name, _, points in parts}


def moving_line(old: str, new: str, *, up: bool, order: Mapping[str, int]) -> str:
    """The line whose points changed most in the direction of a move (design 4.10).

    up: to a better segment; order: places of the lines in the new card, which decide ties.
    """
    was, now = (text.split("; ") if text else [] for text in (old, new))
    # Most lines stay just so.
    gains = _points([line for line in now if line not in was])
    for name, points in _points([line for line in was if line not in now]).items():
        gains[name] = gains.get(name, 0) - points
    most = max(gains.values(), default=0) if up else -min(gains.values(), default=0)
    if most <= 0:
        return SEGMENTS
    wanted = most if up else -most
    last = len(order)
    return min((n for n, gain in gains.items() if gain == wanted), key=lambda n: order.get(n, last))
