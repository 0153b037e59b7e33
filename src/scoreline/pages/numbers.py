"""Numbers as a reader expects them: grouped, a true minus sign, no needless decimals."""

from __future__ import annotations

import datetime as dt
import math

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"


def whole(number: float) -> str:
    """A count with grouped thousands.

    >>> whole(45211)
    '45,211'
    """
    return f"{round(number):,}".replace("-", MINUS)


def points(number: float) -> str:
    """A score: up to 4 decimals, none where it is whole.

    >>> points(-2.50)
    '−2.5'
    """
    text = f"{number:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", MINUS)


def signed(number: float) -> str:
    """Points with their sign, `+3` or `−5`; zero has none.

    >>> signed(3)
    '+3'
    """
    text = points(number)
    return text if text == "0" or number < 0 else f"+{text}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal; never 0% or 100% for what is not exactly that.

    >>> percent(0.117), percent(0.0001), percent(0.99999), percent(1)
    ('11.7%', '<0.1%', '>99.9%', '100%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return f"{share * 100:.1f}%"


def round_percent(share: float) -> str:
    """A round share such as a top 10 %, with no more decimals than it has.

    >>> round_percent(0.1), round_percent(0.125)
    ('10%', '12.5%')
    """
    return f"{share * 100:.10g}%"


def times(ratio: float) -> str:
    """A ratio as a multiple: one decimal, two where it is close to one.

    >>> times(3.62), times(1.04)
    ('3.6×', '1.04×')
    """
    close = 0.9 < ratio < 1.1
    return f"{ratio:.2f}{TIMES}" if close else f"{ratio:.1f}{TIMES}"


def money(amount: float) -> str:
    """An amount with grouped thousands; decimals only below 100.

    >>> money(1250), money(12.5)
    ('1,250', '12.50')
    """
    text = f"{amount:,.2f}" if abs(amount) < 100 and amount != round(amount) else f"{amount:,.0f}"
    return text.replace("-", MINUS)


def moment(text: str) -> str:
    """A moment of ISO form as people write it; a day where it is 00:00, any other text unchanged.

    >>> moment("2026-11-01T00:00:00Z"), moment("2026-11-01T09:30:00Z"), moment("today")
    ('1 November 2026', '1 November 2026, 09:30 UTC', 'today')
    """
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    day = f"{at.day} {at:%B %Y}"
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return day
    return f"{day}, {at:%H:%M} UTC" if at.utcoffset() == dt.timedelta(0) else text


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5, 10, 20 ... (times a power of ten) with at most `most` steps.

    Source: the usual 1-2-5 series of preferred numbers.

    >>> nice_step(47, 5)
    10
    """
    if span <= 0:
        return 1
    raw = span / max(most, 1)
    power = math.floor(math.log10(raw))
    for factor in (1, 2, 5, 10):
        step = factor * 10.0**power
        if step >= raw * (1 - 1e-9):
            return round(step) if step >= 1 else step
    return 10.0 ** (power + 1)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers within [low, high], at most about `most`.

    >>> ticks(-5.5, 8.5, 5)
    [-5, 0, 5]
    """
    step = nice_step(high - low, most)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]
