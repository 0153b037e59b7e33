"""A card with other points, or another threshold: written anew, the rest as it is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scoreline.jobs.check import case_outcome
from scoreline.jobs.evidence.reading import Criterion
from scoreline.learn.probability import bands
from scoreline.scorecard.cases import case_text, run_cases
from scoreline.scorecard.model import Bin, Example, Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.probability import PARTS, Chance, Probability

Floats = npt.NDArray[np.float64]


def own_step(criteria: Sequence[Criterion]) -> float:
    """The step in which a card gives its points: 1, 0.5, or 5 where all are multiples of 5.

    >>> own_step([Criterion(0, 0, 10.0), Criterion(1, 0, -5.0)]), own_step([Criterion(0, 0, 1.5)])
    (5.0, 1.5)
    """
    scaled = [round(abs(one.points) * SCALE) for one in criteria]
    found = math.gcd(*scaled) if any(scaled) else SCALE
    return found / SCALE


def with_points(card: Scorecard, criteria: Sequence[Criterion], points: Floats) -> Scorecard:
    """The card with other points of its criteria; a term's own clamp still holds."""
    new = {
        (one.term, one.bin): round(float(value) * SCALE)
        for one, value in zip(criteria, points, strict=True)
        if round(float(value) * SCALE) != round(one.points * SCALE)
    }
    terms = list(card.terms)
    for place, term in enumerate(card.terms):
        bins = tuple(
            _given(one, new[place, number], term.clamp.apply(new[place, number]))
            if (place, number) in new
            else one
            for number, one in enumerate(term.bins)
        )
        tally = term.tally
        if tally is not None and (place, None) in new:
            tally = replace(tally, points=new[place, None])
        terms[place] = replace(term, bins=bins, tally=tally)
    return replace(card, terms=tuple(terms))


def _given(one: Bin, written: int, points: int) -> Bin:
    return replace(one, points=points, written=written)


def with_threshold(card: Scorecard, least: float) -> Scorecard:
    """The card whose first segment begins at another score."""
    first, *rest = card.segments
    bound = round(least * SCALE)
    return replace(card, segments=(replace(first, bound=bound, strict=False), *rest))


def with_probability(card: Scorecard, scores: Floats, events: Floats, of: str) -> Scorecard:
    """The card with what a score means as a probability, by records and what became of them.

    of: what became, in words.
    """
    chances = tuple(
        Chance(band.start, *(_share(one) for one in (band.chance, band.low, band.high)))
        for band in bands(np.rint(scores * SCALE), events)
    )
    return replace(card, probability=Probability(chances, of))


def _share(chance: float) -> int:
    """Millionths of a chance that is told to a hundredth of a per cent."""
    return round(round(chance, 4) * PARTS)


def with_cases(card: Scorecard, as_of: dt.datetime) -> tuple[int, Scorecard]:
    """The card whose cases expect what it says, and how many expected something else."""
    anew = [_expecting(card, one, as_of) for one in card.cases]
    changed = sum(one != old for one, old in zip(anew, card.cases, strict=True))
    return changed, replace(card, cases=tuple(anew))


def _expecting(card: Scorecard, case: Example, as_of: dt.datetime) -> Example:
    """A case that expects what comes out; as it was where that is what it expects."""
    alone = replace(card, cases=(case,))
    if not run_cases(alone, lambda one: case_outcome(card, one, as_of), dated=True).failed:
        return case
    got = case_outcome(card, case, as_of)
    return replace(case, expected={key: case_text(got[key]) for key in case.expected})


def segments_of(card: Scorecard, scores: Floats) -> npt.NDArray[np.int64]:
    """The place of the segment of each score."""
    if not card.segments:
        return np.zeros(len(scores), dtype=np.int64)
    cuts, places = card.sides[0].steps
    scaled = np.rint(scores * SCALE)
    return np.array(places)[np.searchsorted(np.array(cuts), scaled, side="right")]
