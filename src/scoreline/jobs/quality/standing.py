"""Rows of a base that stand, and rows that are part of others: cells by place in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.quality.changes.change import STANDS, Change, Place
from scoreline.quality.writing.files import as_texts


def cell_text(value: object) -> str | None:
    """A cell as the log has it; None for one that holds nothing."""
    return None if value is None or value == "" else str(value)


def cells_at(frame: pl.DataFrame, changes: Iterable[Change]) -> dict[Place, str | None]:
    """The cells that changes touch, as they are.

    Raises DataError for a row that the base does not have.
    """
    rows: dict[str, list[int]] = {}
    for change in changes:
        row = int(change.record)
        if not 0 < row <= frame.height:
            raise DataError(f"There is no row {change.record}, which the log names.", "")
        rows.setdefault(change.field, []).append(row - 1)
    found: dict[Place, str | None] = {}
    for name, places in rows.items():
        for place, value in zip(places, as_texts(frame[name].gather(places)), strict=True):
            text = cell_text(value)
            if text is not None:
                found[str(place + 1), name] = text
    return found


def with_cells(
    frame: pl.DataFrame, cells: Mapping[Place, str | None], changes: Iterable[Change]
) -> pl.DataFrame:
    """A base with the cells that changes touch as given.

    Raises DataError for a text that its column can't hold.
    """
    by_column: dict[str, dict[int, str | None]] = {}
    for change in changes:
        place = int(change.record) - 1
        by_column.setdefault(change.field, {})[place] = cells.get(change.place)
    for name, values in by_column.items():
        texts = pl.Series(list(values.values()), dtype=pl.String)
        try:
            column = frame[name].clone().scatter(list(values), typed(texts, frame[name].dtype))
        except pl.exceptions.PolarsError:
            raise DataError(
                f"The column `{name}` of the file holds no texts ({frame[name].dtype}).",
                "Write the clean base as csv, which holds any.",
            ) from None
        frame = frame.with_columns(column.alias(name))
    return frame


def typed(texts: pl.Series, kind: pl.DataType) -> pl.Series:
    """The values that texts of a column of a type say.

    >>> typed(pl.Series(["2026-01-31", None]), pl.Date()).to_list()
    [datetime.date(2026, 1, 31), None]
    """
    if kind == pl.Date:
        return texts.str.to_date("%Y-%m-%d")
    if isinstance(kind, pl.Datetime) and kind.time_zone is None:
        return texts.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit=kind.time_unit)
    if kind == pl.Boolean:
        return texts.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    return texts.cast(kind)


def comes_back(kind: pl.DataType) -> bool:
    """Whether a cell of a column of a type comes back from its text."""
    if isinstance(kind, pl.Datetime):
        return kind.time_zone is None
    return kind.is_integer() or kind.is_float() or kind.is_decimal() or kind in _COME_BACK


_COME_BACK = (pl.String, pl.Date, pl.Boolean, pl.Categorical, pl.Enum, pl.Null)


def with_stands(frame: pl.DataFrame) -> pl.DataFrame:
    """The base with a column that says of each row what it is part of."""
    return frame.with_columns(pl.lit(None, pl.String).alias(STANDS))


def standing_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that are part of no other, as they are written."""
    if STANDS not in frame.columns:
        return frame
    return frame.filter(exactly(STANDS).is_null()).drop(STANDS)


def with_gone(written: pl.DataFrame, changes: Sequence[Change]) -> pl.DataFrame:
    """The base of a file, with an empty row in the place of each that is part of another."""
    into = _gone(changes)
    frame = with_stands(written)
    if not into:
        return frame
    standing = iter(range(written.height))
    rows = [
        None if row in into else next(standing, None) for row in range(written.height + len(into))
    ]
    stands = [into.get(row) for row in range(len(rows))]
    whole = frame.select(pl.all().gather(pl.Series(rows, dtype=pl.UInt32)))
    return whole.with_columns(pl.Series(STANDS, stands, dtype=pl.String))


def _gone(changes: Sequence[Change]) -> dict[int, str]:
    """The rows, from 0, that are part of others after some changes, and of which."""
    stands: dict[str, str | None] = {}
    for change in changes:
        if change.field == STANDS:
            stands[change.record] = change.new
    return {int(record) - 1: into for record, into in stands.items() if into is not None}
