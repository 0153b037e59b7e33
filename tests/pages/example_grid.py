"""The page of a grid from made-up figures, as `jobs` would fill them.

python -m tests.pages.example_grid page.html
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from pathlib import Path

from scoreline.pages.figures import Grid, GridRow, Rate, ReportFigures, Segment
from scoreline.pages.render import render_report
from tests.pages.example_figures import example as plain
from tests.pages.example_figures import rate

FIT = (("A", "70 or more"), ("B", "40 or more"), ("C", "the rest"), ("?", "not known"))
ENGAGEMENT = (("1", "60 or more"), ("2", "25 or more"), ("3", "the rest"))
RECORDS = ((112, 236, 24), (500, 780, 1500), (600, 900, 412), (0, 21, 30))
WON = ((62, 90, 4), (104, 77, 60), (51, 30, 12), (0, 4, 0))


def segment(name: str, rule: str, parts: Iterable[tuple[int, int]]) -> Segment:
    """A segment, or several together: their records and how many of them were won."""
    count, won = (sum(numbers) for numbers in zip(*parts, strict=True))
    return Segment(name, count, count / 5115, rule, rate(won, count) if count else Rate(0, 0, 0, 1))


def example() -> ReportFigures:
    sums = [list(zip(*lines, strict=True)) for lines in zip(RECORDS, WON, strict=True)]
    rows = tuple(
        GridRow(
            segment(*down, line),
            tuple(
                segment(down[0] + across[0], f"fit: {down[1]}; engagement: {across[1]}", [one])
                for across, one in zip(ENGAGEMENT, line, strict=True)
            ),
        )
        for down, line in zip(FIT, sums, strict=True)
    )
    columns = zip(ENGAGEMENT, zip(*sums, strict=True), strict=True)
    return dataclasses.replace(
        plain(),
        title="Who fits, and who is engaged",
        objective="",
        card="grid.yaml",
        segments=tuple(cell for row in rows for cell in row.cells),
        histogram=dataclasses.replace(plain().histogram, bins=(), thresholds=()),
        grid=Grid(
            "fit",
            "engagement",
            rows,
            tuple(segment(*across, column) for across, column in columns),
            segment("all", "", [one for line in sums for one in line]),
        ),
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_report(example()), encoding="utf-8")
