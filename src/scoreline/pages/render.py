"""The page of a scored file from its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from scoreline.pages import charts, numbers, words
from scoreline.pages.figures import (
    RANKED_SHOWN,
    REJECTED_SHOWN,
    Rate,
    ReportFigures,
    Segment,
    Waterfall,
    Worth,
)
from scoreline.pages.shading import Shading, shading
from scoreline.pages.templating import cut, draw, loud, named, short_noun, sources

SEGMENTS_SHOWN = 12
"""More segments than this are folded away."""

WIDE, NARROW = 1040, 372
"""Widths of the two drawings of a histogram, in pixels."""


def render_report(figures: ReportFigures) -> str:
    """The page of one scored file: a whole HTML document that loads nothing and runs no script."""
    parts = _report_parts(replace(figures, noun=short_noun(figures.noun)))
    return draw("report.html.j2", parts)


@dataclass(frozen=True, slots=True)
class _LiftBar:
    """One bar of "is the score worth anything": a share of the records, or everyone."""

    label: str
    rate: Rate
    lift: float | None
    tone: str


def _report_parts(f: ReportFigures) -> dict[str, object]:
    """Everything the templates ask for beside the figures themselves."""
    shades = charts.tones(len(f.segments))
    state, verdict, why = _worth_words(f)
    rated = f.worth is not None and f.worth.base.of > 0
    term_rates = [b.rate for term in f.terms for b in term.bins]
    base = f.worth.base if f.worth and rated else None
    shades_of = shading(f.grid) if f.grid else None
    return {
        "f": f,
        "rated": rated,
        "best": f.segments[0] if f.segments else Segment("", 0, 0),
        "ranked": f.ranked[:RANKED_SHOWN],
        "rejected_rows": f.rejected_rows[:REJECTED_SHOWN],
        "notices": loud(f.notices),
        "sources": sources(f.notices),
        "contents": _contents(f),
        "segments_intro": _segments_intro(f, shades_of, rated),
        "worth_state": state,
        "worth_verdict": verdict,
        "worth_why": why,
        "worth_notes": _worth_notes(f),
        "reach": _reach(f.worth),
        "lift_bars": _lift_bars(f.worth) if rated else [],
        "lift_end": charts.rate_axis([t.rate for t in f.worth.tops] + [base]) if f.worth else 1.0,
        "strip": _strip(f),
        "tone_of": dict(zip((s.name for s in f.segments), shades, strict=True)),
        "shown_segments": SEGMENTS_SHOWN,
        "shading": shades_of,
        "matrix_notes": _matrix_notes(f, shades_of, rated),
        "rate_end": charts.rate_axis([s.rate for s in f.segments] + [base]),
        "scored_axis": (0, f.scored or 1),
        "term_rate_end": charts.rate_axis([*term_rates, base]),
        "with_outcomes": any(record.outcome for record in f.ranked),
        "drawings": _drawings(f, shades, base),
        "scores_intro": _scores_intro(f, rated),
        "scores_desc": _describe(f, rated),
        "falls": [(fall, _fall(fall)) for fall in f.waterfalls],
    }


def _segments_intro(f: ReportFigures, scale: Shading | None, rated: bool) -> list[Markup]:
    """Where the records stand, and what to look for."""
    say, noun = words.speaker(), f.noun.many
    if f.grid is None:
        return [say("segments.intro.rate" if rated else "segments.intro", noun=noun)]
    text = [
        say("matrix.intro", noun=noun, down=cut(f.grid.down, 40), across=cut(f.grid.across, 40))
    ]
    if scale is None:
        return text
    return [*text, say("matrix.shade.rate" if scale.by_rate else "matrix.shade", noun=noun)]


def _matrix_notes(f: ReportFigures, scale: Shading | None, rated: bool) -> list[Markup]:
    """How a cell of the grid is read, in small print."""
    if f.grid is None:
        return []
    say, noun = words.speaker(), f.noun.many
    notes = [say("matrix.note.rate" if rated else "matrix.note", noun=noun)]
    cells = [cell for row in f.grid.rows for cell in row.cells]
    if rated and any(cell.rate and 0 < cell.rate.of < charts.FEW for cell in cells):
        notes.append(say("scores.few", few=charts.FEW, noun=noun))
        notes += [say("matrix.bare")] if scale and scale.by_rate else []
    return notes


def _fall(fall: Waterfall) -> charts.Steps:
    return charts.waterfall(fall.reasons, fall.score)


def _drawings(
    f: ReportFigures, shades: Sequence[str], base: Rate | None
) -> list[tuple[str, charts.Drawing]]:
    if not f.histogram.bins:
        return []
    return [
        (name, charts.histogram(f.histogram, shades, width, base))
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    ]


def _scores_intro(f: ReportFigures, rated: bool) -> list[Markup]:
    """What a bar of the histogram is, and what to look for."""
    say, width = words.speaker(), f.histogram.width
    if width is None:
        text = [say("scores.each", noun=f.noun.many)]
    else:
        text = [say("scores.wide", n=numbers.points(width), noun=f.noun.many)]
    if f.histogram.divided:
        text.append(say("scores.divided"))
    return [*text, say("scores.below")] if rated else text


def _describe(f: ReportFigures, rated: bool) -> str:
    """The histogram in a sentence or two, for those who cannot see it."""
    bins = f.histogram.bins
    if not bins:
        return ""
    say = words.speaker()
    peak = max(bins, key=lambda b: b.count)
    text = say(
        "scores.desc",
        bars=len(bins),
        low=bins[0].label,
        high=bins[-1].label,
        peak=peak.label,
        count=numbers.whole(peak.count),
        noun=named(f.noun, peak.count),
    )
    rates = [b.rate for b in bins if b.rate is not None and b.rate.of >= charts.FEW]
    if rated and len(rates) > 1:
        first, last = (numbers.percent(rate.value) for rate in (rates[0], rates[-1]))
        text += " " + say("scores.desc.rate", first=first, last=last)
    return text


def _contents(f: ReportFigures) -> list[tuple[str, Markup]]:
    say = words.speaker()
    return [
        (anchor, say(key))
        for anchor, key, shown in (
            ("segments", "segments.title", True),
            ("scores", "scores.title", True),
            ("list", "list.title", True),
            ("why", "why.title.many" if len(f.waterfalls) > 1 else "why.title", f.waterfalls),
            ("questions", "questions.title", True),
            ("terms", "terms.title", f.terms),
            ("file", "file.title", True),
            ("about", "about.title", True),
        )
        if shown
    ]


def _worth_words(f: ReportFigures) -> tuple[str, Markup, Markup]:
    """State, verdict and reason of "is the score worth anything?"."""
    say = words.speaker()
    worth = f.worth
    if worth is None:
        return "none", say("worth.none"), say("worth.none.why")
    if not worth.base.of or not worth.tops:
        why = say("worth.empty.why", won=cut(worth.won_means, 80))
        return "none", say("worth.empty"), why
    if not worth.base.hits:
        n = numbers.whole(worth.base.of)
        won = cut(worth.won_means, 80)
        why = say("worth.nobody.why", n=n, noun=f.noun.many, won=won)
        return "none", say("worth.nobody"), why
    top = worth.tops[0]
    values = {
        "share": numbers.round_percent(top.share),
        "rate": numbers.percent(top.rate.value),
        "base": numbers.percent(worth.base.value),
        "n": numbers.whole(worth.base.hits),
        "lift": numbers.times(top.lift or 0),
    }
    return (
        worth.verdict,
        say(f"worth.{worth.verdict}", **values),
        say(f"worth.{worth.verdict}.why", **values),
    )


def _lift_bars(worth: Worth | None) -> list[_LiftBar]:
    if worth is None or not worth.base.hits:
        return []
    say = words.speaker()
    bars = [
        _LiftBar(say("worth.top", share=numbers.round_percent(top.share)), top.rate, top.lift, tone)
        for top, tone in zip(worth.tops, ("t0", "t1", *["t2"] * len(worth.tops)), strict=False)
    ]
    return [*bars, _LiftBar(say("worth.base"), worth.base, None, "last")]


def _worth_notes(f: ReportFigures) -> list[Markup]:
    """What the rates are counted of, in small print."""
    say, worth = words.speaker(), f.worth
    if worth is None:
        return []
    notes = [say("worth.won", won=cut(worth.won_means, 80))]
    if not worth.lost_known:
        notes.append(say("worth.no_lost"))
    elif worth.open:
        notes.append(say("worth.open", n=numbers.whole(worth.open), noun=f.noun.many))
    return [*notes, say("worth.whisker")] if worth.base.hits else notes


def _reach(worth: Worth | None) -> Markup | None:
    """How many of the won stand in the biggest of the best parts; None where it proves nothing."""
    if worth is None or not worth.tops or not worth.base.hits or worth.verdict != "yes":
        return None
    part = worth.tops[-1]
    reached = numbers.percent(part.rate.hits / worth.base.hits)
    return words.speaker()("worth.reach", share=numbers.round_percent(part.share), reached=reached)


def _strip(f: ReportFigures) -> list[dict[str, object]]:
    """The file in numbers; what is nought and no bad news is left out."""
    say = words.speaker()
    rows: list[tuple[Markup, int | float, bool]] = [
        (say("strip.rows", n=f.rows), f.rows, True),
        (say("strip.scored"), f.scored, True),
        (say("strip.rejected"), f.rejected, True),
        (say("strip.uncertain"), f.uncertain, f.scored > 0),
        (say("strip.won"), f.worth.base.hits if f.worth else 0, f.worth is not None),
    ]
    return [{"label": text, "value": numbers.whole(n)} for text, n, shown in rows if shown]
