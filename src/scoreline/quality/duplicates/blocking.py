"""Which pairs of records are looked at: those that agree in a value, or in two, of few records.

The rules come from what the columns hold and how often values repeat; none is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from scoreline.quality.duplicates.comparisons import Comparison

LARGEST_BLOCK = 100
"""Records of one block at most: a value of more says little, and pairs grow with the square."""
PAIRS_A_RECORD = 100
"""Pairs that all rules together may give for each record: as many as the largest block."""


@dataclass(frozen=True, slots=True)
class Key:
    """Expressions in SQL whose equal values bring two records together.

    columns: the codes of the comparisons that it uses.
    """

    parts: tuple[str, ...]
    columns: tuple[str, ...]


def single_keys(compared: Sequence[Comparison]) -> list[Key]:
    """For each comparison the values that may bring two records together."""
    found = []
    for one in compared:
        code = one.code
        found.append(Key((f'"{code}"',), (code,)))
        if one.role in ("given name", "surname", "city", "text"):
            found.append(Key((f'substr("{code}", 1, 3)',), (code,)))
        if one.role in ("full name", "organisation"):
            found += [Key((f'"{code}_b"',), (code,)), Key((f'substr("{code}", 1, 5)',), (code,))]
        if one.role == "street":
            found += [Key((f'"{code}_n"',), (code,)), Key((f'"{code}_b"',), (code,))]
        if one.role == "email":
            found.append(Key((f'"{code}_w"',), (code,)))
        if one.role in ("birth date", "date"):
            found += [Key((f'"{code}_y"',), (code,)), Key((f'"{code}_d"',), (code,))]
        if one.role == "postcode":
            found.append(Key((f'substr("{code}", 1, 3)',), (code,)))
    return found


def pair_counts(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[Key], table: str
) -> list[tuple[int, int]]:
    """For each key: pairs in blocks that are small enough, and pairs in all."""
    counts = []
    for key in keys:
        by = ", ".join(key.parts)
        there = " AND ".join(f"{part} IS NOT NULL" for part in key.parts)
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
        by = ", ".join(key.parts)
        there = " AND ".join(f"{part} IS NOT NULL" for part in key.parts)
        names = [f"k{i}" for i in range(len(key.parts))]
        listed = ", ".join(f"{part} AS {name}" for part, name in zip(key.parts, names, strict=True))
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
