"""A table of raw columns -> a table of typed columns and facts, with everything that was found.

Two speeds, one answer. Clean cells are accepted in bulk by Polars expressions (`typing.fast`);
every other cell goes through `type_value`, once per distinct value, inside the same streaming plan.
So a column comes to what its values come to one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import zip_longest

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.language.fields import KIND_OF_TYPE, Fact, Field, fact_column
from scoreline.quality.findings import EXAMPLES, FindingLog
from scoreline.quality.headers import match_headers
from scoreline.quality.typing.fast.abroad import fast_abroad
from scoreline.quality.typing.fast.cells import DTYPES, Cells, Fast
from scoreline.quality.typing.fast.contacts import kind_of_plain
from scoreline.quality.typing.fast.native import fast_native
from scoreline.quality.typing.fast.numbers import fast_written
from scoreline.quality.typing.fast.text import FAST_TEXT
from scoreline.quality.typing.lists import facts_version
from scoreline.quality.typing.values import (
    NUMBERS,
    CellTyper,
    Result,
    cell_typer,
    fact_of,
    remark_of,
    value_of,
)
from scoreline.quality.typing.verdicts import (
    CHECKED,
    DEFAULT_DATES,
    FINDING,
    NORMAL,
    VERDICT,
    verdict_fact,
)

FACTS_VERSION: str = facts_version()
"""The libraries and lists behind the facts, with their versions."""

ROW, KEY = "__row__", "__key__"
KEPT = "__input__"
"""What the name of an input column begins with where it is kept beside the typed ones."""

_REMEMBERED, _REMEMBERED_LENGTH = 30_000, 200
"""Odd cells of a column that are remembered, and how long they may be: memory is bounded."""
_ALIKE_IF_EQUAL = frozenset({str, int, float, bool, date, datetime, bytes})
"""Classes whose equal values come to the same: 1.5 and 1.50 as decimals do not, nor 1 and True."""
_MANY = 200
"""Cells of a batch that are worth a second look in bulk."""
_BLANK_KEY = "the key is blank"


@dataclass(slots=True)
class _Column:
    """One field on its way: where it comes from, and what its odd cells came to so far."""

    declared: Field
    header: str | None
    facts: Sequence[Fact]
    typer: CellTyper
    name: str
    known: dict[tuple[type, object], _Odd] = field(default_factory=dict)

    @property
    def rest(self) -> str:
        """The column of the cells that bulk typing left."""
        return f"__rest__{self.name}"

    @property
    def second(self) -> Callable[[Field, Cells], Fast] | None:
        """What takes a second look at the rest in bulk."""
        if self.declared.type in NUMBERS:
            return fast_written
        return fast_abroad if self.declared.type == "phone" else None

    @property
    def by_domain(self) -> bool:
        """Whether accepted cells still wait for what their domains are."""
        return self.declared.type == "email" and self.header is not None

    @property
    def domain(self) -> str:
        """The column of the domains of accepted e-mails."""
        return f"__domain__{self.name}"

    @property
    def kind(self) -> str:
        """The column of the fact that comes from the domain."""
        return fact_column(self.declared.name, "kind")

    @property
    def outputs(self) -> list[tuple[str, pl.DataType]]:
        """Names and types of the columns that it gives."""
        facts: list[tuple[str, pl.DataType]] = [
            (
                fact_column(self.declared.name, fact.name),
                pl.Boolean() if fact.kind == "yes/no" else pl.String(),
            )
            for fact in self.facts
        ]
        return [(self.name, DTYPES[self.declared.type]), *facts]

    def odd(self, raw: object) -> _Odd:
        """What an odd cell comes to, remembered by its raw value."""
        cls = type(raw)
        if cls not in _ALIKE_IF_EQUAL or (cls is str and len(raw) > _REMEMBERED_LENGTH):  # type: ignore[arg-type]
            return self._read(raw)
        found = self.known.get((cls, raw))
        if found is None:
            found = self._read(raw)
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[cls, raw] = found
        return found

    def _read(self, raw: object) -> _Odd:
        result = self.typer.read(raw)
        values = (
            value_of(result),
            *(
                verdict_fact(result, fact.name) if fact in CHECKED else fact_of(result, fact.name)
                for fact in self.facts
            ),
        )
        return _Odd(values, result if remark_of(result)[0] else None)


@dataclass(frozen=True, slots=True)
class _Odd:
    """What an odd cell comes to: value and facts, and the result if it has a finding."""

    values: tuple[object | None, ...]
    remark: Result


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a column adds to the table on the way, and in the end."""

    steps: list[pl.Expr]
    outputs: list[pl.Expr]


class Boundary:
    """Types the raw columns of one table by the fields of a card.

    columns: the headers of the table; facts: the fact columns wanted (`email__kind`), and those
    of verdicts (`email__verdict`; null where a cell is nothing, which is missing); dtypes: what
    columns hold that are not text (Parquet); examples: how many findings of each kind are kept.
    Raises MissingColumnsError if a declared column or
    the key is absent. Made for one run: `findings` and `rejected` fill while `lazy` is collected.
    """

    def __init__(
        self,
        fields: Sequence[Field],
        key: str | None,
        columns: Sequence[str],
        facts: Collection[str],
        dtypes: Mapping[str, pl.DataType] | None = None,
        *,
        examples: int = EXAMPLES,
    ) -> None:
        headers, key_header = match_headers(fields, key, columns)
        self.findings = FindingLog(examples)
        self._inputs = list(columns)
        self._dtypes = dict(dtypes or {})
        self._columns = [
            _column(declared, headers[declared.name], facts, declared.name) for declared in fields
        ]
        self._key = None
        if key is not None:
            self._key = _column(Field(key, "text"), key_header, (), KEY)
        self._rejected: list[tuple[int, str]] = []

    @property
    def rejected(self) -> list[tuple[int, str]]:
        """Rows left out, in order: row number, reason."""
        return sorted(self._rejected)

    def lazy(self, frame: pl.LazyFrame, *, keep: bool = False) -> pl.LazyFrame:
        """The typed table, row for row, without the rows whose key is blank.

        frame: the raw columns and `__row__`. Out: `__row__`, `__key__`, a column a field, the
        facts asked for. With `keep` the input columns come first, untouched, their names
        beginning with `__input__` so that they can't be taken for typed ones.
        """
        plans = [self._plan(column) for column in self._columns]
        key = [pl.col(ROW).cast(pl.String).alias(KEY)]
        if self._key is not None:
            plans.append(self._plan(self._key))
            key = []
        for step in zip_longest(*(plan.steps for plan in plans)):
            frame = frame.with_columns(part for part in step if part is not None)
        kept = [exactly(name).alias(KEPT + name) for name in self._inputs] if keep else []
        outputs = [part for plan in plans for part in plan.outputs]
        raw = frame.select(*kept, ROW, *key, *outputs)
        names = [*(KEPT + name for name in (self._inputs if keep else ())), *self.names]
        schema = raw.collect_schema()
        return raw.map_batches(
            self._settle,
            schema=pl.Schema({name: schema[name] for name in names}),
            streamable=True,
            validate_output_schema=False,
        )

    @property
    def names(self) -> list[str]:
        """The columns of the typed table, without kept ones."""
        return [ROW, KEY, *(name for column in self._columns for name, _ in column.outputs)]

    def _dtype(self, header: str) -> pl.DataType:
        return self._dtypes.get(header, pl.String())

    def _plan(self, column: _Column) -> _Plan:
        """Typed columns as far as bulk typing goes, and the cells it leaves."""
        (name, kind), *facts = column.outputs
        if column.header is None:  # optional and absent
            return _Plan([], [pl.lit(None, other).alias(to) for to, other in column.outputs])
        raw, dtype = exactly(column.header), self._dtype(column.header)
        if isinstance(dtype, pl.Categorical | pl.Enum):
            raw, dtype = raw.cast(pl.String), pl.String()
        cells = Cells(raw, name)
        fast = _fast(column.declared, cells, dtype)
        fast = replace(fast, accepted=cells.keep("accepted", fast.accepted))
        outputs = [fast.typed(kind).alias(name)]
        for fact, (to, other) in zip(column.facts, facts, strict=True):
            outputs.append(_fact(column.declared, fast, fact, other).alias(to))
        if column.by_domain:
            outputs.append(fast.fact("domain", pl.String()).alias(column.domain))
        outputs.append(fast.rest(raw, _nothing(raw, dtype)).alias(column.rest))
        return _Plan(cells.steps, outputs)

    def _settle(self, batch: pl.DataFrame) -> pl.DataFrame:
        """A batch whose odd cells are typed one by one; rows with a blank key taken out."""
        if self._key is not None:
            batch = self._settle_column(self._key, batch)
            if batch[KEY].null_count():
                blank = batch.filter(pl.col(KEY).is_null())[ROW].to_list()
                self._rejected.extend((row, _BLANK_KEY) for row in blank)
                batch = batch.filter(pl.col(KEY).is_not_null())
        for column in self._columns:
            batch = self._settle_column(column, batch)
        return batch.select(*(name for name in batch.columns if name.startswith(KEPT)), *self.names)

    def _settle_column(self, column: _Column, batch: pl.DataFrame) -> pl.DataFrame:
        """The batch with the odd cells of a column typed, and without the column of the rest."""
        if column.header is None:
            return batch
        if column.by_domain:
            batch = _settle_domains(column, batch)
        rest = batch[column.rest]
        if column.second is not None and len(rest) - rest.null_count() >= _MANY:
            batch = _second_look(column, column.second, batch)
            rest = batch[column.rest]
        batch = batch.drop(column.rest)
        if rest.null_count() == len(rest):
            return batch
        places = rest.is_not_null().arg_true()
        raws = python_values(rest.drop_nulls())
        odd = [column.odd(raw) for raw in raws]
        if any(cell.remark is not None for cell in odd):
            self._note(column, batch, zip(places, raws, odd, strict=True))
        patched = [
            batch[name].scatter(places, pl.Series([cell.values[i] for cell in odd], dtype=kind))
            for i, (name, kind) in enumerate(column.outputs)
        ]
        return batch.with_columns(patched)

    def _note(
        self, column: _Column, batch: pl.DataFrame, cells: Iterable[tuple[int, object, _Odd]]
    ) -> None:
        """Record the findings of a batch; cells: place in the batch, raw value, what it is."""
        counts: dict[str, int] = {}
        examples: dict[str, list[tuple[int, Finding]]] = {}
        rows, keys = batch[ROW], batch[KEY]
        for place, raw, cell in cells:
            if cell.remark is None:
                continue
            code = remark_of(cell.remark)[0]
            counts[code] = counts.get(code, 0) + 1
            if counts[code] <= self.findings.most:
                found = column.typer.finding(cell.remark, raw, keys[place])
                if found is not None:
                    examples.setdefault(code, []).append((rows[place], found))
        for code, count in counts.items():
            self.findings.add_many(code, column.declared.name, count, examples[code])


def _column(declared: Field, header: str | None, facts: Collection[str], name: str) -> _Column:
    known = (*declared.facts, *CHECKED)
    wanted = [fact for fact in known if fact_column(declared.name, fact.name) in facts]
    return _Column(declared, header, wanted, cell_typer(declared), name)


def _fast(declared: Field, cells: Cells, dtype: pl.DataType) -> Fast:
    """What is accepted in bulk of a column."""
    if dtype == pl.String:
        return FAST_TEXT[declared.type](declared, cells)
    return fast_native(declared, cells, dtype)


def _fact(declared: Field, fast: Fast, fact: Fact, dtype: pl.DataType) -> pl.Expr:
    """A fact, or a part of the verdict, of the cells that are accepted: they have no finding."""
    if fact == VERDICT:
        found = pl.lit("ok")
        if declared.type == "date":
            default = fast.value.is_in(DEFAULT_DATES)
            found = pl.when(default).then(pl.lit("suspect")).otherwise(found)
        return pl.when(fast.accepted).then(found)
    if fact == FINDING and declared.type == "date":
        default = fast.accepted & fast.value.is_in(DEFAULT_DATES)
        return pl.when(default).then(pl.lit("date-default"))
    if fact == NORMAL:
        if KIND_OF_TYPE[declared.type] not in ("text", "choice", "date"):
            return pl.lit(None, dtype)
        known = fast.facts.get("e164", fast.value)
        return pl.when(fast.accepted).then(known).cast(dtype)
    return fast.fact(fact.name, dtype)


def _nothing(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Where a cell is nothing at first sight: empty text, NaN (null is null anyhow)."""
    if dtype == pl.String:
        return raw == ""
    return raw.is_nan() if dtype.is_float() else pl.lit(False)


def _second_look(
    column: _Column, look: Callable[[Field, Cells], Fast], batch: pl.DataFrame
) -> pl.DataFrame:
    """The batch with what of the rest can be accepted in bulk after all."""
    if batch.schema[column.rest] != pl.String:
        return batch
    cells = Cells(pl.col(column.rest), column.rest)
    fast = look(column.declared, cells)
    fast = replace(fast, accepted=cells.keep("second", fast.accepted))
    worked_out = batch.select(column.rest, *(name for name, _ in column.outputs)).lazy()
    for step in cells.steps:
        worked_out = worked_out.with_columns(step)
    (name, kind), *facts = column.outputs
    found = [pl.coalesce(exactly(name), fast.typed(kind)).alias(name)]
    for fact, (to, other) in zip(column.facts, facts, strict=True):
        found.append(pl.coalesce(exactly(to), _fact(column.declared, fast, fact, other)).alias(to))
    found.append(fast.rest(cells.raw, pl.lit(False)).alias(column.rest))
    return batch.with_columns(worked_out.select(found).collect())


def _settle_domains(column: _Column, batch: pl.DataFrame) -> pl.DataFrame:
    """The batch with the kinds of accepted e-mails; those of unsure domains go to the rest."""
    domains = batch[column.domain]
    kinds = pl.Series(
        column.kind, [domain and kind_of_plain(domain) for domain in domains.to_list()], pl.String
    )
    batch = batch.drop(column.domain)
    if kinds.null_count() == domains.null_count():
        return batch.with_columns(kinds) if column.kind in batch.columns else batch
    unsure = kinds.is_null() & domains.is_not_null()
    sure = [
        pl.when(~unsure).then(exactly(name)).otherwise(None).alias(name)
        for name, _ in column.outputs
        if name != column.kind
    ]
    rest = pl.when(unsure).then(exactly(column.name)).otherwise(pl.col(column.rest))
    kind = [kinds] if column.kind in batch.columns else []
    return batch.with_columns(*sure, rest.alias(column.rest), *kind)


def python_values(cells: pl.Series) -> list[object]:
    """The cells as Python values; dates that Python can't hold as their text."""
    try:
        return cells.to_list()
    except (ValueError, OverflowError):
        return cells.cast(pl.String).to_list()
