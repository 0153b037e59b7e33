"""Caps below a single term, and floors above one: the term can never count in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoreline.errors import Finding
from scoreline.scorecard.model import Clamp, Group, Scorecard, Term
from scoreline.scorecard.points import points_text, signed_text


@dataclass(frozen=True, slots=True)
class _Part:
    """Points that one term can give, as written."""

    term: Term
    points: int


def check_clamps(card: Scorecard) -> Iterator[Finding]:
    """A warning for each clamp that a single term goes beyond."""
    for term in card.terms:
        written = [_Part(term, b.points if b.written is None else b.written) for b in term.bins]
        written += _one_event(term)
        yield from _beyond(f"`{term.name}`", term.clamp, written)
    for group in card.groups:
        members = [term for term in card.terms if term.group == group.name]
        yield from _beyond(f"the group `{group.name}`", group.clamp, _parts(members))
    yield from _beyond("the total", card.total, _parts(card.terms, card.group), card.base)


def _parts(terms: Sequence[Term], groups: Mapping[str, Group] | None = None) -> list[_Part]:
    """What each bin gives; no more than the clamp of its term's group, where groups are given."""
    parts = []
    for term in terms:
        clamp = groups[term.group].clamp if groups and term.group else Clamp()
        # A floor above 0 is no term's doing, nor is a cap below it.
        floor = None if clamp.floor is None else min(clamp.floor, 0)
        within = Clamp(floor, None if clamp.cap is None else max(clamp.cap, 0))
        parts += [_Part(term, within.apply(b.points)) for b in term.bins]
        parts += [_Part(term, within.apply(one.points)) for one in _one_event(term)]
    return parts


def _one_event(term: Term) -> list[_Part]:
    """What a single event gives, of a term that counts events."""
    return [] if term.tally is None else [_Part(term, term.tally.points)]


def _beyond(what: str, clamp: Clamp, parts: Sequence[_Part], base: int = 0) -> Iterator[Finding]:
    most = max(parts, key=lambda part: part.points, default=None)
    least = min(parts, key=lambda part: part.points, default=None)
    if most is None or least is None:
        return
    # A clamp at 0 over terms of both signs is meant: "never below zero", "only takes away".
    meant = 0 if most.term is not least.term and least.points < 0 < most.points else None
    cap, floor = clamp.cap, clamp.floor
    if cap is not None and cap != meant and most.points > 0 and base + most.points > cap:
        yield _finding(f"The cap of {what}, {points_text(cap)}, is below", most, what, base)
    if floor is not None and floor != meant and least.points < 0 and base + least.points < floor:
        yield _finding(f"The floor of {what}, {points_text(floor)}, is above", least, what, base)


def _finding(begin: str, part: _Part, what: str, base: int) -> Finding:
    points = f"the {signed_text(part.points)} of `{part.term.name}` alone"
    if what == f"`{part.term.name}`":
        points = f"its own {signed_text(part.points)}"
    elif base:
        points = f"base {points_text(base)} and {points}"
    return Finding(
        "cap-below-term",
        "warning",
        f"{begin} {points}.",
        "Change the points or the clamp.",
        part.term.name,
        part.term.line,
    )
