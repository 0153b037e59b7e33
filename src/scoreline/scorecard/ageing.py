"""How points of an event age: a table from whole days to points, exact and the same everywhere.

The age of an event is floor(seconds / 86,400). Points of an age are rounded half to even at four
decimals, once, so that sums of aged points are sums of integers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from scoreline.errors import CardError, counted
from scoreline.scorecard.points import SCALE, points_text

DAY = 86_400
UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": DAY, "week": 7 * DAY}
LONGEST = 36_525 * DAY
"""A century, in seconds."""

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,4})?) ?([a-z]+?)s?")
_LINEAR = re.compile(r"(\d{1,9}(?:\.\d{1,4})?) ?% per (.+)")
_DIGITS = Context(prec=60)


@dataclass(frozen=True, slots=True)
class HalfLife:
    """Points halve every so many seconds."""

    seconds: int

    def points(self, points: int, days: int) -> int:
        """Scaled points of an event of this age.

        >>> HalfLife(30 * DAY).points(100000, 60)
        25000
        """
        return _halved(points, days * DAY, self.seconds)

    @property
    def meaning(self) -> list[object]:
        """What a fingerprint holds of it."""
        return ["half-life", self.seconds]


@dataclass(frozen=True, slots=True)
class Linear:
    """A share of the points goes every so many seconds, until none is left."""

    share: Fraction
    seconds: int

    def points(self, points: int, days: int) -> int:
        """Scaled points of an event of this age.

        >>> Linear(Fraction(1, 2), 30 * DAY).points(100000, 45)
        25000
        """
        return _lessened(points, days * DAY, self.share, self.seconds)

    @property
    def text(self) -> str:
        """As a card writes it."""
        return f"{points_text(int(self.share * 100 * SCALE))}% per {written_duration(self.seconds)}"

    @property
    def meaning(self) -> list[object]:
        """What a fingerprint holds of it."""
        return ["linear", str(self.share), self.seconds]


Ageing = HalfLife | Linear


@lru_cache(maxsize=100_000)
def _lessened(points: int, age: int, share: Fraction, seconds: int) -> int:
    left = 1 - share * age / seconds
    return round(points * left) if left > 0 else 0


@lru_cache(maxsize=100_000)
def _halved(points: int, age: int, seconds: int) -> int:
    halvings = Fraction(age, seconds)
    if halvings > points.bit_length() + 1:
        return 0
    if halvings.denominator == 1:  # exact, so that a half is one
        return round(Fraction(points, 2 ** int(halvings)))
    power = _DIGITS.divide(Decimal(halvings.numerator), Decimal(halvings.denominator))
    left = _DIGITS.divide(Decimal(points), _DIGITS.power(Decimal(2), power))
    return int(left.to_integral_value())


def parse_duration(text: str) -> int:
    """Seconds of a duration.

    Raises CardError for what is none, is zero, or is longer than a century.

    >>> parse_duration("30 days"), parse_duration("1 hour")
    (2592000, 3600)
    """
    match = _DURATION.fullmatch(text)
    seconds = Fraction(match[1]) * UNITS.get(match[2], 0) if match else Fraction(0)
    if not 0 < seconds <= LONGEST or seconds.denominator != 1:
        raise CardError(
            f"`{text}` is no duration.",
            "Write 30 days, 12 hours or 2 weeks: whole seconds, a century at most.",
        )
    return int(seconds)


def parse_linear(text: str) -> Linear:
    """What `50% per 30 days` says.

    Raises CardError for anything else.
    """
    match = _LINEAR.fullmatch(text)
    share = Fraction(match[1]) / 100 if match else Fraction(0)
    if match is None or not 0 < share <= 1:
        raise CardError(f"`{text}` is no linear ageing.", "Write 50% per 30 days.")
    return Linear(share, parse_duration(match[2]))


def written_duration(seconds: int) -> str:
    """A duration as cards write it, for `parse_duration` to read.

    >>> written_duration(5400), written_duration(1000 * DAY), written_duration(3_000_000_015)
    ('90 minutes', '1000 days', '833333.3375 hours')
    """
    units = sorted((size, name) for name, size in UNITS.items() if name != "week")[::-1]
    for decimals in (1, 10_000):
        for size, name in units:
            count = Fraction(seconds * decimals, size)
            if count.denominator == 1 and count < 10**9 * decimals:
                shown = points_text(int(count * SCALE / decimals))
                return f"{shown} {name}{'' if shown == '1' else 's'}"
    raise ValueError(f"No card can say {seconds} seconds.")


def duration_text(seconds: int) -> str:
    """A duration as people write it, in the largest unit that it is whole in.

    >>> duration_text(3600), duration_text(2592000), duration_text(90)
    ('1 hour', '30 days', '90 seconds')
    """
    units = [(size, name) for name, size in UNITS.items() if name != "week"]
    size, name = max((unit for unit in units if seconds % unit[0] == 0), default=(1, "second"))
    return counted(seconds // size, name)
