"""Who would move if a card changed: two versions over one file."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tallied
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.jobs.rows import Source, read_again, typed_rows
from scoreline.jobs.score import Counter, Progress, ScoreOptions, key_name, scored_frame
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.writing.files import check_ending, sink
from scoreline.scorecard.diff import Differ
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Scorecard

NOWHERE = "none"
"""The segment of a card without segments."""


@dataclass(frozen=True, slots=True)
class Move:
    """How many records go from one segment to another."""

    old: str
    new: str
    count: int


@dataclass(frozen=True, slots=True)
class TermMoves:
    """How many records a line moves from one segment to another."""

    term: str
    old: str
    new: str
    count: int


@dataclass(frozen=True, slots=True)
class CardDiff:
    """Rows that both cards scored, moves between segments, and the lines that made them."""

    rows: int
    moves: tuple[Move, ...]
    by_term: tuple[TermMoves, ...]

    def json(self) -> dict[str, object]:
        """The object that `diff --format json` prints."""
        return {
            "rows": self.rows,
            "moves": [{"from": m.old, "to": m.new, "count": m.count} for m in self.moves],
            "by_term": [
                {"term": t.term, "from": t.old, "to": t.new, "count": t.count} for t in self.by_term
            ],
        }


def diff_cards(
    data: Source,
    old: Scorecard,
    new: Scorecard,
    as_of: dt.datetime,
    out: str | Path | None = None,
    read: ReadOptions | None = None,
    progress: Progress | None = None,
) -> CardDiff:
    """The difference that a new card makes to the records of a file.

    out: where to write who moves: key, from, to, by, old and new score.
    """
    check_ending(out)
    with read_again(data) as kept:
        before = _scored(kept, old, as_of, read, progress, "old")
        after = _scored(kept, new, as_of, read, progress, "new")
    both = before.join(after, on="__row__", how="inner", maintain_order="left")
    movers = both.filter(pl.col("old segment") != pl.col("new segment"))
    blamed = _blamed(movers, Differ(old, new))
    if out is not None:
        names = {"from", "to", "by", "old_score", "new_score"}
        columns = {
            "__key__": key_name(old, names),
            "old segment": "from",
            "new segment": "to",
            "line": "by",
            "old score": "old_score",
            "new score": "new_score",
        }
        sink(blamed.lazy().select(pl.col(a).alias(b) for a, b in columns.items()), out)
    return _counted(both.height, blamed)


def _scored(
    data: Source,
    card: Scorecard,
    as_of: dt.datetime,
    read: ReadOptions | None,
    progress: Progress | None,
    side: str,
) -> pl.DataFrame:
    """Row, key, segment, score and mask words, their names beginning with the side."""
    masks = [f"mask_{word}" for word in range(Layout(card).words)]
    with typed_rows(data, card, read) as rows:
        frame = scored_frame(rows, card, ScoreOptions(as_of, reasons=1), masks=True)
        frame = Counter(card, progress).tap(frame)
        key = ["__key__"] if side == "old" else []
        return frame.select(
            "__row__",
            *key,
            pl.col("segment").cast(pl.String).fill_null(NOWHERE).alias(f"{side} segment"),
            *(pl.col(name).alias(f"{side} {name}") for name in ("score", *masks)),
        ).collect(engine="streaming")


def _blamed(movers: pl.DataFrame, differ: Differ) -> pl.DataFrame:
    """The movers with the line that moved each; equal masks are blamed once."""
    masks = [name for name in movers.columns if " mask_" in name]
    kinds = movers.select("old segment", "new segment", *masks).unique(maintain_order=True)
    lines = [
        differ.line(row["old segment"], row["new segment"], _mask(row, "old"), _mask(row, "new"))
        for row in kinds.iter_rows(named=True)
    ]
    found = kinds.with_columns(pl.Series("line", lines, dtype=pl.String))
    return movers.join(found, on=kinds.columns, how="left", maintain_order="left")


def _mask(row: dict[str, object], side: str) -> int:
    words = [int(str(value)) for name, value in row.items() if name.startswith(f"{side} mask_")]
    return sum(word << (WORD_BITS * place) for place, word in enumerate(words))


def _counted(rows: int, blamed: pl.DataFrame) -> CardDiff:
    """The counts, the most frequent first."""
    moves = Tallied(blamed.select("old segment", "new segment").iter_rows())
    terms = Tallied(blamed.select("line", "old segment", "new segment").iter_rows())
    return CardDiff(
        rows,
        tuple(Move(old, new, count) for (old, new), count in moves.most_common()),
        tuple(TermMoves(term, old, new, n) for (term, old, new), n in terms.most_common()),
    )
