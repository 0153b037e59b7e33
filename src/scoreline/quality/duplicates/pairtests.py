"""Yes-or-no questions about two records, each said twice: in DuckDB's SQL and in Python.

Strings are compared byte for byte in UTF-8, as DuckDB does; standard values are mostly ASCII.
A question about a missing value is answered no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

Prepared = Mapping[str, str | int | None]
"""A record as it is compared: column -> standard value, class of its frequency, or None."""
_ROUNDED = 1e-9
"""What is `least` exactly comes out of one of the two libraries a rounding below it."""


class PairTest(Protocol):
    """A question about two prepared records."""

    @property
    def sql(self) -> str:
        """The question about the records `l` and `r`."""

    def holds(self, left: Prepared, right: Prepared) -> bool:
        """The answer for two records."""


@dataclass(frozen=True, slots=True)
class Same:
    """Both have the same value; of so frequent a class, if one is named."""

    column: str
    classed: str | None = None
    of_class: int = 0

    @property
    def sql(self) -> str:  # noqa: D102
        same = f'"{self.column}_l" = "{self.column}_r"'
        return f'{same} AND "{self.classed}_l" = {self.of_class}' if self.classed else same

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        value = left[self.column]
        if value is None or value != right[self.column]:
            return False
        return self.classed is None or left[self.classed] == self.of_class


@dataclass(frozen=True, slots=True)
class Alike:
    """Their values are near by Jaro-Winkler: at least `least` of 1."""

    column: str
    least: float

    @property
    def sql(self) -> str:  # noqa: D102
        alike = f'jaro_winkler_similarity("{self.column}_l", "{self.column}_r")'
        return f"{alike} >= {self.least - _ROUNDED!r}"

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        one, other = left[self.column], right[self.column]
        if one is None or other is None:
            return False
        return JaroWinkler.similarity(_bytes(one), _bytes(other)) >= self.least - _ROUNDED


@dataclass(frozen=True, slots=True)
class Edits:
    """One value becomes the other by so many slips at most: a letter more, less, other, swapped."""

    column: str
    most: int

    @property
    def sql(self) -> str:  # noqa: D102
        # damerau_levenshtein takes 20 us a pair: first what is quick and lets no such pair go. A
        # slip changes the length by one, and is at most two of the edits that Levenshtein counts.
        one, other = f'"{self.column}_l"', f'"{self.column}_r"'
        return (
            f"CASE WHEN abs(strlen({one}) - strlen({other})) > {self.most} THEN FALSE "
            f"WHEN levenshtein({one}, {other}) > {2 * self.most} THEN FALSE "
            f"ELSE damerau_levenshtein({one}, {other}) <= {self.most} END"
        )

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        one, other = left[self.column], right[self.column]
        if one is None or other is None:
            return False
        return DamerauLevenshtein.distance(_bytes(one), _bytes(other)) <= self.most


@dataclass(frozen=True, slots=True)
class Crossed:
    """One has in the first column what the other has in the second, and the other way round."""

    first: str
    second: str

    @property
    def sql(self) -> str:  # noqa: D102
        return (
            f'"{self.first}_l" = "{self.second}_r" AND "{self.second}_l" = "{self.first}_r"'
            f' AND "{self.first}_l" <> "{self.second}_l"'
        )

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        one, two = left[self.first], left[self.second]
        there = one is not None and two is not None and one != two
        return there and one == right[self.second] and two == right[self.first]


@dataclass(frozen=True, slots=True)
class Within:
    """One has in `column` what stands in `other` of the other record."""

    column: str
    other: str

    @property
    def sql(self) -> str:  # noqa: D102
        return f'("{self.column}_l" = "{self.other}_r" OR "{self.other}_l" = "{self.column}_r")'

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        one, two = left[self.column], left[self.other]
        return (one is not None and one == right[self.other]) or (
            two is not None and two == right[self.column]
        )


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these questions is answered yes."""

    parts: tuple[PairTest, ...]

    @property
    def sql(self) -> str:  # noqa: D102
        return " AND ".join(f"({part.sql})" for part in self.parts)

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        return all(part.holds(left, right) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these questions is answered yes."""

    parts: tuple[PairTest, ...]

    @property
    def sql(self) -> str:  # noqa: D102
        return " OR ".join(f"({part.sql})" for part in self.parts)

    def holds(self, left: Prepared, right: Prepared) -> bool:  # noqa: D102
        return any(part.holds(left, right) for part in self.parts)


def _bytes(value: str | int) -> bytes:
    return str(value).encode()
