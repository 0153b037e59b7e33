"""Proof-reading: what is wrong with a card, found without any data.

A card is read as the table it is: every field is cut into the few states that its terms can tell
apart, and everything that these states can add up to is looked at, fields shared by several terms
included. Answers are exact; where that would take too long they are bounds, and say so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scoreline.errors import Finding
from scoreline.language.tree import walk
from scoreline.scorecard.checks.bins import check_bins
from scoreline.scorecard.checks.chances import check_chances
from scoreline.scorecard.checks.clamps import check_clamps
from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.conditions import check_condition, check_literals
from scoreline.scorecard.checks.domains import Domains, domains_of
from scoreline.scorecard.checks.falls import Bins
from scoreline.scorecard.checks.happened import stand_in
from scoreline.scorecard.checks.needs import check_needs
from scoreline.scorecard.checks.pairs import axes_of, axis_finding, check_cells, written_out
from scoreline.scorecard.checks.reach import Reach, reach_of
from scoreline.scorecard.checks.seen import values_of
from scoreline.scorecard.checks.segments import check_segments
from scoreline.scorecard.checks.sentinels import Held, holdings_of
from scoreline.scorecard.checks.wording import listed
from scoreline.scorecard.model import Scorecard, Term
from scoreline.scorecard.points import points_text, unscaled

SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What proof-reading a card found.

    min, max: the least and the most that a record can score, None where events can go on for ever;
    exact: whether they are reached, or bounds; findings: in the order of the card.
    """

    min: int | float | None
    max: int | float | None
    exact: bool
    findings: tuple[Finding, ...]


def check_card(card: Scorecard, seconds: float = SECONDS) -> CheckResult:
    """Everything that proof-reading finds, in about `seconds` of computing at most.

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
    clock = Clock(seconds)
    written, read = card, stand_in(card)
    card = written_out(read.card)
    held = holdings_of(card)
    try:
        with clock.within(0.3):
            domains = domains_of(card, held, clock)
    except TooManyPathsError:
        domains = Domains()
    literals = [list(_literals(term, held)) for term in card.terms]
    alone = _with_axes(card, _alone(card, domains, clock), held, clock)
    reach = reach_of(card, domains, {place: one.falls for place, one in alone.items()}, clock)
    findings = (
        *_bounds(reach, domains),
        *_not_looked_at([term for place, term in enumerate(card.terms) if place not in alone]),
        *itertools.chain(
            *(
                [*told, *(alone[place].findings if place in alone else ())]
                for place, told in enumerate(literals)
            )
        ),
        *check_clamps(written),
        *check_segments(reach, rough=read.rough),
        *check_needs(reach),
        *check_chances(written),
    )
    low = unscaled(reach.low) if read.least else None
    high = unscaled(reach.high) if read.most else None
    return CheckResult(low, high, reach.exact, findings)


@dataclass(frozen=True, slots=True)
class _Alone:
    """What a term shows by itself: where its values fall, and what is wrong with it."""

    falls: frozenset[int]
    findings: tuple[Finding, ...]


def _literals(term: Term, held: Held) -> Iterator[Finding]:
    """What a term is compared with and never is; the bins of a pair table are looked at as such."""
    nodes = (term.of,) if term.pair is None else tuple(axis.of for axis in term.pair.axes)
    for node in nodes:
        yield from check_literals(replace(term, of=node), held)


def _with_axes(
    card: Scorecard, alone: dict[int, _Alone], held: Held, clock: Clock
) -> dict[int, _Alone]:
    """The same with what is wrong with the rows, columns and cells of pair tables."""
    axes = axes_of(card)
    if axes is None:
        return alone
    try:
        with clock.within(0.5):
            read = _alone(axes, domains_of(axes, held, clock), clock)
    except TooManyPathsError:
        return alone
    pairs = [place for place, term in enumerate(card.terms) if term.pair is not None]
    found = dict(alone)
    for number, place in enumerate(pairs):
        own, rows, columns = alone.get(place), read.get(2 * number), read.get(2 * number + 1)
        if own is None or rows is None or columns is None:
            continue
        cells = check_cells(card.terms[place], own.falls, rows.falls, columns.falls)
        told = map(axis_finding, (*rows.findings, *columns.findings))
        found[place] = _Alone(own.falls, (*told, *cells))
    return found


def _alone(card: Scorecard, domains: Domains, clock: Clock) -> dict[int, _Alone]:
    """Each term by itself, by its place; without those for which there was no time."""
    found: dict[int, _Alone] = {}
    # Small ones come first, so that a large one takes no time away from them.
    sizes = [sum(1 for _ in walk(tree)) for tree in domains.trees]
    with clock.within(0.45):
        for place in sorted(range(len(sizes)), key=sizes.__getitem__):
            try:
                found[place] = _one(card.terms[place], place, domains, clock)
            except TooManyPathsError:
                continue
    return found


def _one(term: Term, place: int, domains: Domains, clock: Clock) -> _Alone:
    tree, cuts = domains.trees[place], domains.cuts[place]
    values = values_of(tree, cuts, domains, clock)
    proven = not domains.unproven.keys() & set(walk(tree))
    # Of a pair table rows and columns are looked at, not the numbers of cells.
    findings = [] if term.pair else [*check_bins(term, values, clock, proven=proven)]
    if term.is_condition:
        findings += check_condition(term, values, cuts, domains, clock)
    bins = Bins(term)
    falls: set[int] = set()
    for value in values:
        falls.add(bins.fall_of(value))
        clock.work(bins.cost)
    return _Alone(frozenset(falls), tuple(findings))


def _not_looked_at(terms: Sequence[Term]) -> Iterator[Finding]:
    if not terms:
        return
    one = terms[0]
    alone = len(terms) == 1
    yield Finding(
        "bound",
        "info",
        f"bound: {listed([term.name for term in terms])} {'reads' if alone else 'read'} too much "
        "to look for dead bins, gaps and contradictions.",
        "Split it into several terms." if alone else "Split the large ones, or the card.",
        one.name if alone else None,
        one.line if alone else None,
    )


def _bounds(reach: Reach, domains: Domains) -> Iterator[Finding]:
    """Says what keeps the answers from being exact."""
    if reach.exact:
        return
    terms = reach.card.terms
    places: dict[tuple[str, str], list[int]] = {}
    for place, tree in enumerate(domains.trees):
        for doubt in {domains.unproven[node]: 0 for node in walk(tree) if node in domains.unproven}:
            places.setdefault(doubt.value, []).append(place)
    if not domains.trees and terms:
        places[
            "reads more than there was time to look at", "read more than there was time to look at"
        ] = [*range(len(terms))]
    doubtful = {place for found in places.values() for place in found}
    crowded = [i for p in reach.paths if not (p.exact or doubtful & {*p.terms}) for i in p.terms]
    if crowded:
        places["takes too long by itself", "share too much for the time there was"] = sorted(
            crowded
        )
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
