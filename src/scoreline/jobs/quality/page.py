"""The page of a base that was checked, from what checking came to."""

from __future__ import annotations

from pathlib import Path

from scoreline.analytics.base_score import Part
from scoreline.analytics.intervals import wilson
from scoreline.jobs.quality.clusters import Clusters
from scoreline.jobs.quality.effect import Effect
from scoreline.jobs.quality.results import Column, Found, Quality, QualityAsked, Seen
from scoreline.jobs.quality.scoring import BaseScore
from scoreline.jobs.report import source_name
from scoreline.pages import figures as f
from scoreline.pages.quality import render_quality
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.writing.files import write_text
from scoreline.scoring.moments import moment_text
from scoreline.scoring.sources import Source


def write_page(found: Quality, data: Source, asked: QualityAsked, page: Path) -> None:
    """Write the page of a base that was checked."""
    figures = f.QualityFigures(
        file=source_name(data),
        as_of=moment_text(asked.as_of),
        rows=found.rows,
        rejected=len(found.rejected),
        sound=wilson(found.sound, found.rows),
        whole=wilson(found.whole, found.rows),
        columns=tuple(map(_column, found.columns)),
        score=None if found.score is None else _score(found.score),
        effects=tuple(_effect(way, one) for way, one in found.effects.items()),
        duplicates=None if found.duplicates is None else _duplicates(found.duplicates),
        findings_file=asked.findings or "",
        made_with=(("Lists and libraries behind facts", FACTS_VERSION),),
    )
    write_text(render_quality(figures), page)


def _score(score: BaseScore) -> f.QualityScore:
    card, trend = score.card, score.trend
    weights = sorted(card.tenths.items(), key=lambda weight: -weight[1])
    return f.QualityScore(
        _part(score.base),
        card.objective,
        tuple((name, tenths / 10) for name, tenths in weights),
        tuple(map(_part, score.channels)),
        "" if trend is None else trend.period,
        () if trend is None else tuple(map(_part, trend.parts)),
    )


def _part(part: Part) -> f.QualityPart:
    return f.QualityPart(part.name or "", part.rows, part.score, part.poor, part.wrong)


def _effect(way: str, found: Effect) -> f.QualityEffect:
    moves = tuple((move.old, move.new, move.count) for move in found.moves)
    return f.QualityEffect(way, found.rescored, found.moved, moves)


def _duplicates(found: Clusters) -> f.DuplicateFigures:
    shown = tuple(f.Cluster(one) for one in found.members[: f.RANKED_SHOWN])
    return f.DuplicateFigures(len(found.members), found.too_many, shown)


def _column(column: Column) -> f.QualityColumn:
    return f.QualityColumn(
        column.name,
        column.taken_for,
        tuple((word, column.verdicts[word]) for word in f.VERDICTS_SHOWN),
        tuple(map(_finding, column.found)),
        column.rewritten,
        tuple(map(_cell, column.examples)),
    )


def _finding(one: Found) -> f.QualityFinding:
    cells = tuple(map(_cell, one.records))
    return f.QualityFinding(one.level, one.message, one.hint, one.count, cells)


def _cell(seen: Seen) -> f.Cell:
    return f.Cell(seen.key, seen.raw or "", seen.suggestion or "")
