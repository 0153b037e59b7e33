"""Weigh a card: read, weigh each criterion, try what may be done, say what to do."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from scoreline.errors import DataError, UsageError, counted
from scoreline.jobs.evidence.asked import (
    OFFERS,
    CriterionSaid,
    Evidence,
    EvidenceAsked,
    Offer,
    OfferName,
)
from scoreline.jobs.evidence.changing import (
    own_step,
    segments_of,
    with_cases,
    with_points,
    with_probability,
    with_threshold,
)
from scoreline.jobs.evidence.offers import (
    Bench,
    Tried,
    Weighing,
    advised,
    offered,
    splits,
    try_offers,
)
from scoreline.jobs.evidence.reading import Weighable, read_weighable
from scoreline.jobs.evidence.thresholds import thresholds
from scoreline.jobs.evidence.totals import Totals
from scoreline.quality.headers import headers_of
from scoreline.quality.text import folded
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scoring.sources import Source

Floats = npt.NDArray[np.float64]
WEAK = 30
"""Events, or other records, below which what is said is called weak."""
FEWEST = 5
"""Events, and other records, below which nothing is weighed."""


def evidence_of(
    data: Source, card: Scorecard, asked: EvidenceAsked, as_of: dt.datetime
) -> Evidence:
    """What a file of records and outcomes says of a card's points, and what may be done.

    Raises UsageError for a grid, DataError for too few outcomes.
    """
    if card.parts:
        names = " and ".join(side.file for side in card.parts)
        raise UsageError("A grid has no points of its own.", f"Weigh its cards: {names}.")
    _check_target(card, asked)
    found = read_weighable(data, card, asked, as_of)
    events = found.events[found.known]
    _check_enough(events, asked)
    points = np.array([one.points for one in found.criteria])
    totals = Totals(card, found.criteria)
    bench = Bench(totals, found.met[found.known], events, points, own_step(found.criteria))
    times = None if found.times is None else found.times[found.known]
    split, trials = splits(events, times)
    tried = try_offers(bench, trials, asked.progress)
    everything = np.arange(len(events))
    whole = bench.weighing(everything)
    scores = totals.of(bench.met, points)
    levels = thresholds(card, scores, events, asked)
    new = offered(bench, everything, whole)
    offers = tuple(
        _offer(name, card, found, totals, new[name], tried[name], asked, as_of) for name in OFFERS
    )
    return Evidence(
        card=card,
        target=asked.target.text,
        rows=len(events),
        positives=int(events.sum()),
        open=int((~found.known).sum()),
        split=split,
        point=float(np.exp(whole.weighed.unit)),
        criteria=_said(card, found, whole),
        thresholds=levels,
        offers=offers,
        advised=advised(tried),
        weak=min(int(events.sum()), int((1 - events).sum())) < WEAK,
        findings=found.findings,
        counts=found.counts,
    )


def _check_target(card: Scorecard, asked: EvidenceAsked) -> None:
    """Refuse a card that reads the outcome: its points would be worth everything, and nothing."""
    header = folded(asked.target.column)
    read = Layout(card).readers
    for one in card.fields:
        if read.get(one.name) and header in map(folded, headers_of(one)):
            raise DataError(
                f"The card reads `{asked.target.column}`, which says what became of a record.",
                f"Take what reads `{one.name}` out of the card, or name another target.",
            )


def _check_enough(events: Floats, asked: EvidenceAsked) -> None:
    hits = int(events.sum())
    others = len(events) - hits
    if min(hits, others) >= FEWEST:
        return
    raise DataError(
        f"{counted(hits, 'record')} with {asked.target.text} and {others:,} without: too few to "
        "weigh points by.",
        f"At least {FEWEST} of each are needed.",
    )


def _said(card: Scorecard, found: Weighable, whole: Weighing) -> tuple[CriterionSaid, ...]:
    names = [_bin_name(card, one.term, one.bin) for one in found.criteria]
    rows = zip(
        found.criteria, names, whole.suggested, whole.open.low, whole.open.high,
        whole.judged, strict=True,
    )  # fmt: skip
    return tuple(
        CriterionSaid(
            term=card.terms[one.term].name,
            bin=name,
            points=one.points,
            suggested=float(new),
            low=float(low),
            high=float(high),
            judged=judged,
            place=(one.term, one.bin),
            like=tuple(card.terms[found.criteria[n].term].name for n in judged.like),
        )
        for one, name, new, low, high, judged in rows
    )


def _bin_name(card: Scorecard, term: int, number: int | None) -> str:
    return "each" if number is None else card.terms[term].bins[number].label


def _offer(
    name: OfferName,
    card: Scorecard,
    found: Weighable,
    totals: Totals,
    points: Floats,
    tried: Tried,
    asked: EvidenceAsked,
    as_of: dt.datetime,
) -> Offer:
    """An offer with its card, and how many of all records are in another segment by it.

    Where it was said how many can be reached, or what that brings, other points get another
    threshold too: the old one would reach others, and more or fewer of them.
    """
    changed = with_points(card, found.criteria, points)
    bounded = asked.capacity is not None or asked.margin is not None
    if card.segments and (name == "threshold" or (bounded and name != "keep")):
        known = found.known
        new = thresholds(changed, totals.of(found.met[known], points), found.events[known], asked)
        changed = with_threshold(changed, new[-1].least)
    if asked.probability:
        scores, events = tried.scores, tried.events
        if name in ("keep", "threshold"):  # such a card is not made from these records
            scores, events = totals.of(found.met[found.known], points), found.events[found.known]
        changed = with_probability(changed, scores, events, asked.target.text)
    cases, changed = (0, changed) if name == "keep" else with_cases(changed, as_of)
    own = np.array([one.points for one in found.criteria])
    before = segments_of(card, totals.of(found.met, own))
    after = segments_of(changed, totals.of(found.met, points))
    return Offer(
        name=name,
        auc=tried.auc,
        lift20=tried.lift20,
        loss=float(tried.losses.mean()),
        moved=int((before != after).sum()),
        card=changed,
        changed=int((points != own).sum()),
        least=_least(changed),
        reached=int((after == 0).sum()) if card.segments else 0,
        cases=cases,
    )


def _least(card: Scorecard) -> float | None:
    first = card.segments[0].lowest if card.segments else None
    return None if first is None else first / SCALE
