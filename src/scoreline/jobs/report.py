"""The page of a scored file: what the score is worth, who comes first, and what is still open."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.analytics.intervals import wilson
from scoreline.analytics.outcomes import Outcomes
from scoreline.analytics.worth import (
    Axis,
    Cut,
    Tally,
    grid_figures,
    score_histogram,
    segment_figures,
    tally,
    worth,
)
from scoreline.engines.local.engine import tally_column
from scoreline.engines.local.results import exactly, holds
from scoreline.jobs.columns import table_columns
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outcomes import OutcomeChoice, outcome_choice, outcomes_of
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.score import scored_frame
from scoreline.jobs.summary import RowCount, ScoreSummary, summary, write_findings
from scoreline.jobs.wording import PageLines, reject_words, segment_rule, words_of
from scoreline.pages import figures as f
from scoreline.pages.render import render_report
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.reading.postgres import address_of, is_postgres
from scoreline.quality.writing.files import sink, write_text
from scoreline.scorecard.grid import classes_of
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard, Side
from scoreline.scorecard.points import SCALE
from scoreline.scoring.moments import moment_text
from scoreline.scoring.rows import TypedRows, input_column, typed_rows
from scoreline.scoring.sources import Source

Row = dict[str, Any]
"""A stored row: results, mask words and what was kept, by column."""

NAME = "__name_"
NAMES_KEPT = 4
"""So many text fields are kept, since one of them may be a name."""
NAMES_READ = 10_000
"""So many rows are read to tell."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Asked:
    """What the user asked of a report.

    won, lost: outcome specs `COL=VALUE`; outcomes: a file of outcomes by key;
    notices: what the page must say of the data; noun: what a record is called on it.
    """

    won: str | None = None
    lost: str | None = None
    outcomes: str | None = None
    notices: tuple[f.Notice, ...] = ()
    noun: f.Noun = field(default_factory=f.Noun)


def score_with_report(
    data: Source,
    card: Scorecard,
    card_file: Path,
    outputs: Outputs,
    options: ScoreOptions,
    asked: Asked,
) -> ScoreSummary:
    """Scores a file, writes the table and the page; the summary knows what the score is worth."""
    choice = outcome_choice(asked.won, asked.lost, asked.outcomes)
    with (
        tempfile.TemporaryDirectory(prefix="scoreline-") as folder,
        typed_rows(data, card, options.read, keep=True, events=options.events) as read,
    ):
        rows = _with_texts(read, card)
        count = RowCount(card, options.progress)
        store = Path(folder) / "scored.parquet"
        frame = count.tap(scored_frame(rows, card, options, masks=True))
        sink(frame.select(_kept(rows, frame, options, choice)), store)
        scored = pl.scan_parquet(store)
        if outputs.table is not None:
            table = scored.select(table_columns(rows, card, options))
            sink(table, outputs.table, formulas=options.formulas)
            outputs.write_rejected(rows.rejected_rows(), rows.rejected_events())
        found = summary(rows, card, options, count)
        outcomes = None
        if choice is not None:
            headers = rows.table.columns
            known = [input_column(name) for name in choice.columns(headers)]
            texts = scored.select("__key__", *dict.fromkeys(known)).collect()
            outcomes = outcomes_of(texts, card, choice, headers)
            column = outcomes.rows.alias("__outcome__")
            scored = pl.concat([scored, pl.LazyFrame({"__outcome__": column})], how="horizontal")
        counts = tally(
            scored,
            outcome="__outcome__" if outcomes else None,
            lost_known=outcomes.lost_known if outcomes else True,
        )
        report = _Report(card, Layout(card), scored, counts, outcomes)
        if outcomes is not None:
            examples = (*found.examples, *outcomes.findings)
            means = worth(counts, outcomes.won_means)
            found = replace(found, examples=examples, worth=means, rates=report.segments())
        if outputs.page is not None:
            page = report.figures(found, card_file.name, source_name(data), asked)
            write_text(render_report(page), outputs.page)
    if outputs.findings:
        write_findings([found], outputs.findings)
    return found


def source_name(data: Source) -> str:
    """What a page calls the data: the file's name without its folder, or that of the table."""
    if not isinstance(data, str | Path):
        return "a table in memory"
    if is_postgres(data):
        return address_of(str(data)).words
    return "standard input" if str(data) == "-" else Path(data).name


def _kept(
    rows: TypedRows, frame: pl.LazyFrame, options: ScoreOptions, choice: OutcomeChoice | None
) -> list[str]:
    """The columns that the rest of the job reads, so that the store stays small."""
    headers = rows.table.columns
    wanted = set(headers) if options.with_data else set(choice.columns(headers) if choice else ())
    inputs = {input_column(name): name in wanted for name in headers}
    return [name for name in frame.collect_schema().names() if inputs.get(name, True)]


def _with_texts(rows: TypedRows, card: Scorecard) -> TypedRows:
    """The rows with their first text fields under names that travel to the store."""
    texts = [
        c.name for c in card.fields if c.type == "text" and card.key not in (c.name, *c.column)
    ]
    columns = [exactly(n).alias(f"{NAME}{i}") for i, n in enumerate(texts[:NAMES_KEPT])]
    return replace(rows, frame=rows.frame.with_columns(columns))


def looks_like_names(texts: pl.Series) -> bool:
    """Whether people may know records by these texts.

    At least half of the records have one, at least half of those are different, and most are no
    longer than a line: a name or a company, but not a position, a remark or an empty column.
    """
    given = texts.drop_nulls()
    if not given.len() or 2 * given.len() < texts.len() or 2 * given.n_unique() < given.len():
        return False
    return float(given.str.len_chars().median() or 0) <= LONGEST_NAME  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Report:
    """The figures of the page, each from the stored results."""

    card: Scorecard
    layout: Layout
    scored: pl.LazyFrame
    counts: Tally
    outcomes: Outcomes | None

    @cached_property
    def found(self) -> set[str]:
        """The segments in which there are records."""
        return set(self.counts.rows["segment"].to_list())

    def cuts(self) -> list[Cut]:
        return [
            Cut(s.name, segment_rule(s), None if s.bound is None else s.bound / SCALE, s.strict)
            for s in self.card.segments
            if not s.unknown or s.name in self.found
        ]

    def segments(self) -> tuple[f.Segment, ...]:
        return segment_figures(self.counts, self.cuts())

    def grid(self) -> f.Grid | None:
        """The segments as a matrix; None for a card by itself. `?` stands where it has records."""
        if not self.card.parts:
            return None
        down, across = self.card.parts
        columns = len(classes_of(across))
        names = [one.name for one in self.card.segments]
        pairs = [names[first : first + columns] for first in range(0, len(names), columns)]
        rows = self._shown(down, pairs)
        shown = self._shown(across, list(zip(*pairs, strict=True)))
        return grid_figures(
            self.counts,
            Axis(down.name, tuple(rows.values())),
            Axis(across.name, tuple(shown.values())),
            [[pairs[row][column] for column in shown] for row in rows],
        )

    def _shown(self, side: Side, lines: Sequence[Sequence[str]]) -> dict[int, Cut]:
        """The classes of a side that are shown, by place; lines: the segments of each."""
        return {
            place: Cut(one.name, segment_rule(one))
            for place, (one, line) in enumerate(zip(classes_of(side), lines, strict=True))
            if not one.unknown or self.found.intersection(line)
        }

    def figures(
        self, found: ScoreSummary, card_file: str, data_file: str, asked: Asked
    ) -> f.ReportFigures:
        model = self.card
        best = self.best()
        open_count = self.scored.select((~pl.col("certain")).sum()).collect().item()
        return f.ReportFigures(
            title=model.title or model.name,
            objective=model.objective,
            card=card_file,
            fingerprint=found.card.fingerprint,
            as_of=moment_text(found.as_of),
            file=data_file,
            rows=found.rows,
            scored=found.scored,
            rejected=found.rejected,
            segments=self.segments(),
            grid=self.grid(),
            histogram=score_histogram(self.counts, self.cuts()),
            worth=found.worth,
            ranked=tuple(map(self.ranked_row, best)),
            uncertain=int(open_count or 0),
            waterfalls=self.waterfalls(best),
            questions=self.questions(),
            terms=self.terms(),
            rejected_rows=tuple(
                f.RejectedRow(row.line or row.row, reject_words(row.reason), row.raw)
                for row in found.rejected_rows[: f.REJECTED_SHOWN]
            ),
            findings=_finding_lines(found),
            notices=asked.notices,
            noun=asked.noun,
            made_with=(("Lists and libraries behind facts", FACTS_VERSION),),
        )

    def best(self) -> list[Row]:
        """The stored rows of the best records, ties in the order of the file."""
        order = self.scored.select("score", "__row__")
        first = order.top_k(f.RANKED_SHOWN, by=["score", "__row__"], reverse=[False, True])
        numbers = first.collect(engine="streaming")["__row__"]
        # Only these rows are read whole: sorting whole rows would hold the file in memory.
        found = self.scored.filter(pl.col("__row__").is_in(numbers.implode()))
        frame = found.collect(engine="streaming")
        return frame.sort("score", "__row__", descending=[True, False]).to_dicts()

    @cached_property
    def lines(self) -> PageLines:
        """How lines are worded."""
        return PageLines(self.layout)

    @cached_property
    def name_column(self) -> str | None:
        """The first kept text that looks like a name; None if none does."""
        kept = [name for name in self.scored.collect_schema() if name.startswith(NAME)]
        texts = self.scored.select(kept).head(NAMES_READ).collect(engine="streaming")
        return next((name for name in kept if looks_like_names(texts[name])), None)

    def ranked_row(self, row: Row) -> f.Ranked:
        """A record as the list shows it."""
        key, name = str(row["__key__"]), row[self.name_column] if self.name_column else None
        return f.Ranked(
            key=key,
            name=str(name) if name is not None and name != key else "",
            segment=str(row["segment"] or ""),
            ask=str(row["ask"] or "") or None,
            outcome=row.get("__outcome__"),
            reasons=self.reasons(row),
            score=row["score"],
            low=row["low"],
            high=row["high"],
            certain=row["certain"],
        )

    def reasons(self, row: Row) -> tuple[f.Reason, ...]:
        """All lines of a stored row, from its mask and the points of its event terms."""
        words = (row[f"mask_{word}"] for word in range(self.layout.words))
        tallies = [row[tally_column(number)] for number in range(len(self.card.tallies))]
        return self.lines.of(self.layout.mask_of(words), tallies)

    def waterfalls(self, best: Sequence[Row]) -> tuple[f.Waterfall, ...]:
        """The first record, and the first one that a question could still move."""
        undecided = self.scored.filter(~pl.col("certain") & (pl.col("reasons") != ""))
        chosen = [*best[:1], *undecided.head(1).collect(engine="streaming").to_dicts()]
        rows = {row["__row__"]: row for row in chosen}  # keys may repeat, rows don't
        shown = [record for row in rows.values() if (record := self.ranked_row(row)).reasons]
        return tuple(
            f.Waterfall(r.key, r.score, r.segment, r.reasons, r.low, r.high, r.ask, r.name)
            for r in shown
        )

    def questions(self) -> tuple[f.Question, ...]:
        """The next questions, those that concern most records first."""
        asked = (
            self.scored.filter(~pl.col("certain"))
            .group_by(pl.col("ask").cast(pl.String))
            .agg(pl.len().alias("records"))
            .sort(["records", "ask"], descending=[True, False])
            .collect(engine="streaming")
        )
        return tuple(f.Question(ask, count) for ask, count in asked.iter_rows() if ask)

    def terms(self) -> tuple[f.TermSpread, ...]:
        """How many records fell into each bin of each term, and how often they won."""
        held = [holds(place) for place in range(len(self.layout.bits))]
        happened = {term: len(held) + number for number, (term, _) in enumerate(self.card.tallies)}
        held += [pl.col(tally_column(number)) != 0 for number in range(len(happened))]
        won, counted = _marks(self.outcomes)
        sums = [
            part.sum().alias(f"{place} {name}")
            for place, bit in enumerate(held)
            for name, part in (("records", bit), ("won", bit & won), ("counted", bit & counted))
        ]
        row = (
            self.scored.select(*sums).collect(engine="streaming").row(0, named=True) if sums else {}
        )
        spreads: list[f.TermSpread] = []
        for t, term in enumerate(self.card.terms):
            shown = [
                (self.layout.place[t, b], words_of(bin_), bin_.points)
                for b, bin_ in enumerate(term.bins)
            ]
            if term.tally is not None:
                shown = [(happened[t], "happened, points of one", term.tally.points)]
            bins = []
            for place, words, points in shown:
                rate = None
                if self.outcomes is not None:
                    rate = wilson(row[f"{place} won"], row[f"{place} counted"])
                count = int(row[f"{place} records"] or 0)
                bins.append(f.BinSpread(words, points / SCALE, count, rate))
            spreads.append(f.TermSpread(term.name, tuple(bins)))
        return tuple(spreads)


def _marks(outcomes: Outcomes | None) -> tuple[pl.Expr, pl.Expr]:
    if outcomes is None:
        return pl.lit(False), pl.lit(False)
    outcome = pl.col("__outcome__").cast(pl.String)
    counted = outcome.is_in(["won", "lost"]) if outcomes.lost_known else pl.lit(True)
    return outcome == "won", counted


def _finding_lines(found: ScoreSummary) -> tuple[f.FindingLine, ...]:
    """One line for each kind of finding, the frequent first."""
    lines: dict[tuple[str, str | None], f.FindingLine] = {}
    for finding in found.examples:
        place = (finding.code, finding.field)
        if place not in lines:
            count = found.counts.get(place, finding.count)
            message = f"{finding.field}: {finding.message}" if finding.field else finding.message
            lines[place] = f.FindingLine(finding.level, finding.code, message, count, finding.hint)
    return tuple(sorted(lines.values(), key=lambda line: -line.count))
