"""A table for learning: each row's behaviour at its own moment, and nothing from after it."""

from __future__ import annotations

import polars as pl

from scoreline.errors import MissingColumnsError, UsageError, did_you_mean
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import event_rows
from scoreline.scoring.point_in_time import behaviour_at
from scoreline.scoring.sources import Source, opened

MOMENT = Field("at", "time")


def behaviour_table(card: Scorecard, data: Source, events: Source, time: str) -> pl.DataFrame:
    """Key and moment of each row, then the card's features and the points of its event terms.

    data: a row a record and moment; time: the column of the moment. An event that happened after
    its row's moment is not seen. Raises UsageError for a card that counts no events, and for a row
    whose moment is missing or can't be read.
    """
    if card.key is None:
        raise UsageError(f"The card `{card.name}` has no `key`.", "Name the column: key: lead_id.")
    with opened(data) as table, event_rows(events, card) as happened:
        if happened is None:
            raise UsageError(
                f"The card `{card.name}` counts no events.", "There is nothing to see."
            )
        header = header_of([time], table.columns)
        if header is None:
            hint = did_you_mean(time, table.columns)
            raise MissingColumnsError(f"The data have no column `{time}`.", hint)
        field = Field(MOMENT.name, "time", column=(header,))
        dtypes = dict(table.frame.collect_schema())
        boundary = Boundary([field], card.key, table.columns, (), dtypes)
        rows = boundary.lazy(table.frame).collect(engine="streaming")
        if unreadable := rows[MOMENT.name].null_count():
            raise UsageError(
                f"`{time}` is missing or can't be read in {unreadable:,} of {rows.height:,} rows.",
                "Leave these rows out: what has no moment has no past.",
            )
        found = behaviour_at(card, rows, happened)
    return pl.concat(
        [rows.select(KEY, MOMENT.name).rename({KEY: card.key}), found], how="horizontal"
    )
