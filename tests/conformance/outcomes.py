"""What engines and the oracle say of a record, in the same words, so that they can be equal."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests import oracle
from tests.conformance.cards import Drawn


@dataclass(frozen=True)
class Outcome:
    """What an engine or the oracle says of a record, with points as fractions."""

    score: Fraction
    segment: str | None
    low: Fraction
    high: Fraction
    certain: bool
    ask: str | None
    reasons: tuple[tuple[str, str, Fraction], ...]


def by_oracle(drawn: Drawn, record: dict[str, Any]) -> Outcome:
    found = oracle.score(drawn.card, record, drawn.as_of)
    reasons = [(term, kind_of(bin_), points) for term, bin_, points in found["reasons"]]
    for name, points in found["adjustments"]:
        word = "" if name == "base" else " cap" if points < 0 else " floor"
        reasons.append((name + word, "", points))
    plain = {k: found[k] for k in ("score", "segment", "low", "high", "certain", "ask")}
    return Outcome(**plain, reasons=tuple(reasons))


def kind_of(bin_: Any) -> str:
    """The bins that have the same name everywhere; the wording of the others is an engine's own."""
    return bin_ if bin_ in ("missing", "otherwise") else ""


def by_engine(result: Any) -> Outcome:
    """An engine's result in the oracle's words; of the bins only the kinds the oracle names."""
    return Outcome(
        score=exact(result.score),
        segment=result.segment,
        low=exact(result.low),
        high=exact(result.high),
        certain=result.certain,
        ask=result.ask or None,
        reasons=tuple((r.term, kind_of(r.bin), exact(r.points)) for r in result.reasons),
    )


def exact(points: float) -> Fraction:
    """Points of at most four decimals, exactly.

    >>> exact(0.0001)
    Fraction(1, 10000)
    """
    scaled = round(Fraction(str(points)) * 10_000)
    assert float(Fraction(scaled, 10_000)) == points, f"{points} has more than four decimals"
    return Fraction(scaled, 10_000)
