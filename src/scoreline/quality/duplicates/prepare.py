"""Records as they are compared: standard values, their parts, and how often each value stands here.

What depends on one record alone is `parts`; what depends on the base is `Frequencies`, so that a
record that comes later is prepared by the same two.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from scoreline.quality.duplicates.comparisons import (
    COMMON,
    CONTACTS,
    RARE,
    SHARED,
    USUAL,
    Comparison,
)
from scoreline.quality.duplicates.standard import column
from scoreline.quality.roles import Role

ROW = "row"
OWN: tuple[tuple[Role, ...], ...] = (
    ("given name", "full name", "organisation", "birth date"),
    ("surname",),
)
"""Roles that tell two people of one contact apart: those of the first group that the base has."""

_STEP = 8
"""A class of frequency spans this factor: three bits, so a value's own is at most 1.5 away."""


def parts(role: Role, value: str | None) -> dict[str, str | None]:
    """The parts of a standard value that levels look at, by the end of their column's name.

    >>> parts("street", "12 main st")
    {'_n': '12', '_b': 'main'}
    >>> parts("email", "anna.kim@acme.ru")
    {'_w': 'anna.kim', '_g': '-'}
    """
    return {end: value and (of(value) or None) for end, of in _PARTS.get(role, {}).items()}


def _sorted_words(value: str) -> str:
    return " ".join(sorted(value.split()))


def _beginning(value: str) -> str:
    return " ".join(value.split()[:2])


def _initial_and_last(value: str) -> str:
    words = value.split()
    return f"{words[0][0]} {words[-1]}" if len(words) > 1 else ""


def _number(value: str) -> str:
    return next((word for word in value.split() if word[0].isdigit()), "")


def _street_name(value: str) -> str:
    names = [word for word in value.split() if not word[0].isdigit() and len(word) > 2]
    return names[0] if names else ""


def _digits(value: str) -> str:
    """The digits of a text in order, and a sign, so that texts without any have that in common."""
    return "".join(filter(str.isdigit, value)) + "-"


def _swapped(value: str) -> str:
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    return f"{year}-{day}-{month}" if day and day != month else ""


_PARTS = {
    "full name": {"_w": _sorted_words, "_b": _initial_and_last},
    "organisation": {"_w": _sorted_words, "_b": _beginning, "_g": _digits},
    "street": {"_n": _number, "_b": _street_name},
    "email": {"_w": lambda value: value.partition("@")[0], "_g": _digits},
    "birth date": {
        "_s": _swapped,
        "_y": lambda value: value[:4],
        "_d": lambda value: value[5:],
    },
}
_PARTS["date"] = _PARTS["birth date"]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often the values of one column stand in the base: value -> its class, else `usual`."""

    classes: Mapping[str, int]
    unseen: int

    def of(self, value: str | None) -> int | None:
        """The class of a value; one that the base has not seen is as rare as can be."""
        return None if value is None else self.classes.get(value, self.unseen)


def frequencies(values: Sequence[str | None]) -> Frequencies:
    """The classes of a column's values by how often they stand in it.

    The middle of the scale is the chance that two records agree, which is the frequency of the
    values that chance agreements have.
    """
    counts = Counter(value for value in values if value is not None)
    there = sum(counts.values())
    chance = sum((count / there) ** 2 for count in counts.values()) if there else 0.0
    classes = {}
    for value, count in counts.items():
        steps = math.log(count / there / chance, _STEP)
        classes[value] = COMMON if steps > 0 else USUAL if steps > -1 else RARE
    return Frequencies({value: one for value, one in classes.items() if one != RARE}, RARE)


def contact_classes(
    values: Sequence[str | None], told_apart: Sequence[Sequence[str | None]]
) -> Frequencies:
    """The classes of a contact's values: shared where three or more records rather differ.

    told_apart: columns by which people are told apart. Records that agree in one of them, or by a
    chain of such, count as one person; if less than half of the pairs are of one person, a pair of
    records with this value is rather two people. Chains are followed among so few records that
    chance brings each less than one link: from one on it links nearly all of them (Erdos and Renyi,
    1960). Among more only records that agree themselves count as one person.
    """
    chance = sum(_chance(told) for told in told_apart)
    rows: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if value is not None:
            rows.setdefault(value, []).append(row)
    found = (value for value, these in rows.items() if len(these) > 2)
    return Frequencies(
        {value: SHARED for value in found if _rather_differ(rows[value], told_apart, chance)}, USUAL
    )


def _chance(values: Sequence[str | None]) -> float:
    """How often two records that have a value have the same."""
    counts = Counter(value for value in values if value is not None)
    there = sum(counts.values())
    return sum((count / there) ** 2 for count in counts.values())


def _rather_differ(
    rows: Sequence[int], told_apart: Sequence[Sequence[str | None]], chance: float
) -> bool:
    telling = [row for row in rows if any(values[row] is not None for values in told_apart)]
    few = len(rows) * chance < 1
    of_one = _chained(rows, telling, told_apart) if few else _agreeing(telling, told_apart)
    return 4 * of_one < len(telling) * (len(telling) - 1)


def _chained(
    rows: Sequence[int], telling: Sequence[int], told_apart: Sequence[Sequence[str | None]]
) -> int:
    """How many pairs of the telling rows a chain of agreements connects."""
    parent = {row: row for row in rows}

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    for values in told_apart:
        first: dict[str, int] = {}
        for row in rows:
            if (value := values[row]) is not None:
                parent[root(row)] = root(first.setdefault(value, row))
    return _pairs(map(root, telling))


def _agreeing(rows: Sequence[int], told_apart: Sequence[Sequence[str | None]]) -> int:
    """How many pairs agree in at least one column: those in one, less those in two, and so on."""
    found = 0
    for size in range(1, len(told_apart) + 1):
        for columns in combinations(told_apart, size):
            values = (tuple(one[row] for one in columns) for row in rows)
            found += (-1) ** (size + 1) * _pairs(one for one in values if None not in one)
    return found


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


@dataclass(frozen=True)
class Base:
    """All records, prepared: a row each, and what the next record is prepared by."""

    frame: pl.DataFrame
    comparisons: tuple[Comparison, ...]
    frequencies: Mapping[str, Frequencies]


def prepared(compared: Sequence[Comparison], raw: Mapping[str, Sequence[str | None]]) -> Base:
    """The records of raw columns; `row` counts from 0."""
    values = {one.code: column(one.role, raw[one.name]) for one in compared}
    told_apart = _telling(compared, values)
    columns: dict[str, pl.Series] = {}
    classes: dict[str, Frequencies] = {}
    for one in compared:
        these = values[one.code]
        columns[one.code] = pl.Series(these, dtype=pl.String)
        classes[one.code] = (
            contact_classes(these, told_apart) if one.role in CONTACTS else frequencies(these)
        )
        columns[f"{one.code}_f"] = pl.Series(map(classes[one.code].of, these), dtype=pl.Int8)
        known = {value: parts(one.role, value) for value in set(these)}
        for end in _PARTS.get(one.role, {}):
            columns[one.code + end] = pl.Series([known[v][end] for v in these], dtype=pl.String)
    frame = pl.DataFrame(columns)
    return Base(frame.with_row_index(ROW), tuple(compared), classes)


def _telling(
    compared: Sequence[Comparison], values: Mapping[str, Sequence[str | None]]
) -> list[Sequence[str | None]]:
    """The columns by which people of one contact are told apart."""
    for group in OWN:
        found = [values[one.code] for one in compared if one.role in group]
        if found:
            return found
    return []
