"""Check a base: each cell, cells of a record together, records together -> figures, and a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, Finding, did_you_mean
from scoreline.jobs.card import load
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.quality.cleaning import Cleaned, clean
from scoreline.jobs.quality.clusters import read_clusters
from scoreline.jobs.quality.effect import Effect, effect, scores_of
from scoreline.jobs.quality.every import findings_table
from scoreline.jobs.quality.results import Column, Found, Quality, QualityAsked, Seen, Way
from scoreline.jobs.quality.scoring import card_of, score_base
from scoreline.jobs.report import source_name
from scoreline.language.fields import Field, fact_column
from scoreline.quality.boundary import KEPT, KEY, ROW, Boundary
from scoreline.quality.changes.rules import chosen
from scoreline.quality.checks.date_order import ORDER_PROVED, Proved, order_proved
from scoreline.quality.checks.fields import (
    BY_COUNTRY,
    HELD,
    currency_of_values,
    declared_roles,
    fields_of_roles,
)
from scoreline.quality.checks.mail_domains import Ask, answers_file, mail_answers
from scoreline.quality.checks.shared import is_nearly_key, own_domains
from scoreline.quality.checks.together import Base, Told, constancy, together
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.headers import header_of, headers_of, names_of
from scoreline.quality.quality_card import QualityCard
from scoreline.quality.reading.files import ReadOptions, Table
from scoreline.quality.roles import SAMPLE, Role, are_years, roles
from scoreline.quality.text import plain_text
from scoreline.quality.typing.codes import CODES, hint_of, message_of
from scoreline.quality.typing.verdicts import VERDICTS, VerdictWord
from scoreline.quality.writing.files import as_texts, sink, write_text
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.sources import Source, opened, read_again


def quality_of(data: Source, asked: QualityAsked, read: ReadOptions | None = None) -> Quality:
    """What checking a base comes to.

    With a card its fields are checked, else every column by what it holds. Raises DataError if the
    file can't be read or lacks columns of the card.
    """
    rules = chosen(asked.rules)
    duplicates = None if asked.duplicates is None else read_clusters(asked.duplicates)
    card = None if asked.card is None else load(asked.card).model
    name = source_name(data)
    with _lasting(data, asked.out) as data, opened(data, read) as table:
        fields, known, key = _fields(table, asked, card)
        proved = {} if card is not None else _orders(table, fields)
        fields = tuple(
            _in_order(f, proved[f.name].order if f.name in proved else None) for f in fields
        )
        channel, created = _header(table, asked.channel), _header(table, asked.created)
        checked = _Checked(table, fields, known, key, proved, by_record=card is None)
        frame = checked.collect(asked.mx)
        if duplicates is not None and duplicates.keys:
            _same_base(frame, duplicates.keys, asked.duplicates)
        source = None if channel is None else as_texts(frame[KEPT + channel])
        extra = together(checked.base(frame), known, asked.as_of.date(), source)
        frame = _doubted(frame, extra)
        columns = tuple(checked.column(frame, one, extra.get(one.name, Told())) for one in fields)
        sound, whole = (
            _rows_without(frame, fields, "bad", "suspect"),
            _rows_without(frame, fields, "missing"),
        )
        own = card_of(fields, known, card, checked.key)
        score = None
        if own is not None:
            dated = (one.order for one in fields if checked.headers[one.name] == created)
            when = None if created is None else (created, next(dated, None) or asked.order)
            score = score_base(frame, own, sound, asked.as_of, channel, when)
        if asked.model is not None:
            write_text(_model(own), asked.model)
        pairs = [(one, checked.headers[one.name]) for one in fields]
        if asked.findings is not None:
            rows = {name: told.rows for name, told in extra.items()}
            whole_columns = {
                one.name: [f.code for f in checked.of_whole(frame, one)] for one in fields
            }
            sink(findings_table(frame, pairs, rows, whole_columns).lazy(), asked.findings)
        cleaned, effects = None, {}
        if asked.out is not None:
            told = [(one, header) for one, header in pairs if header is not None]
            file = Path(data) if isinstance(data, str | Path) and Path(data).is_file() else None
            cleaned = clean(frame, told, rules, asked.out, name, file, asked.merging, known)
            Outputs(asked.out).write_rejected(table.rejected)
            effects = {} if card is None else _effects(cleaned, card, asked.as_of)
        return Quality(
            frame.height,
            tuple(table.rejected),
            columns,
            int(sound.sum()),
            int(whole.sum()),
            tuple(table.findings),
            cleaned,
            score,
            effects,
            duplicates,
        )


def _lasting(data: Source, out: str | None) -> AbstractContextManager[Source]:
    """The source; standard input as a file, if its bytes are wanted again."""
    return read_again(data) if out is not None and data == "-" else nullcontext(data)


def _same_base(frame: pl.DataFrame, keys: frozenset[str], file: Path | None) -> None:
    """Raise DataError if clusters name no record of the base."""
    own: set[str] = set()
    for name in frame.columns:
        if name.startswith(KEPT):
            own |= keys & set(as_texts(frame[name]).str.strip_chars())
    if not own:
        raise DataError(
            f"{file} names no record of this base.", "Take the clusters of this very file."
        )


def _rows_without(frame: pl.DataFrame, fields: Sequence[Field], *words: VerdictWord) -> pl.Series:
    """Which records have no cell with one of these verdicts."""
    cells = (exactly(f"{one.name}__verdict").is_in(words) for one in fields)
    told = pl.any_horizontal(pl.repeat(False, pl.len()), *cells)
    return frame.select(~told.alias("rows")).to_series()


def _effects(cleaned: Cleaned, card: Scorecard, as_of: dt.datetime) -> dict[Way, Effect]:
    """What the rules did to the scores, what joining rows did to those that stay, and what all
    suggestions would do after the rules.
    """
    before, after, accepted = (
        scores_of(base, card, as_of) for base in (cleaned.before, cleaned.after, cleaned.accepted)
    )
    found: dict[Way, Effect] = {"rules": effect(before, after)}
    if cleaned.joined is not None:
        joined = scores_of(cleaned.joined.base, card, as_of)
        stay = pl.Series(ROW, (~cleaned.joined.gone).arg_true() + 1)
        stays = after.filter(pl.col(ROW).is_in(stay.implode()))
        found["merges"] = effect(stays, joined)
    return found | {"suggestions": effect(after, accepted)}


def _model(card: QualityCard | None) -> str:
    if card is None:
        raise DataError("Nothing in the base says how good a record is.", "Leave --model out.")
    return card.yaml


def _header(table: Table, wanted: str | None) -> str | None:
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
        return tuple(_in_order(f, asked.order) for f in declared), known, card.key
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


def _in_order(one: Field, order: str | None) -> Field:
    """A field, its dates read in an order where it says none itself."""
    dated = one.type in ("date", "time") and one.order is None
    return replace(one, order=order) if dated and order is not None else one


def _orders(table: Table, fields: Sequence[Field]) -> dict[str, Proved]:
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


class _Checked:
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


def _doubted(frame: pl.DataFrame, extra: Mapping[str, Told]) -> pl.DataFrame:
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
