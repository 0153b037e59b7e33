"""Frames in memory as tables: Polars, pandas, Arrow and whatever speaks Arrow's C streams."""

from __future__ import annotations

from typing import Any, Protocol

import polars as pl
from polars.exceptions import PanicException

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.quality.reading.columns import unique_headers
from scoreline.quality.reading.pandas_columns import is_pandas, polars_column
from scoreline.quality.table import ROW, Notes, Table
from scoreline.quality.text import sentence, with_article


class ArrowStream(Protocol):
    """Anything that hands itself over as an Arrow stream: pandas, pyarrow, DuckDB, Polars."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream."""
        ...


Frame = pl.DataFrame | pl.LazyFrame | ArrowStream


def frame_table(frame: Any) -> Table:
    """The table of a frame; raises DataError for what is none.

    Values keep their types and are typed by the card's fields, as Parquet columns are. A column of
    pandas that mixes classes keeps its Python values.
    """
    notes = Notes()
    lazy = _lazy(frame, notes)
    columns = tuple(name for name in lazy.collect_schema().names() if name != ROW)
    numbered = lazy.select(map(exactly, columns)).with_row_index(ROW, offset=1)
    numbered = numbered.with_columns(pl.col(ROW).cast(pl.Int64))
    return Table("frame", "frame", columns, numbered, findings=notes.findings())


def _lazy(frame: Any, notes: Notes) -> pl.LazyFrame:
    if isinstance(frame, pl.DataFrame | pl.LazyFrame):
        return frame.lazy()
    if is_pandas(frame):
        return _of_pandas(frame, notes).lazy()
    if hasattr(frame, "__arrow_c_stream__"):
        made = _of_stream(frame)
        # pandas hands its index over as a column; it is no column of the table.
        return made.lazy().drop([name for name in made.columns if name == "__index_level_0__"])
    raise DataError(
        sentence(f"{with_article(type(frame).__name__)} is no table."),
        "Give a file name, or a frame of Polars, pandas or Arrow.",
    )


def _of_pandas(frame: Any, notes: Notes) -> pl.DataFrame:
    """The columns of a frame of pandas; of two with one name the second is `name (2)`."""
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        names = list(unique_headers(names, notes))
    return pl.DataFrame([polars_column(name, frame.iloc[:, n]) for n, name in enumerate(names)])


def _of_stream(frame: ArrowStream) -> pl.DataFrame:
    try:
        return pl.DataFrame(frame)
    except (Exception, PanicException) as error:
        what, why = with_article(type(frame).__name__), str(error).strip().partition("\n")[0]
        raise DataError(
            sentence(f"{what} can't be read as a table ({why})."),
            "Give a frame of Polars, pandas or Arrow whose columns have different names.",
        ) from None
