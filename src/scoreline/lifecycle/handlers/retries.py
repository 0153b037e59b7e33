"""When a delivery that failed is tried again: at once, then ever later, for three days."""

from __future__ import annotations

import hashlib
from datetime import timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Source: Standard Webhooks, Deliverability and reliability: the schedule it suggests."""
SPREAD = 0.1
"""Share of a wait that is added at most, so that what failed together does not return together."""


def next_try(attempts: int, seed: str) -> timedelta | None:
    """How long to wait after so many tries; None when there were enough: a dead letter.

    attempts: tries so far, the failed one included, so 1 after the first; seed: the message's id.
    The same arguments give the same wait; waits of one id grow.

    >>> next_try(10, "m1") is None
    True
    """
    if attempts < 1:
        raise ValueError("A wait follows a try: attempts begin with 1.")
    if attempts > len(WAITS):
        return None
    digest = hashlib.sha256(f"{seed}:{attempts}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return WAITS[attempts - 1] * (1 + SPREAD * share)
