"""A checked base: verdicts by cell, and what was found by column."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.jobs.quality.every import findings_table
from scoreline.jobs.quality.fields import ToCheck
from scoreline.jobs.quality.results import Column, Found, QualityAsked, Seen
from scoreline.jobs.quality.typed import typed_base
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.checks.together import Base, Told, constancy, together
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.reading.files import Table
from scoreline.quality.typing.codes import CODES, hint_of, message_of
from scoreline.quality.typing.date_orders import ORDER_PROVED
from scoreline.quality.typing.verdicts import VERDICTS, VerdictWord
from scoreline.quality.writing.files import as_texts

_NOTHING = (
    "If this text means that nothing is known, leave the cell blank, or check with a --card that "
    "declares it in `missing`."
)
_UNREAD = ("number", "date", "time", "phone")
WITHOUT_CARD = {
    "phone-country": "Say where numbers that don't say their country are dialled in: --country FR.",
    "date-ambiguous": "Say the order of day and month: --order dmy, or mdy.",
    **{f"{kind}-unreadable": _NOTHING for kind in _UNREAD},
}
"""Hints of findings that tell what to declare in a card, where there is none."""


@dataclass(frozen=True)
class CheckedBase:
    """A base with its verdicts.

    frame: input columns, typed fields and their verdicts; extra: what checks of several cells told,
    by field; boundaries: what each cell came through, which tells about single ones.
    """

    what: ToCheck
    frame: pl.DataFrame
    extra: Mapping[str, Told]
    boundaries: Sequence[Boundary]

    def columns(self) -> tuple[Column, ...]:
        """What was found in each column."""
        return tuple(self._column(one) for one in self.what.fields)

    def rows_without(self, *words: VerdictWord) -> pl.Series:
        """Which records have no cell with one of these verdicts."""
        cells = (exactly(f"{one.name}__verdict").is_in(words) for one in self.what.fields)
        told = pl.any_horizontal(pl.repeat(False, pl.len()), *cells)
        return self.frame.select(~told.alias("rows")).to_series()

    def findings(self) -> pl.DataFrame:
        """Every finding: of whole columns first, then of each cell."""
        fields = [(one, self.what.headers[one.name]) for one in self.what.fields]
        rows = {name: told.rows for name, told in self.extra.items()}
        whole = {one.name: [f.code for f in self._of_whole(one)] for one in self.what.fields}
        return findings_table(self.frame, fields, rows, whole)

    def _column(self, one: Field) -> Column:
        frame, extra = self.frame, self.extra.get(one.name, Told())
        verdict, finding = frame[f"{one.name}__verdict"], frame[f"{one.name}__finding"]
        counts = dict(verdict.value_counts().iter_rows())
        found = [
            self._found(one, code, finding == code)
            for code in finding.drop_nulls().unique(maintain_order=True)
        ]
        found += [
            self._found(one, code, rows, extra.details.get(code, {}))
            for code, rows in extra.rows.items()
            if rows.any()
        ]
        found += self._of_whole(one)
        raw = raw_of(frame, self.what, one)
        normal = frame[f"{one.name}__normal"]
        other = (normal != raw).fill_null(value=False) & (verdict != "bad")
        return Column(
            one.name,
            self.what.roles.get(one.name, one.type),
            {word: counts.get(word, 0) for word in VERDICTS},
            tuple(sorted(found, key=lambda one: (one.level == "info", -one.count, one.code))),
            int(other.sum()),
            _seen(frame, other, raw, normal),
        )

    def _of_whole(self, one: Field) -> list[Found]:
        """What is said of a column as a whole: of no record more than of the others."""
        found = []
        if code := constancy(self.frame[one.name], one, self.what.roles.get(one.name)):
            found.append(_finding(code, one.name, self.frame.height, ()))
        if order := self.what.proved.get(one.name):
            details = {"order": order.order}
            found.append(_finding(ORDER_PROVED, one.name, order.cells, (), (), details))
        return found

    def _found(
        self,
        one: Field,
        code: str,
        rows: pl.Series,
        details: Mapping[str, str] = MappingProxyType({}),
    ) -> Found:
        rows = rows.fill_null(value=False)
        told = [f for b in self.boundaries for f in b.findings.examples(code, one.name)]
        raw, meant = raw_of(self.frame, self.what, one), self.frame[f"{one.name}__suggestion"]
        seen = _seen(self.frame, rows, raw, meant)
        found = _finding(code, one.name, int(rows.sum()), seen, told, details)
        # Without a card there is nothing to declare: what can be said instead.
        own = None if self.what.with_card else WITHOUT_CARD.get(code)
        return found if own is None else replace(found, hint=own)


def check_base(table: Table, what: ToCheck, asked: QualityAsked) -> CheckedBase:
    """A table checked: each cell, cells of one record together, records together."""
    frame, boundaries = typed_base(table, what, asked.mx)
    raw = {one.name: raw_of(frame, what, one) for one in what.fields}
    keys = (name for name, header in what.headers.items() if header and header == what.key)
    base = Base(frame, what.fields, raw, next(keys, None))
    source = None if what.channel is None else as_texts(frame[KEPT + what.channel])
    extra = together(base, what.roles, asked.as_of.date(), source)
    return CheckedBase(what, _doubted(frame, extra), extra, boundaries)


def raw_of(frame: pl.DataFrame, what: ToCheck, one: Field) -> pl.Series:
    """The cells of a field as they are written; nulls where it has no column."""
    header = what.headers[one.name]
    if header is None:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return as_texts(frame[KEPT + header])


def _doubted(frame: pl.DataFrame, extra: Mapping[str, Told]) -> pl.DataFrame:
    """The table with cells that others contradict as suspect, and what was meant in them.

    `__suggested_by` is the finding that a suggestion comes from. A word for nothing is told of as
    such, and no more as what could not be read.
    """
    for name, told in extra.items():
        verdict, suggestion = exactly(f"{name}__verdict"), exactly(f"{name}__suggestion")
        finding = exactly(f"{name}__finding")
        rows = pl.Series([False]).new_from_index(0, frame.height)
        for fails in told.rows.values():
            rows = rows | fails.fill_null(value=False)
        doubtful = pl.lit(rows) & verdict.is_in(["ok", "unknown"])
        meant = pl.when(doubtful).then(pl.coalesce(suggestion, pl.lit(told.meant, pl.String)))
        by = pl.when(suggestion.is_null()).then(pl.lit(told.meant_by, pl.String)).otherwise(finding)
        word = pl.lit(told.rows.get("missing-word"), pl.Boolean).fill_null(value=False)
        frame = frame.with_columns(
            pl.when(doubtful).then(pl.lit("suspect")).otherwise(verdict).alias(f"{name}__verdict"),
            meant.otherwise(suggestion).alias(f"{name}__suggestion"),
            by.alias(f"{name}__suggested_by"),
            pl.when(~word).then(finding).alias(f"{name}__finding"),
        )
    return frame


def _finding(
    code: str,
    name: str,
    count: int,
    seen: tuple[Seen, ...],
    told: Sequence[Finding] = (),
    details: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    """A finding of a column; told: of single cells, whose words may differ in their details."""
    messages = {one.message for one in told} or {message_of(code, name, details)}
    hints = {one.hint for one in told} or {hint_of(code, name, details)}
    message = messages.pop() if len(messages) == 1 else _common(messages)
    hint = hints.pop() if len(hints) == 1 else ""
    return Found(code, CODES[code].level, message, hint, count, seen)


def _common(messages: Collection[str]) -> str:
    """What messages have in common: all of one code begin alike, then come their details."""
    first, *others = (re.split("[:(]", message)[0].strip() for message in sorted(messages))
    return first if all(other == first for other in others) else min(messages)


def _seen(
    frame: pl.DataFrame, rows: pl.Series, raw: pl.Series, suggestion: pl.Series
) -> tuple[Seen, ...]:
    """The first records of some rows."""
    places = rows.arg_true().head(EXAMPLES)
    columns = (frame[KEY], raw, suggestion)
    return tuple(Seen(*row) for row in zip(*(c.gather(places) for c in columns), strict=True))
