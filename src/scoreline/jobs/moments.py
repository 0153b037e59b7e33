"""The moment of scoring, as commands and calls say it."""

from __future__ import annotations

import datetime as dt

from scoreline.errors import UsageError

AsOf = str | dt.datetime | dt.date | None


def moment(as_of: AsOf) -> dt.datetime:
    """An aware moment in UTC: None is now, a date its 00:00 UTC, a zoneless time is UTC.

    Raises UsageError for a text that is no ISO date or time.

    >>> moment("2026-01-31").isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    if as_of is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    if isinstance(as_of, str):
        as_of = _parsed(as_of)
    if not isinstance(as_of, dt.date):
        raise UsageError(f"A {type(as_of).__name__} is no moment.", "Give a date or a datetime.")
    if not isinstance(as_of, dt.datetime):
        as_of = dt.datetime.combine(as_of, dt.time())
    try:
        return as_of.replace(tzinfo=dt.UTC) if as_of.tzinfo is None else as_of.astimezone(dt.UTC)
    except OverflowError:
        raise UsageError(f"`{as_of}` is beyond the calendar.") from None


def _parsed(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"`{text[:40]}` is not a moment.", "Write 2026-01-31 or 2026-01-31T12:00:00Z."
        ) from None


def moment_text(as_of: dt.datetime) -> str:
    """A moment in UTC as files and JSON show it.

    >>> moment_text(dt.datetime(2026, 1, 31, tzinfo=dt.UTC))
    '2026-01-31T00:00:00Z'
    """
    return as_of.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
