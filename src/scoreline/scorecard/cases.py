"""A card's own examples: what they expect, and what they get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scoreline.errors import Finding, ScorelineError
from scoreline.language.text import folded
from scoreline.scorecard.model import Example, Scorecard
from scoreline.scorecard.points import parse_points, unscaled

Score = Callable[[Example], Mapping[str, object]]
"""What an example comes to: score, segment, low, high, certain and ask."""


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases came out, and a finding for each that did not."""

    passed: int
    failed: tuple[Finding, ...]


def run_cases(card: Scorecard, score: Score, dated: bool = False) -> CaseReport:
    """The card's cases, each scored by the function given.

    dated: the function knows a moment for cases that say none.
    """
    failed = [found for case in card.cases if (found := _failure(card, case, score, dated))]
    return CaseReport(len(card.cases) - len(failed), tuple(failed))


def _failure(card: Scorecard, case: Example, score: Score, dated: bool) -> Finding | None:
    if case.as_of is None and not dated and (why := _needs_moment(card, case)):
        return Finding(
            "case-failed",
            "error",
            f"The case says no `as_of`, and {why}.",
            "Add as_of: 2026-01-31 (or another day), so that it comes out the same for ever.",
            line=case.line,
        )
    try:
        got = score(case)
    except ScorelineError as error:
        return Finding("case-failed", "error", error.message, error.hint, line=case.line)
    wrong = [
        f"{key} is {case_text(got[key]) or 'blank'}, not {wanted or 'blank'}"
        for key, wanted in case.expected.items()
        if not _equal(key, wanted, got[key])
    ]
    if not wrong:
        return None
    hint = "Change the points or the case: one of them is wrong."
    return Finding("case-failed", "error", "; ".join(wrong) + ".", hint, line=case.line)


def _needs_moment(card: Scorecard, case: Example) -> str:
    """Why a case comes out by its moment; blank if it doesn't."""
    if card.timed:
        return "the card reads it"
    return "events count up to the moment of scoring" if case.events else ""


def _equal(key: str, wanted: str | None, got: object) -> bool:
    if key in ("score", "low", "high"):
        return wanted is not None and unscaled(parse_points(wanted)) == got
    if key == "certain":
        return (folded(wanted or "") in ("yes", "true")) == got
    return (wanted or "") == (got or "")


def case_text(value: object) -> str | None:
    """What a case says where it expects a value; None for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value in (None, "") else str(value)
