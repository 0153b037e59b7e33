"""A column of typed records as it is learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.jobs.learning.fields import FACTS
from scoreline.jobs.learning.ladders import on_ladder
from scoreline.jobs.learning.special import which_codes, without_codes
from scoreline.language.fields import Field, fact_column
from scoreline.learn.columns import MISSING, Column, Levels, Numbers
from scoreline.learn.wording import Clue

LATER_DATES = 0.1
"""Share of dates after the moment of the record from which on a field is one of later; fewer are
slips."""
DAY = 86_400_000_000
"""Microseconds of a day."""


def column_of(
    rows: pl.DataFrame, one: Field, clue: Clue, times: npt.NDArray[np.int64] | None
) -> Column:
    """The typed values of a field as they are learnt from."""
    values = rows[one.name]
    if clue.given:
        return Levels.of(one.name, (None if value is None else "given" for value in values))
    if one.type in ("date", "time"):
        assert times is not None  # noqa: S101  dates are candidates only beside a time
        moment = values.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64)
        then = moment.to_numpy()
        return Numbers(one.name, np.floor((times - then) / DAY))
    if one.kind == "number":
        numbers = values.cast(pl.Float64).to_numpy()
        if clue.apart:
            return which_codes(clue.column, numbers, clue.codes)
        return without_codes(Numbers(one.name, numbers), clue.codes)
    if one.type in FACTS:
        values = rows[fact_column(one.name, FACTS[one.type])]
    levels = _levels(one.name, values)
    return on_ladder(levels, clue.ladder, one.type) if clue.ladder else levels


def dated_later(fields: Sequence[Field], columns: Sequence[Column]) -> dict[str, str]:
    """Fields whose dates often lie after the moment of the record, with that as the reason: nobody
    could know them then.
    """
    dates = {one.name for one in fields if one.type in ("date", "time")}
    found = {}
    for column in columns:
        if column.name not in dates or not isinstance(column, Numbers):
            continue
        there = column.values[column.there]
        share = float((there < 0).mean()) if len(there) else 0.0
        if share > LATER_DATES:
            found[column.name] = f"{share:.0%} of its dates lie after the moment of the record"
    return found


def _levels(name: str, values: pl.Series) -> Levels:
    texts = values.cast(pl.String)
    names = sorted(texts.drop_nulls().unique().to_list())
    codes = texts.replace_strict(
        names, list(range(len(names))), default=MISSING, return_dtype=pl.Int32
    )
    return Levels(name, codes.fill_null(MISSING).to_numpy(), tuple(names))
