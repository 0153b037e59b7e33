"""Who would move if a card changed: two versions over one file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from scoreline.engines.local.engine import tally_column
from scoreline.jobs.columns import key_name
from scoreline.jobs.options import Progress, ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.score import scored_frame
from scoreline.jobs.summary import RowCount
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.writing.files import sink
from scoreline.scorecard.diff import Differ, Lit
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import Events
from scoreline.scoring.rows import typed_rows
from scoreline.scoring.sources import Source, read_again

TALLY = f" {tally_column(0)[:-1]}"
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
    """Rows that both cards scored, moves between segments, and the lines that made them.

    rejected: rows that could not be scored; they are in no count.
    """

    rows: int
    rejected: int
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
    outputs: Outputs | None = None,
    read: ReadOptions | None = None,
    progress: Progress | None = None,
    events: Events = None,
) -> CardDiff:
    """The difference that a new card makes to the records of a file.

    outputs: its table is who moves: key, from, to, by, old and new score.
    """
    new = replace(new, key=old.key)  # so that both leave out the same rows
    with read_again(data) as kept, tempfile.TemporaryDirectory(prefix="scoreline-") as folder:
        sides = [Path(folder) / f"{side}.parquet" for side in ("old", "new")]
        counts = [
            _store(
                kept,
                card,
                ScoreOptions(
                    as_of, 1, read=read or ReadOptions(), progress=progress, events=events
                ),
                path,
            )
            for card, path in zip((old, new), sides, strict=True)
        ]
        both = pl.concat([pl.scan_parquet(path) for path in sides], how="horizontal")
        moved = pl.col("old segment") != pl.col("new segment")
        movers = both.filter(moved).collect(engine="streaming")
    blamed = _blamed(movers, Differ(old, new))
    if outputs and outputs.table is not None:
        names = {"from", "to", "by", "old_score", "new_score"}
        columns = {
            "__key__": key_name(old, names),
            "old segment": "from",
            "new segment": "to",
            "line": "by",
            "old score": "old_score",
            "new score": "new_score",
        }
        sink(blamed.lazy().select(pl.col(a).alias(b) for a, b in columns.items()), outputs.table)
    return _counted(*counts[0], blamed)


def _store(data: Source, card: Scorecard, options: ScoreOptions, path: Path) -> tuple[int, int]:
    """(rows scored, rows rejected); stores key, segment, score and mask words of each row.

    The names of the columns begin with the side that the file is named for; the key is the old's.
    """
    side = path.stem
    masks = [f"mask_{word}" for word in range(Layout(card).words)]
    masks += [tally_column(number) for number in range(len(card.tallies))]
    events = options.events if card.counts_events else None
    with typed_rows(data, card, options.read, events=events) as rows:
        count = RowCount(card, options.progress)
        frame = count.tap(scored_frame(rows, card, options, masks=True))
        key = ["__key__"] if side == "old" else []
        table = frame.select(
            *key,
            pl.col("segment").cast(pl.String).fill_null(NOWHERE).alias(f"{side} segment"),
            *(pl.col(name).alias(f"{side} {name}") for name in ("score", *masks)),
        )
        sink(table, path)
        return count.scored, rows.rejected()


def _blamed(movers: pl.DataFrame, differ: Differ) -> pl.DataFrame:
    """The movers with the line that moved each; equal masks are blamed once."""
    masks = [name for name in movers.columns if " mask_" in name or TALLY in name]
    kinds = movers.select("old segment", "new segment", *masks).unique(maintain_order=True)
    lines = [
        differ.line(row["old segment"], row["new segment"], _lit(row, "old"), _lit(row, "new"))
        for row in kinds.iter_rows(named=True)
    ]
    found = kinds.with_columns(pl.Series("line", lines, dtype=pl.String))
    return movers.join(found, on=kinds.columns, how="left", maintain_order="left")


def _lit(row: dict[str, object], side: str) -> Lit:
    """The mask of a side of a row, and the points of its event terms."""
    words, tallies = (
        [int(str(value)) for name, value in row.items() if name.startswith(side + begin)]
        for begin in (" mask_", TALLY)
    )
    mask = sum(word << (WORD_BITS * place) for place, word in enumerate(words))
    return mask, tuple(tallies)


def _counted(rows: int, rejected: int, blamed: pl.DataFrame) -> CardDiff:
    """The counts, the most frequent first."""
    moves = Counter(blamed.select("old segment", "new segment").iter_rows())
    terms = Counter(blamed.select("line", "old segment", "new segment").iter_rows())
    return CardDiff(
        rows,
        rejected,
        tuple(Move(old, new, count) for (old, new), count in moves.most_common()),
        tuple(TermMoves(term, old, new, n) for (term, old, new), n in terms.most_common()),
    )
