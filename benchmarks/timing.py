"""CPU time of pieces of work that take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Work = Callable[[], object]


def cpu(work: Work) -> float:
    """CPU seconds of the process, all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turn(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """The median CPU seconds of some rounds in which all works take turns.

    With more than one round, one more comes first and doesn't count.
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + (rounds > 1)):
        for name, work in works.items():
            seconds = cpu(work)
            if number or rounds == 1:
                found[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in found.items()}
