"""Runs the benchmarks and rewrites RESULTS.md: ratios measured side by side in this very run.

    .venv/bin/python -m benchmarks [ROWS]

Batch figures are CPU seconds of the whole process, all threads, as multiples of a bare scan of the
same columns; commands take turns, and the median of three rounds counts.
"""

from __future__ import annotations

import datetime as dt
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.data import parquet
from benchmarks.peers import numpy_select, sorted_lists, zen_table
from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.record.engine import CompiledCard
from scoreline.jobs.card import Card
from scoreline.jobs.moments import moment
from scoreline.jobs.score import ScoreOptions, score_file
from scoreline.scorecard.file import load_card

HERE = Path(__file__).parent
AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
ROUNDS = 3
TEXTS = ("score", "segment", "reasons")


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of the process, all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median of some rounds in which all works take turns, after one that doesn't count."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        for name, work in works.items():
            seconds = cpu(work)
            if number:
                found[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def batch(rows: int, folder: Path) -> list[tuple[str, str, float, str]]:
    """Rows of the table: what, bar, ratio, note."""
    card, path = load_card(HERE / "card.yaml"), parquet(rows)
    engine = LocalEngine(card, AS_OF, plain_rows=0)
    schema = pl.read_parquet_schema(path)
    sums = ", ".join(
        f'sum(length("{name}"))' if kind == pl.String else f'max("{name}")'
        for name, kind in schema.items()
    )
    base = duckdb.connect()
    base.execute("set threads to 2")

    def plan(*columns: str) -> pl.LazyFrame:
        return engine.lazy(pl.scan_parquet(path), ["lead_id"], columns)

    def total(frame: pl.LazyFrame) -> object:
        return frame.select(pl.all().exclude("reasons").sum()).collect(engine="streaming")

    every = ("score", "segment", "low", "high", "certain", "ask", "reasons")
    seconds = in_turn(
        {
            "scan": lambda: base.execute(f"select {sums} from '{path}'").fetchall(),
            "score": lambda: total(plan("score")),
            "mask": lambda: total(engine.score_and_mask(pl.scan_parquet(path), ["lead_id"])),
            "reasons": lambda: total(plan("score", "reasons")),
            "texts": lambda: plan(*TEXTS).sink_parquet(folder / "texts.parquet"),
            "all": lambda: plan(*every).sink_parquet(folder / "all.parquet"),
            "csv": lambda: plan(*every).sink_csv(folder / "all.csv"),
            "pandas": lambda: numpy_select(path),
            "lists": lambda: sorted_lists(base, path),
        }
    )
    scan = seconds["scan"]
    return [
        ("score + mask / scan", "1.8", seconds["mask"] / scan, ""),
        ("score, segment, 3 reasons as text, written / scan", "3.0", seconds["texts"] / scan, ""),
        ("all output columns, Parquet / scan", "3.2", seconds["all"] / scan, ""),
        ("all output columns, csv / scan", "3.8", seconds["csv"] / scan, ""),
        ("score and reasons / score alone", "1.25", seconds["reasons"] / seconds["score"], ""),
        (
            "pandas `np.select`, 7 of the 30 terms, score alone / scan",
            "",
            seconds["pandas"] / scan,
            "beside ours with all 30",
        ),
        (
            "DuckDB, 7 of the 30 terms, reasons as sorted lists / scan",
            "",
            seconds["lists"] / scan,
            "beside ours with all 30",
        ),
    ]


def single(rows: int) -> list[tuple[str, str, float, str]]:
    """One record in process, beside a decision table of the same terms."""
    model = load_card(HERE / "card.yaml")
    compiled, card = CompiledCard(model), Card(model)
    records = pl.scan_parquet(parquet(rows)).head(4000).collect().to_dicts()
    complete = [record for record in records if None not in record.values()]
    zen, zen_records = zen_table(complete[:200])
    raw = {name: str(value) for name, value in complete[0].items() if "__" not in name}

    def micro(work: Callable[[], object], times: int) -> float:
        return cpu(work) / times * 1e6

    found: dict[str, list[float]] = {}
    for _ in range(5):
        for name, value in {
            "complete": micro(lambda: [compiled.score(r, AS_OF) for r in complete], len(complete)),
            "gaps": micro(lambda: [compiled.score(r, AS_OF) for r in records], len(records)),
            "zen": micro(lambda: [zen.evaluate(r) for r in zen_records], len(zen_records)),
            "raw": micro(lambda: [card.score(raw, as_of=AS_OF) for _ in range(500)], 500),
            "compile": micro(lambda: CompiledCard(load_card(HERE / "card.yaml")), 1000),
        }.items():
            found.setdefault(name, []).append(value)
    best = {name: statistics.median(values) for name, values in found.items()}
    return [
        ("one typed record with all reasons, complete, µs", "10", best["complete"], ""),
        ("the same with a tenth of the values missing, µs", "", best["gaps"], "interval, question"),
        ("zen-engine's decision table / ours", "50", best["zen"] / best["complete"], "7 terms"),
        ("one raw record with e-mail and phone, µs", "200", best["raw"], ""),
        ("card read and compiled, ms", "50", best["compile"], ""),
    ]


def files(rows: int, folder: Path) -> list[tuple[str, str, float, str]]:
    """A csv in, the scored csv out, beside DuckDB copying that csv as text."""
    frame = pl.scan_parquet(parquet(rows)).drop("email__kind", "phone__status").head(1_000_000)
    source = folder / "in.csv"
    frame.sink_csv(source)
    base = duckdb.connect()
    base.execute("set threads to 2")
    copy = (
        f"copy (select * from read_csv('{source}', all_varchar=true)) "
        f"to '{folder / 'copy.csv'}' (header)"
    )
    card = load_card(HERE / "card.yaml")
    options = ScoreOptions(as_of=moment(AS_OF))
    seconds = in_turn(
        {
            "copy": lambda: base.execute(copy),
            "score": lambda: score_file(source, [card], folder / "out.csv", options),
        }
    )
    ratio = seconds["score"] / seconds["copy"]
    return [("csv in, scored csv out / DuckDB copy as text", "7", ratio, "e-mail and phone fields")]


def main() -> None:
    """Run everything and write the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = batch(rows, folder) + single(rows) + files(rows, folder)
    parts = ("polars", "duckdb", "numba", "pandas", "zen-engine", "sqlglot")
    versions = ", ".join(f"{part} {version(part)}" for part in parts)
    lines = [
        "# Results",
        "",
        "*Written by `make bench`; ratios from one run, not times.*",
        "",
        f"{rows:,} rows of 24 mixed columns, 30 terms, 51 bins; Python "
        f"{platform.python_version()}, {versions}.",
        "",
        "| what | at most (zen: at least) | measured | note |",
        "|---|---|---|---|",
        *(f"| {what} | {bar} | {ratio:.3g} | {note} |" for what, bar, ratio, note in table),
        "",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
