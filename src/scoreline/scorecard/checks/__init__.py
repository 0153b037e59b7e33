"""Proof-reading: what is wrong with a card, found without any data.

A card is read as the table it is: every field is cut into the few states that its terms can tell
apart, and everything that these states can add up to is looked at, fields shared by several terms
included. Answers are exact; where that would take too long they are bounds, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoreline.errors import Finding
from scoreline.scorecard.checks.domains import domains_of
from scoreline.scorecard.checks.needs import check_needs
from scoreline.scorecard.checks.paths import Clock
from scoreline.scorecard.checks.reach import Reach, reach_of
from scoreline.scorecard.checks.segments import check_segments
from scoreline.scorecard.checks.wording import listed
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import points_text, unscaled

SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What proof-reading a card found.

    min, max: the least and the most that a record can score; exact: whether they are reached, or
    bounds; findings: in the order of the card.
    """

    min: int | float
    max: int | float
    exact: bool
    findings: tuple[Finding, ...]


def check_card(card: Scorecard, seconds: float = SECONDS) -> CheckResult:
    """Everything that proof-reading finds, in about `seconds` at most.

    >>> from scoreline.scorecard.file import parse_card
    >>> card = parse_card('''
    ... scorecard: example
    ... fields: {budget: money}
    ... terms:
    ...   - {name: large, when: budget >= 1000, points: 2}
    ...   - {name: small, when: budget < 100, points: 3}
    ... segments: [{name: good, from: 4}, {name: rest}]
    ... ''')
    >>> result = check_card(card)
    >>> result.max, [finding.code for finding in result.findings]
    (3, ['segment-unreachable'])
    """
    clock = Clock.of(seconds)
    reach = reach_of(card, domains_of(card), clock)
    findings = (*_bounds(reach), *check_segments(reach), *check_needs(reach))
    return CheckResult(unscaled(reach.low), unscaled(reach.high), reach.exact, findings)


def _bounds(reach: Reach) -> Iterator[Finding]:
    """Says what keeps the answers from being exact."""
    names = [reach.card.terms[i].name for p in reach.paths if not p.exact for i in p.terms]
    if names:
        yield Finding(
            "bound",
            "info",
            f"bound: the scores of a record lie within {points_text(reach.low)} and "
            f"{points_text(reach.high)}, but may not reach these: the values of fields hang "
            f"together in too many ways in {listed(names)}.",
        )
