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
from tests.conformance.cards import Drawn, draw_card, draw_points
from tests.conformance.files import write_card
from tests.conformance.trees import Tree
from tests.oracle_events import seconds, tally
from tests.oracle_features import feature, thinned

PROPERTIES = {"mail": "text", "minutes": "number", "kind": "choice"}
EVENTS = {"open": PROPERTIES, "webinar attended": PROPERTIES}
BURSTS = {"2 in 1 second": (2, 1), "3 in 2 seconds": (3, 2), "4 in 1 minute": (4, 60)}
COUNTS: list[Tree] = [("number", number) for number in ("0", "1", "1", "2", "3", "2.5")]
DAYS: list[Tree] = [("number", number) for number in ("0", "1", "7", "30", "60", "399")]
MINUTES: list[Tree] = [("number", one) for one in ("20", "19.999", "20.0000", "40", "0", "50.0001")]
MAILS: list[Tree] = [("text", one) for one in ("e1", "e2", "Почта")]
TAKES: dict[str, tuple[str, list[Tree]]] = {
    "count": ("integer", COUNTS),
    "distinct(mail)": ("integer", COUNTS),
    "distinct(minutes)": ("integer", COUNTS),
    "distinct(at)": ("integer", COUNTS),
    "sum(minutes)": ("number", MINUTES),
    "first(minutes)": ("number", MINUTES),
    "last(minutes)": ("number", MINUTES),
    "first(mail)": ("text", MAILS),
    "last(mail)": ("text", MAILS),
    "last(kind)": ("choice", [("choice", "Demo"), ("choice", "talk")]),
    "first(at)": ("time", [("moment", "2026-01-31T00:00:00Z"), ("moment", "2026-03-28")]),
    "days since last": ("integer", DAYS),
    "days since first": ("integer", DAYS),
}
WHOSE = "its events"
"""The oracle reads a feature as a fact of a field that is always there: so it is never open."""
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


def draw_features(random: Random, traps: Counter[str]) -> dict[str, dict[str, Any]]:
    """None to six features by name."""
    features: dict[str, dict[str, Any]] = {}
    for number in range(random.choice([0, 2, 3, 6])):
        take = random.choice(list(TAKES))
        one: dict[str, Any] = {"event": random.choice(list(EVENTS)), "take": take}
        if random.random() < 0.4:
            one["within"] = random.choice(DURATIONS)
        if random.random() < 0.3:
            one["where"] = random.choice(WHERE)
        features[f"{random.choice(['orders', 'дней', 'a b'])} {number}"] = one
        traps[take] += 1
    return features


def draw_card_of_events(random: Random, traps: Counter[str]) -> Drawn:
    """A random card with features, and with event terms among its own."""
    features = draw_features(random, traps)
    also = {name: TAKES[one["take"]] for name, one in features.items()}
    drawn = draw_card(random, Counter(), size="small", also=also)
    fields = {name: one for name, one in drawn.card["fields"].items() if name not in features}
    card = drawn.card | {"fields": fields} | ({"features": features} if features else {})
    return with_events(random, replace(drawn, card=card), traps)


def with_events(random: Random, drawn: Drawn, traps: Counter[str], *, bursts: bool = True) -> Drawn:
    """The drawn card with event terms among its own, and perhaps with bursts to ignore."""
    groups = [*drawn.card.get("groups", {}), None, None]
    terms = list(drawn.card["terms"])
    for number in range(random.randint(0 if "features" in drawn.card else 1, 4)):
        at = random.randint(0, len(terms))
        terms.insert(at, draw_term(random, number, groups, traps))
    events: dict[str, Any] = {name: dict(properties) for name, properties in EVENTS.items()}
    for properties in events.values():
        if bursts and random.random() < 0.3:
            properties["ignore"] = {"burst": random.choice(list(BURSTS))}
    card = drawn.card | {"terms": terms, "events": events}
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
    for _ in range(random.choice([0, 0, 1, 3, 8, 12])):
        if events and random.random() < 0.15:
            again = dict(random.choice(events))
            traps["repeated id"] += again["id"] is not None
            events.append(again | {"minutes": 99.0})
            continue
        if events and random.random() < 0.2:
            beside = random.choice([0, 1, 2, 2.000001, 30])
            same = random.choice(events)
            other = {"at": same["at"] + timedelta(seconds=beside), "id": None, "mail": "e4"}
            events.append(same | other)
            events[-1]["age"] = (drawn.as_of - events[-1]["at"]) // timedelta(days=1)
            traps["beside another"] += 1
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
                "minutes": random.choice(
                    [20.0, 19.999, 20.000001, 30.0, 0.00005, 1e11, 9e15, -5.0, -0.0, 0.0, None]
                ),
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
    events, terms = without_bursts(drawn, events), []
    for term in drawn.card["terms"]:
        if "event" in term:
            term = term | {"tally": str(tally(plain(term), events, drawn.as_of)[1])}
        terms.append(as_facts(term, set(drawn.card.get("features", ()))))
    return replace(drawn, card=drawn.card | {"terms": terms})


def with_features(
    drawn: Drawn, record: dict[str, Any], events: list[dict[str, Any]]
) -> dict[str, Any]:
    """The record with what the oracle says of the features."""
    events = without_bursts(drawn, events)
    found = {
        f"{WHOSE}__{name}": feature(plain(one), events, drawn.as_of)
        for name, one in drawn.card.get("features", {}).items()
    }
    return {**record, WHOSE: True, **found}


def without_bursts(drawn: Drawn, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = drawn.card.get("events", {})
    told = {name: one["ignore"]["burst"] for name, one in kinds.items() if "ignore" in one}
    return thinned(events, {name: BURSTS[burst] for name, burst in told.items()}, drawn.as_of)


def plain(rule: dict[str, Any]) -> dict[str, Any]:
    return rule | ({"where": rule["where"][1]} if "where" in rule else {})


def as_facts(part: Any, features: set[str]) -> Any:
    """A term, or a part of it, that reads features as facts of what is always there."""
    if isinstance(part, dict):
        return {key: as_facts(below, features) for key, below in part.items()}
    if isinstance(part, tuple) and part[:1] == ("field",) and part[1] in features:
        return ("fact", WHOSE, part[1])
    if isinstance(part, list | tuple):
        return type(part)(as_facts(below, features) for below in part)
    return part


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
        "__row__": pl.Int64(),
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
                row = sum(map(len, rows.values()))
                rows[one["event"]].append({"__key__": str(key), "__row__": row, **one})
    return {
        name: pl.DataFrame(
            [{column: row[column] for column in schema} for row in found], schema=schema
        ).lazy()
        for name, found in rows.items()
    }
