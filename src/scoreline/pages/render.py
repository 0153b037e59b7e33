"""One self-contained HTML page from figures: templates drawn by Jinja, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeGuard

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scoreline.pages import charts, numbers, words
from scoreline.pages.figures import (
    RANKED_SHOWN,
    REJECTED_SHOWN,
    Noun,
    Ranked,
    Rate,
    Reason,
    ReportFigures,
    Segment,
    Waterfall,
    Worth,
)

SEGMENTS_SHOWN = 12
"""More segments than this are folded away."""

WIDE, NARROW = 1040, 372
"""Widths of the two drawings of a histogram, in pixels."""

_TEMPLATES = Path(__file__).parent / "templates"


def render_report(figures: ReportFigures) -> str:
    """The page of one scored file: a whole HTML document that loads nothing and runs no script."""
    noun = Noun(_cut(figures.noun.one, 30), _cut(figures.noun.many, 30))
    parts = _report_parts(replace(figures, noun=noun))
    return _environment().get_template("report.html.j2").render(parts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(
        whole=numbers.whole,
        points=numbers.points,
        signed=numbers.signed,
        percent=numbers.percent,
        times=numbers.times,
        money=numbers.money,
        moment=numbers.moment,
        cut=_cut,
        folded=_folded,
        has_folded=_has_folded,
        strongest=_strongest,
        quoted=_quoted,
        px=_pixels,
        named=_named,
        capitalized=_capitalized,
    )
    style = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals.update(
        say=words.speaker(),
        style=Markup(style),  # noqa: S704  our own style sheet; its hash is in the page's policy
        style_hash=f"sha256-{digest}",
        span=charts.span,
        at=_at,
        few=charts.FEW,
    )
    return environment


def _printable(value: object) -> object:
    """What Jinja is about to write, texts of ours and numbers unchanged."""
    return words.printable(value) if _is_raw(value) else value


def _is_raw(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and not isinstance(value, Markup)


def _cut(text: str, most: int) -> str:
    """A text of at most `most` letters; what is cut off is marked."""
    clean = words.printable(text)
    return clean if len(clean) <= most else f"{clean[: most - 1].rstrip()}…"


def _pixels(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class _Folded:
    """Reasons of which only some are shown at once; `total` is what the rest come to."""

    shown: Sequence[Reason]
    rest: Sequence[Reason] = ()

    @property
    def total(self) -> Reason:
        text = words.speaker()("reasons.other", n=len(self.rest))
        return Reason(text, round(sum(reason.points for reason in self.rest), 4))


def _folded(reasons: Sequence[Reason], most: int) -> _Folded:
    """Base and the strongest reasons, in their order; the weaker ones folded if they are several.

    A lone one beyond `most` is shown: it takes no more room than the line that would stand for it.
    """
    terms = [reason for reason in reasons if reason.part != "base"]
    weak = {id(r) for r in sorted(terms, key=lambda reason: -abs(reason.points))[most:]}
    if len(weak) < 2:
        return _Folded(reasons)
    shown = [reason for reason in reasons if id(reason) not in weak]
    return _Folded(shown, [reason for reason in reasons if id(reason) in weak])


def _has_folded(ranked: Sequence[Ranked], most: int) -> bool:
    return any(_folded(record.reasons, most).rest for record in ranked)


def _strongest(reasons: Sequence[Reason], most: int) -> _Folded:
    """The strongest terms alone, for a glance."""
    terms = [reason for reason in reasons if reason.part == "term"]
    return _Folded(sorted(terms, key=lambda reason: -abs(reason.points))[:most])


def _quoted(text: str) -> Markup:
    """A text whose names in backticks are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone one is a letter like others
        parts[-2:] = ["`".join(parts[-2:])]
    escaped = map(Markup.escape, map(words.printable, parts))
    marks = (Markup(""), Markup("<code>"), Markup("</code>"))
    marked = [marks[0 if i == 0 else 1 if i % 2 else 2] + part for i, part in enumerate(escaped)]
    return Markup("").join(marked)


def _named(noun: Noun, count: float) -> str:
    return noun.one if count == 1 else noun.many


def _capitalized(text: str) -> Markup:
    safe = Markup.escape(text)
    return safe[:1].upper() + safe[1:]


def _at(value: float, axis: float) -> float:
    return charts.span(0, value, (0, axis)).width


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
    return {
        "f": f,
        "rated": rated,
        "best": f.segments[0] if f.segments else Segment("", 0, 0),
        "ranked": f.ranked[:RANKED_SHOWN],
        "rejected_rows": f.rejected_rows[:REJECTED_SHOWN],
        "notices": [n for n in sorted(f.notices, key=lambda n: n.kind) if n.kind != "source"],
        "sources": _sources(f),
        "contents": _contents(f),
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
        "rate_end": charts.rate_axis([s.rate for s in f.segments] + [base]),
        "scored_axis": (0, f.scored or 1),
        "term_rate_end": charts.rate_axis([*term_rates, base]),
        "with_outcomes": any(record.outcome for record in f.ranked),
        "drawings": _drawings(f, shades, base),
        "scores_intro": _scores_intro(f, rated),
        "scores_desc": _describe(f, rated),
        "falls": [(fall, _fall(fall)) for fall in f.waterfalls],
    }


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
        noun=_named(f.noun, peak.count),
    )
    rates = [b.rate for b in bins if b.rate is not None and b.rate.of >= charts.FEW]
    if rated and len(rates) > 1:
        first, last = (numbers.percent(rate.value) for rate in (rates[0], rates[-1]))
        text += " " + say("scores.desc.rate", first=first, last=last)
    return text


def _sources(f: ReportFigures) -> list[dict[str, str | None]]:
    return [
        {"text": n.text, "link": n.link if (n.link or "").startswith("https://") else None}
        for n in f.notices
        if n.kind == "source"
    ]


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
        why = say("worth.empty.why", won=_cut(worth.won_means, 80))
        return "none", say("worth.empty"), why
    if not worth.base.hits:
        n = numbers.whole(worth.base.of)
        won = _cut(worth.won_means, 80)
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
    notes = [say("worth.won", won=_cut(worth.won_means, 80))]
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
