"""What a score is worth: rates by segment and score, lift of the best, and if it is chance.

Everything is counted from a tally: how many records, won and lost, have each score in each
segment. Points are whole numbers of ten-thousandths there, so equal scores are equal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from scoreline.analytics.intervals import wilson
from scoreline.learn.rates import Z95
from scoreline.pages.figures import (
    Grid,
    GridRow,
    Histogram,
    HistogramBin,
    Rate,
    Segment,
    Threshold,
    TopShare,
    Verdict,
    Worth,
)
from scoreline.pages.numbers import nice_step, points
from scoreline.scorecard.points import SCALE

SHARES = (0.1, 0.2)
"""The best 10 % and 20 %, unless said."""

EVERYONE = "everyone"
"""The only segment of a card that has none."""

MOST_BINS = 40
"""More scores than this share bars."""

FEWEST = 5
"""Won, and not won, below which no verdict is given: the normal approximation needs some."""


Sums = tuple[int, int, int]
"""Records, won, counted."""

NONE: Sums = (0, 0, 0)


@dataclass(frozen=True)
class Tally:
    """How many records have each score in each segment, the best score first.

    rows: columns points (scaled), segment, records, won, counted; counted are the records whose
    outcome goes into rates: won and lost, or all where nothing says who is lost.
    """

    rows: pl.DataFrame
    has_outcomes: bool
    lost_known: bool

    @property
    def records(self) -> int:
        """All records."""
        return int(self.rows["records"].sum())

    @property
    def open(self) -> int:
        """Records left out of rates."""
        return self.records - int(self.rows["counted"].sum()) if self.has_outcomes else 0

    @property
    def by_segment(self) -> dict[str, Sums]:
        """The sums of each segment in which there are records."""
        sums = self.rows.group_by("segment").agg(pl.sum("records", "won", "counted"))
        return {name: (records, won, counted) for name, records, won, counted in sums.iter_rows()}

    @property
    def base(self) -> Rate:
        """The rate of all records that count."""
        return wilson(int(self.rows["won"].sum()), int(self.rows["counted"].sum()))


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a segment begins: scores above `at` if strict, else from `at` on; None is the rest."""

    name: str
    rule: str = ""
    at: float | None = None
    strict: bool = False


def tally(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    score: str = "score",
    segment: str = "segment",
    outcome: str | None = None,
    lost_known: bool = True,
) -> Tally:
    """The tally of scored records; scores in points, outcomes as in OUTCOMES.

    A lazy frame is counted while streaming, so it may be larger than memory.
    """
    is_won = pl.col(outcome).cast(pl.String) == "won" if outcome else pl.lit(False)
    is_lost = pl.col(outcome).cast(pl.String) == "lost" if outcome else pl.lit(False)
    counted = is_won | is_lost if lost_known else pl.lit(outcome is not None)
    rows = (
        frame.lazy()
        .select(
            points=(pl.col(score).cast(pl.Float64) * SCALE).round().cast(pl.Int64),
            segment=pl.col(segment).cast(pl.String).fill_null(EVERYONE),
            is_won=is_won,
            is_counted=counted,
        )
        .group_by("points", "segment")
        .agg(
            records=pl.len().cast(pl.Int64),
            won=pl.col("is_won").sum().cast(pl.Int64),
            counted=pl.col("is_counted").sum().cast(pl.Int64),
        )
        .sort("points", "segment", descending=[True, False])
        .collect(engine="streaming")
    )
    return Tally(rows, outcome is not None, lost_known)


def segment_figures(counts: Tally, cuts: Sequence[Cut]) -> tuple[Segment, ...]:
    """The segments in the card's order, empty ones too."""
    found = counts.by_segment
    return tuple(
        _segment(counts, cut, [found.get(cut.name, NONE)]) for cut in cuts or (Cut(EVERYONE),)
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a grid: its name, and its classes with their rules in words, best first."""

    name: str
    classes: tuple[Cut, ...]


def grid_figures(
    counts: Tally, down: Axis, across: Axis, segments: Sequence[Sequence[str]]
) -> Grid:
    """The segments of a grid as a matrix with its totals.

    segments: the names of the pairs, a row for each class of `down`.
    """
    found = counts.by_segment
    cells = [[found.get(name, NONE) for name in names] for names in segments]
    rows = (
        GridRow(
            _segment(counts, cut, row),
            tuple(_segment(counts, Cut(n), [one]) for n, one in zip(names, row, strict=True)),
        )
        for cut, names, row in zip(down.classes, segments, cells, strict=True)
    )
    columns = (
        _segment(counts, cut, column)
        for cut, column in zip(across.classes, zip(*cells, strict=True), strict=True)
    )
    everyone = _segment(counts, Cut(EVERYONE), [one for row in cells for one in row])
    return Grid(down.name, across.name, tuple(rows), tuple(columns), everyone)


def _segment(counts: Tally, cut: Cut, parts: Sequence[Sums]) -> Segment:
    """What several segments come to, under one name."""
    records, won, counted = (sum(numbers) for numbers in zip(*parts, strict=True))
    rate = wilson(won, counted) if counts.has_outcomes else None
    return Segment(cut.name, records, records / (counts.records or 1), cut.rule, rate)


def top(counts: Tally, number: float) -> TopShare:
    """What the best-scored `number` of the records that count were worth.

    Records tied at the cut are taken by fractions: if 3 places are left for 12 tied records,
    each counts for a quarter. So the figure does not depend on the order of equal scores.

    Source: usual for lift with ties; it is the mean over all orders of the tied records.
    """
    by_score = (
        counts.rows.group_by("points")
        .agg(pl.sum("won"), pl.sum("counted"))
        .sort("points", descending=True)
    )
    total = int(by_score["counted"].sum())
    number = min(number, total)
    before = by_score["counted"].cum_sum() - by_score["counted"]
    parts = ((number - before) / by_score["counted"]).clip(0, 1).fill_nan(0)
    hits = float((by_score["won"] * parts).sum())
    rate = wilson(min(hits, number), number)
    base = counts.base.value
    share = number / total if total else 0.0
    return TopShare(share, number, rate, rate.value / base if base and number else None)


def worth(counts: Tally, won_means: str, shares: Sequence[float] = SHARES) -> Worth:
    """What the score is worth: everyone's rate, that of the best shares, and the verdict."""
    base = counts.base
    tops = tuple(top(counts, share * base.of) for share in shares) if base.of else ()
    named = tuple(
        TopShare(share, part.count, part.rate, part.lift)
        for share, part in zip(shares, tops, strict=False)
    )
    return Worth(
        won_means=won_means,
        base=base,
        tops=named,
        verdict=_verdict(counts, named),
        open=counts.open,
        lost_known=counts.lost_known,
    )


def _verdict(counts: Tally, tops: Sequence[TopShare]) -> Verdict:
    """`yes` if won records score higher beyond chance and the top does better; `no` if worse."""
    deviation = rank_deviation(counts)
    if deviation is None or not tops:
        return "unclear"
    lift = tops[0].lift or 0.0
    if deviation > Z95 and lift > 1:
        return "yes"
    return "no" if deviation < -Z95 and lift < 1 else "unclear"


def rank_deviation(counts: Tally) -> float | None:
    """How many standard deviations the won records rank above the others; None for too few.

    The rank-sum test with its correction for ties: 0 is what a worthless score gives, beyond
    +-1.96 is beyond chance at 95 %.
    Source: Mann and Whitney (1947), Ann. Math. Stat. 18, 50-60; ties: Lehmann, Nonparametrics
    (1975), section 1.4.
    """
    by_score = counts.rows.group_by("points").agg(pl.sum("won"), pl.sum("counted")).sort("points")
    won = by_score["won"].cast(pl.Float64)
    tied = by_score["counted"].cast(pl.Float64)
    others = tied - won
    n, n_won, n_other = float(tied.sum()), float(won.sum()), float(others.sum())
    if min(n_won, n_other) < FEWEST:
        return None
    below = others.cum_sum() - others
    pairs_won = float((won * (below + others / 2)).sum())
    ties = float((tied**3 - tied).sum()) / (n * (n - 1))
    variance = n_won * n_other / 12 * (n + 1 - ties)
    if variance <= 0:
        return None
    return (pairs_won - n_won * n_other / 2) / math.sqrt(variance)


def score_histogram(counts: Tally, cuts: Sequence[Cut], most: int = MOST_BINS) -> Histogram:
    """The scores in at most about `most` bars, none of which holds two segments.

    Whole scores stay whole: their bars reach half a point to either side, and thresholds stand
    between the scores they part, `more than 6` at 6.5. Bars are counted from where the best
    segment begins; one in which another segment begins is divided there.
    """
    rows = counts.rows
    if not rows.height:
        return Histogram(())
    cuts = cuts or (Cut(EVERYONE),)
    lowest, highest = _ends(rows)
    whole = not rows.select((pl.col("points") % SCALE).any()).item()
    begins = {
        b.first: b for cut in cuts if (b := _begin(cut, whole)) and lowest < b.first <= highest
    }
    width = _width(highest - lowest, most, whole, [b.at for b in begins.values()])
    grid = _grid(lowest, highest, width, max((b.at for b in begins.values()), default=0))
    over = {b.at for b in begins.values() if b.at != b.first} - set(begins)
    edges = sorted({at: _Begin(at, at) for at in grid if at not in over} | begins)
    if edges[0] > lowest:
        edges.insert(0, min(grid) - width)
    found = [begins.get(at, _Begin(at, at)) for at in edges]
    place = pl.Series(edges).search_sorted(rows["points"], side="right") - 1
    cells = {
        (place, name): (records, won, counted)
        for place, name, records, won, counted in rows.with_columns(bin=place)
        .group_by("bin", "segment")
        .agg(pl.sum("records"), pl.sum("won"), pl.sum("counted"))
        .iter_rows()
    }
    bins = tuple(
        _bin(one, after, whole, [cells.get((i, cut.name), (0, 0, 0)) for cut in cuts], counts)
        for i, (one, after) in enumerate(pairwise(found))
    )
    return Histogram(
        bins,
        _thresholds(cuts, whole),
        None if whole and width == SCALE else width / SCALE,
        divided=not {b.at for b in begins.values()} <= set(grid),
    )


@dataclass(frozen=True, slots=True)
class _Begin:
    """Where a bar begins: its place on the axis and the first score in it, both scaled."""

    at: int
    first: int


def _begin(cut: Cut, whole: bool) -> _Begin | None:
    """Where a segment begins; None for the rest."""
    if cut.at is None:
        return None
    if whole:
        at = SCALE * (math.floor(cut.at) + 1 if cut.strict else math.ceil(cut.at))
        return _Begin(at, at)
    at = round(cut.at * SCALE)
    return _Begin(at, at + cut.strict)


def _ends(rows: pl.DataFrame) -> tuple[int, int]:
    lowest, highest = rows.select(low=pl.min("points"), high=pl.max("points")).row(0)
    return int(lowest), int(highest)


def _width(span: int, most: int, whole: bool, begins: Sequence[int]) -> int:
    """The width of a bar in scaled points: 1, 2 or 5 times a power of ten.

    If a width up to twice that, a multiple of the same power, divides every segment into whole
    bars, then the least such.
    """
    if whole:
        width = SCALE * max(1, math.ceil(nice_step(span // SCALE + 1, most)))
    else:
        width = max(1, round(nice_step(span, most))) if span else SCALE
    unit = 10 ** (len(str(width)) - 1)
    shared = math.gcd(*(at - begins[0] for at in begins))
    wider = range(width, 2 * width + 1, unit)
    return next((wide for wide in wider if shared % wide == 0), width)


def _grid(lowest: int, highest: int, width: int, origin: int) -> list[int]:
    """The edges of equal bars that hold all scores, counted from an origin."""
    first, last = ((end - origin) // width for end in (lowest, highest))
    return [origin + place * width for place in range(first, last + 2)]


def _bin(
    one: _Begin,
    after: _Begin,
    whole: bool,
    parts: Sequence[tuple[int, int, int]],
    counts: Tally,
) -> HistogramBin:
    shift = SCALE / 2 if whole else 0
    won, counted = sum(p[1] for p in parts), sum(p[2] for p in parts)
    rate = wilson(won, counted) if counts.has_outcomes and counted else None
    return HistogramBin(
        (one.at - shift) / SCALE,
        (after.at - shift) / SCALE,
        _label(one, after, whole),
        tuple(p[0] for p in parts),
        rate,
    )


def _label(one: _Begin, after: _Begin, whole: bool) -> str:
    """The scores of a bar in words: `6`, `6 to 8`, `above 6 to below 8`."""
    low, high = points(one.at / SCALE), points(after.at / SCALE)
    if whole:
        last = points(after.at / SCALE - 1)
        return low if last == low else f"{low} to {last}"
    begin = low if one.first == one.at else f"above {low}"
    return f"{begin} to {'below ' if after.first == after.at else ''}{high}"


def _thresholds(cuts: Sequence[Cut], whole: bool) -> tuple[Threshold, ...]:
    shift = SCALE / 2 if whole else 0
    begins = [(cut.name, _begin(cut, whole)) for cut in cuts]
    return tuple(Threshold((b.at - shift) / SCALE, name) for name, b in begins if b)
