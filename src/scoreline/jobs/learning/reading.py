"""Records as columns to learn from: typed as they will be when they are scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.analytics.outcomes import outcome_column, read_outcomes
from scoreline.errors import DataError, Finding, did_you_mean
from scoreline.jobs.learning.asked import LearnAsked, LeftOut
from scoreline.jobs.learning.fields import FACTS, Candidates, candidates
from scoreline.language.fields import Field, fact_column
from scoreline.learn.columns import MISSING, Column, Floats, Levels, Numbers
from scoreline.learn.wording import Clue
from scoreline.quality.boundary import Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import Table
from scoreline.scoring.rows import input_column
from scoreline.scoring.sources import Source, opened

TIME = "__time__"
LATER_DATES = 0.1
"""Share of dates after the moment of the record from which on a field is one of later; fewer are
slips."""
DAY = 86_400_000_000
"""Microseconds of a day."""


@dataclass(frozen=True)
class Records:
    """What is learnt from: records whose outcome is known.

    columns: their values; events: 1 for an event; times: of each in microseconds, None where no
    column says it; fields, clues: what the columns are in a card; open: records whose outcome is
    not known; key: header of the key; counts: of findings, by code and field.
    """

    columns: tuple[Column, ...]
    events: Floats
    times: npt.NDArray[np.int64] | None
    fields: tuple[Field, ...]
    clues: tuple[Clue, ...]
    open: int
    key: str | None
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str | None], int]


def read_records(data: Source, asked: LearnAsked) -> Records:
    """The records of a file that a card can be learnt from.

    Raises DataError for a column that is not there.
    """
    with opened(data, asked.read) as table:
        headers = _named_headers(table, asked)
        found = candidates(table, asked, set(headers.values()))
        fields = [*found.fields]
        if "time" in headers:
            fields.append(Field(TIME, "time", column=(headers["time"],), order=asked.order))
        facts = [
            fact_column(one.name, FACTS[one.type]) for one in found.fields if one.type in FACTS
        ]
        dtypes = dict(table.frame.collect_schema())
        boundary = Boundary(fields, headers.get("key"), table.columns, facts, dtypes)
        frame = boundary.lazy(table.frame, keep=True).collect()
        findings = (*table.findings, *_examples(boundary))
        counts: dict[tuple[str, str | None], int] = {}
        counts |= boundary.findings.counts().items()
    return replace(_records(frame, found, headers, asked, findings), counts=counts)


def _named_headers(table: Table, asked: LearnAsked) -> dict[str, str]:
    """The headers that options name: of the target, the losses, the key and the time."""
    found = {"target": outcome_column(asked.target, table.columns, "--target")}
    if asked.lost is not None:
        found["lost"] = outcome_column(asked.lost, table.columns, "--lost")
    for option, name in (("key", asked.key), ("time", asked.time)):
        if name is None:
            continue
        header = header_of([name], table.columns)
        if header is None:
            raise DataError(
                f"`--{option}` names the column `{name}`, which is not in the data.",
                did_you_mean(name, table.columns),
            )
        found[option] = header
    for option in ("left_out", "insisted"):
        _check_named(getattr(asked, option), table)
    return found


def _check_named(names: Sequence[str], table: Table) -> None:
    for name in names:
        if name not in table.columns:
            raise DataError(f"There is no column `{name}`.", did_you_mean(name, table.columns))


def _examples(boundary: Boundary) -> list[Finding]:
    log = boundary.findings
    return [found for code, field in log.counts() for found in log.examples(code, field)]


def _records(
    frame: pl.DataFrame,
    found: Candidates,
    headers: Mapping[str, str],
    asked: LearnAsked,
    findings: Sequence[Finding],
) -> Records:
    names = dict.fromkeys(headers[name] for name in ("target", "lost") if name in headers)
    raw = frame.select(pl.col(input_column(name)).cast(pl.String).alias(name) for name in names)
    outcomes = read_outcomes(raw, asked.target, asked.lost)
    told = raw[headers["target"]].fill_null("").str.strip_chars() != ""
    known = told if asked.lost is None else outcomes.rows != "open"
    if asked.time is not None:
        known = known & frame[TIME].is_not_null()
        if not frame[TIME].is_not_null().any():
            raise DataError(
                f"`--time {asked.time}` names a column that holds no moments.",
                "Name the column that says when a record was scored, or say the --order of dates.",
            )
    rows = frame.filter(known)
    times = None
    if asked.time is not None:
        times = rows[TIME].cast(pl.Datetime("us", "UTC")).cast(pl.Int64).to_numpy()
    columns = [
        _column(rows, one, clue, times) for one, clue in zip(found.fields, found.clues, strict=True)
    ]
    return Records(
        tuple(columns),
        (outcomes.rows.filter(known) == "won").cast(pl.Float64).to_numpy(),
        times,
        found.fields,
        found.clues,
        frame.height - rows.height,
        headers.get("key"),
        found.left_out,
        (*findings, *outcomes.findings),
        {},
    )


def _column(
    rows: pl.DataFrame, one: Field, clue: Clue, times: npt.NDArray[np.int64] | None
) -> Column:
    """The typed values of a field as they are learnt from."""
    values = rows[one.name]
    if clue.given:
        return Levels.of(one.name, (None if value is None else "given" for value in values))
    if one.type in ("date", "time"):
        assert times is not None  # noqa: S101  dates are candidates only beside a time
        moment = values.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64)
        then = moment.to_numpy()
        return Numbers(one.name, np.floor((times - then) / DAY))
    if one.kind == "number":
        return Numbers(one.name, values.cast(pl.Float64).to_numpy())
    if one.type in FACTS:
        values = rows[fact_column(one.name, FACTS[one.type])]
    return _levels(one.name, values)


def dated_later(records: Records) -> dict[str, str]:
    """Fields whose dates often lie after the moment of the record, with that as the reason: nobody
    could know them then.
    """
    dates = {one.name for one in records.fields if one.type in ("date", "time")}
    found = {}
    for column in records.columns:
        if column.name not in dates or not isinstance(column, Numbers):
            continue
        there = column.values[column.there]
        share = float((there < 0).mean()) if len(there) else 0.0
        if share > LATER_DATES:
            found[column.name] = f"{share:.0%} of its dates lie after the moment of the record"
    return found


def _levels(name: str, values: pl.Series) -> Levels:
    texts = values.cast(pl.String)
    names = sorted(texts.drop_nulls().unique().to_list())
    codes = texts.replace_strict(
        names, list(range(len(names))), default=MISSING, return_dtype=pl.Int32
    )
    return Levels(name, codes.fill_null(MISSING).to_numpy(), tuple(names))
