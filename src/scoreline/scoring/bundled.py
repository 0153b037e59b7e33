"""Stored events of many records as the table that a file of these events would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.language.fields import Field
from scoreline.quality.headers import Spellings, headers_of, spellings
from scoreline.quality.typing.fast.cells import MOMENT
from scoreline.scorecard.events import AT, Event
from scoreline.scoring.events import KIND
from scoreline.store.events import Bundle

ID, RECORD = "__id__", "__record__"
"""The numbers of an event, as it was recorded, and of the record that it happened to."""
_AT_ONCE = 100_000
"""Events whose properties are read at once: a stray name widens no more of them."""
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    ID: pl.Int64,
    RECORD: pl.Int64,
    KIND.name: pl.String,
    AT.name: MOMENT,
}


def read_properties(kinds: Mapping[str, Event]) -> list[Field]:
    """The properties that a card reads of events of these kinds."""
    return list({f.name: f for event in kinds.values() for f in event.properties}.values())


def unbundled(bundles: Sequence[Bundle], kinds: Mapping[str, Event]) -> pl.DataFrame:
    """A row an event: `__id__`, `__record__`, `event`, `at`, and the properties as raw texts, each
    under a header of its field; in the order of the bundles.

    kinds: those that were asked for, in that order.
    """
    read = read_properties(kinds)
    empty = pl.DataFrame(schema={**_SCHEMA, **dict.fromkeys(map(_header, read), pl.String)})
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


def _events(bundles: Sequence[Bundle], kinds: Sequence[str], read: Sequence[Field]) -> pl.DataFrame:
    records = np.array([one.record for one in bundles], dtype=np.int64)
    columns = {
        ID: _numbers([one.ids for one in bundles]),
        RECORD: pl.Series(np.repeat(records, [one.size for one in bundles])),
        KIND.name: pl.Series(kinds, dtype=pl.String).gather(_numbers([b.kinds for b in bundles])),
        AT.name: _numbers([one.moments for one in bundles]).cast(MOMENT),
    }
    table = pl.DataFrame(columns)
    return table.hstack(_properties([b.properties for b in bundles], read)) if read else table


def _numbers(texts: Sequence[str]) -> pl.Series:
    return pl.Series(np.fromstring(",".join(texts), dtype=np.int64, sep=","))


def _properties(texts: Sequence[str], read: Sequence[Field]) -> pl.DataFrame:
    lists = pl.Series([f"[{text}]" for text in texts], dtype=pl.String)
    told = lists.str.json_decode(infer_schema_length=None).explode(empty_as_null=False)
    table = told.struct.unnest().cast(pl.String)
    if not table.width:  # no event has any
        return pl.DataFrame(
            {_header(f): pl.Series([None] * len(told), dtype=pl.String) for f in read}
        )
    return table.select(
        _first([_told(one) for one in spellings(headers_of(field), table.columns)]).alias(
            _header(field)
        )
        for field in read
    )


def _header(field: Field) -> str:
    return headers_of(field)[0]


def _told(some: Spellings) -> pl.Expr:
    told = _first([exactly(header) for header in some.headers])
    if not some.alone or len(some.headers) == 1:
        return told
    several = pl.sum_horizontal(exactly(header).is_not_null() for header in some.headers) > 1
    return pl.when(~several).then(told)


def _first(told: Sequence[pl.Expr]) -> pl.Expr:
    return pl.coalesce(*told) if told else pl.lit(None, dtype=pl.String)
