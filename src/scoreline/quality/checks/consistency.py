"""What the cells of one record say of each other: country and phone, postcode, region,
company id; dates; given name and family name.

Each check is a function of a few typed values of one record, so it answers for a form; a table
asks it once for each different combination.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from scoreline.language.fields import Field, fact_column
from scoreline.quality.checks.addresses import address_pairs, region_pairs
from scoreline.quality.checks.pair import Pair
from scoreline.quality.checks.swapped import swapped_pairs
from scoreline.quality.roles import Role
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.postcodes import read_postcode

OLDEST = 120
"""Years that nobody is older than: the oldest person known died at 122."""


def pairs_of(
    fields: Sequence[Field], roles: Mapping[str, Role], today: dt.date
) -> tuple[Pair, ...]:
    """The checks that the columns of a file allow.

    roles: by field; today: births after it lie in the future.
    """
    by_type: dict[str, list[str]] = {}
    for field in fields:
        by_type.setdefault(field.type, []).append(field.name)
    found = [
        Pair("birth-future", name, (name,), _after(today))
        for name, role in roles.items()
        if role == "birth date"
    ]
    found += [
        Pair("birth-too-old", name, (name,), _too_old(today))
        for name, role in roles.items()
        if role == "birth date"
    ]
    found += swapped_pairs(roles)
    countries = by_type.get("country", [])
    if not countries:
        return (*found, *_of_the_base(fields, roles))
    if len(countries) > 1:  # nobody knows which of them is meant
        return tuple(found)
    (country,) = countries
    for kind, code in (("phone", "country-phone"), ("company id", "country-company-id")):
        for name in by_type.get(kind, ()):
            found.append(Pair(code, name, (country, fact_column(name, "country")), _differ))
    for name in by_type.get("postcode", ()):
        found.append(Pair("country-postcode", name, (country, name), _no_postcode))
    found += address_pairs(country, roles)
    return tuple(found)


def _of_the_base(fields: Sequence[Field], roles: Mapping[str, Role]) -> list[Pair]:
    """The checks of regions where no column names the country, but all postcodes are of one."""
    homes = {field.country for field in fields if field.type == "postcode"}
    home = homes.pop() if len(homes) == 1 else None
    return [] if home is None else region_pairs(home, roles)


def _differ(one: str, other: str) -> bool:
    return one != other


def _no_postcode(country: str, postcode: str) -> bool:
    return isinstance(read_postcode(postcode, country), Refusal)


def _after(today: dt.date) -> Callable[[dt.date | int], bool]:
    """Whether somebody was born after a day; an integer is a year."""
    return lambda born: born > today if isinstance(born, dt.date) else born > today.year


def _too_old(today: dt.date) -> Callable[[dt.date | int], bool]:
    """Whether somebody who was born on a day, or in a year, is older than the oldest people are."""
    this = (today.month, today.day)

    def too_old(born: dt.date | int) -> bool:
        if not isinstance(born, dt.date):
            return today.year - born - 1 > OLDEST
        return today.year - born.year - (this < (born.month, born.day)) > OLDEST

    return too_old
