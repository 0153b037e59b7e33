"""The page of a learned card, from its figures."""

from __future__ import annotations

from scoreline.pages import charts, numbers, words
from scoreline.pages.figures import Rate
from scoreline.pages.learned_figures import LearnedFigures
from scoreline.pages.templating import draw, loud, sources


def render_learned(figures: LearnedFigures) -> str:
    """The page of a learned card: a whole HTML document that runs no script."""
    return draw("learning.html.j2", _parts(figures))


def _parts(f: LearnedFigures) -> dict[str, object]:
    """Everything the template asks for beside the figures themselves."""
    rates = [one.rate for term in f.terms for one in term.bins]
    said = [Rate(one.said, 1.0, one.said, one.said) for one in f.tenths]
    return {
        "f": f,
        "said": said,
        "tenths_end": charts.rate_axis([*(one.rate for one in f.tenths), *said]),
        "best_count": None if f.reached is None else numbers.whole(round(f.reached.hits)),
        "notices": loud(f.notices),
        "sources": sources(f.notices),
        "strip": _strip(f),
        "pairs": round(100 * f.auc),
        "bands_end": charts.rate_axis([band.rate for band in f.bands]),
        "terms_end": charts.rate_axis([*rates, f.base]),
        "about": "learned.about",
    }


def _strip(f: LearnedFigures) -> list[dict[str, str]]:
    """The figures that an analyst asks for."""
    say = words.speaker()
    low, high = f"{f.auc_low:.3f}", f"{f.auc_high:.3f}"
    rows = [
        (say("learned.strip.auc", low=low, high=high), f"{f.auc:.3f}"),
        (say("learned.strip.gini"), f"{f.gini:.3f}"),
        (say("learned.strip.ks"), f"{f.ks:.3f}"),
        (say("learned.strip.pr_auc"), f"{f.pr_auc:.3f}"),
        (say("learned.strip.brier"), f"{f.brier:.4f}"),
        (say("learned.strip.slope"), f"{f.slope:.2f}"),
        (say("learned.strip.doubling", n=f.doubling), f"{f.doubling:g}"),
    ]
    return [{"label": label, "value": value} for label, value in rows]
