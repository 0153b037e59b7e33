"""What only many records together say: values that too many share, columns that never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from scoreline.quality.roles import proposed
from scoreline.quality.typing.typos import meant_domain

MOST_SHARING = 5
"""Records that may share a contact: as many as live in nearly all households."""
NEARLY_ALL, ENOUGH = 0.98, 50
"""Share of the records that have one value in a column that says nothing, and how many at least."""
_OWN_COUNT, _OWN_SHARE = 3, 0.1
"""A domain is the base's own if so many records have it, and so many for each of the one it may be
a misspelling of: people misspell a domain in some 1 % of cases, in many different ways, and not one
in ten in the same way even where hands are hasty."""


def shared(values: pl.Series) -> pl.Series:
    """Whether each value is one that more records have than share a contact; null is none.

    >>> shared(pl.Series(["a"] * 6 + ["b", None])).sum()
    6
    """
    counted = values.to_frame("v").select(pl.len().over("v") > MOST_SHARING, pl.col("v"))
    return counted["len"] & counted["v"].is_not_null()


def is_constant(values: pl.Series) -> bool:
    """Whether nearly all of a column is one value, where there are enough values to say so."""
    known = values.drop_nulls()
    if len(known) < ENOUGH:
        return False
    most = known.value_counts(sort=True)["count"][0]
    return bool(most >= NEARLY_ALL * len(known))


def own_domains(counts: Mapping[str, int]) -> frozenset[str]:
    """Domains that look misspelt and are too frequent in a base to be: its own customers'.

    counts: how many records have each domain.

    >>> own_domains({"gmail.com": 1000, "gmai.com": 2, "bol.com": 40, "aol.com": 100})
    frozenset({'bol.com'})
    """
    found = set()
    for domain, count in counts.items():
        meant = meant_domain(domain) if count >= _OWN_COUNT else None
        if meant and count > _OWN_SHARE * counts.get(meant, 0):
            found.add(domain)
    return frozenset(found)


def repeated(keys: pl.Series) -> pl.Series:
    """Whether each key is one that another record has too; null is none.

    >>> repeated(pl.Series(["1", "2", "1", None, None])).to_list()
    [True, False, True, False, False]
    """
    return keys.is_duplicated() & keys.is_not_null()


def is_nearly_key(header: str, values: Sequence[str | None]) -> bool:
    """Whether a column is one of keys though some stand twice: it is called so, nearly all differ.

    >>> is_nearly_key("customer id", [*map(str, range(60)), "7"])
    True
    """
    known = [value for value in values if value]
    if proposed(header)[:1] != ["key"] or len(known) < ENOUGH:
        return False
    return len(set(known)) >= NEARLY_ALL * len(known)
