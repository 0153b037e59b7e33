"""Cards that divide, and records whose quotients lie on their edges to the last digit.

A value times the reciprocal of a divisor is often not the quotient: 0.1 / 10 is 0.01, but
0.1 * (1 / 10) is 0.010000000000000002. Every value here is of that kind, so that an engine that
multiplies is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from tests.conformance.cards import AS_OF, Drawn
from tests.conformance.files import write_card
from tests.conformance.happenings import EVENTS, Where
from tests.conformance.trees import Tree
from tests.oracle import literal

DIVISORS = [3.0, 7.0, 10.0, 49.0, 1.1, 365.0]
TEN_THOUSANDTHS = 10_000.0
COMPARISONS = (">=", "<", "=", "<>", "<=", ">")
X: Tree = ("field", "x")
SPENT: Tree = ("field", "spent")


@dataclass(frozen=True)
class Dividing:
    """A drawn card, and the values of `x`, of sums and of single events that lie on its edges."""

    drawn: Drawn
    x: list[float]
    sums: list[float]
    single: list[float]


def uneven(random: Random, divisor: float) -> float:
    """A value of two decimals whose quotient is not its product with the reciprocal."""
    while True:
        value = random.randint(100, 100_000) / 100
        if value / divisor != value * (1 / divisor):
            return value


def sum_uneven(random: Random) -> float:
    """A sum whose ten-thousandths are not to be multiplied either."""
    while True:
        value = random.randint(100, 100_000) / 100
        if value != round(value * TEN_THOUSANDTHS) * (1 / TEN_THOUSANDTHS):
            return value


def draw_card(random: Random) -> Dividing:
    """A card that divides in conditions, in what bins look at, in `where`, and in sums."""
    terms: list[dict[str, Any]] = []
    x, sums, single = [], [], []
    for _ in range(3):
        divisor = random.choice(DIVISORS)
        own = [uneven(random, divisor) for _ in COMPARISONS]
        terms += on_quotients(random, X, divisor, own, len(terms))
        x += own
        own = [uneven(random, divisor) for _ in COMPARISONS]
        terms += on_quotients(random, SPENT, divisor, own, len(terms))
        sums += own
        single.append(uneven(random, divisor))
        where = with_quotient(divisor, single[-1])
        name = f"{len(terms)} by events"
        terms.append({"name": name, "event": "open", "points": points(random), "where": where})
    edges = [sum_uneven(random) for _ in range(5)]
    bins = bins_between(random, [repr(edge) for edge in sorted(set(edges))])
    terms.append({"name": "sums", "of": SPENT, "bins": bins})
    terms += [
        {"name": f"sum {n}", "when": ("=", SPENT, ("number", repr(edge))), "points": points(random)}
        for n, edge in enumerate(edges)
    ]
    card = {
        "fields": {"x": {"type": "number"}},
        "terms": terms,
        "events": {name: dict(properties) for name, properties in EVENTS.items()},
        "features": {"spent": {"event": "open", "take": "sum(minutes)"}},
        "segments": [{"name": "best", "from": "4"}, {"name": "rest"}],
    }
    file = write_card(card, random).replace("scorecard: drawn", "scorecard: drawn\nkey: id")
    drawn = Drawn(card, {}, literal("moment", AS_OF[0]), file)
    return Dividing(drawn, x, sums + edges, single)


def on_quotients(
    random: Random, source: Tree, divisor: float, values: list[float], number: int
) -> list[dict[str, Any]]:
    """A condition for each way of comparing, and bins: all on quotients that values have."""
    quotient = ("/", source, ("number", repr(divisor)))
    cuts = [repr(value / divisor) for value in values]
    whens = [
        {
            "name": f"{number} {sign}",
            "when": (sign, quotient, ("number", cut)),
            "points": points(random),
        }
        for sign, cut in zip(COMPARISONS, cuts, strict=True)
    ]
    ordered = sorted(set(cuts), key=float)
    bins = {"name": f"{number} bins", "of": quotient, "bins": bins_between(random, ordered)}
    return [*whens, bins]


def bins_between(random: Random, cuts: list[str]) -> list[dict[str, Any]]:
    leaves: list[Tree] = [("number", cut) for cut in cuts]
    bins: list[dict[str, Any]] = [{"below": leaves[0], "points": points(random)}]
    for low, high in zip(leaves, [*leaves[1:], None], strict=True):
        line = {"from": low, "points": points(random)}
        bins.append(line | ({"below": high} if high else {}))
    return bins


def points(random: Random) -> str:
    return f"{random.uniform(-20, 20):.4f}"


def with_quotient(divisor: float, value: float) -> Where:
    edge = value / divisor

    def reached(one: dict[str, Any]) -> bool:
        return one["minutes"] is not None and one["minutes"] / divisor >= edge

    return f"minutes / {divisor!r} >= {edge!r}", reached


def draw_x(random: Random, cards: list[Dividing]) -> float:
    """A value on an edge of one of the cards."""
    return random.choice([value for card in cards for value in card.x])


def draw_events(random: Random, cards: list[Dividing]) -> list[dict[str, Any]]:
    """Events that come to a sum on an edge, or one that lies on an edge itself."""
    if random.random() < 0.3:
        minutes = [random.choice([value for card in cards for value in card.single])]
    else:
        whole = random.choice([value for card in cards for value in card.sums])
        part = random.randint(0, 100) / 100
        minutes = random.choice([[whole], [part, round(whole - part, 2)]])
    as_of = cards[0].drawn.as_of
    return [
        {
            "event": "open",
            "at": as_of - timedelta(days=number),
            **{"id": None, "mail": "e1", "minutes": one, "kind": "demo", "age": number},
        }
        for number, one in enumerate(minutes)
    ]
