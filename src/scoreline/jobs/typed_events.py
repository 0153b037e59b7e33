"""Typed events of a card as one table: what engines elsewhere count."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.engines.sql.event_table import EVENT, ROW, EventTable
from scoreline.quality.boundary import KEY
from scoreline.quality.table import ROW as NUMBER
from scoreline.scorecard.events import AT
from scoreline.scorecard.model import Scorecard


def events_frame(kinds: Mapping[str, pl.LazyFrame], card: Scorecard) -> pl.LazyFrame:
    """The events of all kinds that a card counts, one a row, moments in UTC without a zone.

    kinds: typed events by kind, as `EventRows.kinds` has them.
    """
    table = EventTable(card)
    parts = [
        frame.select(
            pl.col(KEY).alias(table.key),
            pl.lit(kind).alias(EVENT),
            pl.col(AT.name).dt.replace_time_zone(None),
            pl.col(NUMBER).alias(ROW),
            *_properties(table, kind),
        )
        for kind, frame in kinds.items()
    ]
    return pl.concat(parts, how="diagonal").select(table.columns)


def _properties(table: EventTable, kind: str) -> list[pl.Expr]:
    found = []
    for one in table.properties:
        if kind in one.of:
            column = exactly(one.own)
            if one.kind == "time":
                column = column.dt.replace_time_zone(None)
            elif one.kind == "number":
                column = column.cast(pl.Float64)
            found.append(column.alias(one.name))
    return found
