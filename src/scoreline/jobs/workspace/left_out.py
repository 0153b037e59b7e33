"""Rows of a file that could not be used, with what stood in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.quality.boundary import Boundary, python_values
from scoreline.quality.table import ROW, RejectedRow, Table
from scoreline.quality.text import plain_text

_RAW = "__raw__"


def left_out(
    table: Table, boundary: Boundary, further: Sequence[RejectedRow] = ()
) -> list[RejectedRow]:
    """What the reader, the boundary and the caller left out, in the order of the file.

    A row of which nothing is shown yet is shown as JSON of its texts. To be called when the rows
    of the boundary were taken.
    """
    blank = [RejectedRow(row, None, reason, "") for row, reason in boundary.rejected]
    found = sorted([*table.rejected, *blank, *further], key=lambda row: row.row)
    bare = [one.row for one in found if not one.raw]
    if not bare:
        return found
    texts = pl.struct(text_of(exactly(name)).alias(name) for name in table.columns)
    asked = table.frame.filter(pl.col(ROW).is_in(bare))
    raw = asked.select(ROW, texts.struct.json_encode().alias(_RAW)).collect(engine="streaming")
    shown = dict(zip(raw[ROW], raw[_RAW], strict=True))
    return [one if one.raw else replace(one, raw=shown.get(one.row, "")) for one in found]


def unfit_reason(name: str) -> str:
    """Why a row is left out where no database can hold its text of a column."""
    return f"`{name}` holds a character that is none"


def unfit(name: str) -> pl.Expr:
    """Whether no database can hold the texts of a column."""
    return pl.col(name).str.contains("\0", literal=True).fill_null(value=False)


def text_of(raw: pl.Expr) -> pl.Expr:
    """The texts that stand for the values of a column of any type."""
    return raw.map_batches(_texts, return_dtype=pl.String, is_elementwise=True)


def _texts(raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.String:
        return raw
    if isinstance(raw.dtype, pl.Categorical | pl.Enum):
        return raw.cast(pl.String)
    if raw.dtype.is_float():
        raw = raw.fill_nan(None)
    texts = [None if value is None else plain_text(value) for value in python_values(raw)]
    return pl.Series(raw.name, texts, dtype=pl.String)
