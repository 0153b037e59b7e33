"""The page of a base that was checked, from what checking came to."""

from __future__ import annotations

from pathlib import Path

from scoreline.analytics.intervals import wilson
from scoreline.jobs.quality.checking import Column, Found, Quality, QualityAsked, Seen
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
        made_with=(("Lists and libraries behind facts", FACTS_VERSION),),
    )
    write_text(render_quality(figures), page)


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
