"""Rows on their way into a frame: a small table stays in memory, a big one goes to Parquet parts.

Memory stays bounded by one batch (some 64 MB), whatever the size of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import polars as pl

from scoreline.quality.table import ROW, Scratch

BATCH_ROWS = 65_536
BATCH_MEMORY = 64 << 20
CELL = 56
"""Bytes that a short Python text takes beside its characters."""


class RowStore:
    """Takes rows of text one by one, gives one lazy frame.

    columns: a list that may grow while rows are added; earlier rows are null there.
    """

    def __init__(self, columns: list[str], scratch: Scratch) -> None:
        self.columns = columns
        self._scratch = scratch
        self._numbers: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self._memory = 0
        self._parts: list[Path] = []

    def add(self, number: int, cells: Sequence[str | None], text: int) -> None:
        """One row: its number, its cells, and roughly how many characters it holds."""
        self._numbers.append(number)
        self._rows.append(cells)
        self._memory += text + CELL * len(cells)
        if len(self._rows) >= BATCH_ROWS or self._memory >= BATCH_MEMORY:
            path = self._scratch.path(".parquet")
            self._batch().write_parquet(path, compression="lz4", statistics=False)
            self._parts.append(path)

    def frame(self) -> pl.LazyFrame:
        """All rows that were added, empty cells as null."""
        last = self._batch()
        if not self._parts:
            return last.lazy()
        if last.height:
            path = self._scratch.path(".parquet")
            last.write_parquet(path, compression="lz4", statistics=False)
            self._parts.append(path)
        return pl.scan_parquet(
            self._parts,
            schema={**dict.fromkeys(self.columns, pl.String), ROW: pl.Int64},
            missing_columns="insert",
            glob=False,
        )

    def _batch(self) -> pl.DataFrame:
        cells = list(zip_longest(*self._rows)) or [()] * len(self.columns)
        cells += [(None,) * len(self._rows)] * (len(self.columns) - len(cells))
        series = [
            pl.Series(name, values, dtype=pl.String)
            for name, values in zip(self.columns, cells, strict=True)
        ]
        numbers = pl.Series(ROW, self._numbers, dtype=pl.Int64)
        self._rows, self._numbers, self._memory = [], [], 0
        text = pl.col(pl.String)
        return pl.DataFrame([*series, numbers]).with_columns(pl.when(text != "").then(text))
