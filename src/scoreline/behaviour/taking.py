"""Features of many records: what is taken of the chosen events of each key."""

from __future__ import annotations

import datetime as dt

import polars as pl

from scoreline.behaviour.features import EXACT
from scoreline.engines.local.expressions import DAY, DTYPES, MOMENT
from scoreline.scorecard.events import AT, Feature
from scoreline.scorecard.points import SCALE

ORDER = "__row__"
"""The column that rises as events were recorded."""


def feature_column(number: int) -> str:
    """The column of a card's feature inside a plan, by its number: its name may be any."""
    return f"__feature__{number}"


def taken(feature: Feature, column: str | None, chosen: pl.Expr, as_of: dt.datetime) -> pl.Expr:
    """The value of a feature, of the events of each group; a sum in ten-thousandths, or NaN.

    column: of the property that it is taken of; chosen: whether an event is chosen.
    """
    found = _taken(feature, column, chosen, as_of)
    return found.cast(DTYPES[feature.as_field.kind])


def _taken(feature: Feature, column: str | None, chosen: pl.Expr, as_of: dt.datetime) -> pl.Expr:
    at = pl.col(AT.name)
    if feature.take == "count":
        return chosen.sum()
    if column is None:
        moments = at.filter(chosen)
        moment = moments.min() if feature.take == "days since first" else moments.max()
        apart = (pl.lit(as_of, dtype=MOMENT) - moment).dt.total_microseconds()
        return apart // DAY
    value = pl.col(column)
    if feature.of is not None and feature.of.kind == "number":
        value = value.cast(pl.Float64).fill_nan(None)
    known = chosen & value.is_not_null()
    if feature.take == "distinct":
        return value.filter(known).n_unique()
    if feature.take == "sum":
        return _exact_sum(pl.when(known).then(value))
    when = pl.struct(at, ORDER).filter(known)
    values = value.filter(known)
    return values.min_by(when) if feature.take == "first" else values.max_by(when)


def _exact_sum(value: pl.Expr) -> pl.Expr:
    """The sum as `features.sums_from` has it, in ten-thousandths; NaN where it is missing."""
    whole = (value * SCALE).round(mode="half_to_even")
    total = pl.when(whole.abs().sum() < EXACT).then(whole.sum())
    return total.fill_null(float("nan"))
