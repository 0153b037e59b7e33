"""What is accepted of a column in bulk: the fast half of typing a column.

Polars expressions accept, they never refuse: a cell is accepted only where they give what
`type_value` gives for it, without a finding; any other cell goes there, once per distinct value.
What proves each acceptance is said beside it (`text`, `native`, `contacts`), and the tests compare
both ways on the same cells. Cells that are nothing (null, empty text, NaN) are missing both ways
and go nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from scoreline.language.fields import Field, FieldType
from scoreline.quality.text import fold_normal, normal
from scoreline.quality.typing.values import cell_typer

MOMENT = pl.Datetime("us", "UTC")

DTYPES: dict[FieldType, pl.DataType] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "money": pl.Float64(),
    "yes/no": pl.Boolean(),
    "date": pl.Date(),
    "time": MOMENT,
    "email": pl.String(),
    "phone": pl.String(),
    "country": pl.String(),
    "company id": pl.String(),
    "postcode": pl.String(),
    "name": pl.String(),
    "iban": pl.String(),
}
"""What a typed column of each type holds."""


class Cells:
    """The raw cells of a column, and what is worked out from them on the way.

    Polars works an expression out again wherever it stands, so what is used more than once is
    kept as a column: `steps` are laid on the table one after the other.
    """

    def __init__(self, raw: pl.Expr, tag: str) -> None:
        self.raw = raw
        self.steps: list[pl.Expr] = []
        self._tag = tag

    def keep(self, label: str, worked_out: pl.Expr) -> pl.Expr:
        """The column that the expression is kept as."""
        name = f"__{label}__{self._tag}"
        self.steps.append(worked_out.alias(name))
        return pl.col(name)


@dataclass(frozen=True, slots=True)
class Fast:
    """Where a cell is accepted (null counts as no), what it comes to, and its facts by name."""

    accepted: pl.Expr
    value: pl.Expr
    facts: Mapping[str, pl.Expr] = field(default_factory=dict)

    def typed(self, dtype: pl.DataType) -> pl.Expr:
        """The typed column, null where a cell is not accepted."""
        return pl.when(self.accepted).then(self.value).otherwise(None).cast(dtype)

    def fact(self, name: str, dtype: pl.DataType) -> pl.Expr:
        """The column of a fact, null where a cell is not accepted or the fact is not known."""
        known = self.facts.get(name)
        if known is None:
            return pl.lit(None, dtype)
        return pl.when(self.accepted).then(known).otherwise(None).cast(dtype)

    def rest(self, raw: pl.Expr, nothing: pl.Expr) -> pl.Expr:
        """The raw cells that are neither accepted nor nothing; null elsewhere."""
        return pl.when(self.accepted | nothing).then(None).otherwise(raw)


def nothing_fast() -> Fast:
    """Nothing is accepted: every cell is typed one by one."""
    return Fast(pl.lit(False), pl.lit(None))


def sentinels_of(declared: Field) -> list[str]:
    """The texts that mean missing, folded."""
    return [fold_normal(normal(text)) for text in declared.missing]


def but_missing(accepted: pl.Expr, value: pl.Expr, declared: Field) -> pl.Expr:
    """Accepted, unless the value is what a sentinel stands for."""
    values = list(cell_typer(declared).missing_values)
    if not values:
        return accepted
    if isinstance(values[0], float):  # whole numbers too: Polars compares like with like only
        value = value.cast(pl.Float64)
    return accepted & ~value.is_in(values)


def no_minus_zero(value: pl.Expr) -> pl.Expr:
    """The floats with -0.0 as 0.0 (Polars takes `+ 0.0` out of a plan)."""
    return pl.when(value == 0).then(0.0).otherwise(value)
