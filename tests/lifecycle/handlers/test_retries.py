"""When a failed delivery is tried again."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.lifecycle.handlers.retries import WAITS, next_try


def waits(seed: str) -> list[timedelta]:
    """Every wait of one message."""
    found = [next_try(attempts, seed) for attempts in range(1, len(WAITS) + 1)]
    return [wait for wait in found if wait is not None]


@given(st.text())
def test_waits_grow_from_seconds_to_a_day(seed: str) -> None:
    found = waits(seed)
    assert all(earlier < later for earlier, later in pairwise(found))
    assert timedelta(seconds=5) <= found[0] <= timedelta(seconds=5.5)
    assert timedelta(hours=24) <= found[-1] <= timedelta(hours=26.4)
    assert timedelta(days=3) < sum(found, timedelta()) < timedelta(days=4)


def test_the_same_message_waits_the_same_and_others_a_little_longer_or_shorter() -> None:
    assert waits("a") == waits("a")
    second = {next_try(2, f"m{number}") for number in range(100)}
    assert len(second) > 90


def test_after_ten_tries_a_letter_is_dead() -> None:
    assert next_try(9, "a") is not None
    assert next_try(10, "a") is None
    assert next_try(99, "a") is None


def test_a_wait_follows_a_try() -> None:
    with pytest.raises(ValueError, match="begin with 1"):
        next_try(0, "a")
