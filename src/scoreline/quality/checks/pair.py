"""A check of a few cells of one record together; a table asks it once for each combination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from scoreline.engines.local.results import exactly


def nothing_meant(*_: object) -> str | None:
    """No suggestion, of any values."""
    return None


@dataclass(frozen=True)
class Pair:
    """A check of the columns of a typed table together.

    code: of its finding; field: the one that the finding is told of; columns: what it reads; fails:
    of their values, whether they contradict each other; meant: of the values that fail, what was
    probably meant in the field; presence: whether of all columns but the first only counts if they
    hold something: they are given as True and False.
    """

    code: str
    field: str
    columns: tuple[str, ...]
    fails: Callable[..., bool]
    meant: Callable[..., str | None] = nothing_meant
    presence: bool = False

    def read(self, values: Mapping[str, object]) -> tuple[object, ...] | None:
        """What the check is asked of a record; None if a value is missing: then it says nothing."""
        first, *others = (values[column] for column in self.columns)
        if self.presence:
            others = [value is not None for value in others]
        return None if first is None or None in others else (first, *others)


@dataclass(frozen=True)
class Contradicted:
    """The rows of a table that fail a check, and what was probably meant in each."""

    rows: pl.Series
    meant: pl.Series


def contradictions(frame: pl.DataFrame, pair: Pair) -> Contradicted:
    """The rows of a typed table that fail a check; it is asked once for each combination."""
    first, *others = map(exactly, pair.columns)
    if pair.presence:
        others = [column.is_not_null() for column in others]
    columns = [column.alias(f"__{n}__") for n, column in enumerate((first, *others))]
    asked = frame.select(columns)
    distinct = asked.unique(maintain_order=True).drop_nulls()
    fails = [pair.fails(*row) for row in distinct.iter_rows()]
    failed = distinct.filter(pl.Series(fails, dtype=pl.Boolean))
    verdicts = failed.with_columns(
        pl.Series("__fails__", [True] * failed.height, pl.Boolean),
        pl.Series("__meant__", [pair.meant(*row) for row in failed.iter_rows()], pl.String),
    )
    joined = asked.join(verdicts, on=asked.columns, how="left", maintain_order="left")
    return Contradicted(joined["__fails__"].fill_null(value=False), joined["__meant__"])
