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
    """The scale of a grid's colours, from 0 to `end` in equal steps.

    by_rate: by the share won, else by the share of the records.
    """

    by_rate: bool
    end: float

    @property
    def tones(self) -> tuple[str, ...]:
        """The colours, the weakest first."""
        return tuple(f"shade-{1 + step}" for step in range(SHADES))

    def tone(self, cell: Segment) -> str:
        """The colour of a cell; none where it is empty, or its share won is of few records."""
        value = _rate(cell) if self.by_rate else _part(cell)
        if value is None:
            return "bare"
        step = math.floor(value / self.end * SHADES + 1e-9)
        return self.tones[min(step, SHADES - 1)]


def shading(grid: Grid) -> Shading | None:
    """The scale of a grid: the share won, or the share of records where no share won is reliable.

    It ends at the first round share that holds all. None if nothing is in the grid.
    """
    cells = [cell for row in grid.rows for cell in row.cells]
    rates = [rate for cell in cells if (rate := _rate(cell)) is not None]
    by_rate = max(rates, default=0) > 0
    highest = max(rates if by_rate else [_part(cell) or 0 for cell in cells], default=0)
    if not highest:
        return None
    step = numbers.nice_step(highest, 10)
    return Shading(by_rate, round(step * math.ceil(highest / step - 1e-9), 10))


def _rate(cell: Segment) -> float | None:
    return cell.rate.value if cell.rate is not None and cell.rate.of >= FEW else None


def _part(cell: Segment) -> float | None:
    return cell.share or None
