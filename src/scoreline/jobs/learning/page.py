"""The page of a learned card: its figures in the words of pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from scoreline.analytics.intervals import wilson
from scoreline.jobs.learning.asked import Learned, LeftOut
from scoreline.jobs.report import source_name
from scoreline.learn.probability import Band
from scoreline.learn.table import LearnedBin, LearnedPair, LearnedTerm
from scoreline.learn.wording import Clue, bin_labels, cell_labels, condition_name, pair_name
from scoreline.pages import learned_figures as f
from scoreline.pages.figures import Notice
from scoreline.pages.learning import render_learned
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.scoring.moments import moment_text
from scoreline.scoring.sources import Source


def learned_page(found: Learned, data: Source, card: str, now: dt.datetime) -> str:
    """The page of a learned card, as HTML; card: what its file is called."""
    worth = found.figures
    clues = {clue.column: clue for clue in found.clues}
    peer, best = found.challenger, found.reached
    moved, wait = found.stability, found.window
    leaks = sorted(found.left_out, key=lambda one: not one.leak)
    return render_learned(
        f.LearnedFigures(
            target=found.target,
            file=source_name(data),
            card=card,
            fingerprint=found.card.fingerprint,
            as_of=moment_text(now),
            base=wilson(found.positives, found.rows),
            open=found.open,
            split=found.split,
            weak=found.weak,
            auc=worth.auc,
            auc_low=worth.auc_low,
            auc_high=worth.auc_high,
            gini=worth.gini,
            ks=worth.ks,
            pr_auc=worth.pr_auc,
            brier=worth.brier,
            slope=worth.slope,
            best_tenth=worth.lift10 * 0.1,
            best_fifth=worth.lift20 * 0.2,
            doubling=found.table.doubling,
            gap=found.table.gap,
            terms=(
                *(_term(term, clues) for term in found.table.terms),
                *(_pair(pair, clues) for pair in found.table.pairs),
            ),
            bands=_bands(found.bands),
            left_out=tuple(f.LeftOutLine(one.field, one.why, one.leak) for one in leaks),
            tenths=tuple(
                f.TenthLine(one.chance, wilson(one.events, one.weight)) for one in found.groups
            ),
            single=(found.best_single.name, found.best_single.auc),
            against=_against(found),
            challenger=None if peer is None else (peer.name, peer.auc),
            reached=None
            if best is None
            else f.ReachedLine(best.count, best.rows, best.hits, best.lift),
            psi=None if moved is None else moved.psi,
            moved=()
            if moved is None
            else tuple(
                f.MovedLine(clues[name].term, index)
                for name, index in sorted(moved.csi, key=lambda one: -one[1])
            ),
            window=None if wait is None else (wait.days, wait.too_young),
            conditions=found.method == "short",
            trees=found.method == "additive",
            notices=tuple(_insisted(one) for one in found.insisted),
            made_with=(
                ("How the points were learnt", WAYS[found.method]),
                ("Lists and libraries behind facts", FACTS_VERSION),
            ),
        )
    )


WAYS = {
    "points": "points: a table of whole points",
    "woe": "woe: weights of evidence",
    "short": "short: a few conditions",
    "additive": "additive: small boosted trees read as a table",
}


def _insisted(one: LeftOut) -> Notice:
    return Notice(
        "note", f"{one.field} was insisted on, though it seems to know the outcome: {one.why}."
    )


def _against(found: Learned) -> int:
    """Bins whose points run against their own share: fewer than the average have it, yet they get
    points, or the other way round.

    Beside other columns that may be right; how many there are says how much columns overlap.
    """
    average = found.positives / max(found.rows, 1)
    bins = [one for term in found.table.terms for one in term.bins if one.weight]
    return sum(
        one.points * (one.events / one.weight - average) < 0 and not one.low <= 0 <= one.high
        for one in bins
    )


def _pair(pair: LearnedPair, clues: Mapping[str, Clue]) -> f.LearnedTermLine:
    """A table of two columns, a line for each cell that somebody is in."""
    one, other = (clues[name] for name in pair.columns)
    return f.LearnedTermLine(
        pair_name(one, other), _lines(cell_labels(pair, one, other), pair.cells)
    )


def _term(term: LearnedTerm, clues: Mapping[str, Clue]) -> f.LearnedTermLine:
    clue = clues[term.column]
    if term.on is not None:
        return _condition(term, clue)
    return f.LearnedTermLine(clue.term, _lines(bin_labels(term, clue), term.bins))


def _lines(labels: Sequence[str], bins: Sequence[LearnedBin]) -> tuple[f.LearnedBinLine, ...]:
    """The bins that somebody is in."""
    return tuple(
        f.LearnedBinLine(
            label, one.points, round(one.low, 1), round(one.high, 1), wilson(one.events, one.weight)
        )
        for label, one in zip(labels, bins, strict=True)
        if one.weight
    )


def _condition(term: LearnedTerm, clue: Clue) -> f.LearnedTermLine:
    """A condition: who meets it, and all others."""
    lines = []
    for label, met in (("yes", True), ("no", False)):
        own = [one for place, one in enumerate(term.bins) if (place == term.on) is met]
        first, hits = own[0], sum(one.events for one in own)
        rate = wilson(hits, sum(one.weight for one in own))
        ends = round(first.low, 1), round(first.high, 1)
        lines.append(f.LearnedBinLine(label, first.points, *ends, rate))
    return f.LearnedTermLine(condition_name(term, clue), tuple(lines))


def _bands(bands: tuple[Band, ...]) -> tuple[f.BandLine, ...]:
    ends = [None if band.start is None else band.start for band in bands]
    lines = []
    for band, lower, upper in zip(bands, ends, [*ends[1:], None], strict=True):
        if lower is None:
            text = "any" if upper is None else f"below {upper}"
        else:
            text = f"{lower} or more" if upper is None else f"{lower} to below {upper}"
        lines.append(f.BandLine(text, wilson(band.events, band.weight)))
    return tuple(lines)
