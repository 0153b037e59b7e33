"""Where the marks of a chart go: figures in, coordinates out; templates draw them.

Bars beside table rows use percentages of their cell, so they need no width. The histogram is one
drawing with coordinates in pixels, made once for wide and once for narrow screens, so that its
letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoreline.pages import numbers
from scoreline.pages.figures import Histogram, HistogramBin, Rate, Reason, Threshold

TONES = 4
"""Shades from the best segment to the last but one; the last is grey."""

FEW = 30
"""Below this many records a rate is drawn hollow (the usual rule of thumb for proportions)."""

LETTER = 6.7
"""Usual width of a letter at 12 px: room is kept by it, exact widths are the browser's."""


def tones(segments: int) -> tuple[str, ...]:
    """A shade for each segment: `t0` the strongest for the best, `last` for the last.

    >>> tones(3)
    ('t0', 't2', 'last')
    """
    if segments == 1:
        return ("t0",)
    middle = max(segments - 2, 1)
    shades = [f"t{min(TONES - 1, round(i * (TONES - 1) / middle * 0.7))}" for i in range(segments)]
    return (*shades[:-1], "last") if segments else ()


@dataclass(frozen=True, slots=True)
class Span:
    """A bar or a whisker within its cell, in percent from the left."""

    left: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends, in percent."""
        return round(self.left + self.width, 3)


def span(low: float, high: float, axis: tuple[float, float]) -> Span:
    """The part of an axis from `low` to `high`, in percent, cut at its ends.

    >>> span(0, 5, (0, 20))
    Span(left=0.0, width=25.0)
    """
    length = (axis[1] - axis[0]) or 1.0
    first, last = sorted((low, high))
    left = min(max((first - axis[0]) / length, 0), 1) * 100
    right = min(max((last - axis[0]) / length, 0), 1) * 100
    return Span(round(left, 3), round(right - left, 3))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a waterfall: the bar between two running totals, and the total after it."""

    reason: Reason
    bar: Span
    after: float
    after_at: float


@dataclass(frozen=True, slots=True)
class Steps:
    """A waterfall: its lines, the bar of the total, and where zero stands (percent)."""

    steps: tuple[Step, ...]
    total: Span
    zero: float


def waterfall(reasons: Sequence[Reason], score: float) -> Steps:
    """The bars that lead from 0 to the score; each begins where the one before it ended."""
    totals = [0.0]
    for reason in reasons:
        totals.append(round(totals[-1] + reason.points, 4))
    low, high = min(totals), max(totals)
    room = (high - low) * 0.02 or 1.0
    axis = (low - room, high + room)
    steps = tuple(
        Step(reason, span(before, after, axis), after, span(axis[0], after, axis).width)
        for reason, before, after in zip(reasons, totals, totals[1:], strict=False)
    )
    return Steps(steps, span(0, score, axis), span(axis[0], 0, axis).width)


def rate_axis(rates: Sequence[Rate | None]) -> float:
    """The end of an axis that starts at 0 and holds the rates, and whiskers of those not few."""
    known = [rate for rate in rates if rate is not None and rate.of]
    ends = [rate.value for rate in known] + [rate.high for rate in known if rate.of >= FEW]
    if not ends:
        return 1.0
    highest = max(ends) or max(rate.high for rate in known)
    step = numbers.nice_step(highest, 4)
    return min(1.0, step * -(-highest // step))


@dataclass(frozen=True, slots=True)
class Mark:
    """A line or label at a place of the drawing; `text` may be empty."""

    at: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the histogram."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class Column:
    """One bin of the histogram: its stacked bars and the whole area that answers the pointer."""

    bin: HistogramBin
    bars: tuple[Bar, ...]
    hover: Bar


@dataclass(frozen=True, slots=True)
class Flag:
    """A threshold: its line, and its label on one of three levels (none: no room)."""

    x: float
    text: str
    label_x: float
    label_y: float | None
    anchor: str


@dataclass(frozen=True, slots=True)
class Dot:
    """The rate of one bin: its place, its whisker from top to bottom, hollow where few."""

    x: float
    y: float
    top: float
    bottom: float
    few: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A histogram ready to draw; `dots` is empty where no outcome is known."""

    width: int
    height: int
    left: float
    right: float
    floor: float
    columns: tuple[Column, ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    flags: tuple[Flag, ...]
    dots: tuple[Dot, ...]
    rate_marks: tuple[Mark, ...]
    rate_floor: float
    base: float | None

    @property
    def top(self) -> float:
        """Where the bars may reach."""
        return self.floor - PLOT

    @property
    def rate_top(self) -> float:
        """Where the rates may reach."""
        return self.rate_floor - RATES

    @property
    def bottom(self) -> float:
        """Where the lines of thresholds end."""
        return self.floor if self.base is None else self.rate_floor


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot area in pixels and the scores it spans."""

    left: float
    right: float
    top: float
    floor: float
    low: float
    high: float

    def x(self, score: float) -> float:
        share = (score - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 2)


HEAD, PLOT, GAP, RATES, FOOT = 58, 210, 58, 120, 14
"""Heights in pixels: labels of thresholds, bars, scores below them, rates, scores again."""


def histogram(figures: Histogram, shades: Sequence[str], width: int, base: Rate | None) -> Drawing:
    """The drawing of a histogram `width` pixels wide; with `base`, rates are drawn below it."""
    low, high = _domain(figures)
    labels = [numbers.whole(y) for y in _count_ticks(figures)]
    if base:
        labels.append("100%")
    left = 14 + LETTER * max(map(len, labels), default=1)
    frame = _Frame(left, width - 12, HEAD, HEAD + PLOT, low, high)
    top_count = max(_count_ticks(figures)[-1], max((b.count for b in figures.bins), default=1))
    rate_floor = frame.floor + GAP + RATES
    axis = rate_axis([b.rate for b in figures.bins] + [base]) if base else 1.0
    return Drawing(
        width=width,
        height=round(rate_floor + FOOT if base else frame.floor + FOOT + 14),
        left=frame.left,
        right=frame.right,
        floor=frame.floor,
        columns=tuple(_column(b, shades, frame, top_count) for b in figures.bins if b.count),
        x_marks=tuple(
            Mark(frame.x(tick), numbers.points(tick))
            for tick in numbers.ticks(low, high, max(2, int((frame.right - left) / 64)))
        ),
        y_marks=tuple(
            Mark(_y(count, top_count, frame.floor, PLOT), numbers.whole(count))
            for count in _count_ticks(figures)
        ),
        flags=_flags(figures.thresholds, frame),
        dots=tuple(_dots(figures.bins, frame, rate_floor, axis)) if base else (),
        rate_marks=tuple(
            Mark(_y(tick, axis, rate_floor, RATES), numbers.round_percent(tick))
            for tick in numbers.ticks(0, axis, 4)
        )
        if base
        else (),
        rate_floor=rate_floor,
        base=_y(base.value, axis, rate_floor, RATES) if base else None,
    )


def _domain(figures: Histogram) -> tuple[float, float]:
    """Scores from left to right: all bins, near thresholds, and room where bins are few."""
    low, high = figures.bins[0].low, figures.bins[-1].high
    bin_width = (high - low) / len(figures.bins)
    reach = max(high - low, 8 * bin_width)
    near = [t.at for t in figures.thresholds if low - reach <= t.at <= high + reach]
    low = min([low, *(at - bin_width for at in near)])
    high = max([high, *(at + bin_width for at in near)])
    lacking = max(0.0, 8 * bin_width - (high - low)) / 2
    return low - lacking, high + lacking


def _count_ticks(figures: Histogram) -> list[float]:
    most = max((b.count for b in figures.bins), default=1)
    step = max(1.0, numbers.nice_step(most, 4))
    return [step * i for i in range(int(-(-most // step)) + 1)]


def _y(value: float, top: float, floor: float, height: float) -> float:
    return round(floor - min(value / top, 1) * height, 2)


def _column(b: HistogramBin, shades: Sequence[str], frame: _Frame, top: float) -> Column:
    """Stacked bars, the worst segment lowest; a bin of few records keeps a visible pixel."""
    x, right = frame.x(b.low), frame.x(b.high)
    gap = min(3.0, (right - x) * 0.16)
    bars, floor = [], frame.floor
    for count, tone in reversed(list(zip(b.parts, shades, strict=True))):
        if count:
            height = max(1.0, count / top * PLOT)
            bars.append(Bar(x + gap / 2, floor - height, right - x - gap, height, tone))
            floor -= height
    hover = Bar(x, frame.top, right - x, frame.floor - frame.top, "")
    return Column(b, tuple(bars), hover)


def _dots(bins: Sequence[HistogramBin], frame: _Frame, floor: float, axis: float) -> list[Dot]:
    return [
        Dot(
            x=frame.x((b.low + b.high) / 2),
            y=_y(b.rate.value, axis, floor, RATES),
            top=_y(b.rate.high, axis, floor, RATES),
            bottom=_y(b.rate.low, axis, floor, RATES),
            few=b.rate.of < FEW,
        )
        for b in bins
        if b.rate is not None and b.rate.of
    ]


def _flags(thresholds: Sequence[Threshold], frame: _Frame) -> tuple[Flag, ...]:
    """Thresholds with labels right of their line, or left where that runs out, without overlap."""
    taken: list[list[tuple[float, float]]] = [[], [], []]
    flags = []
    for threshold in sorted(thresholds, key=lambda t: -t.at):
        if not frame.low <= threshold.at <= frame.high:
            continue
        text = threshold.text if len(threshold.text) <= 30 else f"{threshold.text[:29]}…"
        x, room = frame.x(threshold.at), len(text) * LETTER + 8
        fits_right = x + room <= frame.right + 8
        anchor = "start" if fits_right else "end"
        ends = (x, x + room) if fits_right else (x - room, x)
        free = (
            level
            for level, spans in enumerate(taken)
            if ends[0] >= 0 and all(ends[1] <= a or b <= ends[0] for a, b in spans)
        )
        level = next(free, None)
        if level is not None:
            taken[level].append(ends)
        label_y = None if level is None else 12.0 + 17 * level
        flags.append(Flag(x, text, x + (5 if fits_right else -5), label_y, anchor))
    return tuple(flags)
