"""What cleaning a base did to the scores: who is scored anew, and who moves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import polars as pl

from scoreline.jobs.diff import NOWHERE, Move
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.score import scored_frame
from scoreline.quality.table import ROW
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import NONE
from scoreline.scoring.rows import typed_rows


@dataclass(frozen=True)
class Effect:
    """What other data make of a card's scores.

    rescored: records whose score is another one; moves: between segments, the most frequent first.
    """

    rescored: int
    moves: tuple[Move, ...]

    @property
    def moved(self) -> int:
        """Records that are in another segment."""
        return sum(move.count for move in self.moves)

    def json(self) -> dict[str, object]:
        """The object that `--format json` prints."""
        return {
            "rescored": self.rescored,
            "moved": self.moved,
            "moves": [{"from": m.old, "to": m.new, "count": m.count} for m in self.moves],
        }


def scores_of(base: pl.DataFrame, card: Scorecard, as_of: dt.datetime) -> pl.DataFrame:
    """`score` and `segment` of the rows of a base by their number, as if nothing had happened.

    Rows whose key is blank are left out.
    """
    options = ScoreOptions(as_of, 1, events=NONE if card.counts_events else None)
    with typed_rows(base, card, events=options.events) as rows:
        frame = scored_frame(rows, card, options)
        segment = pl.col("segment").cast(pl.String).fill_null(NOWHERE)
        return frame.select(ROW, "score", segment).collect(engine="streaming")


def effect(before: pl.DataFrame, after: pl.DataFrame) -> Effect:
    """The difference between two tables of `scores_of`."""
    both = before.join(after, on=ROW, suffix=" after")
    moved = both.filter(pl.col("segment") != pl.col("segment after"))
    counts = Counter(moved.select("segment", "segment after").iter_rows())
    moves = tuple(Move(old, new, count) for (old, new), count in counts.most_common())
    return Effect(both.filter(pl.col("score") != pl.col("score after")).height, moves)
