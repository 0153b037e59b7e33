"""Polars expressions that accept postcodes in bulk that are written as their country has them."""

from __future__ import annotations

import re

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing.fast.cells import Cells, Fast, nothing_fast, sentinels_of
from scoreline.quality.typing.postcodes import plan_of

_CLASS = {"9": "[0-9]", "A": "[A-Z]"}


def postcode_fast(field: Field, cells: Cells) -> Fast:
    """Postcodes of the declared country in the shape of its examples."""
    plan = plan_of(field.country.upper()) if field.country else None
    if plan is None:
        return nothing_fast()
    taken = [cells.raw.str.contains(f"^(?:{one.pattern})$") for one in plan.patterns]
    shapes = "|".join(_pattern(shape, dict(signs)) for shape, signs in plan.shapes.items())
    accepted = cells.raw.str.contains(f"^(?:{shapes})$") & pl.any_horizontal(taken)
    if field.missing:
        accepted &= ~cells.raw.str.to_lowercase().is_in(sentinels_of(field))
    return Fast(accepted, cells.raw, {"status": pl.lit("ok")})


def _pattern(shape: str, signs: dict[int, str]) -> str:
    """Digits and capitals of a shape, with the signs between that its country writes."""
    parts = [
        re.escape(signs.get(place, "")) + _CLASS.get(sign, re.escape(sign))
        for place, sign in enumerate(shape)
    ]
    return "".join(parts)
