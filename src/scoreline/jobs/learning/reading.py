"""Records as columns to learn from: typed as they will be when they are scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.analytics.outcomes import outcome_column, read_outcomes, refuse_unmatched
from scoreline.errors import DataError, Finding, UsageError, counted, did_you_mean
from scoreline.jobs.dated import moment_field, of_moments
from scoreline.jobs.learning.asked import LearnAsked, LeftOut
from scoreline.jobs.learning.fields import FACTS, Candidates, candidates
from scoreline.jobs.learning.happened import Entries, Happened, happened
from scoreline.jobs.learning.ladders import on_ladder
from scoreline.jobs.learning.special import seems_special, which_codes, without_codes
from scoreline.language.fields import Field, fact_column
from scoreline.learn.columns import MISSING, Column, Floats, Levels, Numbers
from scoreline.learn.validation.maturity import LEAST_AT_RISK, Window, conversion_window
from scoreline.learn.wording import Clue
from scoreline.quality.boundary import KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import Table
from scoreline.scorecard.events import AT
from scoreline.scoring.moments import moment
from scoreline.scoring.rows import input_column
from scoreline.scoring.sources import Source, opened

TIME, CLOSED = "__time__", "__closed__"
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
    won = outcomes.rows == "won"
    refuse_unmatched(outcomes)
    window = None
    if asked.time is not None:
        _check_moments(frame[TIME], f"--time {asked.time}", "when a record was scored")
        known = known & frame[TIME].is_not_null()
    if asked.closed is not None:
        _check_moments(frame[CLOSED], f"--closed {asked.closed}", "when the outcome came")
        known, won, window = _watched(frame, won, asked.within)
    rows = frame.filter(known)
    times = None if asked.time is None else _stamps(rows[TIME]).to_numpy()
    columns = [
        _column(rows, one, clue, times) for one, clue in zip(found.fields, found.clues, strict=True)
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
        (*findings, *outcomes.findings, *_to_come(times, asked), *_seem_special(rows, found)),
        {},
        window,
        did.features,
    )


def _to_come(times: npt.NDArray[np.int64] | None, asked: LearnAsked) -> list[Finding]:
    """What is to be said of records whose moment is still to come."""
    now = round(moment(None).timestamp() * 1_000_000)
    count = 0 if times is None else int((times > now).sum())
    if not count:
        return []
    return [
        Finding(
            "time-future",
            "warning",
            f"{counted(count, 'record')} with an outcome, and with a moment that is still to come",
            "Look at the column; say the --order of its dates if days and months could be either.",
            field=asked.time,
            count=count,
        )
    ]


def _seem_special(rows: pl.DataFrame, found: Candidates) -> list[Finding]:
    """What is to be said of columns of numbers that seem to hold codes which nobody named."""
    plain = [one.name for one, clue in zip(found.fields, found.clues, strict=True)
             if one.kind == "number" and not clue.codes]  # fmt: skip
    said = (seems_special(name, rows[name].cast(pl.Float64)) for name in plain)
    return [one for one in said if one is not None]


def _check_moments(moments: pl.Series, option: str, says: str) -> None:
    if not moments.is_not_null().any():
        raise DataError(
            f"`{option}` names a column that holds no moments.",
            f"Name the column that says {says}, or say the --order of dates.",
        )


def _stamps(moments: pl.Series) -> pl.Series:
    """Moments in microseconds."""
    return moments.cast(pl.Datetime("us", "UTC")).cast(pl.Int64)


def _watched(
    frame: pl.DataFrame, won: pl.Series, within: int | None
) -> tuple[pl.Series, pl.Series, Window]:
    """The records that were watched long enough, which of all have their event in time, and how
    long that is.

    The end of what is known is the latest moment in either column. An event whose moment is not
    there counts as one in time.
    """
    begun, closed = _stamps(frame[TIME]), _stamps(frame[CLOSED])
    latest = [one for one in (begun.max(), closed.max()) if isinstance(one, int)]
    age = ((max(latest) - begun) / DAY).to_numpy()
    took = ((closed - begun) / DAY).to_numpy()
    there = ~np.isnan(age)
    wins = won.to_numpy()
    dated = wins & ~np.isnan(took)
    found = conversion_window(age[there], np.where(dated, took, np.nan)[there], within)
    if found is None and within is not None:
        raise DataError(
            f"No {LEAST_AT_RISK} records were watched for {within} days.",
            "Say fewer days, or leave out --within: then they are found.",
        )
    if found is None:
        raise DataError(
            "No window can be found: too few records of the target say when it came.",
            f"Learn without --closed, or wait until {LEAST_AT_RISK} records are old enough.",
        )
    with np.errstate(invalid="ignore"):
        old = there & (np.floor(age) >= found.days)
        in_time = wins & ~(dated & (np.floor(took) > found.days))
    young = int((there & ~old).sum())
    return pl.Series(old), pl.Series(in_time), replace(found, too_young=young)


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
        numbers = values.cast(pl.Float64).to_numpy()
        if clue.apart:
            return which_codes(clue.column, numbers, clue.codes)
        return without_codes(Numbers(one.name, numbers), clue.codes)
    if one.type in FACTS:
        values = rows[fact_column(one.name, FACTS[one.type])]
    levels = _levels(one.name, values)
    return on_ladder(levels, clue.ladder, one.type) if clue.ladder else levels


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
