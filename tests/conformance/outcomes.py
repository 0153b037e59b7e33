"""What engines and the oracle say of records, in the same words, so that they can be equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import polars as pl

from scoreline.engines.local.engine import LocalEngine
from scoreline.scorecard.layout import WORD_BITS
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.probability import COLUMNS
from tests import oracle
from tests.conformance.cards import Drawn, decimal
from tests.conformance.trees import FACTS
from tests.oracle_chance import chance
from tests.oracle_pair import settled


@dataclass(frozen=True)
class Line:
    """A line of reasons; `bin` only where every engine has the same word for it."""

    term: str
    bin: str
    points: Fraction

    @property
    def text(self) -> str:
        return f"{self.term} {'+' if self.points > 0 else ''}{decimal(self.points)}"


@dataclass(frozen=True)
class Outcome:
    """What is said of a record, with points as fractions."""

    score: Fraction
    segment: str | None
    low: Fraction
    high: Fraction
    certain: bool
    ask: str | None
    reasons: str
    chance: tuple[float | None, ...] = (None, None, None)
    lines: tuple[Line, ...] = ()

    def without_lines(self) -> Outcome:
        """As tables say it: the reasons as one text."""
        return replace(self, lines=())


def by_oracle(drawn: Drawn, record: Mapping[str, Any]) -> Outcome:
    card = settled(drawn.card, dict(record), drawn.as_of)
    found = oracle.score(card, dict(record), drawn.as_of)
    lines = [Line(term, kind_of(bin_), points) for term, bin_, points in found["reasons"]]
    for name, points in found["adjustments"]:
        word = "" if name == "base" else " cap" if points < 0 else " floor"
        lines.append(Line(name + word, "", points))
    plain = {k: found[k] for k in ("score", "segment", "low", "high", "certain", "ask")}
    plain["chance"] = chance(drawn.card, found["score"])
    return Outcome(**plain, reasons=joined(lines), lines=tuple(lines))


def kind_of(bin_: Any) -> str:
    """The bins that have the same name everywhere; the wording of the others is an engine's own."""
    return bin_ if bin_ in ("missing", "otherwise") else ""


def joined(lines: Sequence[Line]) -> str:
    return "; ".join(line.text for line in lines)


def by_result(result: Any) -> Outcome:
    """The outcome of a result of one record."""
    lines = [Line(r.term, kind_of(r.bin), exact(r.points)) for r in result.reasons]
    return Outcome(
        score=exact(result.score),
        segment=result.segment,
        low=exact(result.low),
        high=exact(result.high),
        certain=result.certain,
        ask=result.ask or None,
        reasons=joined(lines),
        chance=(result.probability, result.probability_low, result.probability_high),
        lines=tuple(lines),
    )


def by_local(
    drawn: Drawn, card: Scorecard, records: Sequence[Mapping[str, Any]], plain_rows: int = 0
) -> list[tuple[Outcome, int]]:
    """(outcome without lines, mask) of each record, by the local engine.

    plain_rows: 0 is the compiled decoder, more the plain one for so many rows.
    """
    engine = LocalEngine(card, drawn.as_of, reasons=0, plain_rows=plain_rows)
    plan = engine.lazy(typed_table(drawn, records).lazy(), masks=True)
    found = []
    for row in plan.collect(engine="streaming").to_dicts():
        words = [row[name] for name in engine.mask_columns]
        mask = sum(word << WORD_BITS * place for place, word in enumerate(words))
        found.append((by_row(row), mask))
    return found


def by_row(row: Mapping[str, Any]) -> Outcome:
    """The outcome, without lines, of a row of results."""
    return Outcome(
        score=exact(row["score"]),
        segment=row["segment"],
        low=exact(row["low"]),
        high=exact(row["high"]),
        certain=row["certain"],
        ask=row["ask"] or None,
        reasons=row["reasons"],
        chance=tuple(map(row.get, COLUMNS)),
    )


DTYPES = {
    **{"number": pl.Float64(), "integer": pl.Int64(), "money": pl.Float64()},
    **{"yes/no": pl.Boolean(), "date": pl.Date(), "time": pl.Datetime("us", "UTC")},
}


def typed_table(drawn: Drawn, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed records as a table: a column for each field and for each fact."""
    schema: dict[str, pl.DataType] = {}
    for name, field in drawn.card["fields"].items():
        schema[name] = DTYPES.get(field["type"], pl.String())
        for fact, kind in FACTS.get(field["type"], {}).items():
            schema[f"{name}__{fact}"] = DTYPES.get(kind, pl.String())
    rows = [{name: record[name] for name in schema} for record in records]
    return pl.DataFrame(rows, schema=schema)


def exact(points: float) -> Fraction:
    """Points of at most four decimals, exactly.

    >>> exact(0.0001)
    Fraction(1, 10000)
    """
    scaled = round(Fraction(str(points)) * 10_000)
    assert float(Fraction(scaled, 10_000)) == points, f"{points} has more than four decimals"
    return Fraction(scaled, 10_000)
