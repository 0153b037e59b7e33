"""How strongly the cells of a grid are coloured, and by which figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoreline.pages import numbers
from scoreline.pages.charts import FEW
from scoreline.pages.figures import Grid, Segment

SHADES = 5
"""Strengths of the colour, `shade-1` the weakest."""


@dataclass(frozen=True, slots=True)
class Shading:
    """The scale of a grid's colours.

    by_rate: by the share won, else by the share of the records; ends: where each strength ends,
    ascending from the first above 0.
    """

    by_rate: bool
    ends: tuple[float, ...]

    @property
    def tones(self) -> tuple[str, ...]:
        """The colour of each step of the scale; few steps spread over all strengths."""
        last = len(self.ends) - 1 or 1
        return tuple(f"shade-{1 + round(i * (SHADES - 1) / last)}" for i in range(len(self.ends)))

    def tone(self, cell: Segment) -> str:
        """The colour of a cell; none where it is empty, or its share won is of few records."""
        value = _rate(cell) if self.by_rate else _part(cell)
        if value is None:
            return "bare"
        inside = (t for end, t in zip(self.ends, self.tones, strict=True) if value < end - 1e-9)
        return next(inside, self.tones[-1])


def shading(grid: Grid) -> Shading | None:
    """The scale of a grid: the share won, or the share of records where no share won is reliable.

    Its steps are 1, 2 or 5 times a power of ten, at most SHADES of them. None if nothing is in
    the grid.
    """
    cells = [cell for row in grid.rows for cell in row.cells]
    rates = [rate for cell in cells if (rate := _rate(cell)) is not None]
    by_rate = max(rates, default=0) > 0
    highest = max(rates if by_rate else [_part(cell) or 0 for cell in cells], default=0)
    if not highest:
        return None
    step = numbers.nice_step(highest, SHADES)
    count = math.ceil(highest / step - 1e-9)
    return Shading(by_rate, tuple(round(step * (i + 1), 10) for i in range(count)))


def _rate(cell: Segment) -> float | None:
    return cell.rate.value if cell.rate is not None and cell.rate.of >= FEW else None


def _part(cell: Segment) -> float | None:
    return cell.share or None
