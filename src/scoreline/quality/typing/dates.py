"""Text -> date or moment: what a cell says by itself, and what only `order` can settle.

Year first (`2026-03-04`, `2026/03/04`, `20260304`) is always year, month, day. Otherwise the cell
is read in every order; undeclared, one possible reading is taken (`13/04/2026`) and several are
ambiguous (`03/04/26`), whatever the separators. With `order` declared, that reading alone counts.
A year of two digits is 2000-2068 or 1969-1999, as POSIX has it: typing may not depend on today.

Moments are UTC: one without a zone is taken as UTC, and a moment given to a field of dates counts
by its date in UTC. Fractions of a second beyond the sixth digit are cut off.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from scoreline.quality.text import fold_normal
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.months import MONTHS

LONGEST = 80
"""Characters beyond which no text is looked at as a date."""

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,4})( ?[-./] ?| )(\d{1,2})\2(\d{1,4})", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_BARE_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d*)?", re.ASCII)
_RUSSIAN_YEAR = re.compile(r"(?<=\d) ?(?:г|год|года)\.?$")
_WORD, _GAP = r"(?P<m>[^\W\d_]+)", r"[ .,\-/]*"
_NAMED = (  # day month year, month day year, year month day
    re.compile(
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|-?е|-?го)?{_GAP}{_WORD}{_GAP}(?P<y>\d{{4}}|\d\d)"
    ),
    re.compile(rf"{_WORD}{_GAP}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ .,\-/]+(?P<y>\d{{4}}|\d\d)"),
    re.compile(rf"(?P<y>\d{{4}}){_GAP}{_WORD}{_GAP}(?P<d>\d{{1,2}})"),
)
_TIME = re.compile(
    r"(?P<day>.*?\d\.?(?: г\.)?)(?:[ T]|, ?| at | à | в )(?P<h>\d{1,2})[:h](?P<m>\d\d)"
    r"(?::(?P<s>\d\d)(?:[.,](?P<f>\d+))?)?"
    r" ?(?P<half>am|pm|a\.m\.|p\.m\.)?"
    r" ?(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d\d(?::?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_ZONE_NAME = re.compile(r" ?\(?[A-Za-z]{2,}(?:/[A-Za-z_]+)?\)?$")
_SPREADSHEET_EPOCH = date(1899, 12, 30)


def read_date(text: str, order: str | None) -> date | Refusal:
    """The date in a normal text.

    >>> read_date("13/04/2026", None)
    datetime.date(2026, 4, 13)
    >>> read_date("03/04/26", None).code
    'date-ambiguous'
    """
    plain = _date_part(text, order)
    if plain is not None:
        return plain
    moment = _moment(text, order)
    if moment is None:
        return _unreadable(text)
    return moment.date() if isinstance(moment, datetime) else moment


def read_time(text: str, order: str | None) -> datetime | Refusal:
    """The moment in a normal text, in UTC; a date alone is its midnight.

    >>> read_time("2026-03-04T10:00+03:00", None)
    datetime.datetime(2026, 3, 4, 7, 0, tzinfo=datetime.timezone.utc)
    """
    moment = _moment(text, order)
    if moment is not None:
        return moment
    day = read_date(text, order)
    if isinstance(day, Refusal):
        return Refusal("time-unreadable") if day.code == "date-unreadable" else day
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _date_part(text: str, order: str | None) -> date | Refusal | None:
    """A date without a time of day; None if the text has another shape."""
    if match := _ISO.fullmatch(text):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if len(text) > LONGEST:
        return None
    text = _RUSSIAN_YEAR.sub("", text)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match[1], match[3], match[4], order)
    if match := _COMPACT.fullmatch(text):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    for shape in _NAMED:
        if match := shape.fullmatch(text):
            month = MONTHS.get(fold_normal(match["m"]))
            if month is None:
                return None
            return _calendar(_year(match["y"]), month, int(match["d"]))
    return None


def _numeric(first: str, second: str, third: str, order: str | None) -> date | Refusal | None:
    """The date of three numbers; year first needs no order."""
    if len(first) == 4:
        return _calendar(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) > 2 or len(third) not in (2, 4):
        if len(first) == 2 and len(third) == 1:
            return _ordered({"ymd": _calendar(_year(first), int(second), int(third))}, order)
        return None
    readings = {
        "dmy": _calendar(_year(third), int(second), int(first)),
        "mdy": _calendar(_year(third), int(first), int(second)),
    }
    if len(third) == 2 and len(first) == 2:
        readings["ymd"] = _calendar(_year(first), int(second), int(third))
    return _ordered(readings, order)


def _ordered(readings: dict[str, date | Refusal], order: str | None) -> date | Refusal:
    """The reading that the declared order asks for, or the only possible one."""
    possible = {name: day for name, day in readings.items() if isinstance(day, date)}
    if not possible:
        return Refusal("date-impossible")
    if order is not None:
        return possible.get(order) or Refusal("date-order", {"order": order})
    if len(set(possible.values())) == 1:
        return next(iter(possible.values()))
    return Refusal(
        "date-ambiguous",
        {
            "readings": " or ".join(dict.fromkeys(d.isoformat() for d in possible.values())),
            "declare": " or ".join(f"`order: {name}`" for name in possible),
        },
    )


def _calendar(year: int, month: int, day: int) -> date | Refusal:
    try:
        return date(year, month, day)
    except ValueError:
        return Refusal("date-impossible")


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= 68 else 1900)


def _moment(text: str, order: str | None) -> datetime | Refusal | None:
    """A date with a time of day, in UTC; None if the text has another shape."""
    match = _TIME.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return Refusal("time-zone") if _named_zone(text) else None
    day = _date_part(match["day"], order)
    if not isinstance(day, date):
        return day
    hour = _hour(int(match["h"]), match["half"])
    try:
        clock = datetime(
            day.year, day.month, day.day, hour, int(match["m"]), int(match["s"] or 0),
            int((match["f"] or "0")[:6].ljust(6, "0")), tzinfo=_zone(match["zone"]),
        )  # fmt: skip
        return clock.astimezone(UTC)
    except OverflowError:
        return Refusal("time-beyond")
    except ValueError:
        return Refusal("date-impossible")


def _hour(hour: int, half: str | None) -> int:
    """Hour of the day; with am or pm only 1 to 12 are hours."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return 99  # no hour: refused by datetime
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _zone(text: str | None) -> timezone:
    if text is None or text.lower() in ("z", "utc", "gmt"):
        return UTC
    digits = text.lower().removeprefix("utc").removeprefix("gmt").replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    if minutes >= 24 * 60 or int(digits[3:5] or 0) > 59:
        raise ValueError(text)
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


def _named_zone(text: str) -> bool:
    """Whether the text would be a moment but for the name of a time zone at its end."""
    shorter = _ZONE_NAME.sub("", text) if len(text) <= LONGEST else text
    return shorter != text and _TIME.fullmatch(shorter) is not None


def _unreadable(text: str) -> Refusal:
    """Why a text is no date; a bare number may be a spreadsheet's count of days."""
    if _BARE_NUMBER.fullmatch(text):
        days = int(re.split(r"[.,]", text)[0])
        if 1 <= days <= 200_000:
            day = _SPREADSHEET_EPOCH + timedelta(days=days)
            return Refusal("date-serial", {"reading": day.isoformat()})
    return Refusal("date-unreadable")
