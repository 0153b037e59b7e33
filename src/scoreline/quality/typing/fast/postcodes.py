"""Polars expressions that accept postcodes in bulk that are written as their country has them."""

from __future__ import annotations

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing.fast.cells import Cells, Fast, nothing_fast, sentinels_of
from scoreline.quality.typing.postcodes import plan_of

_PLAIN = "^[0-9A-Z]+(?:[ -][0-9A-Z]+)*$"


def postcode_fast(field: Field, cells: Cells) -> Fast:
    """Postcodes in ASCII capitals, which the patterns of the declared country take as they are."""
    plan = plan_of(field.country.upper()) if field.country else None
    if plan is None:
        return nothing_fast()
    taken = [cells.raw.str.contains(f"^(?:{one.pattern})$") for one in plan.patterns]
    accepted = cells.raw.str.contains(_PLAIN) & pl.any_horizontal(taken)
    if field.missing:
        accepted &= ~cells.raw.str.to_lowercase().is_in(sentinels_of(field))
    return Fast(accepted, cells.raw, {"status": pl.lit("ok")})
