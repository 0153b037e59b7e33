"""Moments as the store keeps them: microseconds since 1970 in UTC."""

from __future__ import annotations

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def stored(moment: dt.datetime) -> int:
    """The number of an aware moment.

    >>> stored(dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC))
    1000000
    """
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(number: int) -> dt.datetime:
    """The moment of a number, aware, in UTC."""
    return _EPOCH + number * _MICROSECOND
