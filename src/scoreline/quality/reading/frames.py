"""Frames in memory as tables: Polars, pandas, Arrow and whatever speaks Arrow's C streams."""

from __future__ import annotations

from typing import Any, Protocol

import polars as pl

from scoreline.errors import DataError
from scoreline.quality.table import ROW, Table
from scoreline.quality.text import with_article


class ArrowStream(Protocol):
    """Anything that hands itself over as an Arrow stream: pandas, pyarrow, DuckDB, Polars."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream."""
        ...


Frame = pl.DataFrame | pl.LazyFrame | ArrowStream


def frame_table(frame: Any) -> Table:
    """The table of a frame; raises DataError for what is none.

    Values keep their types and are typed by the card's fields, as Parquet columns are.
    """
    if isinstance(frame, pl.DataFrame | pl.LazyFrame):
        lazy = frame.lazy()
    elif hasattr(frame, "__arrow_c_stream__"):
        made = pl.DataFrame(frame)
        # pandas hands its index over as a column; it is no column of the table.
        lazy = made.lazy().drop([name for name in made.columns if name == "__index_level_0__"])
    else:
        raise DataError(
            f"{with_article(type(frame).__name__).capitalize()} is no table.",
            "Give a file name, or a frame of Polars, pandas or Arrow.",
        )
    columns = tuple(name for name in lazy.collect_schema().names() if name != ROW)
    numbered = lazy.select(columns).with_row_index(ROW, offset=1)
    numbered = numbered.with_columns(pl.col(ROW).cast(pl.Int64))
    return Table("frame", "frame", columns, numbered)
