"""Points: decimals with at most four places, kept as integers of ten-thousandths.

Integers make sums exact and their order irrelevant: 0.6 ten times is 6, not 5.999...
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from scoreline.errors import CardError

SCALE = 10_000
MOST = 10**9 * SCALE
"""A single number of points lies within +-1,000,000,000, so that any sum fits in 64 bits."""


def parse_points(text: str) -> int:
    """Scaled points of a decimal text.

    Raises CardError for what is not a number, has more than four decimals, or is too big.

    >>> parse_points("2.5")
    25000
    """
    try:
        value = Decimal(text.replace("\u2212", "-"))
    except InvalidOperation:
        raise CardError(f"`{text}` is not a number of points.", "Write 3, -5 or 0.25.") from None
    usable = value.is_finite() and (not value or -5 < value.adjusted() < 12) and "_" not in text
    if not usable or abs(value) * SCALE > MOST:
        raise CardError(f"`{text}` is not a usable number of points.", "Write 3, -5 or 0.25.")
    scaled = value * SCALE
    if scaled != scaled.to_integral_value():
        raise CardError(f"`{text}` has more than four decimals.", "Round it to four decimals.")
    return int(scaled)


def written_points(text: str) -> int:
    """Scaled points of a text that `points_text` or `signed_text` wrote.

    >>> written_points("+2.5"), written_points("-0.0625")
    (25000, -625)
    """
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(4, "0"))


def unscaled(points: int) -> int | float:
    """Points as people and JSON see them: whole numbers as int, else the nearest float.

    >>> unscaled(25000), unscaled(60000)
    (2.5, 6)
    """
    whole, rest = divmod(points, SCALE)
    return whole if rest == 0 else points / SCALE


def points_text(points: int) -> str:
    """Scaled points as text without needless zeros.

    >>> points_text(-25000)
    '-2.5'
    """
    sign, digits = "-" if points < 0 else "", abs(points)
    whole, rest = divmod(digits, SCALE)
    return f"{sign}{whole}" + (f".{rest:04d}".rstrip("0") if rest else "")


def signed_text(points: int) -> str:
    """Scaled points with their sign, as reasons show them.

    >>> signed_text(30000)
    '+3'
    """
    return points_text(points) if points < 0 else f"+{points_text(points)}"
