"""Given name and family name in each other's place.

Told of one record only where a list proves both; of a base also where its other records do: each of
the two values is far oftener what the other column holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import polars as pl

from scoreline.quality.checks.pair import Pair
from scoreline.quality.lists import word_lines
from scoreline.quality.roles import Role, without_accents
from scoreline.quality.text import folded

CODE = "name-swapped"
EVIDENCE = 3
"""Different partners that a value must have in the other column, for both values."""
ODDS = 19 * 99
"""How much likelier the two must be the other way round: one record in a hundred is swapped, and
what is told of is to be so in 19 cases of 20."""

_SURNAME = re.compile(r"[а-я]{2,}(?:[ое]ва?|[сц]к(?:ии|ая)|енко|швили)")
_PATRONYMIC = re.compile(r"[а-я]{3,}(?:вич|вна|ична|ьич)")


def swapped_pairs(roles: Mapping[str, Role]) -> list[Pair]:
    """The check of a column of given names beside one of surnames; told of both."""
    columns = name_columns(roles)
    if columns is None:
        return []
    given, surname = columns
    return [
        Pair(CODE, given, (given, surname), proves_swapped, lambda _, other: str(other)),
        Pair(CODE, surname, (given, surname), proves_swapped, lambda other, _: str(other)),
    ]


def name_columns(roles: Mapping[str, Role]) -> tuple[str, str] | None:
    """The columns of given names and of surnames, where there is one of each."""
    given = [name for name, role in roles.items() if role == "given name"]
    surname = [name for name, role in roles.items() if role == "surname"]
    return (given[0], surname[0]) if len(given) == len(surname) == 1 else None


def proves_swapped(given: str, surname: str) -> bool:
    """Whether lists prove that each of two names is in the place of the other.

    >>> proves_swapped("Smith", "Elizabeth"), proves_swapped("Петрова", "Анна Сергеевна")
    (True, True)
    >>> proves_swapped("Thomas", "Martin"), proves_swapped("Zhu", "Elizabeth")
    (False, False)
    """
    return _is_given(surname) and _is_surname(given)


def swapped_in_base(given: pl.Series, surname: pl.Series) -> pl.Series:
    """Whether the other records of a base say that two names are in each other's place.

    A value is a given name as often as it stands before different surnames, and a surname as often
    as after different given names, so that one record many times proves nothing. With g and s of a
    record, and half a count for what was never seen, the odds that it is swapped are those of g as
    a surname and s as a given name against those of their being in place, the record itself aside.
    """
    frame = pl.DataFrame({"g": _alike(given), "s": _alike(surname)})
    pairs = frame.drop_nulls().unique()
    as_given = pairs.group_by("g").len().rename({"g": "v", "len": "as_given"})
    as_surname = pairs.group_by("s").len().rename({"s": "v", "len": "as_surname"})
    counts = as_given.join(as_surname, on="v", how="full", coalesce=True).fill_null(0)
    both = pairs.join(counts, left_on="g", right_on="v").join(
        counts, left_on="s", right_on="v", suffix="_s"
    )
    wrong = (pl.col("as_surname") + 0.5) * (pl.col("as_given_s") + 0.5)
    right = (pl.col("as_given") - 0.5) * (pl.col("as_surname_s") - 0.5)  # less the record itself
    enough = pl.min_horizontal("as_surname", "as_given_s") >= EVIDENCE
    found = both.filter(enough & (pl.col("g") != pl.col("s")) & (wrong >= ODDS * right))
    told = found.select("g", "s", pl.lit(value=True).alias("swapped"))
    joined = frame.join(told, on=["g", "s"], how="left", maintain_order="left")
    return joined["swapped"].fill_null(value=False)


def _alike(names: pl.Series) -> pl.Series:
    return names.str.normalize("NFC").str.to_lowercase().str.replace_all("ё", "е")


@lru_cache(maxsize=50_000)
def _is_given(text: str) -> bool:
    text = without_accents(folded(text))
    first, *others = re.findall(r"[^\W\d_]+", text) or [""]
    return first in _names()["given"] and all(
        other in _names()["given"] or _PATRONYMIC.fullmatch(other) for other in others
    )


@lru_cache(maxsize=50_000)
def _is_surname(text: str) -> bool:
    text = without_accents(folded(text))
    if text in _names()["given"]:
        return False
    return text in _names()["surname"] or bool(_SURNAME.fullmatch(text))


@cache
def _names() -> dict[str, frozenset[str]]:
    """The listed names by what they are, folded."""
    found: dict[str, set[str]] = {"given": set(), "surname": set()}
    for line in word_lines("names.txt"):
        kind, _, names = line.partition(": ")
        found[kind].update(map(without_accents, names.split()))
    return {kind: frozenset(names) for kind, names in found.items()}
