"""One channel counted, and the measures by which channels are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scoreline.analytics.intervals import wilson
from scoreline.pages.figures import Rate

MeasureName = Literal[
    "cost_per_lead",
    "cost_per_qualified",
    "cost_per_sale",
    "qualified_share",
    "conversion",
    "qualified_conversion",
]


COSTS: tuple[MeasureName, ...] = ("cost_per_lead", "cost_per_qualified", "cost_per_sale")
RATES: tuple[MeasureName, ...] = ("qualified_share", "conversion", "qualified_conversion")


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel, or all of them together; a blank name is that of leads without a channel.

    qualified, garbage: leads in those segments; sales: won leads; qualified_sales: won among the
    qualified; decided, qualified_decided: leads whose outcome counts in conversion (won or lost,
    or all leads where nothing says who is lost); open: leads without an outcome yet; cost: what
    was spent, None if not said.
    """

    name: str
    leads: int
    qualified: int
    garbage: int
    sales: int
    qualified_sales: int
    decided: int
    qualified_decided: int
    open: int
    cost: float | None = None

    @property
    def qualified_share(self) -> Rate:
        """Qualified of all leads."""
        return wilson(self.qualified, self.leads)

    @property
    def garbage_share(self) -> Rate:
        """Garbage of all leads."""
        return wilson(self.garbage, self.leads)

    @property
    def conversion(self) -> Rate:
        """Sales of all leads that count."""
        return wilson(self.sales, self.decided)

    @property
    def qualified_conversion(self) -> Rate:
        """Sales of the qualified leads that count."""
        return wilson(self.qualified_sales, self.qualified_decided)

    @property
    def cost_per_lead(self) -> float | None:
        """Cost divided by leads."""
        return _per(self.cost, self.leads)

    @property
    def cost_per_qualified(self) -> float | None:
        """Cost divided by qualified leads; None if there are none."""
        return _per(self.cost, self.qualified)

    @property
    def cost_per_sale(self) -> float | None:
        """Cost divided by sales; None if there are none."""
        return _per(self.cost, self.sales)


MEASURES: dict[MeasureName, Callable[[Channel], float | None]] = {
    "cost_per_lead": lambda channel: channel.cost_per_lead,
    "cost_per_qualified": lambda channel: channel.cost_per_qualified,
    "cost_per_sale": lambda channel: channel.cost_per_sale,
    "qualified_share": lambda channel: _value(channel.qualified_share),
    "conversion": lambda channel: _value(channel.conversion),
    "qualified_conversion": lambda channel: _value(channel.qualified_conversion),
}


def _value(rate: Rate) -> float | None:
    return rate.value if rate.of else None


def _per(cost: float | None, count: int) -> float | None:
    return None if cost is None or not count else cost / count
