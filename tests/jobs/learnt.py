"""Files to learn from, and cards learnt from them."""

from pathlib import Path

import numpy as np
import polars as pl

from scoreline.analytics.outcomes import parse_spec
from scoreline.jobs.learning.asked import LearnAsked, Learned
from scoreline.jobs.learning.learning import learn
from tests.learn.people import csv_of, people


def written(folder: Path, rows: int = 3_000, seed: int = 0, more: str = "") -> Path:
    columns, bought, _ = people(rows, seed)
    path = folder / "people.csv"
    path.write_text(csv_of(columns, bought) + more, encoding="utf-8")
    return path


def learnt(path: Path, **asked: object) -> Learned:
    return learn(path, LearnAsked(parse_spec("bought=yes", "--target"), **asked))


def paired(folder: Path, rows: int = 6_000) -> Path:
    """A file of which two columns count only together, with gaps and levels never seen again."""
    random = np.random.default_rng(0)
    age, job = random.integers(18, 80, rows), random.choice(["Boss", "it's; odd", "none"], rows)
    chance = np.where((age < 40) == (job == "Boss"), 0.6, 0.1)
    gaps = random.random((2, rows)) < 0.1
    frame = pl.DataFrame(
        {
            "id": [f"c{n}" for n in range(rows)],
            "age": [None if gap else int(a) for gap, a in zip(gaps[0], age, strict=True)],
            "job x": [None if gap else str(j) for gap, j in zip(gaps[1], job, strict=True)],
            "bought": np.where(random.random(rows) < chance, "yes", "no"),
        }
    )
    frame.write_csv(folder / "paired.csv")
    return folder / "paired.csv"
