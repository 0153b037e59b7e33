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
    if feature.take == "count":
        return float(len(chosen))
    # Of one moment, what was recorded first comes first.
    in_time = sorted(chosen, key=lambda one: one.at)
    if feature.of is None:
        end = 0 if feature.take == "days since first" else -1
        return days(in_time[end].at, as_of) if in_time else None
    values = [value for value in known_values(feature, in_time) if value is not None]
    match feature.take:
        case "distinct":
            return float(len(set(values)))
        case "sum":
            return sums_from(values)[0]
        case "first":
            return next(iter(values), None)
        case _:
            return next(reversed(values), None)


def known_values(feature: Feature, chosen: Iterable[Happened]) -> list[Any]:
    """The values of the property that is taken, numbers as floats; None where it is missing."""
    column = "" if feature.of is None else feature.of.column
    found = [property_of(one, column) for one in chosen]
    if feature.of is not None and feature.of.kind == "number":
        return [None if value is None else float(value) for value in found]
    return found


def sums_from(values: Sequence[float | None]) -> list[float | None]:
    """The sums of values at four decimals from each place on; the last is that of none, 0.

    They are the same in every order; None where sizes come to some 900 billion.

    >>> sums_from([0.1, None, 0.2])
    [0.3, 0.2, 0.2, 0.0]
    """
    total = size = 0.0
    sums: list[float | None] = [0.0]
    for value in reversed(values):
        if value is not None:
            scaled = value * SCALE
            whole = float(round(scaled)) if math.isfinite(scaled) else math.inf
            total += whole
            size += abs(whole)
        sums.append(total / SCALE if size < EXACT else None)
    return sums[::-1]
