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
class LearnedFigures:
    """Everything on the page of a learned card.

    target: what is foreseen; base: records learnt from and how many of them had it; split: how the
    figures were found; the figures of unseen records: auc, gini, ks, brier, slope, and the share of
    all events in the best tenth and fifth; doubling: points that double the odds; gap: by how much
    another table of whole points could be better, at most.
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
    gini: float
    ks: float
    brier: float
    slope: float
    best_tenth: float
    best_fifth: float
    doubling: float
    gap: float
    terms: tuple[LearnedTermLine, ...]
    bands: tuple[BandLine, ...]
    left_out: tuple[LeftOutLine, ...]
    findings: tuple[FindingLine, ...] = ()
    notices: tuple[Notice, ...] = ()
    made_with: tuple[tuple[str, str], ...] = ()
