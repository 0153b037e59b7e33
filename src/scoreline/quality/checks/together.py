"""What the cells of a record, and the records of a base, say of each other in a typed table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import counted
from scoreline.language.fields import Field, FieldType
from scoreline.quality.checks.consistency import pairs_of
from scoreline.quality.checks.frozen import frozen, is_source, is_touched, parts_of, stale
from scoreline.quality.checks.missing_words import OTHER_THAN_WORDS, declaration, missing_words
from scoreline.quality.checks.pair import contradictions
from scoreline.quality.checks.shared import is_constant, repeated, shared
from scoreline.quality.checks.swapped import CODE, name_columns, swapped_in_base
from scoreline.quality.headers import headers_of
from scoreline.quality.roles import Role

TELLING_APART: frozenset[FieldType] = frozenset(("email", "phone", "iban", "company id"))
"""Types of values that tell records from each other."""
_OF_A_PERSON = TELLING_APART | {"name"}
_VARYING = _OF_A_PERSON | {"number", "integer", "money"}
"""Types of which a source may stop varying; a city or a yes is often one value in all a source."""


_NONE = pl.Series([None], dtype=pl.String)


@dataclass(frozen=True)
class Base:
    """A base that was checked cell by cell.

    frame: typed, with `__normal`, `__verdict` and `__finding` of each field; raw: the cells of each
    as they are written; key: the field of the keys, where there is one.
    """

    frame: pl.DataFrame
    fields: Sequence[Field]
    raw: Mapping[str, pl.Series]
    key: str | None = None


@dataclass
class Told:
    """What the checks of several cells told of a field.

    rows: code -> the rows that fail; details: code -> what its texts need; meant: what was probably
    meant in each row, None if nothing; meant_by: the code that says so.
    """

    rows: dict[str, pl.Series] = field(default_factory=dict)
    details: dict[str, Mapping[str, str]] = field(default_factory=dict)
    meant: pl.Series | None = None
    meant_by: pl.Series | None = None

    def add(self, code: str, rows: pl.Series, meant: pl.Series | None = None) -> None:
        """Note rows that fail a check; of several suggestions for a cell the first stays."""
        known = self.rows.get(code)
        self.rows[code] = rows if known is None else known | rows
        if meant is None or meant.null_count() == len(meant):
            return
        by = pl.Series([code]).new_from_index(0, len(meant)).zip_with(meant.is_not_null(), _NONE)
        if self.meant is None or self.meant_by is None:
            self.meant, self.meant_by = meant, by
            return
        known = self.meant.is_not_null()
        self.meant = self.meant.zip_with(known, meant)
        self.meant_by = self.meant_by.zip_with(known, by)


def together(
    base: Base, known: Mapping[str, Role], today: dt.date, source: pl.Series | None = None
) -> dict[str, Told]:
    """Field -> what the checks of several cells or records told of it.

    known: roles by field; today: births and touches after it lie in the future; source: where each
    record came from, where it is known; else a column that is called so says it. Cells that have a
    finding of their own are not held against other cells, as in a form.
    """
    found: dict[str, Told] = {one.name: Told() for one in base.fields}
    for pair in pairs_of(base.fields, known, today):
        failed = contradictions(base.frame, pair)
        alone = base.frame[f"{pair.field}__finding"].is_null()
        found[pair.field].add(pair.code, failed.rows & alone, failed.meant)
    for one in base.fields:
        if one.type in TELLING_APART:
            found[one.name].add("value-shared", shared(base.frame[f"{one.name}__normal"]))
        if one.type in ("date", "time") and _any_header(one, is_touched):
            found[one.name].add("record-stale", stale(base.frame[one.name], today))
        if one.type in OTHER_THAN_WORDS:
            _missing_words(base, one, found[one.name])
    if base.key is not None:
        raw = base.raw[base.key]
        rows = repeated(base.frame[base.key].cast(pl.String))
        found[base.key].add("key-repeated", rows)
        found[base.key].details["key-repeated"] = {
            "keys": counted(raw.filter(rows).n_unique(), "key")
        }
    _names(base.frame, known, found)
    _parts(base, known, found, source)
    return {name: told for name, told in found.items() if told.rows}


def _missing_words(base: Base, one: Field, told: Told) -> None:
    """Words of a column that its card should call missing."""
    raw = base.raw[one.name]
    words = missing_words(raw, base.frame[f"{one.name}__verdict"])
    if words:
        told.add("missing-word", raw.str.strip_chars().is_in(words).fill_null(value=False))
        told.details["missing-word"] = {"words": ", ".join(words), "declare": declaration(words)}


def _names(frame: pl.DataFrame, known: Mapping[str, Role], found: Mapping[str, Told]) -> None:
    """Given names and surnames that the base says are swapped."""
    columns = name_columns(known)
    if columns is None:
        return
    rows = swapped_in_base(*(frame[name] for name in columns))
    told = frame.select(
        pl.when(rows).then(exactly(columns[1])).alias("given"),
        pl.when(rows).then(exactly(columns[0])).alias("surname"),
    )
    found[columns[0]].add(CODE, rows, told["given"])
    found[columns[1]].add(CODE, rows, told["surname"])


def _parts(
    base: Base, known: Mapping[str, Role], found: Mapping[str, Told], source: pl.Series | None
) -> None:
    """Columns that a source has stopped varying."""
    frame = base.frame
    for one in base.fields:
        if source is None and one.type in ("text", "choice") and _any_header(one, is_source):
            source = frame[one.name]
    days = [
        frame[one.name]
        for one in base.fields
        if one.type in ("date", "time")
        and known.get(one.name) != "birth date"
        and not _any_header(one, is_touched)
    ]
    parts = parts_of(source, days[0] if days else None)
    for one in base.fields:
        if parts and (one.type in _VARYING or known.get(one.name) == "birth date"):
            rows = frozen(frame[one.name], parts)
            if rows.any():
                found[one.name].add("column-frozen", rows)


def _any_header(one: Field, fits: Callable[[str], bool]) -> bool:
    return any(map(fits, headers_of(one)))


def constancy(values: pl.Series, one: Field, role: Role | None) -> str | None:
    """The finding of a column that is nearly everywhere one value; None if it is not.

    >>> constancy(pl.Series(["+79123456789"] * 60), Field("phone", "phone"), "phone")
    'column-frozen'
    """
    if not is_constant(values):
        return None
    varies = one.type in _OF_A_PERSON or role == "birth date"
    return "column-frozen" if varies else "column-constant"
