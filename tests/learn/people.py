"""Invented people whose chance of buying is known."""

from collections.abc import Sequence

import numpy as np

from scoreline.learn.columns import Column, Levels, Numbers


def people(rows: int, seed: int = 0) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Columns, what became of them, and the true log-odds: age, job and a column of noise count."""
    random = np.random.default_rng(seed)
    age = random.integers(18, 80, rows).astype(float)
    job = random.choice(["boss", "clerk", "none"], rows)
    said = -2 + np.where(age >= 50, 1.5, 0.0) + np.where(job == "boss", 1.0, 0.0)
    bought = (random.random(rows) < 1 / (1 + np.exp(-said))).astype(float)
    noise = random.normal(size=rows)
    return [Numbers("age", age), Levels.of("job", job), Numbers("noise", noise)], bought, said


def csv_of(columns: Sequence[Column], bought: np.ndarray) -> str:
    """The same as a file."""
    lines = ["id," + ",".join(column.name for column in columns) + ",bought"]
    for row, outcome in enumerate(bought):
        cells = [
            ("" if column.codes[row] < 0 else column.names[column.codes[row]])
            if isinstance(column, Levels)
            else ("" if np.isnan(column.values[row]) else f"{column.values[row]:.4f}")
            for column in columns
        ]
        lines.append(f"c{row}," + ",".join(cells) + f",{'yes' if outcome else 'no'}")
    return "\n".join(lines) + "\n"
