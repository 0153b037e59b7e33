"""Phone numbers: what is known fast is what the library says."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random

import phonenumbers
import polars as pl
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.fast.abroad import read_abroad
from scoreline.quality.typing.phone_plans import bulk_plan, plain_number
from scoreline.quality.typing.phones import Phone, is_placeholder, read_phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)


def library(text: str, country: str | None) -> tuple[str, str, str | None] | None:
    """Status, E.164 and country as the library alone would say; None for an invalid number."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    if not valid and not phonenumbers.is_possible_number(number):
        return None
    fake = is_placeholder(phonenumbers.national_significant_number(number))
    region = phonenumbers.region_code_for_number(number)
    return (
        "ok" if valid and not fake else "suspect",
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        region if region and region.isalpha() else None,
    )


def writings() -> list[tuple[str, str]]:
    """Numbers of every region in every usual writing, with the region they are dialled in."""
    found = []
    for region in REGIONS:
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            for form in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL):
                found.append((phonenumbers.format_number(number, form), region))
            e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
            found += [(e164, region), (e164[1:], region), (f"00{e164[1:]}", region)]
    return found


def test_every_region_is_judged_as_the_library_does() -> None:
    rng = Random(11)  # noqa: S311 - cells to try, no secrets
    known = compared = 0
    for text, region in writings():
        digits = [i for i, sign in enumerate(text) if sign.isdigit()]
        other = list(text)
        other[rng.choice(digits)] = rng.choice("0123456789")
        for written in (text, "".join(other), text.replace(" ", "-")):
            for country in (region, rng.choice(REGIONS), None):
                if rng.random() < 0.6:
                    continue
                read = read_phone(written, country)
                got = (read.status, read.e164, read.country) if isinstance(read, Phone) else None
                assert got == library(written, country), (written, country)
                known += plain_number(written, country) is not None
                compared += 1
    assert compared > 3000
    assert known > compared / 4


def test_columns_abroad_come_to_what_their_numbers_come_to() -> None:
    """Of every region, beside spoilt ones: what is accepted in bulk is right, and much is."""
    rng = Random(12)  # noqa: S311 - cells to try, no secrets
    cells = []
    for text, _ in writings():
        digits = [i for i, sign in enumerate(text) if sign.isdigit()]
        for _ in range(24):
            other = list(text)
            other[rng.choice(digits)] = rng.choice("0123456789")
            cells += [text, "".join(other), text.replace(" ", rng.choice(["-", "  ", "", " ("]))]
    accepted, with_plus = Counter[str](), Counter[str]()
    for text, found in zip(cells, read_abroad(pl.Series(cells)).to_list(), strict=True):
        read = known_phone(text)
        if found["e164"] is not None:
            assert isinstance(read, Phone), text
            assert (read.text, read.status) == (text, "ok"), text
            assert (read.e164, read.country) == (found["e164"], found["country"]), text
            accepted[found["country"]] += 1
        if text.startswith("+") and isinstance(read, Phone) and read.status == "ok":
            with_plus[str(read.country)] += 1
    assert accepted.total() > 0.9 * with_plus.total()
    assert not [region for region in ("RU", "KZ", "US", "CA", "FR") if not accepted[region]]


@cache
def known_phone(text: str) -> Phone | Refusal:
    return read_phone(text, None)


# Argentina's national prefix may be nothing at all, and puts a 9 into mobile numbers.
@pytest.mark.parametrize("region", [region for region in REGIONS if region != "AR"])
def test_each_region_has_numbers_known_fast(region: str) -> None:
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in TYPES[:2]]
    texts = [
        phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in numbers if number
    ]
    assert not texts or any(plain_number(text, region) for text in texts)


def test_columns_have_plans_for_most_regions() -> None:
    assert sum(bulk_plan(region) is not None for region in REGIONS) > 170
    for region in ("RU", "FR", "US", "DE", "IT", "ES", "IN", "UA", "PL", "NL"):
        assert bulk_plan(region) is not None, region


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("8 912 345-67-89", None, "phone-country"),
        ("+999 123 456", None, "phone-unreadable"),
        ("7.91235E+10", "RU", "phone-scientific"),
        ("12", "RU", "phone-impossible"),
        ("phone", "RU", "phone-unreadable"),
        ("+7 912 345-67-89, +7 912 345-67-80", "RU", "phone-unreadable"),
        ("1" * 300, "RU", "phone-impossible"),
    ],
)
def test_refusals_say_why(text: str, country: str | None, code: str) -> None:
    read = read_phone(text, country)
    assert isinstance(read, Refusal)
    assert read.code == code


@pytest.mark.parametrize(
    ("national", "fake"),
    [
        ("9999999999", True),
        ("9120000000", True),
        ("1234567", True),
        ("123456789", True),
        ("9876543210", True),
        ("9123456789", False),
        ("4951234567", False),
        ("9120000001", False),
    ],
)
def test_placeholders(national: str, fake: bool) -> None:
    assert is_placeholder(national) is fake
