"""What events came to at each row's own moment: features and points for learning, without a leak.

A row is a record at a moment, such as the day on which a lead was won or lost. Nothing that
happened after that moment, and nothing that was not yet in its window, may be seen by it. All rows
are computed at once by moving each row's events in time, so that all moments fall together: ages,
windows and order stay what they were. Conditions that read dates of the calendar can't be moved;
cards that have some are computed moment by moment.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from scoreline.behaviour.features import feature_value
from scoreline.behaviour.tables import KEY, behaviour_frame
from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.expressions import DTYPES, MOMENT
from scoreline.engines.local.results import exactly
from scoreline.language.tree import Ref, reads_time, walk
from scoreline.scorecard.events import AT, Choice
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.reasons import nothing_happened
from scoreline.scoring.events import EventRows

ROW, MINE = "__of__", "__moment__"
"""The number of a row, and its moment."""


def behaviour_at(card: Scorecard, rows: pl.DataFrame, events: EventRows) -> pl.DataFrame:
    """Features and points of event terms of each row, as of its own moment, in the rows' order.

    rows: `__key__` and `at`, the moment. Out: the features under their names, then the points of
    each event term under its name, as floats.
    """
    known = rows.select(KEY, pl.col(AT.name).cast(MOMENT).alias(MINE)).with_row_index(ROW)
    if not rows.height:
        return _finished(card, known, known.select(pl.col(ROW).cast(pl.String).alias(KEY)).head(0))
    kinds = events.kinds
    if all(_moves_along(choice) for choice in card.choices):
        anchor: Any = known[MINE].max()
        return _finished(card, known, _computed(card, known, kinds, anchor))
    moments: list[Any] = known[MINE].unique().to_list()
    parts = [_computed(card, known.filter(pl.col(MINE) == m), kinds, m) for m in moments]
    return _finished(card, known, pl.concat(parts, how="diagonal"))


def _moves_along(choice: Choice) -> bool:
    """Whether a choice of events, and what is taken of them, is the same however time is moved."""
    reads = walk(choice.where) if choice.where is not None else ()
    absolute = any(isinstance(node, Ref) and node.column == AT.name for node in reads)
    taken = getattr(choice, "of", None)
    return not (
        absolute
        or (choice.where is not None and reads_time(choice.where))
        or (taken is not None and taken.column == AT.name)
        or getattr(choice, "distinct", "") == AT.name
    )


def _computed(
    card: Scorecard, rows: pl.DataFrame, kinds: dict[str, pl.LazyFrame], anchor: dt.datetime
) -> pl.DataFrame:
    """What the events of each row come to, a row of the table a key."""
    at, mine = pl.col(AT.name), pl.col(MINE)
    moved = at + (pl.lit(anchor, dtype=MOMENT) - mine)
    own = {
        kind: frame.join(rows.lazy(), on=KEY)
        .filter(at <= mine)
        .with_columns(moved, pl.col(ROW).cast(pl.String).alias(KEY))
        .drop(ROW, MINE)
        for kind, frame in kinds.items()
    }
    return behaviour_frame(card, own, anchor).collect()


def _finished(card: Scorecard, rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The columns in the rows' order, with what nothing comes to where nothing happened."""
    numbered = rows.select(pl.col(ROW).cast(pl.String).alias(KEY))
    table = numbered.join(found, on=KEY, how="left", maintain_order="left")
    columns = []
    for feature in card.features:
        nothing = feature_value(feature, [], dt.datetime.now(dt.UTC))
        column = exactly(feature.name) if feature.name in table.columns else pl.lit(None)
        column = column.cast(DTYPES[feature.as_field.kind])
        if nothing is not None:
            column = pl.when(column.is_null()).then(pl.lit(nothing)).otherwise(column)
            column = column.fill_nan(None)
        columns.append(column.alias(feature.name))
    features = table.select(columns)
    points = [
        pl.Series(
            card.terms[place].name,
            # Polars multiplies by 1 / 10000, which is not the same to the last digit.
            _column(table, tally_column(number)).fill_null(line.scaled).to_numpy() / SCALE,
        )
        for number, (line, (place, _)) in enumerate(
            zip(nothing_happened(card), card.tallies, strict=True)
        )
    ]
    return features.hstack(points) if card.features else pl.DataFrame(points)


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    if name in table.columns:
        return table[name]
    return pl.Series(name, [None] * table.height, dtype=pl.Int64)
