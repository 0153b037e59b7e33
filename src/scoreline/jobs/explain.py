"""Explain one record: every line of its score, zero lines included."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from scoreline.engines.base import Result
from scoreline.engines.record.engine import compile_card
from scoreline.errors import DataError, nearest
from scoreline.jobs.rows import Source, typed_rows
from scoreline.language.text import normal
from scoreline.quality.reading.files import ReadOptions
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Reason, zero_lines


@dataclass(frozen=True)
class Explanation:
    """One record's result and all its lines; `repeats`: further rows that have the same key."""

    key: str
    result: Result
    lines: tuple[Reason, ...]
    repeats: int = 0

    def json(self) -> dict[str, object]:
        """The object that `explain --format json` prints."""
        r = self.result
        return {
            "key": self.key,
            "score": r.score,
            "segment": r.segment,
            "low": r.low,
            "high": r.high,
            "certain": r.certain,
            "ask": r.ask,
            "reasons": [
                {"term": line.term, "bin": line.bin, "points": line.points} for line in self.lines
            ],
            "leaves": None,
        }


def explain_result(card: Scorecard, key: str, result: Result, repeats: int = 0) -> Explanation:
    """The explanation of a result: its lines, then the terms that gave nothing."""
    zeros = zero_lines(Layout(card), result.mask, result.open_terms)
    return Explanation(key, result, (*result.reasons, *zeros), repeats)


def explain_record(
    data: Source, card: Scorecard, key: str, as_of: dt.datetime, read: ReadOptions | None = None
) -> Explanation:
    """The explanation of the record of a file that has this key; the first if several do.

    Raises DataError, with the nearest keys, if none has it.
    """
    wanted = normal(key)
    with typed_rows(data, card, read) as rows:
        frame = rows.frame
        found = frame.filter(pl.col("__key__") == wanted).collect(engine="streaming")
        if found.is_empty():
            known = frame.select("__key__").head(10_000).collect()["__key__"].to_list()
            near = nearest(wanted, known)
            hint = f"Did you mean {' or '.join(near)}?" if near else _key_hint(card, known)
            raise DataError(f"No record has the key `{wanted[:60]}`.", hint)
    result = compile_card(card).score(found.row(0, named=True), as_of)
    return explain_result(card, wanted, result, repeats=found.height - 1)


def _key_hint(card: Scorecard, known: list[str]) -> str:
    if card.key is None:
        return f"The card names no key, so keys are row numbers: 1 to {len(known):,}."
    return f"The key is the column `{card.key}`."
