"""The page of a base that was checked, from its figures."""

from __future__ import annotations

from dataclasses import dataclass

from scoreline.pages import charts, numbers, words
from scoreline.pages.charts import Span
from scoreline.pages.figures import (
    VERDICTS_SHOWN,
    QualityColumn,
    QualityFigures,
    QualityFinding,
    QualityPart,
)
from scoreline.pages.templating import draw, loud, sources

WORST_SHOWN = 4
CELLS_SHOWN = 20


def render_quality(figures: QualityFigures) -> str:
    """The page of a base that was checked: a whole HTML document that runs no script."""
    return draw("quality.html.j2", _parts(figures))


@dataclass(frozen=True, slots=True)
class _Line:
    """A finding with its column."""

    column: str
    found: QualityFinding


def _parts(f: QualityFigures) -> dict[str, object]:
    """Everything the template asks for beside the figures themselves."""
    lines = [_Line(column.name, found) for column in f.columns for found in column.found]
    lines.sort(key=lambda line: (line.found.level == "info", -line.found.count))
    return {
        "f": f,
        "notices": loud(f.notices),
        "sources": sources(f.notices),
        "lines": lines,
        "worst": [line for line in lines if line.found.level != "info"][:WORST_SHOWN],
        "bars": {column.name: _bar(column) for column in f.columns},
        "rewritten": [column for column in f.columns if column.rewritten],
        "strip": _strip(f),
        "parts": _tables(f),
        "shown": CELLS_SHOWN,
        "verdicts": VERDICTS_SHOWN,
        "about": "quality.about",
    }


def _bar(column: QualityColumn) -> list[tuple[str, Span]]:
    """The parts of a column's bar, from the left: (verdict, where)."""
    total = sum(count for _, count in column.verdicts) or 1
    parts, start = [], 0
    for verdict, count in column.verdicts:
        parts.append((verdict, charts.span(start, start + count, (0, total))))
        start += count
    return [(verdict, part) for verdict, part in parts if part.width]


@dataclass(frozen=True, slots=True)
class _Table:
    """Parts of a base: what they are, and the bar of each."""

    title: str
    column: str
    rows: tuple[tuple[QualityPart, Span], ...]


def _tables(f: QualityFigures) -> list[_Table]:
    """The tables by channel and over time, as far as they were asked for."""
    if f.score is None:
        return []
    say = words.speaker()
    told = [(say("quality.channels"), say("quality.channel"), f.score.channels)]
    if f.score.period:
        period = say(f"quality.period.{f.score.period}")
        told.append((say("quality.trend"), period, f.score.trend))
    return [
        _Table(title, column, tuple((part, charts.span(0, part.score, (0, 100))) for part in parts))
        for title, column, parts in told
        if parts
    ]


def _strip(f: QualityFigures) -> list[dict[str, str]]:
    say = words.speaker()
    rows = [
        (say("quality.strip.rows"), numbers.whole(f.rows)),
        (say("quality.strip.rejected"), numbers.whole(f.rejected)),
        (say("quality.strip.columns"), numbers.whole(len(f.columns))),
        (say("quality.strip.whole"), numbers.whole(f.whole.hits)),
    ]
    if f.score is not None:
        rows.insert(0, (say("quality.strip.score"), f"{f.score.base.score:.1f}"))
    return [{"label": label, "value": value} for label, value in rows]
