"""A learnt card on both engines of one machine: every row alike, and how long each takes.

    python -m benchmarks.learned DATA.csv --target COL=VALUE [--rows 1000000]

A card with tables of two columns is learnt from DATA; its rows are drawn again until there are
enough, one cell in twenty blank and one in a hundred something that can't be read. Both engines
score all of them, from the raw texts; score, segment, interval, reasons and probability are
compared row by row.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import scoreline
from scoreline.analytics.outcomes import parse_spec
from scoreline.jobs.learning.asked import LearnAsked
from scoreline.jobs.learning.learning import learn
from scoreline.scorecard.reasons import reasons_text

PART = 50_000
COMPARED = ("score", "segment", "low", "high", "certain", "ask", "probability")


def drawn(path: Path, rows: int) -> pl.DataFrame:
    """Rows of a file, drawn again, with gaps and values that can't be read."""
    random = np.random.default_rng(0)
    frame = pl.read_csv(path, infer_schema_length=0)
    frame = frame[random.integers(0, len(frame), rows)]
    columns = []
    for name in frame.columns:
        chance = random.random(rows)
        odd = pl.Series(np.where(chance < 0.01, "?!", ""))
        columns.append(
            pl.when(pl.Series(chance < 0.01)).then(odd)
            .when(pl.Series(chance < 0.06)).then(pl.lit(""))
            .otherwise(pl.col(name)).alias(name)
        )  # fmt: skip
    return frame.select(columns)


def main() -> None:
    """Print how many rows differ, and the time of each engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--target", required=True)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    target = parse_spec(asked.target, "--target")
    found = learn(asked.data, LearnAsked(target, left_out=asked.without))
    frame = drawn(asked.data, asked.rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "card.yaml"
        path.write_text(found.text, encoding="utf-8")
        card = scoreline.load(path)
    begun = time.process_time()
    table = card.score_table(frame, reasons=0)
    local = time.process_time() - begun
    begun, differ = time.process_time(), 0
    for start in range(0, len(frame), PART):
        part = slice(start, start + PART)
        there = table[part].select(*COMPARED, "reasons").iter_rows()
        for row, beside in zip(frame[part].iter_rows(named=True), there, strict=True):
            one = card.score(row)
            here = *(getattr(one, name) for name in COMPARED), reasons_text(one.reasons, 0)
            differ += here != beside
    record = time.process_time() - begun
    pairs = len(found.table.pairs)
    print(
        f"{len(frame):,} rows, {len(card.model.terms)} terms, {pairs} tables of two columns: "
        f"{differ:,} rows differ; local {local:.1f} s of CPU, record {record:.1f} s"
    )


if __name__ == "__main__":
    main()
