"""A learnt card on every engine that is here: every row alike, and how long each takes.

    python -m benchmarks.learned DATA.csv --target COL=VALUE [--rows 1000000]

A card with tables of two columns is learnt from DATA; its rows are drawn again until there are
enough, one cell in twenty blank and one in a hundred something that can't be read. The engines
score all of them, from the raw texts; score, segment, interval, reasons and probability are
compared row by row. PostgreSQL is that of the tests, if there is one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from tests.postgres import NoPostgresError, a_server

import scoreline
from scoreline.analytics.outcomes import parse_spec
from scoreline.jobs.database.scoring import score_in_postgres
from scoreline.jobs.fill import fill_file
from scoreline.jobs.learning.asked import LearnAsked
from scoreline.jobs.learning.learning import learn
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import reasons_text

PART, KEY = 50_000, "row_number"
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
    frame = frame.with_columns(pl.int_range(pl.len()).cast(pl.String).alias(KEY))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "card.yaml"
        path.write_text(found.text.replace("fields:", f"key: {KEY}\nfields:", 1), encoding="utf-8")
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
    try:
        with a_server() as server, server.database() as url:
            print(in_postgres(card.model, frame, table, url.replace("+psycopg", "")))
    except NoPostgresError as error:
        print(f"PostgreSQL was not run: {error}")


def in_postgres(card: Scorecard, frame: pl.DataFrame, local: pl.DataFrame, address: str) -> str:
    """The same rows typed into a table and scored there, beside what the local engine gave."""
    data = f"{address}{'&' if '?' in address else '?'}table=typed"
    begun = time.perf_counter()
    fill_file(frame, card, Outputs(data))
    filled = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scored.parquet"
        options = ScoreOptions(dt.datetime.now(dt.UTC), reasons=0, engine="postgres")
        begun = time.perf_counter()
        score_in_postgres(data, card, Outputs(str(path)), options)
        took = time.perf_counter() - begun
        found = pl.read_parquet(path)
    names = [KEY, *COMPARED, "reasons"]
    plain = local.select(names).with_columns(pl.col(pl.Enum).cast(pl.String))
    beside = plain.join(found.select(names), on=names, how="anti", nulls_equal=True)
    return (
        f"PostgreSQL: {len(beside):,} rows differ; typed in {filled:.1f} s, scored in {took:.1f} s"
    )


if __name__ == "__main__":
    main()
