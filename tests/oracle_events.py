"""The naive oracle of event terms: which events count, and what they are worth at a moment.

Written from the rules alone, importing nothing of ours. A term is a dict:

    event, points, count? (each, once or distinct(property)), within?, half_life?, linear?: texts of
    a card; where?: a function of an event's properties and its moment; cap?, floor?

An event is a dict: event, at (aware), id?, and properties. Events stand in order of arrival.
"""

from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}


def seconds(text: str) -> int:
    number, unit = text.split()
    return int(number) * SECONDS[unit.rstrip("s") + "s"]


def counted(
    term: dict[str, Any], events: list[dict[str, Any]], as_of: datetime
) -> list[dict[str, Any]]:
    """The events that count."""
    known: list[dict[str, Any]] = []
    for one in events:
        if one.get("id") is None or one["id"] not in [other.get("id") for other in known]:
            known.append(one)
    chosen = []
    for one in known:
        if one["event"] != term["event"] or one["at"] > as_of:
            continue
        if "within" in term and one["at"] <= as_of - timedelta(seconds=seconds(term["within"])):
            continue
        if "where" in term and term["where"](one) is not True:
            continue
        chosen.append(one)
    count = term.get("count", "each")
    if count == "each":
        return chosen
    name = count.removeprefix("distinct(").removesuffix(")")
    values = [None if count == "once" else one.get(name) for one in chosen]
    kept = []
    for value in dict.fromkeys(values):
        if value is not None or count == "once":
            same = [one for one, own in zip(chosen, values, strict=True) if own == value]
            kept.append(max(same, key=lambda one: one["at"]))
    return kept


def worth(term: dict[str, Any], one: dict[str, Any], as_of: datetime) -> Fraction:
    """What an event gives, rounded half to even at four decimals."""
    points, age = Fraction(term["points"]), (as_of - one["at"]) // timedelta(days=1)
    if "half_life" in term:
        with localcontext() as context:
            context.prec = 90
            half_lives = Decimal(age * 86_400) / seconds(term["half_life"])
            left = Decimal(term["points"]) / Decimal(2) ** half_lives
            return Fraction(left.quantize(Decimal("0.0001")))
    if "linear" in term:
        share, period = term["linear"].split("% per ")
        gone = Fraction(share) / 100 * Fraction(age * 86_400, seconds(period))
        return Fraction(round(points * max(1 - gone, Fraction(0)) * 10_000), 10_000)
    return points


def tally(
    term: dict[str, Any], events: list[dict[str, Any]], as_of: datetime
) -> tuple[int, Fraction]:
    """(how many events count, points after the term's own clamp)."""
    chosen = counted(term, events, as_of)
    total = sum((worth(term, one, as_of) for one in chosen), Fraction(0))
    total = min(total, Fraction(term["cap"])) if "cap" in term else total
    return len(chosen), max(total, Fraction(term["floor"])) if "floor" in term else total
