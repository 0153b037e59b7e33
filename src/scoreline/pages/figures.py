"""The figures a page shows: plain frozen records, filled by whoever counted them.

Shares and rates are between 0 and 1. Texts are shown as they are (escaped, long ones cut on the
page), so nothing here needs escaping or shortening beforehand. An optional part that is None or
empty is left out of the page or said in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["won", "lost", "open"]
Verdict = Literal["yes", "unclear", "no"]
Level = Literal["error", "warning", "info"]

SMALLEST_POINT = 0.00005
"""Half of the smallest step of points (4 decimals): sums that differ by less are equal."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of won records with its interval.

    hits: won records, a fraction where ties at a cut are shared out; of: records counted;
    low, high: bounds of the true rate, between 0 and 1.
    """

    hits: float
    of: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """hits / of; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of the card, in the card's order (best first).

    rule: in words, `more than 6`; rate: of the records whose outcome counts, None if unknown.
    """

    name: str
    count: int
    share: float
    rule: str = ""
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """A class of the side that goes down the grid, best first.

    total: the class with its rule and all its records; cells: the pairs with each class across.
    """

    total: Segment
    cells: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The segments of two cards as a matrix: the classes of one side down, of the other across.

    down, across: the names of the sides; columns: each class across with its rule and all its
    records, in the order of the cells; total: all records.
    """

    down: str
    across: str
    rows: tuple[GridRow, ...]
    columns: tuple[Segment, ...]
    total: Segment


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """Scores from `low` to `high`: how many records, by segment, and how many of them won.

    low, high: edges on the score axis (for whole scores half a point outside the scores);
    label: the scores in words, `6` or `6 to 8`; parts: records per segment, in the order of
    `ReportFigures.segments`; rate: None if no record of the bin has an outcome that counts.
    """

    low: float
    high: float
    label: str
    parts: tuple[int, ...]
    rate: Rate | None = None

    @property
    def count(self) -> int:
        """Records of the bin."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a segment begins on the score axis: position of the line, and what to write on it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How scores are spread: bins from left to right, and the thresholds.

    width: points that a bin spans, None where each score is a bin of its own; divided: some bins
    are narrower, since a segment begins within them.
    """

    bins: tuple[HistogramBin, ...]
    thresholds: tuple[Threshold, ...] = ()
    width: float | None = None
    divided: bool = False


@dataclass(frozen=True, slots=True)
class TopShare:
    """What the best-scored part of the records was worth.

    share: 0.1 for the top 10 %; count: records in it, a fraction where the share is; rate: their
    rate, with records tied at the cut counted by fractions; lift: their rate divided by
    everyone's (None if nobody won).
    """

    share: float
    count: float
    rate: Rate
    lift: float | None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the score is worth, measured on known outcomes.

    won_means: which value counts as won, `y = yes`; base: rate of all that count; tops: the best
    parts, smallest first; verdict: does the top do better than everyone beyond chance;
    open: records left out because their outcome is not known yet; lost_known: False if only won
    was named, so that every other record counts in the rate as "not won so far".
    """

    won_means: str
    base: Rate
    tops: tuple[TopShare, ...]
    verdict: Verdict
    open: int = 0
    lost_known: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a score: what it was given for, and its points.

    part: a term of the card, the base that everyone begins with, or a clamp that bites.
    """

    text: str
    points: float
    part: Literal["term", "base", "clamp"] = "term"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One record of the ranked list; the best comes first.

    low, high: what the score could become when missing answers come in; certain: they all lead
    to the same segment; ask: the field to ask for next; name: what people call it, if known.
    """

    key: str
    score: float
    segment: str
    low: float
    high: float
    certain: bool = True
    reasons: tuple[Reason, ...] = ()
    ask: str | None = None
    outcome: Outcome | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """One record's score taken apart; refuses reasons that do not add up to the score."""

    key: str
    score: float
    segment: str
    reasons: tuple[Reason, ...]
    low: float | None = None
    high: float | None = None
    ask: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        total = sum(reason.points for reason in self.reasons)
        if abs(total - self.score) >= SMALLEST_POINT:
            raise ValueError(f"Reasons come to {total}, the score is {self.score}.")


@dataclass(frozen=True, slots=True)
class Question:
    """A field whose answer could decide the segment of `count` records."""

    field: str
    count: int


@dataclass(frozen=True, slots=True)
class BinSpread:
    """How many records fell into one bin of a term, and how often they won."""

    text: str
    points: float
    count: int
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class TermSpread:
    """One term of the card with its bins, in the card's order."""

    term: str
    bins: tuple[BinSpread, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be scored: its line in the file, why, and what stood there."""

    line: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One kind of finding in the data: how often, what is wrong, what to do."""

    level: Level
    code: str
    message: str
    count: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know about the data.

    kind: `invented` stands first and loud on the page, `note` too but quietly; `source` goes
    under the sources at the end. link: an https address, else it is shown as text.
    """

    kind: Literal["invented", "note", "source"]
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Noun:
    """What one record is called, and several."""

    one: str = "record"
    many: str = "records"


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Everything on the page of one scored file.

    rows = scored + rejected (refused otherwise); ranked: the first records of the ranking, at
    most RANKED_SHOWN are drawn; rejected_rows: the first ones, at most REJECTED_SHOWN are drawn;
    uncertain: scored records whose segment missing answers could change; grid: the segments of a
    grid of two cards once more, as a matrix.
    """

    title: str
    card: str
    fingerprint: str
    as_of: str
    file: str
    rows: int
    scored: int
    rejected: int
    segments: tuple[Segment, ...]
    histogram: Histogram
    ranked: tuple[Ranked, ...]
    objective: str = ""
    grid: Grid | None = None
    uncertain: int = 0
    worth: Worth | None = None
    waterfalls: tuple[Waterfall, ...] = ()
    questions: tuple[Question, ...] = ()
    terms: tuple[TermSpread, ...] = ()
    rejected_rows: tuple[RejectedRow, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    notices: tuple[Notice, ...] = ()
    noun: Noun = Noun()
    made_with: tuple[tuple[str, str], ...] = ()
    """Further lines of the colophon: (label, text), such as the version of lists behind facts."""

    def __post_init__(self) -> None:
        if self.rows != self.scored + self.rejected:
            raise ValueError(
                f"{self.rows} rows are not {self.scored} scored + {self.rejected} rejected."
            )


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel, or all together: counts, rates with intervals, and what it cost.

    name: blank for leads without a channel; sales: leads won; sales_rate: of those that count;
    qualified_sales_rate: sales of the qualified leads that count; costs: None where not known.
    """

    name: str
    leads: int
    qualified: Rate
    garbage: int
    sales: int
    sales_rate: Rate
    qualified_sales_rate: Rate
    open: int
    cost: float | None = None
    cost_per_lead: float | None = None
    cost_per_qualified: float | None = None
    cost_per_sale: float | None = None


@dataclass(frozen=True, slots=True)
class ChannelsFigures:
    """Everything on the page that compares channels.

    channels: the most leads first; turns: sentences that say which channel is ahead by one
    measure and behind by another, the strongest first, `more_turns` further ones left out;
    counted: which leads rates are counted of, in words; qualified, garbage: those segments.
    """

    title: str
    card: str
    fingerprint: str
    as_of: str
    file: str
    channels: tuple[ChannelLine, ...]
    total: ChannelLine
    qualified: str
    garbage: str | None
    counted: str
    won_means: str
    turns: tuple[str, ...] = ()
    more_turns: int = 0
    findings: tuple[FindingLine, ...] = ()
    notices: tuple[Notice, ...] = ()
    made_with: tuple[tuple[str, str], ...] = ()


VerdictShown = Literal["ok", "suspect", "bad", "unknown", "missing"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a record: the record's key, the cell as it is, and what it would be."""

    key: str
    raw: str
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """What was found in a column, how often, what to do, and the first records."""

    level: str
    message: str
    hint: str
    count: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityColumn:
    """A column that was checked: cells by verdict, in the order of the page, and its findings.

    rewritten: cells whose normal form is written otherwise; examples: some of them.
    """

    name: str
    taken_for: str
    verdicts: tuple[tuple[str, int], ...]
    found: tuple[QualityFinding, ...] = ()
    rewritten: int = 0
    examples: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityPart:
    """Some records of a base: how many, their quality from 0 to 100, those that lack most of what
    matters, and the share in which something is wrong or doubtful."""

    name: str
    rows: int
    score: float
    poor: int
    wrong: Rate


@dataclass(frozen=True, slots=True)
class QualityScore:
    """The quality of a base in points.

    objective: the card that the data are for, blank without one; weights: points by field;
    channels, trend: parts of the base; period: how long a step of the trend is.
    """

    base: QualityPart
    objective: str
    weights: tuple[tuple[str, float], ...]
    channels: tuple[QualityPart, ...] = ()
    period: str = ""
    trend: tuple[QualityPart, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityEffect:
    """What a way of cleaning makes of a card's scores; moves: (from, to, records)."""

    way: str
    rescored: int
    moved: int
    moves: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records that are probably one customer: their keys, and why each is among them."""

    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DuplicateFigures:
    """Duplicates of a base: how many clusters and records too many; the first clusters."""

    clusters: int
    records: int
    shown: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """Everything on the page of a base that was checked.

    sound: records in which nothing is bad or doubtful; whole: those in which nothing is missing;
    effects: of the rules, of joining rows, of all suggestions; findings_file: where every
    finding is, if that was written.
    """

    file: str
    as_of: str
    rows: int
    rejected: int
    sound: Rate
    whole: Rate
    columns: tuple[QualityColumn, ...]
    score: QualityScore | None = None
    effects: tuple[QualityEffect, ...] = ()
    duplicates: DuplicateFigures | None = None
    findings_file: str = ""
    findings: tuple[FindingLine, ...] = ()
    card: str = ""
    fingerprint: str = ""
    notices: tuple[Notice, ...] = ()
    made_with: tuple[tuple[str, str], ...] = ()


VERDICTS_SHOWN: tuple[VerdictShown, ...] = ("ok", "suspect", "bad", "unknown", "missing")
"""Verdicts in the order in which a page shows them."""
RANKED_SHOWN = 50
REJECTED_SHOWN = 50
