"""The figures of the page of a learned card."""

from __future__ import annotations

from dataclasses import dataclass

from scoreline.pages.figures import FindingLine, Notice, Rate


@dataclass(frozen=True, slots=True)
class LearnedBinLine:
    """A bin of a learned term: its points, between which they lie, and how often it came true."""

    text: str
    points: float
    low: float
    high: float
    rate: Rate


@dataclass(frozen=True, slots=True)
class LearnedTermLine:
    """A term of a learned card with its bins."""

    term: str
    bins: tuple[LearnedBinLine, ...]


@dataclass(frozen=True, slots=True)
class BandLine:
    """Scores of one probability: in words, and the rate of records that the card had not seen."""

    text: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A column that was not learnt from; leak: whether it seems to know the outcome."""

    field: str
    why: str
    leak: bool


@dataclass(frozen=True, slots=True)
class TenthLine:
    """A tenth of the records that the card had not seen: what it said of them, and what came."""

    said: float
    rate: Rate


@dataclass(frozen=True, slots=True)
class MovedLine:
    """How much a term's records changed from those learnt from to those tried on."""

    term: str
    index: float


@dataclass(frozen=True, slots=True)
class ReachedLine:
    """The best records, as many as can be reached: how many, of how many, and events among them."""

    count: int
    rows: int
    hits: float
    lift: float


@dataclass(frozen=True, slots=True)
class LearnedFigures:
    """Everything on the page of a learned card.

    target: what is foreseen; base: records learnt from and how many of them had it; split: how the
    figures were found; the figures of unseen records: auc, gini, ks, pr_auc, brier, slope, and the
    share of all events in the best tenth and fifth; doubling: points that double the odds; gap: by
    how much another table of whole points could be better, at most, or with `trees` how much of the
    trees' fit they lose; against: bins whose points run against their own share; single,
    challenger: what else was tried on the same records, with its area; psi: how much scores moved,
    None at random; window: days that an outcome was waited for, and records too young.
    """

    target: str
    file: str
    card: str
    fingerprint: str
    as_of: str
    base: Rate
    open: int
    split: str
    weak: bool
    auc: float
    auc_low: float
    auc_high: float
    gini: float
    ks: float
    pr_auc: float
    brier: float
    slope: float
    best_tenth: float
    best_fifth: float
    doubling: float
    gap: float
    terms: tuple[LearnedTermLine, ...]
    bands: tuple[BandLine, ...]
    left_out: tuple[LeftOutLine, ...]
    tenths: tuple[TenthLine, ...]
    single: tuple[str, float]
    against: int
    challenger: tuple[str, float] | None = None
    reached: ReachedLine | None = None
    psi: float | None = None
    moved: tuple[MovedLine, ...] = ()
    window: tuple[int, int] | None = None
    conditions: bool = False
    trees: bool = False
    findings: tuple[FindingLine, ...] = ()
    notices: tuple[Notice, ...] = ()
    made_with: tuple[tuple[str, str], ...] = ()
