"""Which pairs of records are looked at: those that agree in a value, or in two, of few records.

The rules come from what the columns hold and how often values repeat; none is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from scoreline.quality.duplicates.comparisons import Comparison
from scoreline.quality.duplicates.pairtests import Prepared
from scoreline.quality.roles import Role

LARGEST_BLOCK = 100
"""Records of one block at most: a value of more says little, and pairs grow with the square."""
PAIRS_A_RECORD = 100
"""Pairs that all rules together may give for each record: as many as the largest block."""


@dataclass(frozen=True, slots=True)
class Part:
    """A prepared column, or its first letters; 0 letters are the whole value."""

    column: str
    letters: int = 0

    @property
    def sql(self) -> str:
        """Its value, as an expression in SQL."""
        whole = f'"{self.column}"'
        return f"substr({whole}, 1, {self.letters})" if self.letters else whole

    def of(self, record: Prepared) -> str | None:
        """Its value in a prepared record."""
        value = record[self.column]
        return None if value is None else str(value)[: self.letters or None]


@dataclass(frozen=True, slots=True)
class Key:
    """What brings two records together where all of it is equal.

    columns: the codes of the comparisons that it uses.
    """

    parts: tuple[Part, ...]
    columns: tuple[str, ...]

    def of(self, record: Prepared) -> tuple[str, ...] | None:
        """The values of a prepared record by which it is found; None if one is missing."""
        values = tuple(part.of(record) for part in self.parts)
        found = tuple(value for value in values if value is not None)
        return found if len(found) == len(values) else None


_LETTERS = (Part("", 3),)
_DATES = (Part("_y"), Part("_d"))
_PARTS: Mapping[Role, tuple[Part, ...]] = {
    **dict.fromkeys(("given name", "surname", "city", "text", "postcode"), _LETTERS),
    **dict.fromkeys(("full name", "organisation"), (Part("_b"), Part("", 5))),
    **dict.fromkeys(("birth date", "date"), _DATES),
    "street": (Part("_n"), Part("_b")),
    "email": (Part("_w"),),
}
"""Parts of a column's values that may bring records together, by the end of the column's name."""


def single_keys(compared: Sequence[Comparison]) -> list[Key]:
    """For each comparison the values that may bring two records together."""
    found = []
    for one in compared:
        parts = (Part(""), *_PARTS.get(one.role, ()))
        found += [Key((Part(one.code + part.column, part.letters),), (one.code,)) for part in parts]
    return found


def pair_counts(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[Key], table: str
) -> list[tuple[int, int]]:
    """For each key: pairs in blocks that are small enough, and pairs in all."""
    counts = []
    for key in keys:
        by = ", ".join(part.sql for part in key.parts)
        there = " AND ".join(f"{part.sql} IS NOT NULL" for part in key.parts)
        sql = (
            f"SELECT coalesce(sum(n * (n - 1) // 2) FILTER (n <= {LARGEST_BLOCK}), 0)::BIGINT, "
            f"coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM "
            f"(SELECT count(*) AS n FROM {table} WHERE {there} GROUP BY {by})"
        )
        row = connection.execute(sql).fetchall()[0]
        counts.append((int(row[0]), int(row[1])))
    return counts


def chosen_keys(
    connection: duckdb.DuckDBPyConnection, compared: Sequence[Comparison], table: str
) -> list[Key]:
    """Keys of one value where blocks are small, and of two values where they are not."""
    rows = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    budget = PAIRS_A_RECORD * rows[0][0]
    singles = single_keys(compared)
    counts = pair_counts(connection, singles, table)
    found = [key for key, (_, pairs) in zip(singles, counts, strict=True) if 0 < pairs <= budget]
    broad = [key for key, (_, pairs) in zip(singles, counts, strict=True) if pairs > budget]
    narrow = {key.columns for key in found}
    twos = [
        Key(one.parts + other.parts, one.columns + other.columns)
        for one, other in combinations(singles, 2)
        if one.columns != other.columns
        and not (one.columns in narrow and other.columns in narrow)
        and (one in broad or other in broad)
        and one not in found
        and other not in found
    ]
    counted = pair_counts(connection, twos, table)
    numbered = [*zip(singles, counts, strict=True), *zip(twos, counted, strict=True)]
    return _narrowest([(pairs, key) for key, (_, pairs) in numbered if pairs > 0], budget)


def _narrowest(keys: Iterable[tuple[int, Key]], budget: int) -> list[Key]:
    """The keys of fewest pairs that together stay in the budget; at least one."""
    chosen: list[Key] = []
    for pairs, key in sorted(keys, key=lambda one: one[0]):
        budget -= pairs
        if chosen and budget < 0:
            break
        chosen.append(key)
    return chosen


def candidate_pairs(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[Key], table: str, into: str
) -> None:
    """A table of pairs, `l` before `r` by row, each once, in order."""
    selects = []
    for key in keys:
        by = ", ".join(part.sql for part in key.parts)
        there = " AND ".join(f"{part.sql} IS NOT NULL" for part in key.parts)
        names = [f"k{i}" for i in range(len(key.parts))]
        parts = zip(key.parts, names, strict=True)
        listed = ", ".join(f"{part.sql} AS {name}" for part, name in parts)
        blocks = (
            f"(SELECT row, {listed} FROM {table} WHERE {there} "
            f"QUALIFY count(*) OVER (PARTITION BY {by}) BETWEEN 2 AND {LARGEST_BLOCK})"
        )
        on = " AND ".join(f"a.{name} = b.{name}" for name in names)
        selects.append(
            f"SELECT a.row AS l, b.row AS r FROM {blocks} a "
            f"JOIN {blocks} b ON {on} AND a.row < b.row"
        )
    union = " UNION ".join(selects)
    connection.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT l, r FROM ({union}) ORDER BY l, r"
    )
