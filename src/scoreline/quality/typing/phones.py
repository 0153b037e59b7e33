"""Text -> phone number and its facts: status, E.164, country.

The verdict is phonenumbers' (Google's metadata); plain valid numbers are known without asking it
(`phone_plans`). `ok` is a number that its country gives out,
`suspect` has a possible length but is not given out, or is a placeholder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scoreline.quality.typing.checked import Checked, Status
from scoreline.quality.typing.codes import Refusal

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)
FLOAT = r"\+?[0-9]+\.0"
"""What programs write of whole numbers in a column with gaps; the 0 is not dialled."""
_FLOAT = re.compile(FLOAT)
_INTERNATIONAL = re.compile(r"[^\w+＋]*[+＋]")
PLACEHOLDERS = (
    *(f"{digit}+" for digit in "0123456789"),
    r"\d*000000",
    r"0?1234567(?:8(?:90?)?)?",
    "9876543210",
)
"""Shapes of a national number that people type to get past a form."""
_PLACEHOLDER = re.compile("|".join(PLACEHOLDERS), re.ASCII)


@dataclass(frozen=True, slots=True)
class Phone(Checked):
    """A phone number as written, with its facts; `code` names the finding of a suspect one."""

    text: str
    status: Status
    e164: str
    country: str | None
    code: str = ""

    @property
    def normal(self) -> str:
        """In international form, +79123456789."""
        return self.e164


def read_phone(text: str, country: str | None) -> Phone | Refusal:
    """The phone number in a normal text, read as dialled in `country`.

    >>> phone = read_phone("8 912 345-67-89", "RU")
    >>> phone.status, phone.e164, phone.country
    ('ok', '+79123456789', 'RU')
    """
    from scoreline.quality.typing.phone_plans import plain_number  # 120 ms: only where phones are

    if _FLOAT.fullmatch(text):
        text = text.removesuffix(".0")
    plain = plain_number(text, country)
    if plain is None:
        return _by_library(text, country)
    e164 = f"+{plain.code}{plain.national}"
    if not plain.valid:
        return Phone(text, "suspect", e164, plain.region, "phone-suspect")
    return _phone(text, e164, plain.region, plain.national)


def _phone(text: str, e164: str, region: str | None, national: str) -> Phone:
    """A valid number: fit to be dialled unless it is a placeholder."""
    if is_placeholder(national):
        return Phone(text, "suspect", e164, region, "phone-placeholder")
    return Phone(text, "ok", e164, region)


def _by_library(text: str, country: str | None) -> Phone | Refusal:
    """The number as phonenumbers reads it."""
    import phonenumbers

    if _SCIENTIFIC.fullmatch(text):
        return Refusal("phone-scientific")
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        return _refused(text, country, error.error_type)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(number)
    if region is not None and not region.isalpha():  # 001: no country, such as +800
        region = None
    if phonenumbers.is_valid_number(number):
        return _phone(text, e164, region, phonenumbers.national_significant_number(number))
    if phonenumbers.is_possible_number(number):
        return Phone(text, "suspect", e164, region, "phone-suspect")
    return Refusal("phone-impossible")


def is_placeholder(national: str) -> bool:
    """Whether a national number is one digit, a run of digits or zeros at the end.

    >>> is_placeholder("9999999999"), is_placeholder("1234567890"), is_placeholder("9123456789")
    (True, True, False)
    """
    return _PLACEHOLDER.fullmatch(national) is not None


def _refused(text: str, country: str | None, error_type: int) -> Refusal:
    """Why the library reads no number."""
    from phonenumbers import NumberParseException as Error

    if error_type == Error.INVALID_COUNTRY_CODE:
        if country is None and not _INTERNATIONAL.match(text):
            return Refusal("phone-country")
        return Refusal("phone-unreadable")
    if error_type in (Error.TOO_LONG, Error.TOO_SHORT_NSN, Error.TOO_SHORT_AFTER_IDD):
        return Refusal("phone-impossible")
    return Refusal("phone-unreadable")
