"""Score a file: every row gets its score, segment, interval, question and reasons."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.local.results import results_of
from scoreline.errors import UsageError
from scoreline.jobs.columns import harmless_columns, leading_columns, table_columns
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.summary import RowCount, ScoreSummary, summary, write_findings
from scoreline.quality.writing.files import sink
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import TypedRows, typed_rows
from scoreline.scoring.sources import Source, read_again


def score_file(
    data: Source, cards: Sequence[Scorecard], outputs: Outputs, options: ScoreOptions
) -> list[ScoreSummary]:
    """Scores a file with each card and writes the table; one summary a card.

    outputs: as `Outputs.check` let them pass. With several cards their columns stand side by side
    as `card.score`, `card.segment`, ...
    """
    found = (
        [_score(data, cards[0], outputs, options)]
        if len(cards) == 1
        else _score_side_by_side(data, cards, outputs, options)
    )
    if outputs.findings:
        write_findings(found, outputs.findings)
    return found


def _score(data: Source, card: Scorecard, outputs: Outputs, options: ScoreOptions) -> ScoreSummary:
    keep, events = options.with_data, options.events
    with typed_rows(data, card, options.read, keep=keep, events=events) as rows:
        count = RowCount(card, options.progress)
        scored = count.tap(scored_frame(rows, card, options))
        table = scored.select(table_columns(rows, card, options))
        if outputs.table is None:
            table.select(pl.len()).collect(engine="streaming")
        else:
            plain = harmless_columns(rows, card, options)
            sink(table, outputs.table, formulas=options.formulas, plain=plain)
            outputs.write_rejected(rows.rejected_rows(), rows.rejected_events())
        return summary(rows, card, options, count)


def scored_frame(
    rows: TypedRows, card: Scorecard, options: ScoreOptions, *, masks: bool = False
) -> pl.LazyFrame:
    """Input columns (if kept), `__row__`, `__key__` and the results of the local engine."""
    engine = LocalEngine(card, options.as_of, options.reasons)
    frame = rows.frame if rows.events is None else rows.events.joined(rows.frame, options.as_of)
    return engine.lazy(frame, masks=masks)


def _score_side_by_side(
    data: Source, cards: Sequence[Scorecard], outputs: Outputs, options: ScoreOptions
) -> list[ScoreSummary]:
    """Each card by itself into a file of its own, for fields are each card's; then side by side."""
    _check_side_by_side(cards)
    taken = [f"{card.name}.{name}" for card in cards for name in _columns(card)] + ["as_of"]
    summaries, parts = [], []
    with (
        read_again(data) as kept,
        tempfile.TemporaryDirectory(prefix="scoreline-") as folder,
    ):
        for number, card in enumerate(cards):
            one = replace(options, with_data=options.with_data and not number)
            keep, events = one.with_data, options.events if card.counts_events else None
            with typed_rows(kept, card, options.read, keep=keep, events=events) as rows:
                count = RowCount(card, options.progress)
                scored = count.tap(scored_frame(rows, card, one))
                # The cards have one key, so they leave out the same rows.
                columns = [] if number else leading_columns(rows, card, one, taken)
                columns += [pl.col(name).alias(f"{card.name}.{name}") for name in results_of(card)]
                columns.append(pl.lit(card.fingerprint).alias(f"{card.name}.fingerprint"))
                part = Path(folder) / f"{number}.parquet"
                sink(scored.select(columns), part)
                parts.append(pl.scan_parquet(part))
                if not number:
                    outputs.write_rejected(rows.rejected_rows(), rows.rejected_events())
                summaries.append(summary(rows, card, options, count))
        if outputs.table is not None:
            as_of = pl.lit(moment_text(options.as_of)).alias("as_of")
            table = pl.concat(parts, how="horizontal").with_columns(as_of)
            sink(table, outputs.table, formulas=options.formulas)
    return summaries


def _columns(card: Scorecard) -> tuple[str, ...]:
    """What each of several cards gives: `lead.score`, `lead.segment`, ..."""
    return (*results_of(card), "fingerprint")


def _check_side_by_side(cards: Sequence[Scorecard]) -> None:
    names = [card.name for card in cards]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two cards are called `{name}`.", "Give one another name.")
    if len({card.key for card in cards}) > 1:
        raise UsageError("The cards name different keys.", "Score with each of them by itself.")
