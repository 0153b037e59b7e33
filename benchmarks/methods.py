"""The ways to learn side by side: how well their cards rank records not seen, and how long it took.

    python -m benchmarks.methods FOLDER

FOLDER holds the data sets (bank_full.csv.gz and so on). Areas are means of five random splits of
seven tenths to three; times are CPU seconds of one fit.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.learning import SETS, SPLITS, read
from scoreline.learn.columns import Column, parts
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.learners import LEARNERS
from scoreline.learn.methods.pairs import gaining_pairs
from scoreline.learn.table import LearnOptions, PointsTable


def halves(events: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Seven tenths of the records and three, with as many events each."""
    random = np.random.default_rng(seed)
    later = np.zeros(len(events), dtype=bool)
    for outcome in (0.0, 1.0):
        own = random.permutation(np.flatnonzero(events == outcome))
        later[own[: round(0.3 * len(own))]] = True
    return np.flatnonzero(~later), np.flatnonzero(later)


def _learnt(method: str, columns: list[Column], events: np.ndarray) -> PointsTable:
    """A table by a method; `pairs`: points, with the pairs of columns that gain."""
    if method != "pairs":
        return LEARNERS[method](columns, events, None, None)
    pairs = gaining_pairs(columns, events)
    return LEARNERS["points"](columns, events, None, LearnOptions(pairs=pairs))


def main() -> None:
    """Print a line for each set."""
    folder = Path(sys.argv[1])
    chosen = sys.argv[2:] or [*LEARNERS, "pairs"]
    print(f"{'set':22}" + "".join(f"{name:>8}{'s':>7}{'terms':>7}" for name in chosen), flush=True)
    for name in SETS:
        columns, events = read(folder, name)
        line = f"{name:22}"
        for method in chosen:
            areas, times, terms = [], [], []
            for seed in range(SPLITS):
                seen, rest = halves(events, seed)
                own = parts(columns, seen)
                begun = time.process_time()
                table = _learnt(method, own, events[seen])
                times.append(time.process_time() - begun)
                terms.append(len(table.terms) + len(table.pairs))
                areas.append(Ranked.of(table.scores(parts(columns, rest)), events[rest]).auc)
            line += f"{np.mean(areas):8.4f}{np.median(times):7.2f}{np.mean(terms):7.1f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
