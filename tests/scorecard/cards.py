"""Random small cards whose fields have few values that can be told apart."""

import datetime as dt
import itertools
from typing import Any

from hypothesis import strategies as st

from scoreline.language.tree import reads_time
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.yamltree import write_tree

KINDS = ("corporate", "free", "disposable", "relay")
TINY, HUGE = 1e-310, 1.7e308
BUDGETS = (
    0.25,
    0.5,
    0.6,
    0.75,
    0.9,
    1,
    1.1,
    1.2,
    1.3,
    1.5,
    1.8,
    2,
    2.2,
    2.5,
    2.8,
    3,
    4,
    5,
    6,
    12,
    13,
)
RATES = (-7, -6, -4, -3, -2, -1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.6, 0.75, 0.9, 1, 1.5, 2, 2.2, 2.5)
RATES = (*RATES, 2.8, 3, 3.5, 4, 8, 12, 13)
VALUES: dict[str, list[dict[str, Any]]] = {
    "age": [{"age": v} for v in (None, *map(float, range(-7, 14)))],
    "budget": [{"budget": v} for v in (None, 0.0, TINY, *BUDGETS, HUGE)],
    "rate": [{"rate": v} for v in (None, -HUGE, -TINY, 0.0, TINY, *RATES, HUGE)],
    "job": [{"job": v} for v in (None, "manager", "student", "retired", "other")],
    "has_spec": [{"has_spec": v} for v in (None, True, False)],
    "email": [
        {},
        {"email__kind": "invalid"},
        *(
            {"email": "a@b.c", "email__kind": kind, "email__role": role}
            for kind in KINDS
            for role in (True, False)
        ),
    ],
    "phone": [
        {},
        {"phone__status": "invalid"},
        *(
            {"phone": "1", "phone__status": status, "phone__country": country}
            for status in ("ok", "suspect")
            for country in ("RU", "FR", "US", None)
        ),
    ],
}
"""Values by field, facts included: on every literal of the tests below, between and beyond them."""
TYPES: dict[str, Any] = {
    "age": "integer",
    "budget": "money",
    "rate": "number",
    "job": {"type": "choice", "missing": ["unemployed"]},
    "has_spec": "yes/no",
    "email": "email",
    "phone": "phone",
}
NUMBERS = {
    "age": ("-1", "0", "2", "2.5", "3", "6"),
    "budget": ("0", "0.5", "2", "5"),
    "rate": ("-1", "0", "0.5", "3"),
}
TEXTS = {
    "job": ("manager", "student", "retired", "unemployed"),
    "email.kind": (*KINDS, "invalid"),
    "phone.status": ("ok", "suspect", "invalid"),
    "phone.country": ("RU", "FR"),
}
TRUTHS = ("has_spec", "email.role")
LOOKED_AT = (*NUMBERS, *TEXTS, *TRUTHS, "email", "phone")


def field_of(name: str) -> str:
    return name.partition(".")[0]


@st.composite
def conditions(draw: st.DrawFn, fields: list[str], depth: int = 2) -> str:
    if depth and draw(st.booleans()):
        parts = draw(st.lists(conditions(fields, depth - 1), min_size=2, max_size=3))
        joined = f" {draw(st.sampled_from(('and', 'or')))} ".join(f"({p})" for p in parts)
        return f"not ({joined})" if draw(st.integers(0, 4)) == 0 else joined
    name = draw(st.sampled_from([n for n in LOOKED_AT if field_of(n) in fields]))
    if draw(st.integers(0, 4)) == 0 or name in ("email", "phone"):
        return f"{name} is {draw(st.sampled_from(('null', 'not null')))}"
    if name in TRUTHS:
        return draw(st.sampled_from((name, f"not {name}", f"coalesce({name}, true)")))
    if name in NUMBERS:
        return draw(number_tests(name))
    values = draw(st.lists(st.sampled_from(TEXTS[name]), min_size=1, max_size=2, unique=True))
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"{name} {draw(st.sampled_from(('in', 'not in')))} ({quoted})"


@st.composite
def number_tests(draw: st.DrawFn, name: str) -> str:
    literal = draw(st.sampled_from(NUMBERS[name]))
    op = draw(st.sampled_from(("=", "<>", "<", "<=", ">", ">=")))
    shape = draw(
        st.sampled_from(
            (
                "{n} {op} {x}",
                "{n} {op} {x}",
                "coalesce({n}, 2) {op} {x}",
                "case when {n} > 2 then 0 - {n} else {n} end {op} {x}",
                "{n} * 2 - 1 {op} {x}",
                "3 - {n} {op} {x}",
                "6 / {n} {op} {x}",
                "{n} / 4 is null",
                "1 / ({n} - 2) is null",
            )
        )
    )
    return shape.format(n=name, op=op, x=literal)


@st.composite
def terms(draw: st.DrawFn, place: int, fields: list[str], groups: list[str]) -> dict[str, Any]:
    points = st.integers(-4, 5).map(str)
    term: dict[str, Any] = {"name": f"t{place}"}
    shape = draw(st.sampled_from(("when", "when", "bins", "values", "pair")))
    ranged = [n for n in NUMBERS if n in fields]
    listed = [n for n in TEXTS if field_of(n) in fields]
    if shape == "pair" and ranged + listed:
        term |= draw(pairs(ranged + listed))
    elif shape == "bins" and ranged:
        term["of"] = draw(st.sampled_from(ranged))
        edges = draw(st.lists(st.sampled_from(NUMBERS[term["of"]]), min_size=1, unique=True))
        edges = sorted(edges, key=float)
        ends = [*zip([None, *edges], [*edges, None], strict=True)]
        kept = [end for end in ends if draw(st.integers(0, 4))] or ends[:1]
        term["bins"] = [
            {k: v for k, v in (("from", low), ("below", high)) if v} | {"points": draw(points)}
            for low, high in kept
        ]
    elif shape == "values" and listed:
        term["of"] = draw(st.sampled_from(listed))
        known = draw(st.permutations(TEXTS[term["of"]]))
        cut = draw(st.integers(1, len(known)))
        parts = [known[:cut], known[cut : cut + 1]]
        term["values"] = [{"is": list(p), "points": draw(points)} for p in parts if p]
        if draw(st.booleans()):
            term["values"].append({"otherwise": draw(points)})
    else:
        term["when"] = draw(conditions(fields))
        term["points"] = draw(points)
    if "rows" not in term and draw(st.integers(0, 3)) == 0:
        if "when" in term:
            term["missing"] = draw(points)
        else:
            term["bins" if "bins" in term else "values"].append({"missing": draw(points)})
    if groups and draw(st.booleans()):
        term["group"] = draw(st.sampled_from(groups))
    return term


@st.composite
def pairs(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """A pair table of two of these fields and facts, or of one twice."""
    of = [draw(st.sampled_from(names)) for _ in range(2)]
    axes = [draw(axes_of(name)) for name in of]
    row = st.lists(st.integers(-4, 5).map(str), min_size=len(axes[1]), max_size=len(axes[1]))
    points = [draw(row) for _ in axes[0]]
    return {"of": of, "rows": axes[0], "columns": axes[1], "points": points}


@st.composite
def axes_of(draw: st.DrawFn, name: str) -> list[Any]:
    """Ranges or values of a field, some left out, with `otherwise` and `missing` anywhere."""
    lines: list[Any]
    if name in NUMBERS:
        edges = draw(st.lists(st.sampled_from(NUMBERS[name]), min_size=1, unique=True))
        edges = sorted(edges, key=float)
        ends = [*zip([None, *edges], [*edges, None], strict=True)]
        lines = [{k: v for k, v in (("from", low), ("below", high)) if v} for low, high in ends]
    else:
        lines = [{"is": [value]} for value in TEXTS[name]]
    kept = [line for line in lines if draw(st.integers(0, 4))] or lines[:1]
    for word in ("otherwise", "missing"):
        if draw(st.booleans()):
            kept.insert(draw(st.integers(0, len(kept))), word)
    return kept


@st.composite
def card_trees(draw: st.DrawFn, most_terms: int = 6, most_fields: int = 3) -> dict[str, Any]:
    fields = draw(
        st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=most_fields, unique=True)
    )
    groups = draw(st.lists(st.sampled_from(("g", "h")), max_size=2, unique=True))
    count = draw(st.integers(1, most_terms))
    bounds = draw(st.lists(st.integers(-5, 12), min_size=1, max_size=3, unique=True))
    segments: list[dict[str, str]] = [
        {"name": f"s{bound}", draw(st.sampled_from(("above", "from"))): str(bound)}
        for bound in sorted(bounds, reverse=draw(st.integers(0, 9)) > 0)
    ]
    tree: dict[str, Any] = {
        "scorecard": "random",
        "fields": {name: TYPES[name] for name in fields},
        "terms": [draw(terms(place, fields, groups)) for place in range(count)],
        "base": str(draw(st.integers(-2, 2))),
        "segments": [*segments, {"name": "rest"}],
    }
    if draw(st.integers(0, 3)) == 0:
        tree["probability"] = draw(probabilities())
    if groups:
        tree["groups"] = {name: draw(clamps()) for name in groups}
    if draw(st.integers(0, 3)) == 0:
        tree["total"] = draw(clamps())
    return tree


@st.composite
def probabilities(draw: st.DrawFn) -> dict[str, Any]:
    """Ranges over scores that such cards reach, with millionths of a probability."""
    cuts = sorted(draw(st.lists(st.integers(-6, 12), max_size=4, unique=True)))
    scores = []
    for start, below in itertools.pairwise([None, *cuts, None]):
        low, share, high = sorted(draw(st.tuples(*[st.integers(0, 1_000_000)] * 3)))
        line = {"from": start, "below": below}
        shares = {"probability": share} | draw(st.sampled_from(({}, {"low": low, "high": high})))
        scores.append(
            {k: str(v) for k, v in line.items() if v is not None}
            | {k: f"{v / 1_000_000:.6f}" for k, v in shares.items()}
        )
    return {"of": "buys", "scores": scores} if draw(st.booleans()) else {"scores": scores}


@st.composite
def clamps(draw: st.DrawFn) -> dict[str, str]:
    low, high = sorted(draw(st.tuples(st.integers(-6, 3), st.integers(0, 8))))
    kept = draw(st.sampled_from((("floor",), ("cap",), ("floor", "cap"))))
    return {k: str(v) for k, v in (("floor", low), ("cap", high)) if k in kept}


def read(tree: dict[str, Any]) -> Scorecard:
    return parse_card(write_tree(tree))


def whole(points: int) -> float:
    return points / SCALE


def day(number: int) -> dt.date:
    return dt.date(2026, 1, 10) + dt.timedelta(days=number)


def moment(hours: float) -> dt.datetime:
    return dt.datetime(2026, 1, 10, tzinfo=dt.UTC) + dt.timedelta(hours=hours)


WORDS = ["".join(some) for size in (1, 2, 3, 4) for some in itertools.product("abx", repeat=size)]
LINKED: dict[str, tuple[str, list[Any]]] = {
    "d": ("date", [None, *map(day, range(-8, 9))]),
    "e": ("date", [None, *map(day, range(-8, 9))]),
    "t": ("time", [None, *(moment(h) for h in range(-168, 170, 6)), moment(0.001), moment(-0.001)]),
    "n": ("integer", [None, *map(float, range(-6, 13))]),
    "m": ("number", [None, -HUGE, *(v / 4 for v in range(-24, 52)), HUGE, TINY, -TINY]),
    "c": ("money", [None, *(v / 4 for v in range(52)), HUGE, TINY]),
    "u": ("text", [None, *WORDS]),
    "v": ("text", [None, *WORDS]),
}
AS_OF = [moment(h) for h in range(-168, 170, 12)]
TESTS = {
    "d": ("d >= '2026-01-11'", "d < as_of", "days_between(d, as_of) <= 1", "d is null"),
    "e": ("e = '2026-01-09'", "days_between('2026-01-09', e) > 2", "days_between(e, as_of) > 0"),
    "t": ("t >= '2026-01-10T12:00:00'", "days_between(t, as_of) = 0", "t > as_of"),
    "n": ("n > 2", "n * 2 <= 5", "n = 0"),
    "m": ("m > 2.5", "m + 1 >= 0", "1 / m > 1"),
    "c": ("c >= 1", "c / 2 < 1"),
    "u": ("starts_with(u, 'ab')", "contains(u, 'b')", "u = 'aba'", "u in ('b', 'xx')"),
    "v": ("ends_with(v, 'a')", "contains(v, 'ab') and not starts_with(v, 'a')", "v <> 'b'"),
}
PAIRS = {
    "de": ("d > e", "d = e", "days_between(d, e) >= 2", "coalesce(d, e) > '2026-01-10'"),
    "dt": ("t >= d", "d > t"),
    "nm": ("n > m", "n = m", "n + m >= 3", "n / m >= 2", "n * m < 0", "n - m is null"),
    "mc": ("m < c", "m = c", "c / m >= 2", "m - c > 1"),
    "nc": ("n >= c", "c / n between 1 and 2", "c * n = 0"),
    "uv": ("u = v", "u <> v"),
}
"""Tests by the fields they read, over two fields at once."""


@st.composite
def linked_trees(draw: st.DrawFn) -> dict[str, Any]:
    pair = draw(st.sampled_from(sorted(PAIRS)))
    tests = [*PAIRS[pair], *PAIRS[pair], *TESTS[pair[0]], *TESTS[pair[1]]]
    one = st.sampled_from(tests)
    both = st.tuples(one, st.sampled_from(("and", "or", "and not")), one)
    conditions = st.one_of(one, both.map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"))
    chosen = draw(st.lists(conditions, min_size=1, max_size=5))
    return {
        "scorecard": "linked",
        "fields": {name: LINKED[name][0] for name in pair},
        "terms": [
            {"name": f"t{i}", "when": c, "points": str(draw(st.integers(-3, 5)))}
            for i, c in enumerate(chosen)
        ],
        "segments": [{"name": "s", "from": str(draw(st.integers(-2, 9)))}, {"name": "rest"}],
    }


def values_of(card: Scorecard) -> dict[str, list[dict[str, Any]]]:
    found = {f.name: [{f.name: v} for v in LINKED[f.name][1]] for f in card.fields}
    timed = any(reads_time(term.of) for term in card.terms)
    return found | {"as_of": [{"as_of": v} for v in AS_OF]} if timed else found
