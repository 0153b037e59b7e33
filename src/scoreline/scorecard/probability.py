"""What a score means as a probability: a table of scores, as a learned card has one.

Probabilities are integers of millionths, so that they are equal on every engine.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from scoreline.errors import CardError
from scoreline.scorecard.points import points_text

PARTS = 1_000_000
PLACES = 6
_PLAIN = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?")

Values = tuple[float, float | None, float | None]
"""(probability, low, high) as people and tables see them."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability of the scores from `start` (scaled points) to below the next one's.

    start: None for the first. share, low, high: millionths; low and high are its interval, both
    None where none is said.
    """

    start: int | None
    share: int
    low: int | None = None
    high: int | None = None
    line: int | None = field(default=None, compare=False)

    @property
    def values(self) -> Values:
        """(probability, low, high) as numbers from 0 to 1.

        >>> Chance(None, 40_000, 30_000, 50_000).values
        (0.04, 0.03, 0.05)
        """
        return self.share / PARTS, _number(self.low), _number(self.high)

    @property
    def text(self) -> str:
        """The same in words.

        >>> Chance(None, 40_000, 30_000, 52_500).text, Chance(None, 1).text
        ('4 % (3 % to 5.25 %)', '0.0001 %')
        """
        share = percent_text(self.share)
        if self.low is None or self.high is None:
            return share
        return f"{share} ({percent_text(self.low)} to {percent_text(self.high)})"


@dataclass(frozen=True)
class Probability:
    """The table of a card: every final score has one chance.

    chances: ascending, the first from anywhere; of: of what it is the probability, in words.
    """

    chances: tuple[Chance, ...]
    of: str = ""

    @cached_property
    def cuts(self) -> list[int]:
        """The scaled scores at which another chance begins, ascending."""
        return [chance.start for chance in self.chances if chance.start is not None]

    @cached_property
    def has_interval(self) -> bool:
        """Whether any chance says its low and high."""
        return any(chance.low is not None for chance in self.chances)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it adds to a table of scores."""
        return COLUMNS if self.has_interval else COLUMNS[:1]

    @property
    def meaning(self) -> list[object]:
        """What of it is part of a fingerprint."""
        return [[chance.start, chance.share, chance.low, chance.high] for chance in self.chances]

    def at(self, score: int) -> Chance:
        """The chance of a scaled score.

        >>> Probability((Chance(None, 10), Chance(0, 20))).at(0).share
        20
        """
        return self.chances[bisect_right(self.cuts, score)]


COLUMNS = ("probability", "probability_low", "probability_high")
"""The columns of a table of scores, in the order of `Chance.values`."""


def parse_share(text: str) -> int:
    """Millionths of a text such as `0.04`.

    Raises CardError for what is no number from 0 to 1, or has more than six decimals.

    >>> parse_share("0.04")
    40000
    """
    read = _PLAIN.fullmatch(text)
    if read is None:
        raise CardError(f"`{text[:60]}` is not a probability.", "Write 0.04 for 4 %.")
    sign, whole, part = read[1], read[2].lstrip("0"), (read[3] or "").rstrip("0")
    beyond = whole not in ("", "1") or (whole and part) or (sign == "-" and whole + part)
    if beyond:
        raise CardError(f"`{text[:60]}` is not between 0 and 1.", "Write 0.04 for 4 %.")
    if len(part) > PLACES:
        raise CardError(f"`{text[:60]}` has more than six decimals.", "Round it to six decimals.")
    return int(whole + part.ljust(PLACES, "0"))


def share_text(share: int) -> str:
    """Millionths as a decimal text.

    >>> share_text(40_000), share_text(1_000_000), share_text(1)
    ('0.04', '1', '0.000001')
    """
    whole, rest = divmod(share, PARTS)
    return f"{whole}" + (f".{rest:06d}".rstrip("0") if rest else "")


def percent_text(share: int) -> str:
    """Millionths as percent, exactly.

    >>> percent_text(40_000)
    '4 %'
    """
    # A percent has 10,000 millionths, as a point has ten-thousandths.
    return f"{points_text(share)} %"


def _number(share: int | None) -> float | None:
    return None if share is None else share / PARTS
