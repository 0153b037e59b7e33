"""The page that compares channels, from its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from scoreline.pages import charts, numbers, words
from scoreline.pages.figures import ChannelLine, ChannelsFigures, Rate
from scoreline.pages.templating import cut, draw, loud, sources

CHANNELS_SHOWN = 20
"""More channels than this are folded away."""


def render_channels(figures: ChannelsFigures) -> str:
    """The page of compared channels: a whole HTML document that runs no script."""
    return draw("channels.html.j2", _parts(figures))


@dataclass(frozen=True, slots=True)
class _Measure:
    """A share of the leads by channel: what it is called, and where its axis ends."""

    id: str
    title: Markup
    intro: Markup
    hits: str
    of: str
    rate: Callable[[ChannelLine], Rate]
    axis: float


def _parts(f: ChannelsFigures) -> dict[str, object]:
    """Everything the templates ask for beside the figures themselves."""
    costs = any(line.cost is not None for line in f.channels)
    best = sorted(f.channels, key=lambda line: -line.sales)
    return {
        "f": f,
        "notices": loud(f.notices),
        "sources": sources(f.notices),
        "best": [line for line in best if line.sales][:5],
        "measures": _measures(f),
        "with_costs": costs,
        "cost_axis": (0, max((line.cost_per_sale or 0 for line in f.channels), default=0) or 1),
        "strip": _strip(f),
        "shown": CHANNELS_SHOWN,
    }


def _measures(f: ChannelsFigures) -> list[_Measure]:
    say = words.speaker()
    qualified = cut(f.qualified, 40)
    kinds: tuple[tuple[str, str, str, Callable[[ChannelLine], Rate]], ...] = (
        ("qualified", qualified, say("channels.leads"), lambda line: line.qualified),
        ("sales", say("channels.sales"), say("channels.counted"), lambda line: line.sales_rate),
        (
            "sold",
            say("channels.sales"),
            say("channels.counted"),
            lambda line: line.qualified_sales_rate,
        ),
    )
    return [
        _Measure(
            kind,
            say(f"channels.{kind}.title", qualified=qualified),
            say(f"channels.{kind}.intro", qualified=qualified),
            hits,
            of,
            rate,
            charts.rate_axis([rate(line) for line in (*f.channels, f.total)]),
        )
        for kind, hits, of, rate in kinds
    ]


def _strip(f: ChannelsFigures) -> list[dict[str, str]]:
    """All channels together, in numbers."""
    say, total = words.speaker(), f.total
    good, bad = (cut(name or "", 40) for name in (f.qualified, f.garbage))
    rows = [
        (say("channels.strip.leads"), numbers.whole(total.leads)),
        (say("channels.strip.in", segment=good), numbers.whole(total.qualified.hits)),
        (say("channels.strip.in", segment=bad), numbers.whole(total.garbage) if bad else ""),
        (say("channels.strip.open"), numbers.whole(total.open)),
        (say("channels.strip.cost"), _amount(total.cost)),
        (say("channels.strip.per_sale"), _amount(total.cost_per_sale)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _amount(value: float | None) -> str:
    return "" if value is None else numbers.money(value)
