"""Columns of moments that options name: read in the order that their own cells prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.language.fields import Field
from scoreline.quality.reading.files import Table
from scoreline.quality.typing.date_orders import order_proved


def own_order(cells: pl.Series) -> str | None:
    """The order of day, month and year that the cells of a column prove, if they do."""
    proved = order_proved(cells) if cells.dtype == pl.String else None
    return None if proved is None else proved.order


def moment_field(name: str, header: str, table: Table, order: str | None) -> Field:
    """The field of a column of moments, in the order that is said, else that its cells prove."""
    if order is None:
        order = own_order(table.frame.select(exactly(header)).collect().to_series())
    return Field(name, "time", column=(header,), order=order)


def of_moments(one: Finding, named: Mapping[str, str | None]) -> Finding:
    """A finding of a column of moments under its own name, with what can be done here.

    named: the name of the column, by that of its field.
    """
    header = named.get(one.field or "")
    if header is None:
        return one
    message = one.message.replace(one.field or "", header)
    hint = "Records without a moment are left out. Say --order dmy (or mdy, ymd) if days and months"
    return replace(one, field=header, message=message, hint=f"{hint} could be either.")
