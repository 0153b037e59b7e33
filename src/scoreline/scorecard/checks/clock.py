"""The time that proof-reading may take."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

STEPS = 10_000
"""Steps of work, of a microsecond or less, between two looks at the clock."""


class TooManyPathsError(Exception):
    """The ways through some terms are too many, or take too long."""


class Clock:
    """Seconds of computing (not of waiting) from now on; afterwards answers are bounds."""

    def __init__(self, seconds: float) -> None:
        self._start = time.thread_time()
        self._seconds = seconds
        self._end = self._start + seconds
        self._steps = 0

    @contextmanager
    def within(self, share: float) -> Iterator[None]:
        """While it lasts, time is over after this share of all the seconds; inf is never."""
        end = self._end
        self._end = math.inf if math.isinf(share) else self._start + share * self._seconds
        try:
            yield
        finally:
            self._end = end

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.thread_time() > self._end

    def check(self) -> None:
        """Raises TooManyPathsError once the time is over."""
        if self.is_over:
            raise TooManyPathsError

    def work(self, steps: int) -> None:
        """The same, but looks at the time only once in a while, so that it costs next to nothing.

        steps: the work since the last call.
        """
        self._steps += steps
        if self._steps > STEPS:
            self._steps = 0
            self.check()
