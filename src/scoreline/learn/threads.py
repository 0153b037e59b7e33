"""Matrices are worked on by one thread, whatever the machine has.

So sums are added up in one order, and a table comes out the same everywhere. It is faster, too: our
matrices are small, and threads that wait for one another cost several times the work, most of all
where other programs use the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(work: Callable[P, R]) -> Callable[P, R]:
    """A function during which the libraries of linear algebra use one thread."""

    @wraps(work)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _pools().limit(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return alone


@cache
def _pools() -> ThreadpoolController:
    """What this process has loaded: numpy brings its own library."""
    return ThreadpoolController()
