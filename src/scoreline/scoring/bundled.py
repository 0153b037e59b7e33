"""Stored events of many records as a table of raw columns, and typed for a card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import msgspec
import numpy as np
import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEY
from scoreline.quality.headers import Spellings, headers_of, spellings
from scoreline.quality.reading.frames import frame_table
from scoreline.quality.typing.fast.cells import MOMENT
from scoreline.scorecard.events import AT, Event
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import KIND, EventRows
from scoreline.store.events import Bundle

ID, RECORD = "__id__", "__record__"
"""The numbers of an event, as it was recorded, and of the record that it happened to."""
_AT_ONCE = 100_000
"""Events whose properties are read at once."""
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    ID: pl.Int64,
    RECORD: pl.Int64,
    KIND.name: pl.String,
    AT.name: MOMENT,
}
_names = msgspec.json.Decoder(list[dict[str, msgspec.Raw]]).decode


def read_properties(kinds: Mapping[str, Event]) -> dict[str, tuple[str, ...]]:
    """The columns of the properties that a card reads, with the headers that each may have.

    Properties that are called alike but stand under other headers are different columns.
    """
    wanted = dict.fromkeys(headers_of(f) for event in kinds.values() for f in event.properties)
    return {f"__property__{number}": headers for number, headers in enumerate(wanted)}


def event_rows_of(card: Scorecard, kinds: Mapping[str, Event], table: pl.DataFrame) -> EventRows:
    """A table of `unbundled`, typed for a card; its events are in memory."""
    columns = {headers: name for name, headers in read_properties(kinds).items()}

    def bound(field: Field) -> Field:
        return replace(field, column=(columns[headers_of(field)],))

    own = {
        name: replace(event, properties=tuple(map(bound, event.properties)))
        for name, event in kinds.items()
    }
    key = pl.col(RECORD).cast(pl.String).alias(KEY)
    frame = table.select(key, pl.exclude(ID, RECORD))
    return EventRows(card, frame_table(frame), key=KEY, counted=own).collected()


def unbundled(bundles: Sequence[Bundle], kinds: Mapping[str, Event]) -> pl.DataFrame:
    """A row an event: `__id__`, `__record__`, `event`, `at`, and the raw texts of the properties in
    the columns of `read_properties`; in the order of the bundles.

    kinds: those that were asked for, in that order.
    """
    read = read_properties(kinds)
    empty = pl.DataFrame(schema={**_SCHEMA, **dict.fromkeys(read, pl.String)})
    pieces = (_events(piece, list(kinds), read) for piece in _pieces(bundles))
    return pl.concat([empty, *pieces])


def _pieces(bundles: Sequence[Bundle]) -> Iterator[list[Bundle]]:
    piece: list[Bundle] = []
    count = 0
    for one in bundles:
        piece.append(one)
        count += one.size
        if count >= _AT_ONCE:
            yield piece
            piece, count = [], 0
    if piece:
        yield piece


def _events(
    bundles: Sequence[Bundle], kinds: Sequence[str], read: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    records = np.array([one.record for one in bundles], dtype=np.int64)
    columns = {
        ID: _numbers([one.ids for one in bundles]),
        RECORD: pl.Series(np.repeat(records, [one.size for one in bundles])),
        KIND.name: pl.Series(kinds, dtype=pl.String).gather(_numbers([b.kinds for b in bundles])),
        AT.name: _numbers([one.moments for one in bundles]).cast(MOMENT),
    }
    table = pl.DataFrame(columns)
    if not read:
        return table
    return table.hstack(_properties([f"[{b.properties}]" for b in bundles], read, table.height))


def _numbers(texts: Sequence[str]) -> pl.Series:
    return pl.Series(np.fromstring(",".join(texts), dtype=np.int64, sep=","))


def _properties(
    lists: Sequence[str], read: Mapping[str, Sequence[str]], count: int
) -> pl.DataFrame:
    """The texts of each column; only headers that can stand for one are read."""
    told_by_event = chain.from_iterable(map(_names, lists))
    names = list(dict.fromkeys(chain.from_iterable(told_by_event)))
    found = {column: spellings(headers, names) for column, headers in read.items()}
    wanted = list(dict.fromkeys(h for some in found.values() for one in some for h in one.headers))
    nothing = pl.DataFrame({column: pl.Series([None] * count, dtype=pl.String) for column in read})
    if not wanted:
        return nothing
    asked = pl.List(pl.Struct(dict.fromkeys(wanted, pl.String)))
    told = pl.Series(lists, dtype=pl.String).str.json_decode(asked)
    table = told.explode(empty_as_null=False).struct.unnest()
    return nothing.with_columns(
        table.select(_first(list(map(_told, some)))).to_series().alias(column)
        for column, some in found.items()
        if some
    )


def _told(some: Spellings) -> pl.Expr:
    told = _first([exactly(header) for header in some.headers])
    if not some.alone or len(some.headers) == 1:
        return told
    several = pl.sum_horizontal(exactly(header).is_not_null() for header in some.headers) > 1
    return pl.when(~several).then(told)


def _first(told: Sequence[pl.Expr]) -> pl.Expr:
    return pl.coalesce(*told)
