"""A page of channels from made-up figures, as `jobs` would fill them."""

from __future__ import annotations

from scoreline.pages.figures import ChannelLine, ChannelsFigures, FindingLine, Notice, Rate
from tests.pages.example_figures import rate


def line(name: str, leads: int, good: int, sales: int, cost: float | None) -> ChannelLine:
    """A channel half of whose leads are decided, and all of whose sales are of good leads."""
    decided = max(leads // 2, sales)
    return ChannelLine(
        name=name,
        leads=leads,
        qualified=rate(good, leads),
        garbage=leads // 5,
        sales=sales,
        sales_rate=rate(sales, decided),
        qualified_sales_rate=rate(sales, good) if good else Rate(0, 0, 0, 1),
        open=leads - decided,
        cost=cost,
        cost_per_lead=None if cost is None else cost / leads,
        cost_per_qualified=cost / good if cost and good else None,
        cost_per_sale=cost / sales if cost and sales else None,
    )


def example() -> ChannelsFigures:
    return ChannelsFigures(
        title="Is this lead ready for a sales call?",
        card="leads.yaml",
        fingerprint="9f31c0de5a77",
        as_of="2026-11-22T00:00:00Z",
        file="leads-november.csv",
        channels=(
            line("search ads", 420, 80, 31, 210000),
            line("webinar", 130, 61, 28, 90000.5),
            line("a partner with a very long name that goes on", 12, 9, 1, 0),
            line("", 5, 0, 0, None),
        ),
        total=line("", 567, 150, 60, 300000.5),
        qualified="qualified",
        garbage="garbage",
        counted="Conversion is sales of the leads won or lost so far; 284 open ones are left out.",
        won_means="deal = won",
        turns=(
            "search ads is cheaper than webinar per lead (500 against 692) but dearer per sale.",
        ),
        more_turns=27,
        findings=(FindingLine("info", "few-leads", "Few to judge by: `webinar`.", 1, "Wait."),),
        notices=(Notice("invented", "These channels do not exist."),),
        made_with=(("Lists of e-mail domains", "2026-11-01"),),
    )
