"""Check a base: each cell, cells of a record together, records together -> figures, and a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, Level
from scoreline.jobs.card import load
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.quality.cleaning import Cleaned, clean
from scoreline.jobs.report import source_name
from scoreline.language.fields import Field, fact_column
from scoreline.quality.boundary import FACTS_VERSION, KEPT, KEY, ROW, Boundary
from scoreline.quality.changes.rules import chosen
from scoreline.quality.checks.fields import (
    HELD,
    currency_of_values,
    declared_roles,
    fields_of_roles,
)
from scoreline.quality.checks.missing_words import OTHER_THAN_WORDS, declaration, missing_words
from scoreline.quality.checks.shared import is_nearly_key, own_domains, repeated
from scoreline.quality.checks.together import Told, constancy, together
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.reading.files import ReadOptions, RejectedRow, Table
from scoreline.quality.roles import SAMPLE, Role, roles
from scoreline.quality.text import plain_text
from scoreline.quality.typing.codes import CODES, hint_of, message_of
from scoreline.quality.typing.verdicts import VERDICTS, VerdictWord
from scoreline.scoring.sources import Source, opened


@dataclass(frozen=True)
class QualityAsked:
    """What the user asked.

    card: whose fields are checked, where there is one; country, order: of phones and dates that
    don't say theirs, without a card; as_of: when births are still to come; out: where the cleaned
    base goes; rules: what is changed in it, by name.
    """

    card: Path | None = None
    country: str | None = None
    order: str | None = None
    as_of: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    out: str | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A record with a finding: its key, the cell as it is, and what was probably meant."""

    key: str
    raw: str | None
    suggestion: str | None = None


@dataclass(frozen=True)
class Found:
    """What was found in a column: how often, what it is, what to do, and the first records."""

    code: str
    level: Level
    message: str
    hint: str
    count: int
    records: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column that was checked.

    name: the field, or the header without a card; taken_for: its role or type; verdicts: cells by
    verdict; rewritten: cells whose normal form is written otherwise, with examples.
    """

    name: str
    taken_for: str
    verdicts: Mapping[VerdictWord, int]
    found: tuple[Found, ...] = ()
    rewritten: int = 0
    examples: tuple[Seen, ...] = ()

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return sum(self.verdicts.values()) - self.verdicts["missing"]


@dataclass(frozen=True)
class Quality:
    """What checking a base came to.

    sound: records in which nothing is bad or suspect; whole: those in which nothing is missing;
    notes: of the file itself; cleaned: what was changed in the base that was written, if one was.
    """

    rows: int
    rejected: tuple[RejectedRow, ...]
    columns: tuple[Column, ...]
    sound: int
    whole: int
    notes: tuple[Finding, ...] = ()
    cleaned: Cleaned | None = None

    @property
    def exit_code(self) -> int:
        """1 where something of level error or warning was found, else 0."""
        levels = [one.level for column in self.columns for one in column.found]
        levels += [note.level for note in self.notes]
        return int(bool(self.rejected) or any(level != "info" for level in levels))

    def json(self) -> dict[str, object]:
        """The object that `quality --format json` prints: counts and keys, no one's data."""
        return {
            "rows": self.rows + len(self.rejected),
            "checked": self.rows,
            "rejected": len(self.rejected),
            "sound": self.sound,
            "complete": self.whole,
            "facts_version": FACTS_VERSION,
            "columns": [
                {
                    "column": column.name,
                    "taken_for": column.taken_for,
                    "verdicts": dict(column.verdicts),
                    "rewritten": column.rewritten,
                    "findings": [
                        {
                            "code": one.code,
                            "level": one.level,
                            "count": one.count,
                            "message": one.message,
                            "hint": one.hint,
                            "records": [seen.key for seen in one.records],
                        }
                        for one in column.found
                    ],
                }
                for column in self.columns
            ],
            "findings": [
                {"code": note.code, "level": note.level, "message": note.message}
                for note in self.notes
            ],
            "changes": self.cleaned.by_rule if self.cleaned else {},
            "suggestions": self.cleaned.suggestions if self.cleaned else None,
        }


def quality_of(data: Source, asked: QualityAsked, read: ReadOptions | None = None) -> Quality:
    """What checking a base comes to.

    With a card its fields are checked, else every column by what it holds. Raises DataError if the
    file can't be read or lacks columns of the card.
    """
    rules = chosen(asked.rules)
    with opened(data, read) as table:
        fields, known, key = _fields(table, asked)
        checked = _Checked(table, fields, known, key)
        frame = checked.collect()
        extra = together(frame, fields, known, asked.as_of.date())
        frame = _doubted(frame, extra)
        columns = tuple(checked.column(frame, one, extra.get(one.name, Told({}))) for one in fields)
        verdicts = [f"{one.name}__verdict" for one in fields]
        doubtful = pl.any_horizontal(
            pl.lit(False), *(exactly(name).is_in(["bad", "suspect"]) for name in verdicts)
        )
        missing = pl.any_horizontal(
            pl.lit(False), *(exactly(name) == "missing" for name in verdicts)
        )
        sound, whole = frame.select((~doubtful).sum().alias("s"), (~missing).sum().alias("w")).row(
            0
        )
        cleaned = None
        if asked.out is not None:
            pairs = [(one, h) for one in fields if (h := checked.headers[one.name]) is not None]
            cleaned = clean(frame, pairs, rules, asked.out, source_name(data))
            Outputs(asked.out).write_rejected(table.rejected)
        return Quality(
            frame.height,
            tuple(table.rejected),
            columns,
            sound,
            whole,
            tuple(table.findings),
            cleaned,
        )


def _fields(
    table: Table, asked: QualityAsked
) -> tuple[tuple[Field, ...], dict[str, Role], str | None]:
    """The fields to check, the roles of those whose role is known, and the column of keys."""
    sample = table.frame.select(map(exactly, table.columns)).head(SAMPLE).collect()
    texts = {name: list(map(plain_text, sample[name].to_list())) for name in table.columns}
    found = roles(texts)
    if asked.card is not None:
        card = load(asked.card).model
        headers = {f.name: header_of(headers_of(f), table.columns) for f in card.fields}
        known = {f: found[header] for f, header in headers.items() if header is not None}
        known = {f: role for f, role in known.items() if role not in HELD}
        return tuple(card.fields), known | declared_roles(card.fields), card.key
    key = next((header for header, role in found.items() if role == "key"), None)
    key = key or next((h for h in table.columns if is_nearly_key(h, texts[h])), None)
    money = {h: currency_of_values(texts[h]) for h, role in found.items() if role == "money"}
    return fields_of_roles(found, asked.country, asked.order, money), found, key


class _Checked:
    """A table on its way through the boundary, with verdicts."""

    def __init__(
        self, table: Table, fields: Sequence[Field], known: Mapping[str, Role], key: str | None
    ) -> None:
        self.known = known
        self.table = table
        self.fields = fields
        wanted = {
            fact_column(one.name, name)
            for one in fields
            for name in ("verdict", "finding", "normal", "suggestion", "domain", "country")
        }
        dtypes = dict(table.frame.collect_schema())
        # Every row stays, those without a key too: they are called by their number.
        self.boundary = Boundary(fields, None, table.columns, wanted, dtypes)
        self.key = header_of([key], table.columns) if key else None
        self.headers = {one.name: header_of(headers_of(one), table.columns) for one in fields}

    def collect(self) -> pl.DataFrame:
        """The typed table with its verdicts; what the base itself knows is no misspelling."""
        frame = self.boundary.lazy(self.table.frame, keep=True).collect(engine="streaming")
        frame = frame.with_columns(
            exactly(f"{one.name}__verdict").fill_null("missing") for one in self.fields
        )
        for one in self.fields:
            if one.type == "email":
                frame = _with_own_domains(frame, one.name)
        if self.key is None:
            return frame
        own = exactly(KEPT + self.key).cast(pl.String).str.strip_chars()
        number = pl.format("row {}", pl.col(ROW))
        return frame.with_columns(pl.when(own != "").then(own).otherwise(number).alias(KEY))

    def column(self, frame: pl.DataFrame, one: Field, extra: Told) -> Column:
        """What was found in a column; extra: what the checks of several cells told."""
        verdict, finding = frame[f"{one.name}__verdict"], frame[f"{one.name}__finding"]
        counts = dict(verdict.value_counts().iter_rows())
        found = [
            self._found(frame, one, code, finding == code)
            for code in finding.drop_nulls().unique(maintain_order=True)
        ]
        told = extra.rows.items()
        found += [self._found(frame, one, code, rows) for code, rows in told if rows.any()]
        if code := constancy(frame[one.name], one, self.known.get(one.name)):
            found.append(_finding(code, one.name, frame.height, ()))
        raw = self._raw(frame, one)
        found += self._of_texts(frame, one, raw, verdict)
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

    def _of_texts(
        self, frame: pl.DataFrame, one: Field, raw: pl.Series, verdict: pl.Series
    ) -> list[Found]:
        """What the cells of a column say as they are written: words for nothing, repeated keys."""
        found = []
        words = missing_words(raw, verdict) if one.type in OTHER_THAN_WORDS else ()
        if words:
            rows = raw.str.strip_chars().is_in(words).fill_null(value=False)
            details = {"words": ", ".join(words), "declare": declaration(words)}
            seen = _seen(frame, rows, raw, frame[f"{one.name}__suggestion"])
            found.append(_finding("missing-word", one.name, int(rows.sum()), seen, (), details))
        if self.key is not None and self.headers[one.name] == self.key:
            rows = repeated(frame[one.name].cast(pl.String))
            if rows.any():
                details = {"keys": f"{raw.filter(rows).n_unique():,}"}
                seen = _seen(frame, rows, raw, raw.clear().extend_constant(None, len(raw)))
                found.append(_finding("key-repeated", one.name, int(rows.sum()), seen, (), details))
        return found

    def _found(self, frame: pl.DataFrame, one: Field, code: str, rows: pl.Series) -> Found:
        rows = rows.fill_null(value=False)
        told = self.boundary.findings.examples(code, one.name)
        seen = _seen(frame, rows, self._raw(frame, one), frame[f"{one.name}__suggestion"])
        return _finding(code, one.name, int(rows.sum()), seen, told)

    def _raw(self, frame: pl.DataFrame, one: Field) -> pl.Series:
        header = self.headers[one.name]
        if header is None:
            return pl.Series([None] * frame.height, dtype=pl.String)
        return frame[KEPT + header].cast(pl.String)


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
