"""Explain one record: every line of its score, zero lines included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.leaving import Leaving, leaving
from scoreline.engines.base import Result
from scoreline.engines.record.engine import compile_card
from scoreline.errors import DataError, Finding
from scoreline.language.text import normal
from scoreline.language.tree import Scalar, value_text
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.typing.values import type_record
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Reason, zero_lines
from scoreline.scoring.events import Events
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import TypedRows, input_column, typed_rows
from scoreline.scoring.sources import Source


@dataclass(frozen=True)
class Explanation:
    """One record's result and all its lines.

    findings: what is wrong with its values; repeats: further rows that have the same key; leaves:
    when the score leaves its segment if nothing else happens; features: what each came to, None if
    missing; ignored: events in bursts, None for a card that ignores none; chance: what the score
    means as a probability, in words, None for a card that does not say.
    """

    key: str
    result: Result
    lines: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()
    repeats: int = 0
    leaves: Leaving | None = None
    features: Mapping[str, Scalar | None] = field(default_factory=dict)
    ignored: int | None = None
    chance: str | None = None

    def json(self) -> dict[str, object]:
        """The object that `explain --format json` prints."""
        r = self.result
        return {
            "key": self.key,
            "score": r.score,
            "segment": r.segment,
            "low": r.low,
            "high": r.high,
            "certain": r.certain,
            "ask": r.ask,
            "reasons": [
                {"term": line.term, "bin": line.bin, "points": line.points} for line in self.lines
            ],
            "leaves": None
            if self.leaves is None
            else {"segment": self.leaves.segment, "at": moment_text(self.leaves.at)},
            **({} if self.chance is None else {"probability": self._json_probability()}),
            **({"features": self._json_features()} if self.features else {}),
            **({} if self.ignored is None else {"ignored": self.ignored}),
        }

    def _json_probability(self) -> dict[str, object]:
        r = self.result
        return {"is": r.probability, "low": r.probability_low, "high": r.probability_high}

    def _json_features(self) -> dict[str, object]:
        """Numbers and truths as they are, everything else as text."""
        found: dict[str, object] = dict(self.feature_texts)
        for name, value in self.features.items():
            if value is None or isinstance(value, bool):
                found[name] = value
            elif isinstance(value, float):
                found[name] = int(value) if value.is_integer() else value
        return found

    @property
    def feature_texts(self) -> dict[str, str]:
        """What each feature came to, in words."""
        told = {n: "missing" if v is None else value_text(v) for n, v in self.features.items()}
        moments = {n: v for n, v in self.features.items() if isinstance(v, dt.datetime)}
        return told | {name: moment_text(value) for name, value in moments.items()}


def explained_lines(
    card: Scorecard, result: Result, tallies: Sequence[Reason] = ()
) -> tuple[Reason, ...]:
    """The lines of a result: the terms, those that gave nothing behind them, then adjustments.

    tallies: the lines of event terms.
    """
    layout = Layout(card)
    terms = sum(bit.points != 0 for bit in layout.set_bits(result.mask))
    terms += sum(line.scaled != 0 for line in tallies)
    zeros = zero_lines(layout, result.mask, result.open_terms, tallies)
    return (*result.reasons[:terms], *zeros, *result.reasons[terms:])


def explain_record(
    data: Source,
    card: Scorecard,
    key: str,
    as_of: dt.datetime,
    read: ReadOptions | None = None,
    events: Events = None,
) -> Explanation:
    """The explanation of the record of a file that has this key; the first if several do.

    Raises DataError if none has it, saying whether its row was rejected.
    """
    wanted = normal(key)
    with typed_rows(data, card, read, keep=True, events=events) as rows:
        frame = rows.frame.filter(pl.col("__key__") == wanted)
        found = frame.collect(engine="streaming")
        if found.is_empty():
            raise _no_record(rows, card, wanted)
        row = found.row(0, named=True)
        raw = {name: row[input_column(name)] for name in rows.table.columns}
        past = [] if rows.events is None else rows.events.of(wanted)
    behaviour = behaviour_of(card, past, as_of)
    compiled = compile_card(card)
    result = compiled.score(row, as_of, behaviour)
    leaves = leaving(card, compiled.score, row, past, as_of)
    findings = type_record(card.fields, raw, card.facts, record=wanted).findings
    lines = explained_lines(card, result, behaviour.lines)
    return Explanation(
        wanted,
        result,
        lines,
        findings,
        repeats=found.height - 1,
        leaves=leaves,
        features=behaviour.features,
        ignored=behaviour.ignored if card.bursts else None,
        chance=_chance(card, result),
    )


def _chance(card: Scorecard, result: Result) -> str | None:
    """`4 % (3 % to 5 %) of: becomes a customer`; None for a card without probabilities."""
    if card.probability is None:
        return None
    told = card.probability.at(sum(line.scaled for line in result.reasons)).text
    return f"{told} of: {card.probability.of}" if card.probability.of else told


def _no_record(rows: TypedRows, card: Scorecard, wanted: str) -> DataError:
    """No other keys in it: they are other people's."""
    if card.key is not None:
        return DataError(
            f"No record has the key `{wanted[:60]}`.", f"The key is the column `{card.key}`."
        )
    for rejected in rows.rejected_rows():
        if str(rejected.row) == wanted:
            line = f", line {rejected.line}" if rejected.line else ""
            return DataError(f"Row {wanted}{line} was rejected: {rejected.reason}.")
    last = rows.frame.select(pl.col("__row__").max()).collect(engine="streaming").item() or 0
    return DataError(
        f"There is no row `{wanted[:60]}`.",
        f"The card names no key, so keys are row numbers: 1 to {last:,}.",
    )
