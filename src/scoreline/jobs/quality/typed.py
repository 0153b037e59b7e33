"""A base through the boundary: each cell typed, with its verdict; what the base itself knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.jobs.quality.fields import ToCheck
from scoreline.language.fields import Field, fact_column
from scoreline.quality.boundary import KEPT, KEY, ROW, Boundary
from scoreline.quality.checks.fields import BY_COUNTRY
from scoreline.quality.checks.mail_domains import Ask, answers_file, mail_answers
from scoreline.quality.checks.shared import own_domains
from scoreline.quality.reading.files import Table
from scoreline.quality.writing.files import as_texts

_WANTED = ("verdict", "finding", "normal", "suggestion", "domain", "country", "status")
"""The facts of each field that checks look at."""


def typed_base(
    table: Table, what: ToCheck, ask: Ask | None
) -> tuple[pl.DataFrame, Sequence[Boundary]]:
    """The typed table with its verdicts, and the boundaries that its rows came through.

    What the base itself knows is no misspelling; ask: whether domains take mail, where the net may
    be asked.
    """
    boundaries: list[Boundary] = []
    frame = _every_row(table, what, boundaries).with_columns(
        exactly(f"{one.name}__verdict").fill_null("missing") for one in what.fields
    )
    for one in what.fields:
        if one.type == "email":
            frame = _with_own_domains(frame, one.name)
            if ask is not None:
                frame = _with_mail(frame, one.name, ask, answers_file())
    if what.key is not None:
        own = pl.lit(as_texts(frame[KEPT + what.key])).str.strip_chars()
        number = pl.format("row {}", pl.col(ROW))
        frame = frame.with_columns(pl.when(own != "").then(own).otherwise(number).alias(KEY))
    return frame, boundaries


def _every_row(table: Table, what: ToCheck, boundaries: list[Boundary]) -> pl.DataFrame:
    """Every row through the boundary, those of each country by themselves."""
    place = next((one for one in what.fields if one.type == "country"), None)
    local = any(one.type in BY_COUNTRY for one in what.fields)
    if place is None or not local or not what.by_record:
        return _through(table, what, table.frame, None, boundaries)
    raw = table.frame.collect(engine="streaming")
    read = Boundary([place], None, table.columns, (), dict(raw.schema)).lazy(raw.lazy())
    countries = (
        read.select(ROW, exactly(place.name))
        .collect()
        .partition_by(place.name, as_dict=True, maintain_order=True)
    )
    parts = []
    for (country,), rows in countries.items():
        some = raw.lazy().filter(pl.col(ROW).is_in(rows[ROW].implode()))
        parts.append(_through(table, what, some, country, boundaries))
    if not parts:
        return _through(table, what, raw.lazy(), None, boundaries)
    return pl.concat(parts).sort(ROW)


def _through(
    table: Table, what: ToCheck, raw: pl.LazyFrame, country: object, boundaries: list[Boundary]
) -> pl.DataFrame:
    """Rows through a boundary of their own; country: theirs, None where they say none.

    Every row stays, those without a key too: they are called by their number.
    """
    fields = [_of_country(one, country) for one in what.fields]
    wanted = {fact_column(one.name, fact) for one in fields for fact in _WANTED}
    boundary = Boundary(fields, None, table.columns, wanted, dict(raw.collect_schema()))
    boundaries.append(boundary)
    return boundary.lazy(raw, keep=True).collect(engine="streaming")


def _of_country(one: Field, country: object) -> Field:
    return replace(one, country=str(country)) if country and one.type in BY_COUNTRY else one


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
