"""The naive oracle of features and bursts: values taken from events, and events no person made.

Written from the rules alone, beside `oracle_events`, which says which events count. A feature is a
dict: event, take (as a card writes it), within?, where?. A burst is (events, seconds), by kind.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.oracle_events import counted


def feature(rule: dict[str, Any], events: list[dict[str, Any]], as_of: datetime) -> Any:
    """What the chosen events come to; None is missing."""
    chosen = counted(
        {key: rule[key] for key in ("event", "within", "where") if key in rule}, events, as_of
    )
    take, _, name = rule["take"].removesuffix(")").partition("(")
    if take == "count":
        return len(chosen)
    if take.startswith("days"):
        moments = sorted(one["at"] for one in chosen)
        end = moments[0 if take.endswith("first") else -1] if moments else None
        return None if end is None else (as_of - end) // timedelta(days=1)
    in_time = sorted(chosen, key=lambda one: one["at"])  # of one moment as they were recorded
    values = [one[name] for one in in_time if one[name] is not None]
    if take == "distinct":
        return len(set(values))
    if take == "sum":
        whole = [round(value * 10_000.0) for value in values]
        return sum(whole) / 10_000 if sum(map(abs, whole)) < 2**53 else None
    return values[0 if take == "first" else -1] if values else None


def thinned(
    events: list[dict[str, Any]], bursts: dict[str, tuple[int, int]], as_of: datetime
) -> list[dict[str, Any]]:
    """The events up to a moment without repeats of an id, and without bursts."""
    known: list[dict[str, Any]] = []
    for one in events:
        if one["id"] is None or one["id"] not in [other["id"] for other in known]:
            known.append(one)
    known = [one for one in known if one["at"] <= as_of]
    ignored = []
    for start in known:
        most, seconds = bursts.get(start["event"], (len(events) + 1, 0))
        end = start["at"] + timedelta(seconds=seconds)
        same = [one for one in known if one["event"] == start["event"]]
        together = [one for one in same if start["at"] <= one["at"] <= end]
        ignored += together if len(together) >= most else []
    return [one for one in known if not any(one is other for other in ignored)]
