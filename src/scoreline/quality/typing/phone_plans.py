"""Numbering plans compiled from phonenumbers' metadata, to know plain numbers fast.

The library takes some 60 µs a number, most of it to parse what the number is not: no extension, no
letters, no second number. For text of digits and simple punctuation this module follows the same
steps (international prefix, country calling code, national prefix, type patterns) on the same
metadata, at a fifteenth of the time. None means "ask the library", never "bad".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

PLAIN_COLUMN = r"\+?[0-9(](?: ?[0-9().-])*"
"""Digits in simple punctuation without blanks at the ends or two together, for columns."""
PUNCTUATION = ["+", "(", ")", " ", ".", "-"]
SHORTEST, LONGEST = 5, 17
"""Digits that a plain number has, with calling code or prefix."""
_PLAIN = re.compile(r"(\+?)([0-9(][0-9() .-]*)")
_DIGITS = re.compile("[0-9]+")
_TYPES = (  # the commonest first; which type a number has does not matter here
    "mobile", "fixed_line", "toll_free", "shared_cost", "voip", "premium_rate", "personal_number",
    "pager", "uan", "voicemail",
)  # fmt: skip
CODES = tuple(sorted(map(str, COUNTRY_CODE_TO_REGION_CODE)))
"""Every calling code; none begins with another."""
_CODES = frozenset(CODES)


Sized = tuple[tuple[tuple[int, ...], str], ...]
"""Lengths and pattern of the numbers of each type."""


class Plain(NamedTuple):
    """A plainly written number: calling code, national number and region, and whether it is valid.

    One that is not valid has a length that its country gives out, and nothing else.
    """

    code: str
    national: str
    region: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """One region's numbering plan; patterns match national numbers.

    sized: lengths and pattern of each type of number; types: all of them in one pattern; possible:
    lengths that numbers of some type have.
    """

    region: str
    code: str
    leading: re.Pattern[str] | None
    general: re.Pattern[str]
    longest: int
    possible: frozenset[int]
    sized: Sized
    types: re.Pattern[str]
    prefix: re.Pattern[str] | None
    transforms: bool
    international: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What columns of numbers are accepted by: the commonest writing in one country.

    leading: how numbers of this region begin, if others share its calling code; types: lengths
    and pattern of mobile and of fixed numbers; prefix: digits, empty if none.
    """

    region: str
    code: str
    general: str
    leading: str
    types: Sized
    prefix: str
    international: str


def bulk_plan(region: str) -> BulkPlan | None:
    """The plan for columns; None where a region's numbers need more than it knows.

    That is where another region is asked first for the calling code, or where the national
    prefix is more than some digits.
    """
    plan, data = _plan(region), PhoneMetadata.metadata_for_region(region, None)
    if plan is None or data is None or data.general_desc is None or not plans_of_code(plan.code):
        return None
    prefix = data.national_prefix_for_parsing or ""
    if plans_of_code(plan.code)[0].region != region or re.search(r"\D", prefix):
        return None
    return BulkPlan(
        region=region,
        code=plan.code,
        general=plan.general.pattern,
        leading=plan.leading.pattern if plan.leading and len(plans_of_code(plan.code)) > 1 else "",
        types=_sized(data.general_desc, [data.mobile, data.fixed_line]),
        prefix=prefix,
        international=data.international_prefix or "",
    )


def plain_number(text: str, country: str | None) -> Plain | None:
    """A number in plain writing that is valid, or possible in the one region of its code.

    >>> plain_number("8 (912) 345-67-89", "RU")
    Plain(code='7', national='9123456789', region='RU', valid=True)
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    digits = "".join(_DIGITS.findall(match[2]))
    if not SHORTEST <= len(digits) <= LONGEST:
        return None
    if match[1]:
        return _international(digits)
    return _national(digits, country) if country is not None else None


def _international(digits: str) -> Plain | None:
    """The number behind a +: calling code, then a national number without its prefix."""
    code = next((head for head in (digits[:1], digits[:2], digits[:3]) if head in _CODES), None)
    if code is None:
        return None
    plans = plans_of_code(code)
    national = digits[len(code) :]
    if not plans or (plans[0].prefix and plans[0].prefix.match(national)):
        return None
    return _valid(plans, national)


def _national(digits: str, country: str) -> Plain | None:
    """The number as it is dialled inside its country."""
    plan = _plan(country)
    if plan is None or (plan.international and plan.international.match(digits)):
        return None
    if digits.startswith(plan.code):
        written_whole = plan.general.fullmatch(digits) and len(digits) <= plan.longest
        if not written_whole:  # then the library may take the first digits as calling code
            national = digits[len(plan.code) :]
            prefixed = plan.prefix and plan.prefix.match(national)
            if prefixed or not plan.general.fullmatch(national):
                return None
            return _international(digits)
    stripped = _without_prefix(plan, digits)
    return None if stripped is None else _valid(plans_of_code(plan.code), stripped)


def _without_prefix(plan: Plan, digits: str) -> str | None:
    """The national number without the national prefix; None if only the library knows."""
    match = plan.prefix.match(digits) if plan.prefix else None
    if match is None:
        return digits
    if plan.transforms and match.re.groups and match.groups()[-1] is not None:
        return None
    stripped = digits[match.end() :]
    return stripped if plan.general.fullmatch(stripped) else None


def _valid(plans: tuple[Plan, ...], national: str) -> Plain | None:
    """The first region of a calling code that claims the number, if it is valid there.

    Of a code with one region, also a number that is not given out and has a length of its.
    """
    for plan in plans:
        if len(plans) > 1 and plan.leading:
            if not plan.leading.match(national):
                continue
        elif len(plans) > 1 and not plan.types.fullmatch(national):
            continue
        if plan.types.fullmatch(national):
            return Plain(plan.code, national, plan.region)
        alone = len(plans) == 1 and plan.general.fullmatch(national)
        if alone and len(national) in plan.possible:
            return Plain(plan.code, national, plan.region, valid=False)
        return None
    return None


@cache
def plans_of_code(code: str) -> tuple[Plan, ...]:
    """Plans of the regions that share a calling code, in the library's order; none for +800."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    found = [_plan(region) for region in regions]
    return tuple(plan for plan in found if plan is not None) if None not in found else ()


@cache
def _plan(region: str) -> Plan | None:
    """The plan of a region, None if the library has none."""
    data = PhoneMetadata.metadata_for_region(region, None)
    if data is None or data.general_desc is None:
        return None
    general = data.general_desc
    sized = _sized(general, [getattr(data, name) for name in _TYPES])
    typed = "|".join(_pattern(lengths, pattern) for lengths, pattern in sized)
    return Plan(
        region=region,
        code=str(data.country_code),
        leading=_compiled(data.leading_digits),
        general=re.compile(general.national_number_pattern or "(?!)"),
        longest=max(general.possible_length),
        possible=frozenset(general.possible_length),
        sized=sized,
        types=re.compile(rf"(?=(?:{general.national_number_pattern})\Z)(?:{typed or '(?!)'})"),
        prefix=_compiled(data.national_prefix_for_parsing),
        transforms=bool(data.national_prefix_transform_rule),
        international=_compiled(data.international_prefix),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


def _sized(general: PhoneNumberDesc, types: Sequence[PhoneNumberDesc | None]) -> Sized:
    """Lengths and pattern of the numbers of each type that there are."""
    found = []
    for desc in types:
        if desc is None or not desc.national_number_pattern:
            continue
        lengths = set(desc.possible_length or general.possible_length)
        if general.possible_length:
            lengths &= set(general.possible_length)
        if lengths:
            found.append((tuple(sorted(lengths)), desc.national_number_pattern))
    return tuple(found)


def _pattern(lengths: tuple[int, ...], pattern: str) -> str:
    """Numbers of one type, with the lengths it allows."""
    sized = "|".join(rf"\d{{{length}}}" for length in lengths)
    return rf"(?=(?:{sized})\Z)(?:{pattern})"
