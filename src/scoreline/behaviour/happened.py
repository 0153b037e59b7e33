"""Events as they are typed, and which of them count at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a record: its kind, its moment (aware), its id if it has one, its properties.

    properties: typed values by name; None or absent is missing.
    """

    event: str
    at: dt.datetime
    id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


def without_repeats(events: Iterable[Happened]) -> list[Happened]:
    """The events in their order; of those with one id the first. Without an id all stay."""
    seen: set[str] = set()
    kept = []
    for one in events:
        if one.id is None or one.id not in seen:
            kept.append(one)
        if one.id is not None:
            seen.add(one.id)
    return kept
