"""Typed columns -> words: one bit for each bin that holds, one for each thing that is open.

Mask words follow `scorecard.layout`. Open words have a bit for each field that a term reads,
"is missing or invalid", which is also the open bit of every term that reads this field alone; and
a bit for each open term that reads several fields, or the moment of scoring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from scoreline.engines.local.expressions import DTYPES, MOMENT, Compiler, Stages, chain, literal
from scoreline.engines.local.steps import Steps, has_many_bins
from scoreline.errors import UsageError
from scoreline.language.fields import Field, Kind, fact_column
from scoreline.language.kleene import OPEN, openly
from scoreline.language.tree import fields_read, reads_one_field
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.model import Bin, Holds, Missing, OneOf, Otherwise, Range, Term

PREFIX = "\x00scoreline "
"""Begins the names of columns that exist only inside a plan."""

OPEN_BITS = 31
"""Open words are 32-bit integers without their sign: Polars makes them nearly for nothing."""


@dataclass(frozen=True)
class OpenLayout:
    """Which bit of the open words stands for what."""

    layout: Layout

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that a term reads, in the order of `fields`; they have the first bits."""
        return tuple(name for name, readers in self.layout.readers.items() if readers)

    @cached_property
    def opened_by(self) -> dict[str, tuple[int, ...]]:
        """For each field: the terms that are open exactly when it is missing."""
        found: dict[str, list[int]] = {name: [] for name in self.fields}
        for place, term in enumerate(self.layout.card.terms):
            # With its only field missing the answer does not depend on the record.
            if self._is_simple(term) and openly(term.of, {}, None) is OPEN:
                found[fields_read(term.of)[0]].append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def terms(self) -> tuple[int, ...]:
        """The terms whose openness is a bit of their own, after the bits of the fields."""
        return tuple(
            place
            for place, term in enumerate(self.layout.card.terms)
            if fields_read(term.of) and not self._is_simple(term)
        )

    @cached_property
    def words(self) -> int:
        """Open words needed; at least one."""
        return max(1, -(-(len(self.fields) + len(self.terms)) // OPEN_BITS))

    def _is_simple(self, term: Term) -> bool:
        return reads_one_field(term.of)


class Words:
    """A card as a plan from typed columns to mask words and open words."""

    def __init__(self, layout: Layout, as_of: dt.datetime) -> None:
        self.layout = layout
        self.open = OpenLayout(layout)
        self.columns: dict[str, str] = {}
        self.stages = Stages(f"{PREFIX}step ")
        self.compiler = Compiler(self._column, as_of, self.stages)
        self.mask_names = tuple(f"{PREFIX}mask {word}" for word in range(layout.words))
        self.open_names = tuple(f"{PREFIX}open {word}" for word in range(self.open.words))
        self._steps = {
            f"{PREFIX}value {place}": Steps(layout, place)
            for place, term in enumerate(layout.card.terms)
            if has_many_bins(term)
        }
        self.value_names = tuple(self._steps)
        self._values = [
            self.compiler.value(steps.term.of).alias(name) for name, steps in self._steps.items()
        ]
        self._mask = self._mask_words()
        self._opened = self._open_words()

    def lazy(self, frame: pl.LazyFrame, schema: pl.Schema, *, opened: bool = True) -> pl.LazyFrame:
        """The frame with its mask words and, if wished, open words as further columns."""
        frame = frame.with_columns(self._inputs(schema))
        for stage in self.stages.stages:
            frame = frame.with_columns(stage)
        return frame.with_columns([*self._mask, *self._values, *(self._opened if opened else ())])

    def masks(self, rows: pl.DataFrame) -> npt.NDArray[Any]:
        """Word x row: the masks of rows with the columns `mask_names` and `value_names`."""
        masks = words_of(rows, self.mask_names)
        for name, steps in self._steps.items():
            masks = masks | steps.bits(rows.get_column(name))
        return masks

    def _column(self, column: str) -> str:
        """The safe name of a field's or fact's column: any name may stand in a file."""
        return self.columns.setdefault(column, f"{PREFIX}input {len(self.columns)}")

    # -- inputs ----------------------------------------------------------------------------------

    def _inputs(self, schema: pl.Schema) -> list[pl.Expr]:
        """The typed columns under their safe names; a column that is absent is missing."""
        kinds: dict[str, tuple[Field, Kind]] = {}
        for field in self.layout.card.fields:
            kinds[field.name] = (field, field.kind)
            for fact in field.facts:
                kinds[fact_column(field.name, fact.name)] = (field, fact.kind)
        nothing = {feature.name: feature.of_nothing for feature in self.layout.card.features}
        for feature in self.layout.card.features:
            kinds[feature.name] = (feature.as_field, feature.as_field.kind)
        return [
            _input(name, schema.get(name), *kinds[name], nothing.get(name)).alias(safe)
            for name, safe in self.columns.items()
        ]

    # -- mask words ------------------------------------------------------------------------------

    def _mask_words(self) -> list[pl.Expr]:
        parts: list[list[pl.Expr]] = [[] for _ in self.mask_names]
        for place, term in enumerate(self.layout.card.terms):
            if has_many_bins(term):
                continue
            tests = self._tests(term)
            bits = [self.layout.place[place, number] for number, _ in tests]
            for word in sorted({bit // WORD_BITS for bit in bits}):
                values = [_bit(bit, word) for bit in bits]
                parts[word].append(chain([test for _, test in tests], values, _bit(-1, word)))
        return [
            _sum(found, pl.Int64()).alias(name)
            for name, found in zip(self.mask_names, parts, strict=True)
        ]

    def _tests(self, term: Term) -> list[tuple[int, pl.Expr]]:
        """(bin, test) of each bin, in an order in which the first test that is true decides."""
        value = self.compiler.value(term.of)
        if len(term.bins) > 1 and value.meta.root_names() and not value.meta.is_column():
            value = self.stages.bind(value)
        last = (Otherwise, Missing)
        ordered = sorted(enumerate(term.bins), key=lambda item: isinstance(item[1].test, last))
        return [(number, _bin_test(bin_, value, term)) for number, bin_ in ordered]

    # -- open words ------------------------------------------------------------------------------

    def _open_words(self) -> list[pl.Expr]:
        opened = [pl.col(self._column(name)).is_null() for name in self.open.fields]
        for place in self.open.terms:
            found = self.compiler.opened(self.layout.card.terms[place].of).open
            opened.append(pl.lit(False) if found is None else found)
        words = []
        for word, name in enumerate(self.open_names):
            some = opened[word * OPEN_BITS : (word + 1) * OPEN_BITS]
            bits = [
                pl.when(test).then(pl.lit(1 << bit, dtype=pl.Int32)).otherwise(_NO_BIT)
                for bit, test in enumerate(some)
            ]
            words.append(_sum(bits, pl.Int32()).alias(name))
        return words


def words_of(rows: pl.DataFrame, names: Sequence[str]) -> npt.NDArray[Any]:
    """Columns of words as word x row, without a copy where there is one word."""
    if not names:
        return np.zeros((0, rows.height), np.int32)
    columns = [rows.get_column(name).to_numpy() for name in names]
    return columns[0].reshape(1, -1) if len(columns) == 1 else np.stack(columns)


_NO_BIT = pl.lit(0, dtype=pl.Int32)


def _bit(bit: int, word: int) -> pl.Expr:
    """A bit of the mask as the value of one of its words; 0 if it lies in another."""
    value = 1 << bit % WORD_BITS if bit // WORD_BITS == word and bit >= 0 else 0
    return pl.lit(value, dtype=pl.Int64)


def _sum(parts: Sequence[pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """The sum as a balanced tree: a card may have thousands of terms."""
    if not parts:
        return pl.lit(0, dtype=dtype)
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return _sum(parts[:half], dtype) + _sum(parts[half:], dtype)


def _bin_test(bin_: Bin, value: pl.Expr, term: Term) -> pl.Expr:
    kind = term.of.kind
    match bin_.test:
        case Holds():
            return value
        case Missing():
            return value.is_null()
        case Otherwise():
            return value.is_not_null()
        case OneOf(values):
            if len(values) == 1:
                return value == literal(values[0], kind)
            return value.is_in(pl.lit(pl.Series(values, dtype=DTYPES[kind])).implode())
        case Range(None, None):
            return value.is_not_null()
        case Range(lower, None):
            return value >= literal(lower, kind)
        case Range(None, upper):
            return value < literal(upper, kind)
        case Range(lower, upper):
            return (value >= literal(lower, kind)) & (value < literal(upper, kind))


def _input(
    name: str, dtype: pl.DataType | None, field: Field, kind: Kind, nothing: float | None = None
) -> pl.Expr:
    """A column of typed values as the engine reads it: numbers as doubles, NaN as missing.

    nothing: what stands for null, for a feature of a record to which nothing happened.
    """
    if dtype is None or dtype == pl.Null:
        return literal(nothing, kind)
    column = cs.by_name(name).as_expr()
    if nothing is not None:
        column = column.fill_null(nothing)
    wanted = DTYPES[kind]
    if kind == "number" and dtype.is_numeric():
        doubles = column if dtype == wanted else column.cast(wanted)
        return doubles.fill_nan(None) if dtype.is_float() else doubles
    if dtype == wanted:
        return column
    if wanted == pl.String and dtype in (pl.Categorical, pl.Enum):
        return column.cast(wanted)
    if isinstance(dtype, pl.Datetime) and kind == "time" and dtype.time_zone is not None:
        return column.cast(MOMENT)
    raise UsageError(
        f"The column `{name}` is of type {dtype}; a typed {field.type} is {wanted}.",
        "Score the file with its card, which types it first.",
    )
