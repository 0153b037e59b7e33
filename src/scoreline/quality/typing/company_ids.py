"""Text -> identifier of a company and its facts: status, kind, country; and bank accounts (IBAN).

The verdict is python-stdnum's: shape and check digits. A number of a known shape whose check
digits are wrong is no identifier; one of another shape is `suspect` where the country is declared
(registers exist that the library does not know), and `unknown` where it is not.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from scoreline.quality.typing import lists
from scoreline.quality.typing.checked import Checked, Status
from scoreline.quality.typing.codes import Refusal

LONGEST = 60
"""Characters beyond which no text is an identifier."""
INTERNATIONAL, LEI_LENGTH = (None, "lei", "stdnum.lei"), 20
_MODULES = {"IN": "in_", "IS": "is_"}


@dataclass(frozen=True, slots=True)
class CompanyId(Checked):
    """An identifier as written, with its facts."""

    text: str
    number: str
    kind: str | None
    country: str | None
    status: Status = "ok"
    code: str = ""

    @property
    def normal(self) -> str:
        """Without blanks and punctuation."""
        return self.number


@dataclass(frozen=True, slots=True)
class Iban(Checked):
    """A bank account number as written, with its facts."""

    text: str
    number: str
    country: str
    status: Status = "ok"
    code: str = ""

    @property
    def normal(self) -> str:
        """Without blanks."""
        return self.number


def read_company_id(text: str, country: str | None) -> CompanyId | Refusal:
    """The identifier in a normal text, as one of `country` or with its own prefix.

    >>> found = read_company_id("7707083893", "RU")
    >>> found.status, found.kind, found.country
    ('ok', 'inn', 'RU')
    >>> read_company_id("7707083894", "RU").code
    'company-id-invalid'
    """
    if len(text) > LONGEST:
        return Refusal("company-id-invalid", {"kinds": "An identifier"})
    wrong: list[str] = []
    for where, kind, module in _candidates(text, country):
        found = _number(module, text)
        if isinstance(found, str):
            return CompanyId(text, found, kind, where)
        if found:
            wrong.append(kind.upper())
    if wrong:
        return Refusal("company-id-invalid", {"kinds": " or ".join(dict.fromkeys(wrong))})
    if country in offered():
        return CompanyId(text, text, None, None, "suspect", "company-id-shape")
    return CompanyId(text, text, None, None, "unknown")


def read_iban(text: str) -> Iban | Refusal:
    """The account number in a normal text.

    >>> read_iban("GR16 0110 1050 0000 1054 7023 795").country
    'GR'
    >>> read_iban("GR16 0110 1050 0000 1054 7023 796").code
    'iban-invalid'
    """
    number = _number("stdnum.iban", text) if len(text) <= LONGEST else None
    if not isinstance(number, str):
        return Refusal("iban-invalid")
    return Iban(text, number, number[:2])


@cache
def offered() -> dict[str | None, tuple[tuple[str, str], ...]]:
    """Country -> the kinds of identifiers that are known of it, each with its module."""
    found: dict[str | None, tuple[tuple[str, str], ...]] = {}
    for country, words in lists.company_ids().items():
        pairs = (word.partition("=")[::2] for word in words)
        package = _MODULES.get(country, country.lower())
        found[country] = tuple((kind, f"stdnum.{package}.{own or kind}") for kind, own in pairs)
    return found


def _candidates(text: str, country: str | None) -> list[tuple[str | None, str, str]]:
    """(country, kind, module) of what a text may be: the country's own, then by its prefix."""
    found: list[tuple[str | None, str, str]] = []
    found += [(country, kind, module) for kind, module in offered().get(country, ())]
    prefix = "GR" if text[:2].upper() == "EL" else text[:2].upper()
    if prefix != country:
        found += [(prefix, k, module) for k, module in offered().get(prefix, ()) if k == "vat"]
    # The library does not look at the length of an LEI.
    return [*found, INTERNATIONAL] if len("".join(text.split())) == LEI_LENGTH else found


def _number(module: str, text: str) -> str | bool:
    """The normal form; True if check digits or parts are wrong, False if it has another shape."""
    from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

    try:
        return str(_module(module).validate(text))
    except (InvalidFormat, InvalidLength):
        return False
    except ValidationError:
        return True
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):  # odd signs, such as ²
        return False


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(name)
