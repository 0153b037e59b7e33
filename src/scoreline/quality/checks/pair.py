"""A check of a few cells of one record together; a table asks it once for each combination."""

from __future__ import annotations

from collections.abc import Callable
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
    probably meant in the field; gaps: whether it is asked of missing values too, which are None.
    """

    code: str
    field: str
    columns: tuple[str, ...]
    fails: Callable[..., bool]
    meant: Callable[..., str | None] = nothing_meant
    gaps: bool = False

    def asked(self, values: tuple[object, ...]) -> bool:
        """Whether the check says anything of these values: where one is missing most do not."""
        return self.gaps or None not in values


@dataclass(frozen=True)
class Contradicted:
    """The rows of a table that fail a check, and what was probably meant in each."""

    rows: pl.Series
    meant: pl.Series


def contradictions(frame: pl.DataFrame, pair: Pair) -> Contradicted:
    """The rows of a typed table that fail a check; it is asked once for each combination."""
    columns = [exactly(name).alias(f"__{n}__") for n, name in enumerate(pair.columns)]
    names = [f"__{n}__" for n in range(len(columns))]
    asked = frame.select(columns).unique(maintain_order=True)
    fails = [pair.asked(row) and pair.fails(*row) for row in asked.iter_rows()]
    meant = [
        pair.meant(*row) if failed else None
        for row, failed in zip(asked.iter_rows(), fails, strict=True)
    ]
    verdicts = asked.with_columns(
        pl.Series("__fails__", fails, pl.Boolean), pl.Series("__meant__", meant, pl.String)
    )
    joined = frame.select(columns).join(
        verdicts, on=names, how="left", maintain_order="left", nulls_equal=True
    )
    return Contradicted(joined["__fails__"], joined["__meant__"])
