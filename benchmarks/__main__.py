"""Runs the benchmarks and rewrites RESULTS.md: ratios measured side by side in this very run.

    .venv/bin/python -m benchmarks [ROWS] [MANY_ROWS]

Batch figures are CPU seconds of the whole process, all threads, as multiples of a bare scan of the
same columns; works take turns, and the median of the rounds counts. The peers' points are held
against ours before anything is timed.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.batch import Row, batch
from benchmarks.duplicates import one_pair
from benchmarks.events import A_CUSTOMER, events
from benchmarks.files import files
from benchmarks.lookup import lookup
from benchmarks.quality import quality
from benchmarks.single import single
from benchmarks.workspace import workspace

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = ("polars", "duckdb", "numba", "pandas", "zen-engine", "sqlglot", "sqlalchemy", "splink")
ROUNDS = 3


def main() -> None:
    """Run everything and write the tables."""
    rows, many = (int(given) for given in [*sys.argv[1:], "1000000", "10000000"][:2])
    customers = rows // 10
    before = os.getloadavg()[0]
    base = f"{customers:,} customers with {customers * A_CUSTOMER:,} events"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = {
            "One record": single(),
            "Two records: are they one customer?": one_pair(),
            f"Whom a new record looks like; the bar is set for 1,000,000, here {rows // 50:,}": (
                lookup(rows // 50, folder)
            ),
            f"{rows:,} rows of Parquet": batch(rows, folder, ROUNDS),
            f"{rows:,} rows of csv": files(rows, folder, ROUNDS),
            f"Checking a base of {rows:,} rows": quality(rows),
            base: events(customers, folder, ROUNDS),
            f"A workspace of {base}; its bars are set for 1,000,000": workspace(customers, folder),
            f"{many:,} rows of Parquet, one round": batch(many, folder, 1),
        }
    versions = ", ".join(f"{part} {version(part)}" for part in PARTS)
    lines = [
        "# Results",
        "",
        "*Written by `make bench`: figures of one run, beside each other.*",
        "",
        "24 mixed columns, a tenth of the values missing; 30 terms, 51 bins, three groups; "
        f"{os.cpu_count()} cores, load {before:.1f} before; Python {platform.python_version()}, "
        f"{versions}.",
    ]
    for title, table in tables.items():
        lines += ["", f"## {title}", "", *_table(table)]
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


def _table(rows: list[Row]) -> list[str]:
    cells = [f"| {what} | {bar} | {measured:.3g} |" for what, bar, measured in rows]
    return ["| what | at most | measured |", "|---|---|---|", *cells]


if __name__ == "__main__":
    main()
