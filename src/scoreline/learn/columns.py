"""What a learner looks at: columns of numbers or of levels, with what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
MISSING = -1
"""The code of a missing level."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers; NaN where missing."""

    name: str
    values: Floats

    def __len__(self) -> int:
        return len(self.values)

    @property
    def there(self) -> npt.NDArray[np.bool_]:
        """Whether each row has a value."""
        return ~np.isnan(self.values)

    def part(self, rows: npt.NDArray[np.intp]) -> Numbers:
        """Some of the rows."""
        return Numbers(self.name, self.values[rows])


@dataclass(frozen=True)
class Levels:
    """A column of levels: the place of each row's among `names`, MISSING where it has none."""

    name: str
    codes: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, name: str, values: Iterable[str | None]) -> Levels:
        """The same from texts; None where missing.

        >>> Levels.of("job", ["clerk", None, "boss"]).codes.tolist()
        [1, -1, 0]
        """
        texts = list(values)
        names = tuple(sorted({text for text in texts if text is not None}))
        number: dict[str | None, int] = {text: place for place, text in enumerate(names)}
        codes = np.array([number.get(text, MISSING) for text in texts], dtype=np.int32)
        return cls(name, codes, names)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def there(self) -> npt.NDArray[np.bool_]:
        """Whether each row has a value."""
        return np.asarray(self.codes != MISSING)

    def part(self, rows: npt.NDArray[np.intp]) -> Levels:
        """Some of the rows."""
        return Levels(self.name, self.codes[rows], self.names)


Column = Numbers | Levels


def parts(columns: Sequence[Column], rows: npt.NDArray[np.intp]) -> list[Column]:
    """Some rows of several columns."""
    return [column.part(rows) for column in columns]
