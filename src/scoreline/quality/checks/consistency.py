"""What the cells of one record say of each other: country and phone, postcode, company id; dates.

Each check is a function of a few typed values of one record, so it answers for a form; a table
asks it once for each different combination.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.language.fields import Field, fact_column
from scoreline.quality.roles import Role
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.postcodes import read_postcode

OLDEST = 120
"""Years that nobody is older than: the oldest person known died at 122."""


@dataclass(frozen=True)
class Pair:
    """A check of the columns of a typed table together.

    code: of its finding; field: the one that the finding is told of; columns: what it reads; fails:
    of their values, none of them missing, whether they contradict each other.
    """

    code: str
    field: str
    columns: tuple[str, ...]
    fails: Callable[..., bool]


def pairs_of(
    fields: Sequence[Field], roles: Mapping[str, Role], as_of: dt.datetime
) -> tuple[Pair, ...]:
    """The checks that the columns of a file allow.

    roles: by field; as_of: the moment at which births lie in the future.
    """
    by_type: dict[str, list[str]] = {}
    for field in fields:
        by_type.setdefault(field.type, []).append(field.name)
    found = [
        Pair("birth-future", name, (name,), _after(as_of.date()))
        for name, role in roles.items()
        if role == "birth date"
    ]
    found += [
        Pair("birth-too-old", name, (name,), _too_old(as_of.date()))
        for name, role in roles.items()
        if role == "birth date"
    ]
    countries = by_type.get("country", [])
    if len(countries) != 1:  # of several countries nobody knows which is meant
        return tuple(found)
    (country,) = countries
    for kind, code in (("phone", "country-phone"), ("company id", "country-company-id")):
        for name in by_type.get(kind, ()):
            found.append(Pair(code, name, (country, fact_column(name, "country")), _differ))
    for name in by_type.get("postcode", ()):
        found.append(Pair("country-postcode", name, (country, name), _no_postcode))
    return tuple(found)


def contradictions(frame: pl.DataFrame, pair: Pair) -> pl.Series:
    """Whether each row of a typed table fails a check; a row that lacks a value does not."""
    columns = [exactly(name).alias(f"__{n}__") for n, name in enumerate(pair.columns)]
    names = [f"__{n}__" for n in range(len(columns))]
    asked = frame.select(columns).unique(maintain_order=True).drop_nulls()
    verdicts = asked.with_columns(
        pl.Series("__fails__", [pair.fails(*row) for row in asked.iter_rows()], dtype=pl.Boolean)
    )
    joined = frame.select(columns).join(verdicts, on=names, how="left", maintain_order="left")
    return joined["__fails__"].fill_null(value=False)


def _differ(one: str, other: str) -> bool:
    return one != other


def _no_postcode(country: str, postcode: str) -> bool:
    return isinstance(read_postcode(postcode, country), Refusal)


def _after(today: dt.date) -> Callable[[dt.date], bool]:
    return lambda born: born > today


def _too_old(today: dt.date) -> Callable[[dt.date], bool]:
    return lambda born: today.year - born.year > OLDEST
