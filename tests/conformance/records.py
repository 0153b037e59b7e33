"""Random typed records for a drawn card: on its edges, beside them, missing, invalid, or anything.

A `None` is missing or invalid; an invalid e-mail or phone still has its `kind` or `status`.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.conformance.cards import Drawn
from tests.conformance.trees import DATES, FACTS, KIND, MOMENTS, NUMBERS, POOLS, TEXTS, Tree, fold
from tests.oracle import literal

BIGGEST = 2**53
ON_EDGE, MISSING, INVALID = 0.55, 0.23, 0.03


def draw_records(
    random: Random, drawn: Drawn, count: int, traps: Counter[str]
) -> list[dict[str, Any]]:
    """`count` records of the drawn card's fields."""
    return [draw_record(random, drawn, traps) for _ in range(count)]


def draw_record(random: Random, drawn: Drawn, traps: Counter[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    emptiness = random.choice([0.0, MISSING, MISSING, MISSING, MISSING, 0.5])
    for name, field in drawn.card["fields"].items():
        traps["value"] += 1
        draw = random.random()
        kind = field["type"]
        absent = draw < emptiness + INVALID
        traps["missing"] += draw < emptiness
        traps["invalid"] += emptiness <= draw < emptiness + INVALID
        record[name] = None if absent else draw_value(random, drawn, name, kind, traps)
        record |= draw_facts(random, drawn, name, kind, absent, draw >= emptiness, traps)
    traps["complete record"] += None not in record.values()
    return record


def draw_value(random: Random, drawn: Drawn, name: str, kind: str, traps: Counter[str]) -> Any:
    edges = drawn.edges.get(name, [])
    if edges and random.random() < ON_EDGE / (1 - MISSING):
        found = beside(random, random.choice(edges), kind)
        if found is not None:
            traps["on an edge or beside it"] += 1
            return seen(found, traps)
    return seen(anything(random, kind), traps)


def beside(random: Random, edge: Tree, kind: str) -> Any:
    """The edge itself or its next neighbour; None if the type has no such value."""
    step = random.choice([0, 0, -1, 1])
    if KIND[kind] == "number":
        number = literal("number", edge[1])
        if kind == "integer":
            return whole(math.floor(number) + step)
        number = math.nextafter(number, step * math.inf) if step else number
        return number if math.isfinite(number) and (kind != "money" or number >= 0) else None
    if kind in ("date", "time"):
        moment = literal("moment", edge[1])
        if kind == "time":
            return moment + timedelta(microseconds=step)
        return moment.date() + timedelta(days=step)
    if kind == "yes/no":
        return bool(edge[1])
    text = unicodedata.normalize("NFC", str(edge[1]))
    near = [text, text, text.swapcase(), text + "s", text[:-1], text + " x", "  " + text]
    return typed_text(random.choice(near), kind)


def whole(number: int) -> int | None:
    return number if abs(number) <= BIGGEST else None


def typed_text(text: str, kind: str) -> str | None:
    """As the boundary would leave it: NFC, trimmed, blanks collapsed; a choice folded."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return (fold(text) if kind == "choice" else text) or None


def anything(random: Random, kind: str) -> Any:
    if KIND[kind] == "number":
        return any_number(random, kind)
    if kind == "yes/no":
        return random.random() < 0.5
    if kind == "date":
        spread = timedelta(days=random.randint(-2000, 2000))
        return random.choice([date.fromisoformat(random.choice(DATES)), date(2025, 1, 1) + spread])
    if kind == "time":
        moment = datetime.fromisoformat(random.choice(MOMENTS)).replace(tzinfo=UTC)
        return moment + timedelta(seconds=random.choice([0, 1, -1, 86_399, 86_400, 3_600]))
    return typed_text(random.choice(POOLS.get(kind, TEXTS)), kind)


def any_number(random: Random, kind: str) -> Any:
    drawn = literal("number", random.choice(NUMBERS)) if random.random() < 0.5 else None
    number = random.uniform(-200, 2000) if drawn is None else drawn
    if kind == "integer":
        return whole(int(number))
    return abs(number) if kind == "money" else number


def draw_facts(
    random: Random,
    drawn: Drawn,
    name: str,
    kind: str,
    absent: bool,
    invalid: bool,
    traps: Counter[str],
) -> dict[str, Any]:
    """Facts of a value: NULL if missing, `invalid` and NULL if invalid; at times NULL if known."""
    facts: dict[str, Any] = {}
    for fact, fact_kind in FACTS.get(kind, {}).items():
        value: Any = None
        if absent and invalid and fact in ("kind", "status"):
            value = "invalid"
            traps["fact of an invalid value"] += 1
        elif not absent and fact_kind == "yes/no":
            value = random.random() < 0.5
        elif not absent:
            pool = [one for one in POOLS[fact] if fold(one) != "invalid"]
            value = typed_text(random.choice(pool), fact_kind)
            if fact not in ("kind", "status") and random.random() < 0.1:
                value = None
                traps["NULL fact of a known value"] += 1
        facts[f"{name}__{fact}"] = value
    return facts


def seen(value: Any, traps: Counter[str]) -> Any:
    """Counts the traps a drawn value is one of, and hands it on."""
    if isinstance(value, float):
        traps["minus zero"] += value == 0 and math.copysign(1, value) < 0
        traps["subnormal"] += 0 < abs(value) < 2.3e-308
        traps["near overflow"] += abs(value) > 1e300
    if isinstance(value, int) and not isinstance(value, bool):
        traps["integer of 2^53"] += abs(value) == BIGGEST
    if isinstance(value, date):
        traps["leap day in a record"] += (value.month, value.day) == (2, 29)
    if isinstance(value, str):
        traps["Cyrillic in a record"] += any("а" <= letter <= "я" for letter in value)
        traps["dotted or dotless i in a record"] += any(letter in value for letter in "İı\u0307")
        traps["accent in a record"] += "é" in value
        traps["sharp s in a record"] += "ß" in value
        traps["quote in a record"] += "'" in value or '"' in value
    return value


def hide(random: Random, record: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The record with some of its fields, and their facts, not known yet."""
    hidden = {name for name in fields if random.random() < 0.4}
    return {
        key: None if key.split("__")[0] in hidden or key in hidden else value
        for key, value in record.items()
    }
