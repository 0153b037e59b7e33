"""Records as columns to learn from: typed as they will be when they are scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.analytics.outcomes import outcome_column, read_outcomes, refuse_unmatched
from scoreline.errors import DataError, Finding, UsageError, did_you_mean
from scoreline.jobs.dated import moment_field, of_moments
from scoreline.jobs.learning.asked import LearnAsked, LeftOut
from scoreline.jobs.learning.columns import column_of
from scoreline.jobs.learning.fields import FACTS, Candidates, candidates
from scoreline.jobs.learning.happened import Entries, Happened, happened
from scoreline.jobs.learning.moments import (
    CLOSED,
    TIME,
    in_time,
    stamps,
)
from scoreline.jobs.learning.special import seems_special
from scoreline.language.fields import Field, fact_column
from scoreline.learn.columns import Column, Floats
from scoreline.learn.validation.maturity import Window
from scoreline.learn.wording import Clue
from scoreline.quality.boundary import KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import Table
from scoreline.scorecard.events import AT
from scoreline.scoring.rows import input_column
from scoreline.scoring.sources import Source, opened


@dataclass(frozen=True)
class Records:
    """What is learnt from: records whose outcome is known.

    columns: their values; events: 1 for an event; times: of each in microseconds, None where no
    column says it; fields, clues: what the columns are in a card; open: records whose outcome is
    not known; key: header of the key; counts: of findings, by code and field; window: that an
    outcome was waited for.
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
    window: Window | None = None
    features: Mapping[str, Entries] = field(default_factory=dict)


def read_records(data: Source, asked: LearnAsked) -> Records:
    """The records of a file that a card can be learnt from.

    Raises DataError for a column that is not there.
    """
    with opened(data, asked.read) as table:
        headers, named = _named_headers(table, asked), table.columns
        found = candidates(table, asked, set(headers.values()))
        fields = list(dict.fromkeys(found.fields))
        fields += [
            moment_field(name, headers[option], table, asked.order)
            for option, name in (("time", TIME), ("closed", CLOSED))
            if option in headers
        ]
        facts = [fact_column(one.name, FACTS[one.type]) for one in fields if one.type in FACTS]
        dtypes = dict(table.frame.collect_schema())
        boundary = Boundary(fields, headers.get("key"), table.columns, facts, dtypes)
        frame = boundary.lazy(table.frame, keep=True).collect()
        own = {TIME: asked.time, CLOSED: asked.closed}
        findings = (*table.findings, *(of_moments(one, own) for one in _examples(boundary)))
        counts: dict[tuple[str, str | None], int] = {}
        counts |= {
            (code, own.get(name) or name): count
            for (code, name), count in boundary.findings.counts().items()
        }
    records = _records(frame, found, headers, asked, findings)
    left_out = (one.field for one in records.left_out)
    _check_named(asked, [*named, *(column.name for column in records.columns), *left_out])
    return replace(records, counts=counts)


def _what_happened(rows: pl.DataFrame, taken: Sequence[Field], asked: LearnAsked) -> Happened:
    """What the records did before their moments."""
    if asked.events is None or asked.events == "none":
        return Happened()
    if asked.key is None or asked.time is None:
        raise UsageError(
            "--events needs the key of the records, and the moment of each: nothing from after it "
            "may be seen.",
            "Say --key COL and --time COL.",
        )
    moments = rows.select(KEY, pl.col(TIME).alias(AT.name))
    names = frozenset(one.name for one in taken)
    return happened(asked.events, moments, asked.key, names, asked.left_out)


def _named_headers(table: Table, asked: LearnAsked) -> dict[str, str]:
    """The headers that options name: of the target, the losses, the key and the time."""
    found = {"target": outcome_column(asked.target, table.columns, "--target")}
    if asked.lost is not None:
        found["lost"] = outcome_column(asked.lost, table.columns, "--lost")
    for option, name in (("key", asked.key), ("time", asked.time), ("closed", asked.closed)):
        if name is None:
            continue
        header = header_of([name], table.columns)
        if header is None:
            raise DataError(
                f"`--{option}` names the column `{name}`, which is not in the data.",
                did_you_mean(name, table.columns),
            )
        found[option] = header
    return found


def _check_named(asked: LearnAsked, there: Sequence[str]) -> None:
    """Refuses columns to leave out, or to insist on, that are neither in the data nor in events."""
    for name in (*asked.left_out, *asked.insisted):
        if name not in there:
            raise DataError(f"There is no column `{name}`.", did_you_mean(name, there))


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
    refuse_unmatched(outcomes)
    known, won, window, later = in_time(frame, known, outcomes.rows == "won", asked)
    rows = frame.filter(known)
    times = None if asked.time is None else stamps(rows[TIME]).to_numpy()
    columns = [
        column_of(rows, one, clue, times)
        for one, clue in zip(found.fields, found.clues, strict=True)
    ]
    did = _what_happened(rows, found.fields, asked)
    return Records(
        (*columns, *did.columns),
        won.filter(known).cast(pl.Float64).to_numpy(),
        times,
        tuple(dict.fromkeys(found.fields)),
        (*found.clues, *did.clues),
        frame.height - rows.height - (window.too_young if window else 0),
        headers.get("key"),
        (*found.left_out, *did.left_out),
        (*findings, *outcomes.findings, *later, *_seem_special(rows, found)),
        {},
        window,
        did.features,
    )


def _seem_special(rows: pl.DataFrame, found: Candidates) -> list[Finding]:
    """What is to be said of columns of numbers that seem to hold codes which nobody named."""
    plain = [one.name for one, clue in zip(found.fields, found.clues, strict=True)
             if one.kind == "number" and not clue.codes]  # fmt: skip
    said = (seems_special(name, rows[name].cast(pl.Float64)) for name in plain)
    return [one for one in said if one is not None]
