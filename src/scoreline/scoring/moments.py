"""The moment of scoring, as commands and calls say it."""

from __future__ import annotations

import datetime as dt

from scoreline.errors import UsageError
from scoreline.quality.text import sentence, with_article
from scoreline.quality.typing.python_values import simplify

AsOf = str | dt.datetime | dt.date | None
EARLIEST, LATEST = 200, 9799
"""The first and the last year of which a moment of scoring may be."""


def moment(as_of: AsOf) -> dt.datetime:
    """An aware moment in UTC: None is now, a date its 00:00 UTC, a zoneless time is UTC.

    Moments of numpy and pandas are moments too. Raises UsageError for a text that is no ISO date or
    time, and for what is no moment, NaT among it.

    >>> moment("2026-01-31").isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    if as_of is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    given = _parsed(as_of) if isinstance(as_of, str) else simplify(as_of)
    if not isinstance(given, dt.date):
        what = "NaT" if str(as_of) == "NaT" else with_article(type(as_of).__name__)
        raise UsageError(sentence(f"{what} is no moment."), "Give a date or a datetime.")
    if not isinstance(given, dt.datetime):
        given = dt.datetime.combine(given, dt.time())
    try:
        found = given.replace(tzinfo=dt.UTC) if given.tzinfo is None else given.astimezone(dt.UTC)
    except OverflowError:
        raise UsageError(f"`{given}` is beyond the calendar.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise UsageError(
            f"`{found.date()}` is too far away: say a moment of the years {EARLIEST} to {LATEST}."
        )
    return found


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
