"""An order of records that doesn't depend on how the file is sorted, and the way back from it.

Ties are broken by row, and chance is counted on a sample of rows: with records in an order of their
own, a file that is sorted otherwise has the same clusters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.quality.duplicates.labels import Labels, Pair
from scoreline.quality.duplicates.pairs import Pairs, Rows
from scoreline.quality.duplicates.prepare import ROW

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Order:
    """rows: the rows of the file, in the order in which they are compared."""

    rows: Rows

    @classmethod
    def of(cls, columns: Iterable[Cells], keys: Cells | None = None) -> Order:
        """The order by the cells of columns, then by the keys; equal rows stay in order."""
        given = [*columns, keys] if keys is not None else list(columns)
        texts = {f"c{n}": pl.Series(one, dtype=pl.String) for n, one in enumerate(given)}
        frame = pl.DataFrame(texts).with_row_index(ROW)
        return cls(frame.sort(list(texts), maintain_order=True)[ROW].to_numpy().astype(np.int64))

    @cached_property
    def places(self) -> Rows:
        """The place of each row of the file in this order."""
        return np.argsort(self.rows, kind="stable")

    def sorted(self, columns: Mapping[str, Cells]) -> dict[str, list[str | None]]:
        """Columns in this order."""
        rows = self.rows.tolist()
        return {name: [cells[row] for row in rows] for name, cells in columns.items()}

    def there(self, labels: Labels) -> Labels:
        """Labels of rows of the file as labels of places."""
        return _mapped(labels, self.places)

    def back(self, labels: Labels) -> Labels:
        """Labels of places as labels of rows of the file."""
        return _mapped(labels, self.rows)

    def pair(self, places: Pair) -> Pair:
        """The rows of a pair of places, the smaller first."""
        one, other = (int(self.rows[place]) for place in places)
        return min(one, other), max(one, other)

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A prepared frame in the order of the file."""
        return frame.drop(ROW)[self.places].with_row_index(ROW)

    def pairs(self, pairs: Pairs) -> tuple[Pairs, npt.NDArray[np.int64]]:
        """Pairs of places as pairs of rows, in order; and where each stood before."""
        one, other = self.rows[pairs.left], self.rows[pairs.right]
        left, right = np.minimum(one, other), np.maximum(one, other)
        before = np.argsort(left * len(self.rows) + right, kind="stable")
        return Pairs(left[before], right[before], pairs.levels[before]), before

    def first(self, first: Sequence[int]) -> list[int]:
        """The first record of each record's cluster, by row: the first one in the file."""
        found: dict[int, int] = {}
        return [
            found.setdefault(first[place], row) for row, place in enumerate(self.places.tolist())
        ]


def _mapped(labels: Labels, to: Rows) -> Labels:
    answers = labels.answers.items()
    return Labels.of((int(to[one]), int(to[other]), same) for (one, other), same in answers)
