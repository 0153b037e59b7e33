"""The fields of a base that is checked: those of a card, or what its columns hold by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, did_you_mean
from scoreline.jobs.quality.results import QualityAsked
from scoreline.language.fields import Field
from scoreline.quality.checks.fields import (
    HELD,
    currency_of_values,
    declared_roles,
    fields_of_roles,
)
from scoreline.quality.checks.shared import is_nearly_key
from scoreline.quality.headers import header_of, headers_of, names_of
from scoreline.quality.reading.files import Table
from scoreline.quality.roles import SAMPLE, Role, are_years, roles
from scoreline.quality.text import plain_text
from scoreline.quality.typing.date_orders import Proved, order_proved
from scoreline.scorecard.model import Scorecard


@dataclass(frozen=True)
class ToCheck:
    """What is checked in a base.

    fields: in the order of their columns or of the card; roles: of those whose role is known, by
    name; headers: of the fields, None where there is no such column; proved: the orders of dates
    that the base itself proves, by field; key, channel, created: headers of columns;
    by_record: whether phones, postcodes and company ids belong to their record's country, where it
    says one; else to that of their field.
    """

    fields: tuple[Field, ...]
    roles: Mapping[str, Role]
    headers: Mapping[str, str | None]
    proved: Mapping[str, Proved]
    key: str | None = None
    channel: str | None = None
    created: str | None = None
    by_record: bool = True

    @property
    def with_card(self) -> bool:
        """Whether the fields are those of a card."""
        return not self.by_record

    @property
    def pairs(self) -> list[tuple[Field, str]]:
        """The fields that have a column, each with its header."""
        named = ((one, self.headers[one.name]) for one in self.fields)
        return [(one, header) for one, header in named if header is not None]


def to_check(table: Table, asked: QualityAsked, card: Scorecard | None) -> ToCheck:
    """What is checked in a table: the fields of the card, or its columns by what they hold.

    Raises DataError if a column that was named is not there.
    """
    fields, roles, key = _fields(table, asked, card)
    proved = {} if card is not None else orders_proved(table, fields)
    fields = tuple(in_order(f, proved[f.name].order if f.name in proved else None) for f in fields)
    named = next((headers_of(one) for one in fields if one.name == key), [key or ""])
    return ToCheck(
        fields,
        roles,
        {one.name: header_of(headers_of(one), table.columns) for one in fields},
        proved,
        key=header_of(named, table.columns) if key else None,
        channel=named_header(table, asked.channel),
        created=named_header(table, asked.created),
        by_record=card is None,
    )


def named_header(table: Table, wanted: str | None) -> str | None:
    """The header of a column that was named.

    Raises DataError if there is none of that name.
    """
    if wanted is None:
        return None
    found = header_of([wanted], table.columns)
    if found is None:
        raise DataError(
            f"{table.source} has no column `{wanted}`.", did_you_mean(wanted, table.columns)
        )
    return found


def _fields(
    table: Table, asked: QualityAsked, card: Scorecard | None
) -> tuple[tuple[Field, ...], dict[str, Role], str | None]:
    """The fields to check, the roles of those whose role is known, and the column of keys."""
    sample = table.frame.select(map(exactly, table.columns)).head(SAMPLE).collect()
    texts = {name: list(map(plain_text, sample[name].to_list())) for name in table.columns}
    found = roles(texts)
    if card is not None:
        declared = _with_key(card)
        headers = {f.name: header_of(headers_of(f), table.columns) for f in declared}
        known = {f: found[header] for f, header in headers.items() if header is not None}
        known = {f: role for f, role in known.items() if role not in HELD}
        known |= declared_roles(card.fields)
        if card.key is not None:
            known[next(f.name for f in declared if card.key in (f.name, *f.column))] = "key"
        return tuple(in_order(f, asked.order) for f in declared), known, card.key
    key = next((header for header, role in found.items() if role == "key"), None)
    key = key or next((h for h in table.columns if is_nearly_key(h, texts[h])), None)
    if key is not None:
        found[key] = "key"
    money = {h: currency_of_values(texts[h]) for h, role in found.items() if role == "money"}
    years = {h for h, role in found.items() if role == "birth date" and are_years(texts[h])}
    fields = fields_of_roles(found, asked.country, asked.order, money, years)
    return fields, dict(zip((one.name for one in fields), found.values(), strict=True)), key


def _with_key(card: Scorecard) -> tuple[Field, ...]:
    """The fields of a card, and one of its keys where none of them is."""
    named = {header for one in card.fields for header in headers_of(one)}
    if card.key is None or card.key in named:
        return card.fields
    *_, name = names_of([*(one.name for one in card.fields), card.key])
    return (*card.fields, Field(name, "text", column=(card.key,)))


def in_order(one: Field, order: str | None) -> Field:
    """A field, its dates read in an order where it says none itself."""
    dated = one.type in ("date", "time") and one.order is None
    return replace(one, order=order) if dated and order is not None else one


def orders_proved(table: Table, fields: Sequence[Field]) -> dict[str, Proved]:
    """The order of dates that a column's own cells prove, by field, where nobody said one."""
    found: dict[str, Proved] = {}
    for one in fields:
        header = header_of(headers_of(one), table.columns)
        if one.type != "date" or one.order is not None or header is None:
            continue
        cells = table.frame.select(exactly(header)).collect(engine="streaming").to_series()
        proved = order_proved(cells) if cells.dtype == pl.String else None
        if proved is not None:
            found[one.name] = proved
    return found
