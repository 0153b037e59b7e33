"""Typed Parquet in, scores out, as multiples of a bare scan of the same columns."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.data import parquet
from benchmarks.peers import numpy_select, sorted_lists
from benchmarks.timing import Work, in_turn
from scoreline.engines.local.engine import LocalEngine
from scoreline.scorecard.file import load_card

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CARD = Path(__file__).parent / "card.yaml"
TEXTS = ("score", "segment", "reasons")
EVERY = ("score", "segment", "low", "high", "certain", "ask", "reasons")
PEERS_MOST = 1_000_000
"""pandas holds every text of a table as an object: more rows than these don't fit."""

Row = tuple[str, str, float]
"""(what, bar, measured)."""


class Batch:
    """The works of one file of customers."""

    def __init__(self, rows: int, folder: Path) -> None:
        self.card, self.path = load_card(CARD), parquet(rows)
        self.folder = folder
        self.base = duckdb.connect()
        self.base.execute("set threads to 2; set enable_progress_bar = false")
        self._engine = LocalEngine(self.card, AS_OF, plain_rows=0)

    def plan(self, *columns: str) -> pl.LazyFrame:
        """The key and these result columns."""
        return self._engine.lazy(pl.scan_parquet(self.path), ["lead_id"], columns)

    def works(self) -> dict[str, Work]:
        """Ours, by name."""
        return {
            "scan": lambda: self.base.execute(self._scan()).fetchall(),
            "score": lambda: _sums(self.plan("score")),
            "mask": lambda: _sums(
                self._engine.score_and_mask(pl.scan_parquet(self.path), ["lead_id"])
            ),
            "reasons": lambda: _sums(self.plan("score", "reasons")),
            "texts": lambda: self.plan(*TEXTS).sink_parquet(self.folder / "texts.parquet"),
            "all": lambda: self.plan(*EVERY).sink_parquet(self.folder / "all.parquet"),
            "csv": lambda: self.plan(*EVERY).sink_csv(self.folder / "all.csv"),
        }

    def peers(self) -> dict[str, Work]:
        """The same card in other tools."""
        query = sorted_lists(self.card, self.path)
        total = f"select sum(points), sum(length(reasons)) from ({query})"
        return {
            "pandas": lambda: numpy_select(self.path, self.card).points.sum(),
            "lists": lambda: self.base.execute(total).fetchall(),
        }

    def _scan(self) -> str:
        kinds = pl.read_parquet_schema(self.path).items()
        sums = [f'sum(length("{n}"))' if k == pl.String else f'max("{n}")' for n, k in kinds]
        return f"select {', '.join(sums)} from '{self.path}'"


def _sums(frame: pl.LazyFrame) -> object:
    numbers = pl.all().exclude("reasons").sum()
    lengths = [pl.col("reasons").str.len_bytes().sum()] * ("reasons" in frame.collect_schema())
    return frame.select(numbers, *lengths).collect(engine="streaming")


def batch(rows: int, folder: Path, rounds: int) -> list[Row]:
    """The batch rows of the table."""
    job = Batch(rows, folder)
    with_peers = rows <= PEERS_MOST
    found = in_turn(job.works() | (job.peers() if with_peers else {}), rounds)
    scan = found["scan"]
    big = rows > PEERS_MOST
    table = [
        ("score + mask / scan", "1.8", found["mask"] / scan),
        (
            "score, segment, 3 reasons as text, to Parquet / scan",
            "3.3" if big else "3.0",
            found["texts"] / scan,
        ),
        ("all output columns, to Parquet / scan", "3.5" if big else "3.2", found["all"] / scan),
        ("all output columns, to csv / scan", "3.8", found["csv"] / scan),
        ("score and reasons / score alone", "1.25", found["reasons"] / found["score"]),
        ("peak memory of all output columns to Parquet, GB", "1.5", memory(rows, folder)),
    ]
    if with_peers:
        table += [
            ("pandas `np.select`, score alone, no clamps / scan", "", found["pandas"] / scan),
            (
                "DuckDB SQL, score and 3 reasons of sorted lists, no clamps, not written / scan",
                "",
                found["lists"] / scan,
            ),
        ]
    return table


def memory(rows: int, folder: Path) -> float:
    """Peak GB of a process of its own that writes all output columns."""
    command = [sys.executable, "-m", "benchmarks.batch", str(rows), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _write_all(rows: int, folder: Path) -> None:
    Batch(rows, folder).works()["all"]()
    # What getrusage calls the peak is that of the parent too, from before this program began.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1e6)  # type: ignore[index]


if __name__ == "__main__":
    _write_all(int(sys.argv[1]), Path(sys.argv[2]))
