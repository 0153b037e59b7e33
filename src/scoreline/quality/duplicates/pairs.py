"""The pairs of a base that are looked at, with the levels of their comparisons, by DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.quality.duplicates.blocking import candidate_pairs, chosen_keys
from scoreline.quality.duplicates.comparisons import Comparison
from scoreline.quality.duplicates.prepare import ROW, Base
from scoreline.quality.duplicates.settling import MISSING

Rows = npt.NDArray[np.int64]

FEW = 1_000
"""Bases of so many records at most are compared each with each, as the sample of chance is."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, each once, in order; levels: a row each, `other` 0, MISSING -1."""

    left: Rows
    right: Rows
    levels: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.left)

    def places(self, wanted: Sequence[tuple[int, int]]) -> list[int]:
        """The places of given pairs of rows that are among these."""
        span = int(self.right.max(initial=0)) + 1
        codes = [one * span + other for one, other in wanted]
        found: list[int] = np.searchsorted(self.left * span + self.right, codes).tolist()
        return found

    def at(self, places: Sequence[int]) -> Pairs:
        """The pairs at given places."""
        return Pairs(self.left[places], self.right[places], self.levels[places])


def pairs_of(base: Base, asked: Sequence[tuple[int, int]] = ()) -> Pairs:
    """The pairs that have something in common, and those that are asked for, with their levels."""
    connection = duckdb.connect()
    try:
        connection.register("prepared", base.frame.to_arrow())
        connection.execute(f"CREATE TABLE records AS SELECT * FROM prepared ORDER BY {ROW}")
        if base.frame.height <= FEW:
            connection.execute(
                f"CREATE TABLE pairs AS SELECT a.{ROW} AS l, b.{ROW} AS r "
                f"FROM records a JOIN records b ON a.{ROW} < b.{ROW}"
            )
        else:
            keys = chosen_keys(connection, base.comparisons, "records")
            candidate_pairs(connection, keys, "records", "pairs")
        connection.register("asked", _table(asked).to_arrow())
        connection.execute("INSERT INTO pairs SELECT l, r FROM asked EXCEPT SELECT l, r FROM pairs")
        return _compared(connection, base)
    finally:
        connection.close()


def levels_of(base: Base, left: Sequence[int], right: Sequence[int]) -> Pairs:
    """Given pairs of rows with their levels, in order."""
    connection = duckdb.connect()
    try:
        connection.register("prepared", base.frame.to_arrow())
        connection.execute("CREATE TABLE records AS SELECT * FROM prepared")
        connection.register("pairs", _table(zip(left, right, strict=True)).to_arrow())
        return _compared(connection, base)
    finally:
        connection.close()


def _table(pairs: Iterable[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(list(pairs), schema={"l": pl.Int64, "r": pl.Int64}, orient="row")


def _compared(connection: duckdb.DuckDBPyConnection, base: Base) -> Pairs:
    columns = [name for name in base.frame.columns if name != ROW]
    sides = ", ".join(f'a."{name}" AS "{name}_l", b."{name}" AS "{name}_r"' for name in columns)
    levels = ", ".join(_level_sql(one) for one in base.comparisons)
    found = connection.execute(
        f"SELECT l, r, {levels} FROM (SELECT l, r, {sides} FROM pairs "
        f"JOIN records a ON a.{ROW} = l JOIN records b ON b.{ROW} = r) ORDER BY l, r"
    ).fetchnumpy()
    places = [np.asarray(found[one.code], dtype=np.int8) for one in base.comparisons]
    return Pairs(
        np.asarray(found["l"], dtype=np.int64),
        np.asarray(found["r"], dtype=np.int64),
        np.column_stack(places) if places else np.empty((0, 0), dtype=np.int8),
    )


def _level_sql(one: Comparison) -> str:
    return f"coalesce({one.sql}, {MISSING})::TINYINT AS {one.code}"
