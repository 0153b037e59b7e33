"""Random event terms and events: on edges of windows and days, repeated, late, in the future."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import polars as pl

from scoreline.behaviour.happened import Happened
from tests.conformance.cards import Drawn, draw_points
from tests.conformance.files import write_card
from tests.oracle_events import seconds, tally

PROPERTIES = {"mail": "text", "minutes": "number", "kind": "choice"}
EVENTS = {"open": PROPERTIES, "webinar attended": PROPERTIES}
DURATIONS = ["7 days", "30 days", "1 day", "36 hours", "90 minutes", "2 weeks", "365 days"]
LINEAR = ["50% per 30 days", "10% per 1 day", "100% per 90 days", "33.3% per 7 days"]
Where = tuple[str, Callable[[dict[str, Any]], bool]]


def known(one: dict[str, Any], name: str) -> bool:
    return one[name] is not None


WHERE: list[Where] = [
    ("minutes >= 20", lambda one: known(one, "minutes") and one["minutes"] >= 20),
    ("not minutes < 20", lambda one: known(one, "minutes") and not one["minutes"] < 20),
    ("minutes is null", lambda one: not known(one, "minutes")),
    ("mail is not null", lambda one: known(one, "mail")),
    ("mail in ('e1', 'e3')", lambda one: known(one, "mail") and one["mail"] in ("e1", "e3")),
    ("kind = 'Demo' or minutes > 5", lambda one: one["kind"] == "demo" or more(one, 5)),
    ("days_between(at, as_of) <= 10", lambda one: one["age"] <= 10),
    ("minutes / 2 >= 15", lambda one: known(one, "minutes") and one["minutes"] / 2 >= 15),
]


def more(one: dict[str, Any], than: float) -> bool:
    return known(one, "minutes") and one["minutes"] > than


def with_events(random: Random, drawn: Drawn, traps: Counter[str]) -> Drawn:
    """The drawn card with one to four event terms among its own."""
    groups = [*drawn.card.get("groups", {}), None, None]
    terms = list(drawn.card["terms"])
    for number in range(random.randint(1, 4)):
        at = random.randint(0, len(terms))
        terms.insert(at, draw_term(random, number, groups, traps))
    card = drawn.card | {"terms": terms, "events": EVENTS}
    if random.random() < 0.5:  # thresholds within reach of events
        card["segments"] = [{"name": "best", "from": "4"}, {"name": "rest"}]
    file = write_card(card, random).replace("scorecard: drawn", "scorecard: drawn\nkey: id")
    return replace(drawn, card=card, file=file)


def draw_term(
    random: Random, number: int, groups: list[str | None], traps: Counter[str]
) -> dict[str, Any]:
    count = random.choice(["each", "once", "distinct(mail)", "distinct(minutes)", ""])
    term: dict[str, Any] = {
        "name": f"happened {number}",
        "event": random.choice(list(EVENTS)),
        "points": draw_points(random),
    }
    term |= {"count": count} if count else {}
    if random.random() < 0.4:
        term["within"] = random.choice(DURATIONS)
    ageing = random.random()
    if ageing < 0.35:
        term["half_life"] = random.choice(DURATIONS)
    elif ageing < 0.6:
        term["linear"] = random.choice(LINEAR)
    if random.random() < 0.4:
        term["where"] = random.choice(WHERE)
    if random.random() < 0.4:
        term |= random.choice([{"cap": "3"}, {"floor": "-2"}, {"cap": "5", "floor": "1"}])
    if group := random.choice(groups):
        term["group"] = group
    for key in ("within", "half_life", "linear", "where", "cap", "floor"):
        traps[key] += key in term
    traps[count or "each"] += 1
    return term


def draw_events(random: Random, drawn: Drawn, traps: Counter[str]) -> list[dict[str, Any]]:
    """The events of a record, in order of arrival."""
    terms = [term for term in drawn.card["terms"] if "event" in term]
    spans = [seconds(t[key]) for t in terms for key in ("within", "half_life") if key in t]
    spans += [86_400, 0, 30 * 86_400]
    events: list[dict[str, Any]] = []
    for _ in range(random.choice([0, 0, 1, 3, 8])):
        if events and random.random() < 0.15:
            again = dict(random.choice(events))
            traps["repeated id"] += again["id"] is not None
            events.append(again | {"minutes": 99.0})
            continue
        edge = timedelta(seconds=random.choice(spans) * random.choice([1, 1, 2]))
        beside = timedelta(microseconds=random.choice([0, 0, 1, -1]))
        at = drawn.as_of - edge + beside
        if random.random() < 0.3:
            at = drawn.as_of - timedelta(seconds=random.randint(0, 400 * 86_400))
            beside = timedelta(seconds=1)
        traps["on an edge of time or beside it"] += abs(beside) < timedelta(seconds=1)
        if random.random() < 0.1:
            at = drawn.as_of + timedelta(microseconds=random.choice([1, 10**6 * 86_400]))
            traps["in the future"] += 1
        events.append(
            {
                "event": random.choice([*EVENTS, "of no term"]),
                "at": at,
                "id": random.choice([None, None, f"id {random.randint(1, 40)}"]),
                "mail": random.choice(["e1", "e2", "e3", "Почта", None]),
                "minutes": random.choice([20.0, 19.999, 20.000001, 30.0, 5.0, -0.0, 0.0, None]),
                "kind": random.choice(["demo", "talk", None]),
                "age": (drawn.as_of - at) // timedelta(days=1),
            }
        )
        traps["event"] += 1
        traps["property missing"] += None in events[-1].values()
    random.shuffle(events)
    return events


def tallied(drawn: Drawn, events: list[dict[str, Any]]) -> Drawn:
    """The card with what the oracle says of these events."""
    terms = []
    for term in drawn.card["terms"]:
        if "event" in term:
            plain = term | ({"where": term["where"][1]} if "where" in term else {})
            term = term | {"tally": str(tally(plain, events, drawn.as_of)[1])}
        terms.append(term)
    return replace(drawn, card=drawn.card | {"terms": terms})


def as_happened(events: list[dict[str, Any]]) -> list[Happened]:
    """The events as they are typed."""
    return [
        Happened(one["event"], one["at"], one["id"], {name: one[name] for name in PROPERTIES})
        for one in events
    ]


def as_frames(records: list[list[dict[str, Any]]]) -> dict[str, pl.LazyFrame]:
    """The events of records, keyed by their number, as typed tables by kind; ids are unique."""
    schema = {
        "__key__": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        **{"mail": pl.String(), "minutes": pl.Float64(), "kind": pl.String()},
    }
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in EVENTS}
    for key, events in enumerate(records):
        seen: set[str] = set()
        for one in events:
            if one["id"] is not None and one["id"] in seen:
                continue
            seen.add(one["id"])
            if one["event"] in rows:
                rows[one["event"]].append({"__key__": str(key), **one})
    return {
        name: pl.DataFrame(
            [{column: row[column] for column in schema} for row in found], schema=schema
        ).lazy()
        for name, found in rows.items()
    }
