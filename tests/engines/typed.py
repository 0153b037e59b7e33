"""Typed records as the table that the local engine reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from scoreline.engines.local.expressions import DTYPES
from scoreline.language.fields import fact_column
from scoreline.scorecard.model import Scorecard


def typed_schema(card: Scorecard) -> dict[str, pl.DataType]:
    """The columns of a card's typed records: one for each field, one for each fact."""
    schema: dict[str, pl.DataType] = {}
    for field in card.fields:
        schema[field.name] = pl.Int64() if field.type == "integer" else DTYPES[field.kind]
        for fact in field.facts:
            schema[fact_column(field.name, fact.name)] = DTYPES[fact.kind]
    return schema


def typed_table(card: Scorecard, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The table of typed records."""
    schema = typed_schema(card)
    rows = [{name: record.get(name) for name in schema} for record in records]
    return pl.DataFrame(rows, schema=schema)
