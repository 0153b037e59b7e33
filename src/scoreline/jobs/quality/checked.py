"""A base on its way through the boundary: verdicts by cell, and what was found by column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.jobs.quality.results import Column, Found, Seen
from scoreline.language.fields import Field, fact_column
from scoreline.quality.boundary import KEPT, KEY, ROW, Boundary
from scoreline.quality.checks.fields import BY_COUNTRY
from scoreline.quality.checks.mail_domains import Ask, answers_file, mail_answers
from scoreline.quality.checks.shared import own_domains
from scoreline.quality.checks.together import Base, Told, constancy
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.reading.files import Table
from scoreline.quality.roles import Role
from scoreline.quality.typing.codes import CODES, hint_of, message_of
from scoreline.quality.typing.date_orders import ORDER_PROVED, Proved
from scoreline.quality.typing.verdicts import VERDICTS
from scoreline.quality.writing.files import as_texts


class CheckedBase:
    """A table on its way through the boundary, with verdicts.

    proved: the orders of dates that the base itself proves, by field;
    by_record: whether phones, postcodes and company ids belong to their record's country, where it
    says one; else to that of their field.
    """

    def __init__(
        self,
        table: Table,
        fields: Sequence[Field],
        known: Mapping[str, Role],
        key: str | None,
        proved: Mapping[str, Proved],
        *,
        by_record: bool,
    ) -> None:
        self.known = known
        self.proved = proved
        self.by_record = by_record
        self.table = table
        self.fields = fields
        self.wanted = {
            fact_column(one.name, name)
            for one in fields
            for name in (
                "verdict",
                "finding",
                "normal",
                "suggestion",
                "domain",
                "country",
                "status",
            )
        }
        self.dtypes = dict(table.frame.collect_schema())
        self.boundaries: list[Boundary] = []
        named = next((headers_of(one) for one in fields if one.name == key), [key or ""])
        self.key = header_of(named, table.columns) if key else None
        self.headers = {one.name: header_of(headers_of(one), table.columns) for one in fields}

    def collect(self, ask: Ask | None) -> pl.DataFrame:
        """The typed table with its verdicts; what the base itself knows is no misspelling.

        ask: whether domains take mail, where the net may be asked.
        """
        frame = self._typed().with_columns(
            exactly(f"{one.name}__verdict").fill_null("missing") for one in self.fields
        )
        for one in self.fields:
            if one.type == "email":
                frame = _with_own_domains(frame, one.name)
                if ask is not None:
                    frame = _with_mail(frame, one.name, ask, answers_file())
        if self.key is None:
            return frame
        own = pl.lit(as_texts(frame[KEPT + self.key])).str.strip_chars()
        number = pl.format("row {}", pl.col(ROW))
        return frame.with_columns(pl.when(own != "").then(own).otherwise(number).alias(KEY))

    def _typed(self) -> pl.DataFrame:
        """Every row through the boundary, those of each country by themselves."""
        place = next((one for one in self.fields if one.type == "country"), None)
        local = any(one.type in BY_COUNTRY for one in self.fields)
        if place is None or not local or not self.by_record:
            return self._through(self.table.frame, None)
        raw = self.table.frame.collect(engine="streaming")
        read = Boundary([place], None, self.table.columns, (), self.dtypes).lazy(raw.lazy())
        countries = (
            read.select(ROW, exactly(place.name))
            .collect()
            .partition_by(place.name, as_dict=True, maintain_order=True)
        )
        parts = [
            self._through(raw.lazy().filter(pl.col(ROW).is_in(rows[ROW].implode())), country)
            for (country,), rows in countries.items()
        ]
        return pl.concat(parts).sort(ROW) if parts else self._through(raw.lazy(), None)

    def _through(self, raw: pl.LazyFrame, country: object) -> pl.DataFrame:
        """Rows through a boundary of their own; country: theirs, None where they say none.

        Every row stays, those without a key too: they are called by their number.
        """
        fields = [
            replace(one, country=str(country)) if country and one.type in BY_COUNTRY else one
            for one in self.fields
        ]
        boundary = Boundary(fields, None, self.table.columns, self.wanted, self.dtypes)
        self.boundaries.append(boundary)
        return boundary.lazy(raw, keep=True).collect(engine="streaming")

    def column(self, frame: pl.DataFrame, one: Field, extra: Told) -> Column:
        """What was found in a column; extra: what the checks of several cells told."""
        verdict, finding = frame[f"{one.name}__verdict"], frame[f"{one.name}__finding"]
        counts = dict(verdict.value_counts().iter_rows())
        found = [
            self._found(frame, one, code, finding == code)
            for code in finding.drop_nulls().unique(maintain_order=True)
        ]
        found += [
            self._found(frame, one, code, rows, extra.details.get(code, {}))
            for code, rows in extra.rows.items()
            if rows.any()
        ]
        found += self.of_whole(frame, one)
        raw = self._raw(frame, one)
        normal = frame[f"{one.name}__normal"]
        other = (normal != raw).fill_null(value=False) & (verdict != "bad")
        return Column(
            one.name,
            self.known.get(one.name, one.type),
            {word: counts.get(word, 0) for word in VERDICTS},
            tuple(sorted(found, key=lambda one: (one.level == "info", -one.count, one.code))),
            int(other.sum()),
            _seen(frame, other, raw, normal),
        )

    def of_whole(self, frame: pl.DataFrame, one: Field) -> list[Found]:
        """What is said of a column as a whole: of no record more than of the others."""
        found = []
        if code := constancy(frame[one.name], one, self.known.get(one.name)):
            found.append(_finding(code, one.name, frame.height, ()))
        if order := self.proved.get(one.name):
            details = {"order": order.order}
            found.append(_finding(ORDER_PROVED, one.name, order.cells, (), (), details))
        return found

    def base(self, frame: pl.DataFrame) -> Base:
        """What checks of several cells and records look at."""
        raw = {one.name: self._raw(frame, one) for one in self.fields}
        keys = (name for name, header in self.headers.items() if header and header == self.key)
        return Base(frame, self.fields, raw, next(keys, None))

    def _found(
        self,
        frame: pl.DataFrame,
        one: Field,
        code: str,
        rows: pl.Series,
        details: Mapping[str, str] = MappingProxyType({}),
    ) -> Found:
        rows = rows.fill_null(value=False)
        told = [f for b in self.boundaries for f in b.findings.examples(code, one.name)]
        seen = _seen(frame, rows, self._raw(frame, one), frame[f"{one.name}__suggestion"])
        return _finding(code, one.name, int(rows.sum()), seen, told, details)

    def _raw(self, frame: pl.DataFrame, one: Field) -> pl.Series:
        header = self.headers[one.name]
        if header is None:
            return pl.Series([None] * frame.height, dtype=pl.String)
        return as_texts(frame[KEPT + header])


def _with_mail(frame: pl.DataFrame, name: str, ask: Ask, kept: Path) -> pl.DataFrame:
    """The table with addresses as doubtful whose domains take no mail; `unknown` if unanswered."""
    verdict, domain = exactly(f"{name}__verdict"), exactly(f"{name}__domain")
    sound = (verdict == "ok") & domain.is_not_null()
    domains = frame.filter(sound)[f"{name}__domain"].unique().to_list()
    answers = mail_answers(domains, ask, kept, dt.datetime.now(dt.UTC))
    said = {
        "takes none": ("suspect", "email-no-mail"),
        "unknown": ("unknown", "email-unanswered"),
    }
    for answer, (word, code) in said.items():
        rows = sound & domain.is_in([one for one, found in answers.items() if found == answer])
        frame = frame.with_columns(rows.fill_null(value=False).alias("__asked__")).with_columns(
            pl.when("__asked__").then(pl.lit(word)).otherwise(verdict).alias(f"{name}__verdict"),
            pl.when("__asked__")
            .then(pl.lit(code))
            .otherwise(exactly(f"{name}__finding"))
            .alias(f"{name}__finding"),
        )
    return frame.drop("__asked__")


def _with_own_domains(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The table without misspellings that are domains of the base."""
    domains = frame[f"{name}__domain"]
    own = own_domains(dict(domains.drop_nulls().value_counts().iter_rows()))
    if not own:
        return frame
    typo = (exactly(f"{name}__finding") == "email-typo") & exactly(f"{name}__domain").is_in(own)
    return frame.with_columns(
        pl.when(typo)
        .then(pl.lit("ok"))
        .otherwise(exactly(f"{name}__verdict"))
        .alias(f"{name}__verdict"),
        *(
            pl.when(~typo.fill_null(value=False)).then(exactly(f"{name}__{part}"))
            for part in ("finding", "suggestion")
        ),
    )


def doubted(frame: pl.DataFrame, extra: Mapping[str, Told]) -> pl.DataFrame:
    """The table with cells that others contradict as suspect, and what was meant in them."""
    for name, told in extra.items():
        verdict, suggestion = exactly(f"{name}__verdict"), exactly(f"{name}__suggestion")
        rows = pl.Series([False]).new_from_index(0, frame.height)
        for fails in told.rows.values():
            rows = rows | fails.fill_null(value=False)
        doubtful = pl.lit(rows) & verdict.is_in(["ok", "unknown"])
        meant = pl.when(doubtful).then(pl.coalesce(suggestion, pl.lit(told.meant, pl.String)))
        frame = frame.with_columns(
            pl.when(doubtful).then(pl.lit("suspect")).otherwise(verdict).alias(f"{name}__verdict"),
            meant.otherwise(suggestion).alias(f"{name}__suggestion"),
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
