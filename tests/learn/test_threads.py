"""Matrices are worked on by one thread: the same sums everywhere."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from scoreline.learn.threads import on_one_thread


def threads() -> list[int]:
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_linear_algebra_has_one_thread_for_as_long_as_the_work_lasts() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2, "blas"):
        before = threads()
        assert set(on_one_thread(threads)()) == {1}
        assert threads() == before
