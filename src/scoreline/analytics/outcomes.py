"""Won, lost or open: what an outcome column says, and outcomes joined from a file of their own.

Whatever is not named as won or lost is open, and open is never counted as lost (design 4.11).
Values are compared in folded form: trimmed, blanks collapsed, capitals and small letters alike.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from scoreline.errors import DataError, Finding, UsageError, counted, did_you_mean, nearest
from scoreline.quality.headers import header_of
from scoreline.quality.text import folded, normal
from scoreline.quality.typing.words import yes_no

OUTCOMES = pl.Enum(["won", "lost", "open"])
"""The type of an outcome column of ours."""

KINDS_MOST, KINDS_TIMES = 20, 3
"""A column of so few values, each of so many rows, holds kinds; they may be shown in messages."""

Outcome = Literal["won", "lost", "open"]
UNMATCHED = "outcome-unmatched"


@dataclass(frozen=True, slots=True)
class OutcomeSpec:
    """Which values of a column are meant: `deposit = yes, paid`.

    values: as written; without any, words for yes and no are understood; `*` alone is any value
    that is not blank, for columns that are filled in only when it happened, such as a date.
    """

    column: str
    values: tuple[str, ...] = ()

    @property
    def any_value(self) -> bool:
        """Whether every cell that is not blank is meant."""
        return self.values == ("*",)

    @property
    def text(self) -> str:
        """The spec in words, as pages show it."""
        if self.any_value:
            return f"{self.column} filled in"
        return f"{self.column} = {' or '.join(self.values) if self.values else 'yes'}"

    @property
    def names_lost(self) -> bool:
        """Whether as `--won` it also says who is lost: words for no do."""
        return not self.values


@dataclass(frozen=True)
class Outcomes:
    """An outcome for each row, in order, and what was found.

    rows: a series of OUTCOMES; won_means: in words; lost_known: False if nothing says who is
    lost, so that every row not won is open.
    """

    rows: pl.Series
    won_means: str
    lost_known: bool
    findings: tuple[Finding, ...] = ()


def parse_spec(text: str, option: str = "--won") -> OutcomeSpec:
    """The spec that `COL`, `COL=VALUE,VALUE` or `COL=*` means; a value with a comma is quoted.

    >>> parse_spec("stage=won, paid")
    OutcomeSpec(column='stage', values=('won', 'paid'))
    """
    column, equals, rest = text.partition("=")
    values = tuple(
        value
        for line in csv.reader([rest], skipinitialspace=True)
        for value in map(normal, line)
        if value
    )
    if not normal(column) or (equals and not values):
        raise UsageError(
            f"`{option} {text[:80]}` does not name a column and its values.",
            f"Write {option} COLUMN=VALUE or {option} COLUMN=VALUE,VALUE.",
        )
    return OutcomeSpec(normal(column), values)


def read_outcomes(
    frame: pl.DataFrame, won: OutcomeSpec, lost: OutcomeSpec | None = None
) -> Outcomes:
    """The outcome of each row of a frame of raw texts.

    Raises DataError for a column that is not there, UsageError for a value named as both.
    """
    won_column = outcome_column(won, frame.columns, "--won")
    both = _both(won, lost)
    if both:
        raise UsageError(f"`{both[0]}` is named both as won and as lost.", "Name it once.")
    is_won, is_no = _marks(frame[won_column], won)
    is_lost = is_no
    findings = list(_unmatched(frame[won_column], won, is_won, "won"))
    if lost is not None:
        lost_column = outcome_column(lost, frame.columns, "--lost")
        is_lost, _ = _marks(frame[lost_column], lost)
        findings += _unmatched(frame[lost_column], lost, is_lost, "lost")
    clash = is_won & is_lost
    if clash.any():
        findings.append(_clash(int(clash.sum())))
    rows = pl.select(
        pl.when(clash)
        .then(pl.lit("open"))
        .when(is_won)
        .then(pl.lit("won"))
        .when(is_lost)
        .then(pl.lit("lost"))
        .otherwise(pl.lit("open"))
        .cast(OUTCOMES)
        .alias("outcome")
    ).to_series()
    return Outcomes(rows, won.text, lost is not None or won.names_lost, tuple(findings))


def join_outcomes(keys: pl.Series, outcomes: Outcomes, outcome_keys: pl.Series) -> Outcomes:
    """Outcomes of another file, brought to the order of `keys`; who is not in it is open.

    A key that stands there several times is won if one of its rows is, else open if one is.
    """
    ours = pl.DataFrame({"key": _normal_keys(keys)})
    theirs = pl.DataFrame({"key": _normal_keys(outcome_keys), "outcome": outcomes.rows})
    theirs = theirs.filter(pl.col("key") != "")
    best = theirs.group_by("key").agg(
        rows=pl.len(),
        outcome=pl.when((pl.col("outcome") == "won").any())
        .then(pl.lit("won"))
        .when((pl.col("outcome") == "open").any())
        .then(pl.lit("open"))
        .otherwise(pl.lit("lost"))
        .cast(OUTCOMES),
    )
    joined = ours.join(best, on="key", how="left", maintain_order="left")
    unknown = best.join(ours, on="key", how="anti").height
    repeated = best.filter(pl.col("rows") > 1).height
    findings = [*outcomes.findings, *_join_findings(unknown, repeated, best.height)]
    rows = joined["outcome"].fill_null("open")
    return Outcomes(rows, outcomes.won_means, outcomes.lost_known, tuple(findings))


def key_column(columns: Sequence[str], key: str) -> str:
    """The header of the key in an outcomes file; DataError with the nearest names if absent."""
    found = header_of([key], columns)
    if found is None:
        raise DataError(
            f"The outcomes file has no column `{key}` to join by.", did_you_mean(key, columns)
        )
    return found


def outcome_column(spec: OutcomeSpec, columns: Sequence[str], option: str) -> str:
    """The header that a spec names; DataError with the nearest names if there is none."""
    found = header_of([spec.column], columns)
    if found is None:
        raise DataError(
            f"`{option}` names the column `{spec.column}`, which is not in the data.",
            did_you_mean(spec.column, columns),
        )
    return found


def _both(won: OutcomeSpec, lost: OutcomeSpec | None) -> list[str]:
    if lost is None or folded(won.column) != folded(lost.column):
        return []
    lost_values = {folded(value) for value in lost.values}
    return [value for value in won.values if folded(value) in lost_values]


def _marks(column: pl.Series, spec: OutcomeSpec) -> tuple[pl.Series, pl.Series]:
    """Rows that hold one of the spec's values, and rows with a word for no if it has none."""
    texts = column.cast(pl.String).fill_null("")
    wanted = {folded(value) for value in spec.values}
    hits, noes = [], []
    for text in texts.unique():
        value = folded(text)
        if spec.any_value:
            matches = bool(value)
        else:
            matches = value in wanted or (not wanted and yes_no(value) is True)
        if matches:
            hits.append(text)
        elif not wanted and yes_no(value) is False:
            noes.append(text)
    return texts.is_in(hits), texts.is_in(noes)


def _unmatched(
    column: pl.Series, spec: OutcomeSpec, hits: pl.Series, word: str
) -> tuple[Finding, ...]:
    """A warning if no row is won (or lost), with the values that do occur; few are shown."""
    if hits.any() or not len(column):
        return ()
    counts = column.cast(pl.String).drop_nulls().value_counts(sort=True)
    values = [text for text in counts[:, 0].to_list() if normal(text)]
    near = [name for value in spec.values for name in nearest(value, values[:1000])]
    # Values that come again and again are kinds of outcome; others may be names of people.
    told = len(values) <= KINDS_MOST and len(column) >= KINDS_TIMES * len(values)
    shown = ", ".join(f"`{value[:40]}`" for value in (near or values)[:5]) if told else ""
    hint = f"The column holds {shown}." if shown else f"It has {counted(len(values), 'value')}."
    return (
        Finding(
            code=UNMATCHED,
            level="warning",
            message=f"No row has `{spec.text}`, so nothing counts as {word}.",
            hint=hint if values else "The column is empty.",
            field=spec.column,
        ),
    )


def refuse_unmatched(outcomes: Outcomes) -> None:
    """Raise DataError, with the values that there are, where nothing is learnt from the outcomes:
    no row is won, or none is lost though it was said who is.
    """
    if not len(outcomes.rows):
        raise DataError("The data have no records.", "Name a file with rows under its headers.")
    for one in outcomes.findings:
        if one.code == UNMATCHED:
            raise DataError(one.message, one.hint)


def _clash(count: int) -> Finding:
    return Finding(
        code="outcome-contradiction",
        level="warning",
        message=f"Won and lost at once, and so counted as open: {counted(count, 'row')}.",
        hint="Say which column decides.",
    )


def _join_findings(unknown: int, repeated: int, known: int) -> list[Finding]:
    findings = []
    if unknown:
        level: Literal["warning", "info"] = "warning" if unknown == known else "info"
        hint = "Check that both files use the same key." if unknown == known else ""
        message = f"Not in the data: {unknown:,} of {counted(known, 'key')} of the outcomes file."
        findings.append(Finding("outcome-key-unknown", level, message, hint))
    if repeated:
        message = f"In the outcomes file more than once: {counted(repeated, 'key')}."
        hint = "Such a record is won if one of its rows is, else open if one is."
        findings.append(Finding("outcome-key-repeated", "info", message, hint))
    return findings


def _normal_keys(keys: pl.Series) -> pl.Series:
    """Keys in normal form; plain ones, by far the most, are left as they are."""
    texts = keys.cast(pl.String).fill_null("")
    odd = texts.filter(~texts.str.contains(r"^[!-~]+( [!-~]+)*$")).unique()
    changed = {text: normal(text) for text in odd if normal(text) != text}
    return texts.replace(list(changed), list(changed.values())) if changed else texts
