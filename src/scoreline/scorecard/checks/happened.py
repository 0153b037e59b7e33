"""Event terms in proof-reading: a card in which a hidden field says how often things happened.

What an event term can give is a list of points: nothing, one event, two, ... and the most. Where
the list is endless (no cap) or dense (ageing), its ends stand for it, and only ends are judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scoreline.language.fields import Field
from scoreline.language.tree import Ref
from scoreline.scorecard.events import Tally
from scoreline.scorecard.model import Bin, Missing, OneOf, Otherwise, Scorecard, Term

TIMES = 100
"""Up to so many events each sum is looked at; beyond them only the most."""


@dataclass(frozen=True)
class StandIn:
    """A card whose event terms are terms of hidden fields.

    rough: whether points between those looked at can be reached too; least, most: whether the
    score has a least and a most at all.
    """

    card: Scorecard
    rough: bool
    least: bool
    most: bool


def stand_in(card: Scorecard) -> StandIn:
    """The card as proof-reading reads it; itself if it counts no events.

    Features are fields there.
    """
    if not card.counts_events:
        return StandIn(card, rough=False, least=True, most=True)
    card = replace(card, fields=(*card.fields, *(one.as_field for one in card.features)))
    far = _far(card)
    terms, fields = list(card.terms), list(card.fields)
    rough, endless = False, {1: False, -1: False}
    for place, tally in card.tallies:
        term = card.terms[place]
        given, whole = _given(term, tally, far)
        rough |= not whole or tally.ageing is not None
        end = term.clamp.cap if tally.points > 0 else term.clamp.floor
        group = card.group[term.group].clamp if term.group else None
        held = group and (group.cap if tally.points > 0 else group.floor)
        if tally.count != "once" and tally.points and end is None and held is None:
            endless[1 if tally.points > 0 else -1] = True
        field = Field(f"\1event {place}", "text")
        fields.append(field)
        terms[place] = _term(term, field, given)
    new = replace(card, fields=tuple(fields), terms=tuple(terms), cases=())
    total = card.total
    least, most = (
        not endless[-1] or total.floor is not None,
        not endless[1] or total.cap is not None,
    )
    return StandIn(new, rough, least, most)


def _given(term: Term, tally: Tally, far: int) -> tuple[list[int], bool]:
    """Points that a term gives where something happened, and whether they are all there are."""
    if tally.count == "once":
        return [term.clamp.apply(tally.points)], True
    found: list[int] = []
    for times in range(1, TIMES + 1):
        points = term.clamp.apply(times * tally.points)
        if found and points == found[-1]:
            return found, True
        found.append(points)
    return [*found, term.clamp.apply(far if tally.points > 0 else -far)], False


def _far(card: Scorecard) -> int:
    """More points than any threshold of the card is away."""
    bounds = [segment.bound or 0 for segment in card.segments]
    bounds += [bin_.points for term in card.terms for bin_ in term.bins]
    clamps = [group.clamp for group in card.groups] + [card.total]
    bounds += [end or 0 for clamp in clamps for end in (clamp.floor, clamp.cap)]
    return sum(map(abs, bounds)) + abs(card.base) + 1


def _term(term: Term, field: Field, given: list[int]) -> Term:
    nothing = term.clamp.apply(0)
    bins = [
        *(Bin(OneOf((str(n),)), points, term.line) for n, points in enumerate(given)),
        Bin(Otherwise(), nothing, term.line),
        Bin(Missing(), nothing, term.line),
    ]
    of = Ref(field.name, None, "text", "text")
    return replace(term, of=of, bins=tuple(bins), tally=None)
