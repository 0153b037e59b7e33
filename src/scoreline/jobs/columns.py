"""The columns of the table that `--out` writes: names, order, and what stands before them."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from scoreline.engines.local.results import exactly, results_of
from scoreline.jobs.options import ScoreOptions
from scoreline.quality.formulas import begins
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import OTHER, adjustments_of
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import TypedRows, input_column

LAST = ("fingerprint", "as_of")
ROW_NUMBER = "row"
"""Header of the key when the card names none: the 1-based number of the data row."""


def table_columns(rows: TypedRows, card: Scorecard, options: ScoreOptions) -> list[pl.Expr]:
    """All columns of the table, in their order."""
    return [
        *leading_columns(rows, card, options, (*results_of(card), *LAST)),
        *(pl.col(name) for name in results_of(card)),
        pl.lit(card.fingerprint).alias("fingerprint"),
        pl.lit(moment_text(options.as_of)).alias("as_of"),
    ]


def harmless_columns(rows: TypedRows, card: Scorecard, options: ScoreOptions) -> set[str]:
    """Columns of the table in which no cell can begin as a formula, so that none is looked at."""
    found = {"fingerprint", "as_of"}
    lines = [*(term.name for term in card.terms), *adjustments_of(card), OTHER]
    if not any(map(begins, lines)):
        found.add("reasons")
    # Input columns are written as they were read; the key is not: it was made normal.
    return found | (rows.table.plain - {*results_of(card), *LAST}) if options.with_data else found


def leading_columns(
    rows: TypedRows, card: Scorecard, options: ScoreOptions, results: Collection[str]
) -> list[pl.Expr]:
    """The key, or with `with_data` the input columns; `input_` before a name that a result has."""
    columns: list[pl.Expr] = []
    results = {*results, *(() if card.key else (ROW_NUMBER,))}
    if options.with_data:
        taken = results | set(rows.table.columns)
        for name in rows.table.columns:
            to = _unused(name, taken) if name in results else name
            columns.append(exactly(input_column(name)).alias(to))
    if not card.key:
        columns.append(pl.col("__row__").alias(ROW_NUMBER))
    elif not options.with_data:
        columns.append(pl.col("__key__").alias(key_name(card, results)))
    return columns


def key_name(card: Scorecard, taken: Collection[str]) -> str:
    """The header of the key: its own name, or `input_` before it beside a result of that name."""
    return _unused(card.key or ROW_NUMBER, set(taken))


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"input_{name}"
    taken.add(name)
    return name
