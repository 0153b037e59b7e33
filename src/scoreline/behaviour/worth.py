"""What events are worth at their ages, many at once."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt

from scoreline.scorecard.ageing import Ageing

Ages = npt.NDArray[np.int64]
_UNKNOWN = np.iinfo(np.int64).min


class Worth:
    """Scaled points of an event by its age in whole days.

    Only ages that are met are worked out: they are few, one costs more than all the rest of the
    work, and an event of the year 1 is 700,000 days old.
    """

    def __init__(self, ageing: Ageing, points: int) -> None:
        self._ageing = ageing
        self._points = points
        self._known = np.empty(0, dtype=np.int64)
        self._lock = Lock()  # Polars calls from its threads

    def of(self, ages: Ages) -> npt.NDArray[np.int64]:
        """The points at each of some ages, which are 0 or more."""
        with self._lock:
            more = int(ages.max(initial=-1)) + 1 - len(self._known)
            if more > 0:
                self._known = np.append(self._known, np.full(more, _UNKNOWN))
            found: npt.NDArray[np.int64] = self._known[ages]
            if unknown := set(ages[found == _UNKNOWN].tolist()):
                for age in unknown:
                    self._known[age] = self._ageing.points(self._points, age)
                found = self._known[ages]
        return found
