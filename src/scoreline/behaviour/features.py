"""Features of one record: its events -> values as of a moment, read by conditions like fields."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Any

from scoreline.behaviour.happened import Happened, chosen_events, property_of
from scoreline.language.tree import Scalar
from scoreline.language.values import days
from scoreline.scorecard.events import Feature
from scoreline.scorecard.points import SCALE

EXACT = 2.0**53
"""Sums of whole doubles are exact, whatever their order, as long as all sizes stay below."""


def featured(
    features: Iterable[Feature], events: Sequence[Happened], as_of: dt.datetime
) -> dict[str, Scalar | None]:
    """The value of each feature by name; None is missing.

    events: of one record, without repeats, in the order they were recorded; as_of: aware.
    """
    return {
        feature.name: feature_value(feature, chosen_events(feature, events, as_of), as_of)
        for feature in features
    }


def feature_value(
    feature: Feature, chosen: Sequence[Happened], as_of: dt.datetime
) -> Scalar | None:
    """What the chosen events come to, in the order they were recorded."""
    match feature.take:
        case "count":
            return float(len(chosen))
        case "distinct":
            return float(len({value for _, value in _known(feature, chosen)}))
        case "sum":
            return exact_sum(value for _, value in _known(feature, chosen))
        case "first":  # of one moment the one recorded first
            return min(_known(feature, chosen), key=_moment, default=(None, None))[1]
        case "last":  # of one moment the one recorded last
            return max(reversed(_known(feature, chosen)), key=_moment, default=(None, None))[1]
        case "days since first":
            return days(min((one.at for one in chosen), default=None), as_of)
        case "days since last":
            return days(max((one.at for one in chosen), default=None), as_of)


def exact_sum(values: Iterable[float]) -> float | None:
    """The sum of values at four decimals, the same in every order; None beyond 900 billion.

    >>> exact_sum([0.1] * 3)
    0.3
    """
    total = size = 0.0
    for value in values:
        scaled = value * SCALE
        whole = float(round(scaled)) if math.isfinite(scaled) else math.inf
        total += whole
        size += abs(whole)
    return total / SCALE if size < EXACT else None


def _known(feature: Feature, chosen: Sequence[Happened]) -> list[tuple[Any, Any]]:
    """(moment, value) of the events whose property is not missing."""
    if feature.of is None:
        return []
    read = [(one.at, property_of(one, feature.of.column)) for one in chosen]
    known = [(at, value) for at, value in read if value is not None]
    if feature.of.kind == "number":
        return [(at, float(value)) for at, value in known]
    return known


def _moment(known: tuple[Any, Any]) -> Any:
    return known[0]
