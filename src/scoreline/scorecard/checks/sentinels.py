"""What a field never holds: what its type leaves out, and what `missing` lists.

The boundary compares sentinels as texts, and numbers and dates also as values. Which value a text
stands for is known here only for plain numbers and dates; any other sentinel with digits in it is
not `clear`, and what hangs on it is a bound.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from scoreline.language.fields import Field
from scoreline.language.text import folded
from scoreline.language.tree import Scalar
from scoreline.scorecard.checks.lines import LINES
from scoreline.scorecard.events import Feature
from scoreline.scorecard.model import Scorecard

_NUMBER = re.compile(r"[+-]?\d+(?P<part>[.,]\d+)?(?:e[+-]?\d+)?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[t ]\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a field can hold.

    texts: folded sentinels; values: the numbers and dates that they stand for; clear: whether
    these are all that they stand for; counts: whether it is no less than 0, being counted; always:
    whether it is never missing.
    """

    field: Field
    texts: frozenset[str] = frozenset()
    values: frozenset[Scalar] = frozenset()
    clear: bool = True
    counts: bool = False
    always: bool = False

    def can_be(self, value: Scalar) -> bool:
        """Whether the field can hold a value, by its type and its sentinels alone."""
        if self.field.kind in ("text", "choice"):
            if folded(str(value)) not in self.texts:
                return True
            # A country has names besides its code: `Namibia` is NA where the text NA is missing.
            return self.field.type == "country" and _is_country(str(value))
        line = LINES.get(self.field.type)
        if line is not None:
            places = set(line.places(value))
            low = 0 if self.counts else line.low
            if len(places) > 1 or not low <= min(places) <= line.high:
                return False
        return value not in self.values


def holdings_of(card: Scorecard) -> dict[str, Holdings]:
    """What each field of a card can hold, features among them."""
    taken = {feature.name: _taken(feature) for feature in card.features}
    return {name: _holdings(declared) for name, declared in card.field.items()} | taken


def _taken(feature: Feature) -> Holdings:
    """What a feature can be: numbers of events, values and days are counted."""
    counts = feature.of is None or feature.take == "distinct"
    always = feature.take in ("count", "distinct")
    return Holdings(feature.as_field, counts=counts, always=always)


def _holdings(declared: Field) -> Holdings:
    texts = frozenset(map(folded, declared.missing))
    if declared.type not in LINES:
        return Holdings(declared, texts)
    read = _number if declared.kind == "number" else _moment
    found = {text: read(text, declared) for text in texts if any(map(str.isdigit, text))}
    values = frozenset(value for value in found.values() if value is not None)
    return Holdings(declared, texts, values, clear=None not in found.values())


def _number(text: str, declared: Field) -> Scalar | None:
    """The number that a sentinel stands for; None if that can't be told from its shape alone."""
    match = _NUMBER.fullmatch(text.replace("\u2212", "-"))
    if match is None:
        return None
    sign = (match["part"] or " ")[0]
    if sign != " " and sign != (declared.decimal or ("" if declared.type == "integer" else ".")):
        return None
    number = float(match[0].replace(",", "."))
    return number if math.isfinite(number) else None


def _moment(text: str, declared: Field) -> Scalar | None:
    """The date or moment that a sentinel stands for; None if its shape alone does not tell."""
    plain, other = _ISO.fullmatch(text), _DAY_OR_MONTH_FIRST.fullmatch(text)
    try:
        if plain is not None and (declared.type == "time" or not plain["time"]):
            moment = dt.datetime.fromisoformat(text)
        elif other is not None and declared.order in ("dmy", "mdy"):
            first, second, year = int(other[1]), int(other[3]), int(other[4])
            day, month = (first, second) if declared.order == "dmy" else (second, first)
            moment = dt.datetime(year, month, day)
        else:
            return None
    except ValueError:
        return None
    return moment.replace(tzinfo=dt.UTC) if declared.type == "time" else moment.date()


def _is_country(code: str) -> bool:
    import pycountry  # half a megabyte of names: only where a sentinel looks like a country

    return pycountry.countries.get(alpha_2=code) is not None


Held = Mapping[str, Holdings]
"""What each field can hold, by its name."""
