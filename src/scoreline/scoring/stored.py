"""Stored records on their way to an engine: raw JSON -> typed, and typed -> JSON and back.

What was scored is kept typed, with its facts, so that a score can be computed again for ever, even
when lists or libraries behind facts have changed since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import msgspec
import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.language.fields import fact_column
from scoreline.quality.boundary import KEY, Boundary
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.reading.frames import frame_table
from scoreline.quality.text import normal, plain_text
from scoreline.quality.typing.fast.cells import DTYPES, MOMENT
from scoreline.quality.typing.python_values import simplify
from scoreline.quality.typing.values import RecordTyper, TypedRecord
from scoreline.scorecard.model import Scorecard

_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def plain_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Raw values as JSON keeps them: texts, numbers and truths stay, lists and objects are the text
    of their JSON, all else is its text.

    Nothing (None, NaN) is None; infinities are texts,
    for JSON has none, and so is what is no Unicode.
    """
    return {_sound(str(name)): _plain(value) for name, value in values.items()}


def told_values(values: Mapping[str, object]) -> dict[str, Any]:
    """The same without blank texts, NaN and the like, which say nothing.

    >>> told_values({"budget": " ", "age": float("nan"), "phone": None, "service": "seo"})
    {'phone': None, 'service': 'seo'}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        plain = _plain(value)
        if plain is None and value is not None:
            continue
        # Most texts begin with a sign that can be seen: an import looks at each of its cells.
        if type(plain) is not str or "!" <= plain[:1] <= "~" or normal(plain):
            found[_sound(str(name))] = plain
    return found


def _plain(value: object) -> Any:
    plain = simplify(value)
    if plain is None or type(plain) in (int, bool):
        return plain
    if type(plain) is float and isfinite(plain):
        return plain
    if isinstance(plain, list | tuple | dict):
        return _sound(_encode(plain, enc_hook=str).decode())
    text = plain if type(plain) is str else plain_text(plain)
    return None if text is None else _sound(text)


def _sound(text: str) -> str:
    """The text without halves of characters, which no file and no database can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class TypedValues:
    """The typed values of a card's records, as they are scored and as they are kept."""

    def __init__(self, card: Scorecard) -> None:
        self._typer = RecordTyper(card.fields, card.facts)
        self.columns: dict[str, pl.DataType] = {}
        for field in card.fields:
            self.columns[field.name] = DTYPES[field.type]
            for fact in field.facts:
                name = fact_column(field.name, fact.name)
                if name in card.facts:
                    kind = pl.Boolean() if fact.kind == "yes/no" else pl.String()
                    self.columns[name] = kind
        self._dates = [name for name, kind in self.columns.items() if kind == pl.Date()]
        self._times = [name for name, kind in self.columns.items() if kind == MOMENT]

    def of(self, given: Mapping[str, object], key: str) -> TypedRecord:
        """The typed record of raw values, with what is wrong with them."""
        return self._typer.typed(given, key)

    def text(self, values: Mapping[str, Any]) -> str:
        """Typed values as they are kept; what is missing is left out."""
        return _encode(
            {name: value for name, value in values.items() if value is not None}
        ).decode()

    def values(self, text: str) -> dict[str, Any]:
        """Kept values as they are scored."""
        found = _decode(text)
        for name in self._dates:
            if name in found:
                found[name] = dt.date.fromisoformat(found[name])
        for name in self._times:
            if name in found:
                found[name] = dt.datetime.fromisoformat(found[name])
        return found

    def frame(self, keys: Sequence[str], texts: Sequence[str]) -> pl.DataFrame:
        """Kept values of many records as a typed table with `__key__`."""
        written = {
            name: pl.String() if kind in (pl.Date(), MOMENT) else kind
            for name, kind in self.columns.items()
        }
        keyed = pl.DataFrame({KEY: pl.Series(keys, dtype=pl.String)})
        if not written:
            return keyed
        found = pl.Series("typed", texts, dtype=pl.String).str.json_decode(pl.Struct(written))
        table = found.struct.unnest().with_columns(
            *(exactly(name).str.to_date() for name in self._dates),
            *(
                exactly(name).str.to_datetime("%+", time_unit="us", time_zone="UTC")
                for name in self._times
            ),
        )
        return table.insert_column(0, keyed[KEY])

    def texts(self, table: pl.DataFrame) -> list[str]:
        """The rows of a typed table as they are kept."""
        if not self.columns:
            return ["{}"] * table.height
        row = pl.struct(exactly(name) for name in self.columns)
        texts = table.select(row.struct.json_encode()).to_series().to_list()
        return [self.text(_decode(text)) for text in texts]


def typed_table(
    card: Scorecard, keys: Sequence[str], given: Sequence[Mapping[str, Any]]
) -> tuple[pl.DataFrame, dict[str, list[Finding]]]:
    """Raw records in bulk: a typed table with `__key__`, and the findings of each key.

    Columns that no record has are missing in all.
    """
    columns = _raw_columns(given)
    for field in card.fields:
        if header_of(headers_of(field), columns) is None:
            columns[headers_of(field)[0]] = pl.Series([None] * len(keys), dtype=pl.String)
    columns[KEY] = pl.Series(keys, dtype=pl.String)
    table = frame_table(pl.DataFrame(columns))
    dtypes = dict(table.frame.collect_schema())
    boundary = Boundary(
        card.fields, KEY, table.columns, card.facts, dtypes, examples=max(len(keys), 1)
    )
    typed = boundary.lazy(table.frame).collect()
    findings: dict[str, list[Finding]] = {}
    log = boundary.findings
    for code, field_name in log.counts():
        for found in log.examples(code, field_name):
            findings.setdefault(str(found.record), []).append(found)
    return typed, findings


def _raw_columns(given: Sequence[Mapping[str, Any]]) -> dict[str, pl.Series]:
    """A column a header; one that mixes classes of values holds their texts."""
    names = dict.fromkeys(name for values in given for name in values)
    return {name: _raw_column([values.get(name) for values in given]) for name in names}


def _raw_column(values: Sequence[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1:
        values = [None if value is None else plain_text(value) for value in values]
        kinds = {str}
    dtype = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
    kind = dtype[kinds.pop()] if kinds else pl.String
    try:
        return pl.Series(values, dtype=kind)
    except (OverflowError, TypeError):  # integers beyond 64 bits
        return pl.Series([None if v is None else plain_text(v) for v in values], dtype=pl.String)
