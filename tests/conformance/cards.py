"""Random cards as the oracle's dicts, with thresholds and edges where records will sit."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from random import Random
from typing import Any

from tests.conformance.files import write_card
from tests.conformance.trees import KIND, Tree, Trees
from tests.oracle import fields_of, literal

TYPES = [
    *("number", "number", "integer", "money", "yes/no", "text", "choice", "date", "time"),
    *("email", "phone", "country", "postcode", "company id", "name", "iban"),
]
FIELD_NAMES = [
    *("budget", "Age", "visits_30d", "x", "joined", "has_spec", "position", "service", "_y1"),
    *("бюджет", "Année", "straße", "order", "select", "group", "case", "end", "null", "in"),
    *("last seen", "Бюджет, руб", "a'b", "100%", "e-mail", "percent_a", "percent_b", "q9"),
]
TERM_WORDS = [
    *("contact phone", "corporate e-mail", "бюджет подходит", "café", "a: b", "# no", "- x", "'q'"),
    *(
        '"quoted"',
        "a, b",
        "{x}",
        "[y]",
        "100 %",
        "+3",
        "NO",
        "null",
        "score",
        "base",
        "total",
        "😀",
    ),
]
POINTS = ["1", "2", "3", "-5", "0.6", "0.0001", "-0.0001", "12.3456", "-7.25", "1000000", "0", "10"]
SEGMENTS = ["qualified", "marketing", "garbage", "A1", "Лучшие", "no", "b-2"]
AS_OF = ["2026-03-29T00:00:00Z", "2024-02-29T12:00:00Z", "2026-01-31T00:00:00Z"]


@dataclass(frozen=True)
class Drawn:
    """A drawn card: its dict, the leaves each field stood beside, its moment and its file."""

    card: dict[str, Any]
    edges: dict[str, list[Tree]]
    as_of: datetime
    file: str


def draw_card(
    random: Random,
    traps: Counter[str],
    size: str = "",
    also: dict[str, tuple[str, list[Tree]]] | None = None,
) -> Drawn:
    """A random card; one in twelve is wide: more than 63 bins, so several mask words.

    also: further values that its terms read, each with its type and literals it may stand beside.
    """
    wide = size == "wide" or (size == "" and random.random() < 0.08)
    as_of = random.choice(AS_OF)
    fields = draw_fields(random, random.randint(8, 14) if wide else random.randint(2, 9))
    also = also or {}
    fields |= {name: {"type": kind} for name, (kind, _) in also.items()}
    trees = Trees(random, fields, as_of, traps)
    for name, (_, edges) in also.items():
        trees.edges[name] += edges
    groups = [f"group {i}" for i in range(random.choice([0, 0, 1, 2, 5]))]
    count = random.randint(24, 60) if wide else random.randint(1, 9)
    terms = [draw_term(random, trees, i, groups) for i in range(count)]
    for name in fields:
        if not trees.edges[name] and random.random() < 0.7:
            terms.append(draw_term_of(random, trees, len(terms), ("field", name)))
    used = [name for name in groups if any(term.get("group") == name for term in terms)]
    card: dict[str, Any] = {"fields": fields, "terms": terms}
    if random.random() < 0.4:
        card["base"] = random.choice(["20", "-3", "0.5", "600", "0"])
    if used:
        card["groups"] = {name: draw_limits(random, members(terms, name)) for name in used}
    if random.random() < 0.3:
        card["total"] = draw_limits(random, terms)
    card["segments"] = draw_segments(random, card)
    if random.random() < 0.4:
        card["chances"] = draw_chances(random, card)
    count_traps(card, traps)
    edges = {name: trees.edges[name] + trees.near[name] for name in {*trees.edges, *trees.near}}
    return Drawn(card, edges, literal("moment", as_of), write_card(card, random))


def draw_fields(random: Random, count: int) -> dict[str, Any]:
    names = random.sample(FIELD_NAMES, count)
    return {name: {"type": random.choice(TYPES)} for name in names}


def draw_points(random: Random) -> str:
    if random.random() < 0.6:
        return random.choice(POINTS)
    return f"{random.uniform(-20, 20):.{random.choice([0, 1, 2, 4])}f}"


def draw_term(random: Random, trees: Trees, index: int, groups: list[str]) -> dict[str, Any]:
    name = f"{random.choice(TERM_WORDS)} {index}"
    term: dict[str, Any] = {"name": name}
    listed = [kind for kind in ("choice", "text", "yes/no") if trees.sources[kind]]
    ranged = [kind for kind in ("number", "date", "time") if trees.sources[kind]]
    shape = random.random()
    if shape < 0.07 and listed + ranged:
        term |= draw_pair(random, trees, listed + ranged)
    elif shape < 0.3 and ranged:
        source = random.choice(trees.sources[random.choice(ranged)])
        wider = random.random() < 0.2 and source in trees.sources["number"]
        term["of"] = trees.number(2) if wider else source
        trees.traps["bins of an expression"] += wider
        term["bins"] = draw_bins(random, trees, source)
    elif shape < 0.5 and listed:
        term["of"] = random.choice(trees.sources[random.choice(listed)])
        term["values"] = draw_values(random, trees, term["of"])
    else:
        term["when"] = trees.condition()
        term["points"] = draw_points(random)
        if random.random() < 0.25:
            term["missing"] = draw_points(random)
    if groups and random.random() < 0.6:
        term["group"] = random.choice(groups)
    if random.random() < 0.06:
        term |= {"cap": "2.5", "floor": "-1"}
        trees.trap("clamp of a term")
    return term


def draw_pair(random: Random, trees: Trees, kinds: list[str]) -> dict[str, Any]:
    """A pair table of two fields, facts or calculations, perhaps of one twice."""
    of, axes = [], []
    for _ in range(2):
        kind = random.choice(kinds)
        source = random.choice(trees.sources[kind])
        wider = random.random() < 0.2 and source in trees.sources["number"]
        of.append(trees.number(2) if wider else source)
        ranged = kind in ("number", "date", "time")
        lines = (draw_bins if ranged else draw_values)(random, trees, source)
        axes.append([axis_line(line) for line in lines])
        if ranged and random.random() < 0.3:
            axes[-1].append("otherwise")
    whole = random.random() < 0.4
    for axis in axes if whole else ():
        axis += [end for end in ("missing", "otherwise") if end not in axis]
    trees.trap("pair table")
    trees.traps["pair table of one field"] += len(fields_of(tuple(of))) == 1
    trees.traps["pair table with otherwise"] += any("otherwise" in lines for lines in axes)
    trees.traps["pair table with missing"] += any("missing" in lines for lines in axes)
    points = [[draw_points(random) for _ in axes[1]] for _ in axes[0]]
    if whole:
        # With nothing left over, 0 is not among what is possible: not even where it would show.
        points = [[one.removeprefix("-") for one in row] for row in points]
        trees.traps["pair table that leaves nothing out"] += 1
    return {"of": of, "rows": axes[0], "columns": axes[1], "points": points}


def axis_line(line: dict[str, Any]) -> Any:
    """A bin or value without its points, as a pair table lists it."""
    for end in ("otherwise", "missing"):
        if end in line:
            return end
    return {key: value for key, value in line.items() if key != "points"}


def draw_term_of(random: Random, trees: Trees, index: int, source: Tree) -> dict[str, Any]:
    """A term of one field, so that its values have edges to sit on."""
    term: dict[str, Any] = {"name": f"only {index}", "of": source}
    if KIND[trees.fields[source[1]]["type"]] in ("number", "date", "time"):
        return term | {"bins": draw_bins(random, trees, source)}
    return term | {"values": draw_values(random, trees, source)}


def draw_bins(random: Random, trees: Trees, source: Tree) -> list[dict[str, Any]]:
    """Bins between drawn edges: most cover the line, some leave gaps."""
    cuts = [trees.edge(source) for _ in range(random.randint(1, 6))]
    by_value = {literal(*cut): cut for cut in cuts}
    ordered = [by_value[value] for value in sorted(by_value)]
    ends: list[Tree | None] = [None, *ordered, None]
    bins: list[dict[str, Any]] = []
    for low, high in itertools.pairwise(ends):
        line: dict[str, Any] = {"points": draw_points(random)}
        line.update({"from": low} if low else {})
        line.update({"below": high} if high else {})
        bins.append(line)
    if len(bins) > 2 and random.random() < 0.35:
        del bins[random.randrange(len(bins))]
        trees.trap("gap between bins")
    if random.random() < 0.5:
        bins.insert(random.randint(0, len(bins)), {"missing": draw_points(random)})
        trees.trap("missing bin")
    return bins


def draw_values(random: Random, trees: Trees, source: Tree) -> list[dict[str, Any]]:
    """Lines of listed values, no value twice."""
    seen: set[Any] = set()
    lines: list[dict[str, Any]] = []
    for _ in range(random.randint(1, 5)):
        leaves = {literal(*leaf): leaf for leaf in [trees.edge(source) for _ in range(2)]}
        fresh = [leaf for value, leaf in leaves.items() if value not in seen]
        seen.update(leaves)
        if fresh:
            lines.append({"is": fresh, "points": draw_points(random)})
    for name in ("otherwise", "missing"):
        if random.random() < 0.5:
            lines.append({name: draw_points(random)})
            trees.trap(f"{name} value")
    return lines


def all_points(terms: list[dict[str, Any]]) -> list[Fraction]:
    lines = [line for t in terms for line in (t.get("bins") or t.get("values") or cells_of(t))]
    return [Fraction(line["points"]) for line in lines if "points" in line]


def cells_of(term: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of a pair table, each with its points; of another term the term itself."""
    if "rows" not in term:
        return [term]
    return [{"points": points} for row in term["points"] for points in row]


def members(terms: list[dict[str, Any]], group: str) -> list[dict[str, Any]]:
    return [term for term in terms if term.get("group") == group]


def draw_limits(random: Random, terms: list[dict[str, Any]]) -> dict[str, str]:
    """A cap, a floor or both, where sums of these terms really fall."""
    points = all_points(terms)
    top = sum((p for p in points if p > 0), Fraction(0)) or Fraction(1)
    bottom = sum((p for p in points if p < 0), Fraction(0)) or Fraction(-1)
    cap, floor = (f"{float(end) * random.uniform(0.1, 0.9):.2f}" for end in (top, bottom))
    return random.choice([{"cap": cap}, {"floor": floor}, {"cap": cap, "floor": floor}])


def draw_segments(random: Random, card: dict[str, Any]) -> list[dict[str, str]]:
    """Segments best first, with thresholds on sums that records can reach exactly."""
    points = all_points(card["terms"])
    base = Fraction(card.get("base", "0"))
    sums = {
        base + sum(random.sample(points, random.randint(0, min(3, len(points)))), Fraction(0))
        for _ in range(random.randint(1, 3))
    }
    names = random.sample(SEGMENTS, len(sums) + 1)
    best_first = sorted(sums, reverse=True)
    segments = [
        {"name": name, random.choice(["above", "from"]): decimal(threshold)}
        for name, threshold in zip(names, best_first, strict=False)
    ]
    return [*segments, {"name": names[-1]}]


def draw_chances(random: Random, card: dict[str, Any]) -> list[dict[str, str]]:
    """Ranges of scores with probabilities; they begin at sums that records can reach exactly."""
    points = all_points(card["terms"])
    base = Fraction(card.get("base", "0"))
    cuts = {
        base + sum(random.sample(points, random.randint(0, min(3, len(points)))), Fraction(0))
        for _ in range(random.randint(0, 4))
    }
    ends: list[Fraction | None] = [None, *sorted(cuts), None]
    chances = []
    for start, below in itertools.pairwise(ends):
        low, share, high = sorted(draw_share(random) for _ in range(3))
        edges = {"from": start, "below": below}
        line = {key: decimal(edge) for key, edge in edges.items() if edge is not None}
        line["probability"] = share
        chances.append(line | ({"low": low, "high": high} if random.random() < 0.7 else {}))
    return chances


def draw_share(random: Random) -> str:
    """A probability as text; texts of so many places sort as numbers do."""
    return f"{random.choice([0, 1, random.random(), random.random()]):.6f}"


def decimal(exact: Fraction) -> str:
    """A fraction of at most four decimals, as text.

    >>> decimal(Fraction("-0.0500"))
    '-0.05'
    """
    scaled = exact * 10_000
    assert scaled.denominator == 1
    sign, (whole, rest) = "-" if scaled < 0 else "", divmod(abs(scaled.numerator), 10_000)
    return (f"{sign}{whole}.{rest:04d}").rstrip("0").rstrip(".")


def bins_of(card: dict[str, Any]) -> int:
    """At least how many bins a card has."""
    return sum(len(t.get("bins") or t.get("values") or cells_of(t)) for t in card["terms"])


def count_traps(card: dict[str, Any], traps: Counter[str]) -> None:
    traps["card"] += 1
    traps["more than 63 bins"] += bins_of(card) > 63
    traps["three or more groups"] += len(card.get("groups", {})) >= 3
    limits = [*card.get("groups", {}).values(), card.get("total", {})]
    traps["cap"] += any("cap" in one for one in limits)
    traps["floor"] += any("floor" in one for one in limits)
    points = all_points(card["terms"])
    traps["points with four decimals"] += any((p * 1000).denominator > 1 for p in points)
    traps["probability"] += "chances" in card
    shares = card.get("chances", [])
    traps["probability without an interval"] += any("low" not in one for one in shares)
    traps["negative points"] += any(p < 0 for p in points)
    traps["when with missing points"] += any("when" in t and "missing" in t for t in card["terms"])
    traps["several fields in a term"] += any(
        len(fields_of(t["when"])) > 1 for t in card["terms"] if "when" in t
    )
    words = [str(leaf) for leaf in walk(card["terms"])]
    for name, marks in MARKS.items():
        traps[name] += any(mark in word for word in words for mark in marks)


MARKS = {
    "accent": ["Café", "Cafe\u0301", "é", "e\u0301"],
    "not NFC": ["Cafe\u0301", "e\u0301"],
    "Cyrillic": ["Москва", "бюджет", "Бюджет"],
    "Turkish i": ["İ", "ı"],
    "sharp s": ["ß", "ẞ"],
    "quote": ["O'Brien", '"', "a'b"],
    "semicolon": ["a;b"],
    "looks like a newline": ["a\\nb"],
    "2^53": ["9007199254740992"],
    "2^53 + 1": ["9007199254740993"],
    "2^63": ["9223372036854775808"],
    "leap day": ["2024-02-29"],
    "change of clocks": ["2026-03-29", "2026-10-25", "2026-11-01"],
    "keyword as a name": ["order", "select", "group", "case", "null"],
    "minus zero in a card": ["-0.0"],
}


def walk(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return [leaf for value in part.values() for leaf in walk(value)]
    if isinstance(part, list | tuple):
        return [leaf for value in part for leaf in walk(value)]
    return [part]
