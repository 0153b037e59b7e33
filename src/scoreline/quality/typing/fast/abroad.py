"""Polars expressions that accept international phone numbers: the second look at a column.

A column without a country, or with numbers of others, has nothing for the first look. Numbers that
begin with + are taken by their calling codes, and those of a code by the plans of its regions, as
`phone_plans` takes one.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing.fast.cells import Cells, Fast, sentinels_of
from scoreline.quality.typing.fast.contacts import (
    is_placeholder_phone,
    is_plain_phone,
    is_valid_phone,
)
from scoreline.quality.typing.phone_plans import (
    CODES,
    LONGEST,
    PUNCTUATION,
    SHORTEST,
    Plan,
    plans_of_code,
)

_MANY = 50
"""Numbers of a calling code that are worth regular expressions of their own."""


def fast_abroad(field: Field, cells: Cells) -> Fast:
    """Valid numbers with a + and a calling code, plainly written, that are no placeholders."""
    struct = pl.Struct({"e164": pl.String(), "country": pl.String()})
    found = cells.keep("abroad", cells.raw.map_batches(read_abroad, return_dtype=struct))
    e164 = found.struct.field("e164")
    accepted = e164.is_not_null()
    if field.missing:
        accepted &= ~cells.raw.is_in(sentinels_of(field))
    country = found.struct.field("country")
    return Fast(accepted, cells.raw, {"status": pl.lit("ok"), "e164": e164, "country": country})


def read_abroad(raw: pl.Series) -> pl.Series:
    """Structs of `e164` and `country`, null where only `read_phone` knows.

    >>> read_abroad(pl.Series(["+7 (912) 345-67-89"] * 50)).to_list()[0]
    {'e164': '+79123456789', 'country': 'RU'}
    """
    cells = pl.DataFrame({"raw": raw}).with_row_index("place")
    digits = pl.col("raw").str.replace_many(PUNCTUATION, [""])
    international = pl.col("raw").str.starts_with("+") & is_plain_phone(pl.col("raw"))
    numbers = cells.filter(international).select(
        "place", digits=digits, code=digits.str.extract(f"^({'|'.join(CODES)})")
    )
    numbers = numbers.filter(pl.col("digits").str.len_bytes().is_between(SHORTEST, LONGEST))
    found = [pl.DataFrame(schema={"place": pl.UInt32(), "country": pl.String()})]
    for (code,), some in numbers.group_by("code"):
        if isinstance(code, str) and some.height >= _MANY:
            national = pl.col("digits").str.slice(len(code))
            found += _regions(code, some.select("place", national=national))
    known = cells.select("place").join(pl.concat(found), "place", "left", maintain_order="left")
    return (
        known.join(numbers, "place", "left", maintain_order="left")
        .select(
            pl.struct(
                pl.when(pl.col("country").is_not_null())
                .then(pl.lit("+") + pl.col("digits"))
                .alias("e164"),
                "country",
            )
        )
        .to_series()
    )


def _regions(code: str, numbers: pl.DataFrame) -> list[pl.DataFrame]:
    """Of the national numbers of a calling code: places and regions of the valid ones."""
    plans = plans_of_code(code)
    if not plans or not all(_is_bulk(plan) for plan in plans):
        return []
    national, first = pl.col("national"), plans[0]
    refused = is_placeholder_phone(national)
    if first.prefix:
        refused |= national.str.contains(f"^(?:{first.prefix.pattern})")
    left, found = numbers.filter(~refused), []
    for plan in plans:
        if left.is_empty():
            break
        claimed = valid = is_valid_phone(national, plan.general.pattern, plan.sized)
        if len(plans) == 1:
            claimed = pl.lit(True)
        elif plan.leading:
            claimed = national.str.contains(f"^(?:{plan.leading.pattern})")
        told = left.with_columns(claimed=claimed, valid=valid)
        region = pl.lit(plan.region).alias("country")
        found.append(told.filter(pl.col("claimed") & pl.col("valid")).select("place", region))
        left = told.filter(~pl.col("claimed")).select("place", "national")
    return found


@cache
def _is_bulk(plan: Plan) -> bool:
    """Whether Polars takes every pattern of the plan: it knows no look-around, for one."""
    patterns = [plan.general.pattern, *(pattern for _, pattern in plan.sized)]
    patterns += [part.pattern for part in (plan.leading, plan.prefix) if part]
    try:
        for pattern in patterns:
            pl.Series([""]).str.contains(f"^(?:{pattern})$")
    except pl.exceptions.ComputeError:
        return False
    return True
