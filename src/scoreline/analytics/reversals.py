"""Pairs of channels whose order flips from one measure to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from scoreline.analytics.intervals import log_ratio_differs, rates_differ, wilson
from scoreline.analytics.measures import COSTS, MEASURES, RATES, Channel, MeasureName
from scoreline.pages import numbers


@dataclass(frozen=True, slots=True)
class Reversal:
    """Channel `first` is ahead of `second` by one measure and behind by the other.

    values: (first, second) by the measure in which `first` is ahead, then by the other one;
    sure: both differences are beyond chance, so the same is to be expected again. What was paid
    is a fact either way: a reversal of costs is told even if it may not come again.
    """

    first: str
    second: str
    ahead: MeasureName
    behind: MeasureName
    ahead_values: tuple[float, float]
    behind_values: tuple[float, float]
    sure: bool


WORDS: dict[MeasureName, tuple[str, str, str]] = {
    # measure: ahead, behind, of what
    "cost_per_lead": ("cheaper", "dearer", "per lead"),
    "cost_per_qualified": ("cheaper", "dearer", "per qualified lead"),
    "cost_per_sale": ("cheaper", "dearer", "per sale"),
    "qualified_share": ("better", "worse", "in its share of qualified leads"),
    "conversion": ("better", "worse", "in sales from all leads"),
    "qualified_conversion": ("better", "worse", "in sales from qualified leads"),
}


NEAR = 0.05
"""Costs that differ by less than this part of the dearer one count as equal."""


def sentence(reversal: Reversal) -> str:
    """A reversal in words, with the figures of both channels."""
    return _told([reversal])


TOLD = 3
"""So many reversals are told; with many channels there are dozens."""


def clearest(reversals: Sequence[Reversal], most: int = TOLD) -> tuple[list[str], int]:
    """The first `most` reversals in words, and how many more there are."""
    told = sentences(reversals)
    return told[:most], max(0, len(told) - most)


def sentences(reversals: Sequence[Reversal]) -> list[str]:
    """Reversals in words: what a channel that is ahead by one measure is behind in, all at once."""
    together: dict[tuple[str, str, str, bool], list[Reversal]] = {}
    for one in reversals:
        together.setdefault((one.first, one.second, one.ahead, one.sure), []).append(one)
    return [_told(same) for same in together.values()]


def _told(same: Sequence[Reversal]) -> str:
    """Reversals of the same two channels that share the measure in which the first is ahead."""
    one = same[0]
    ahead, _, of = WORDS[one.ahead]
    first, second = (name or "(no channel)" for name in (one.first, one.second))
    behind = " and ".join(
        f"{WORDS[r.behind][2]} ({_against(r.behind, r.behind_values)})" for r in same
    )
    text = (
        f"{first} is {ahead} than {second} {of} ({_against(one.ahead, one.ahead_values)}) "
        f"but {WORDS[one.behind][1]} {behind}."
    )
    return text if one.sure else f"{text} The numbers are small, so it may not come again."


def _against(measure: MeasureName, values: tuple[float, float]) -> str:
    shown = numbers.money if measure in COSTS else numbers.percent
    return f"{shown(values[0])} against {shown(values[1])}"


def find_reversals(channels: Sequence[Channel]) -> tuple[Reversal, ...]:
    """Pairs of channels whose order flips between two costs or two rates.

    Costs are what was paid, so every flip of theirs is told, unless the costs are nearly equal.
    Rates are samples, so a flip of theirs is told only if both differences are beyond chance.
    Sure ones stand first, then those that turn the most.
    """
    found = []
    for one, other in combinations(channels, 2):
        for family in (COSTS, RATES):
            for earlier, later in combinations(family, 2):
                reversal = _reversal(one, other, earlier, later)
                if reversal is not None and (family is COSTS or reversal.sure):
                    found.append(reversal)
    return tuple(sorted(found, key=lambda reversal: (not reversal.sure, -_turn(reversal))))


def _turn(reversal: Reversal) -> float:
    """How far the channel that is ahead falls behind: the ratio by the other measure."""
    first, second = reversal.behind_values
    low, high = sorted((first, second))
    return high / low if low else math.inf


def _reversal(
    one: Channel, other: Channel, earlier: MeasureName, later: MeasureName
) -> Reversal | None:
    values = [(MEASURES[m](one), MEASURES[m](other)) for m in (earlier, later)]
    if any(value is None for pair in values for value in pair):
        return None
    ahead = [_lead(measure, pair) for measure, pair in zip((earlier, later), values, strict=True)]
    if ahead[0] * ahead[1] >= 0:
        return None
    first, second = (one, other) if ahead[0] > 0 else (other, one)
    sure = all(_differ(measure, first, second) for measure in (earlier, later))
    pairs = [(MEASURES[m](first) or 0.0, MEASURES[m](second) or 0.0) for m in (earlier, later)]
    return Reversal(first.name, second.name, earlier, later, pairs[0], pairs[1], sure)


def _lead(measure: MeasureName, pair: tuple[float | None, float | None]) -> int:
    """1 if the first of a pair is ahead, -1 if behind, 0 if they are equal or nearly so."""
    first, second = pair[0] or 0.0, pair[1] or 0.0
    if measure not in COSTS:
        return (first > second) - (first < second)
    if abs(first - second) < NEAR * max(first, second):
        return 0
    return (first < second) - (first > second)


def _differ(measure: MeasureName, one: Channel, other: Channel) -> bool:
    """Whether a measure of two channels differs by more than chance."""
    if measure == "cost_per_lead":
        return True  # both numbers are counted, not sampled
    if measure in COSTS:
        counts = [c.qualified if measure == "cost_per_qualified" else c.sales for c in (one, other)]
        rates = (wilson(counts[0], one.leads), wilson(counts[1], other.leads))
        return log_ratio_differs((one.cost or 0.0, other.cost or 0.0), rates)
    by_name = {
        "qualified_share": (one.qualified_share, other.qualified_share),
        "conversion": (one.conversion, other.conversion),
        "qualified_conversion": (one.qualified_conversion, other.qualified_conversion),
    }
    return rates_differ(*by_name[measure])
