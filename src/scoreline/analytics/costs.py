"""What each channel cost: read from a table, and matched with the channels of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from scoreline.errors import DataError, Finding, did_you_mean, nearest
from scoreline.quality.headers import header_of
from scoreline.quality.text import folded, normal
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.numbers import Amount, read_amount


def read_costs(frame: pl.DataFrame) -> tuple[dict[str, float], tuple[Finding, ...]]:
    """Cost by channel from a table of texts with columns `channel` and `cost`.

    A channel in several rows is added up, with a finding. Raises DataError for a missing column
    and for a cost that cannot be read or is below zero, naming the row.
    """
    channel, cost = (_cost_column(name, frame.columns) for name in ("channel", "cost"))
    costs: dict[str, float] = {}
    currencies: dict[str, int] = {}
    repeated: dict[str, None] = {}
    for number, (name, text) in enumerate(frame.select(channel, cost).iter_rows(), start=1):
        if not normal(str(name or "")) and not normal(str(text or "")):
            continue
        amount = _read_cost(str(text if text is not None else ""), str(name or ""), number)
        if amount.currency:
            currencies.setdefault(amount.currency.partition(" ")[0], number)
        if len(currencies) > 1:
            (one, first), (other, second) = currencies.items()
            raise DataError(
                f"The cost file mixes {one} (row {first}) and {other} (row {second}).",
                "Bring all costs to one currency.",
            )
        key = normal(str(name or ""))
        if key in costs:
            repeated[key] = None
        costs[key] = costs.get(key, 0.0) + amount.as_float()
    if not repeated:
        return costs, ()
    named = ", ".join(f"`{name}`" for name in repeated)
    message = f"The cost file names {named} more than once; the costs were added up."
    return costs, (Finding("cost-repeated", "info", message),)


def match_costs(
    costs: Mapping[str, float], channels: Sequence[str]
) -> tuple[dict[str, float], list[Finding]]:
    """Costs by folded channel, and findings where cost file and data do not meet."""
    by_folded: dict[str, float] = {}
    for name, cost in costs.items():
        by_folded[folded(name)] = by_folded.get(folded(name), 0.0) + cost
    known = {folded(name) for name in channels}
    findings = [
        Finding(
            "cost-without-leads",
            "warning",
            f"The cost file names `{name or 'a blank channel'}`, which brought no lead; "
            "its cost is in no figure.",
            f"Did you mean {' or '.join(near)}?" if (near := nearest(name, channels)) else "",
        )
        for name in costs
        if folded(name) not in known
    ]
    without = [name for name in channels if name and folded(name) not in by_folded]
    if costs and without:
        findings.append(
            Finding(
                "cost-missing",
                "warning",
                f"The cost file has no cost for {', '.join(f'`{name}`' for name in without)}; "
                "costs of all channels together are left out.",
                "Add a row, with cost 0 for a channel that costs nothing.",
            )
        )
    return by_folded, findings


def _cost_column(name: str, columns: Sequence[str]) -> str:
    found = header_of([name], columns)
    if found is None:
        raise DataError(
            f"The cost file has no column `{name}`.",
            f"It needs the columns channel and cost. {did_you_mean(name, columns)}",
        )
    return found


def _read_cost(text: str, channel: str, number: int) -> Amount:
    amount = read_amount(normal(text), None)
    if isinstance(amount, Amount) and amount.as_float() >= 0:
        return amount
    where = f"Row {number} of the cost file: the cost of `{channel[:60]}` is `{text[:40]}`"
    if isinstance(amount, Refusal) and amount.code == "number-ambiguous":
        raise DataError(f"{where}, which may be two numbers.", "Write it as 1234 or 1.234.")
    raise DataError(f"{where}, which is no amount of money.", "Write it as 15000 or 15000.50.")
