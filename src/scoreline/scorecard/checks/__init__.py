"""Proof-reading: what is wrong with a card, found without any data.

A card is read as the table it is: every field is cut into the few states that its terms can tell
apart, and everything that these states can add up to is looked at, fields shared by several terms
included. Answers are exact; where that would take too long they are bounds, and say so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from scoreline.errors import Finding
from scoreline.language.tree import walk
from scoreline.scorecard.checks.bins import check_bins
from scoreline.scorecard.checks.clamps import check_clamps
from scoreline.scorecard.checks.conditions import check_condition, check_literals
from scoreline.scorecard.checks.domains import Domains, domains_of
from scoreline.scorecard.checks.needs import check_needs
from scoreline.scorecard.checks.paths import Clock, TooManyPathsError
from scoreline.scorecard.checks.reach import Reach, reach_of
from scoreline.scorecard.checks.seen import values_of
from scoreline.scorecard.checks.segments import check_segments
from scoreline.scorecard.checks.sentinels import Held, holdings_of
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
    held = holdings_of(card)
    domains = domains_of(card, held)
    terms = [
        _term(card, place, domains, held, clock.part(0.25)) for place in range(len(card.terms))
    ]
    reach = reach_of(card, domains, clock)
    findings = (
        *_bounds(reach, domains),
        *itertools.chain(*terms),
        *check_clamps(card),
        *check_segments(reach),
        *check_needs(reach),
    )
    return CheckResult(unscaled(reach.low), unscaled(reach.high), reach.exact, findings)


def _term(card: Scorecard, place: int, domains: Domains, held: Held, clock: Clock) -> list[Finding]:
    """Findings about one term by itself."""
    term, tree = card.terms[place], domains.trees[place]
    findings = [*check_literals(term, held)]
    try:
        values = values_of(tree, domains.blocks, clock)
        proven = not domains.unproven.keys() & set(walk(tree))
        findings += check_bins(term, values, proven=proven)
        if term.is_condition:
            findings += check_condition(term, values, domains, clock)
    except TooManyPathsError:
        message = "bound: the term reads too much to look for dead bins, gaps and contradictions."
        hint = "Split it into several terms."
        findings.append(Finding("bound", "info", message, hint, term.name, term.line))
    return findings


def _bounds(reach: Reach, domains: Domains) -> Iterator[Finding]:
    """Says what keeps the answers from being exact."""
    if reach.exact:
        return
    terms = reach.card.terms
    places: dict[tuple[str, str], list[int]] = {}
    for place, tree in enumerate(domains.trees):
        for doubt in {domains.unproven[node]: 0 for node in walk(tree) if node in domains.unproven}:
            places.setdefault(doubt.value, []).append(place)
    doubtful = {place for found in places.values() for place in found}
    crowded = [i for p in reach.paths if not (p.exact or doubtful & {*p.terms}) for i in p.terms]
    if crowded:
        places["takes too long by itself", "share too much"] = sorted(crowded)
    why = [
        f"{listed([terms[i].name for i in found])} {words[len(found) > 1]}"
        for words, found in places.items()
    ]
    yield Finding(
        "bound",
        "info",
        f"bound: scores lie between {points_text(reach.low)} and {points_text(reach.high)}, but "
        f"need not reach these ends: {', and '.join(why)}.",
    )
