"""The naive oracle: what a typed record scores on a card, written from the rules alone.

Slow and plain, importing nothing of ours: the engines are judged by it. A card is a dict:

    fields    {name: {"type": ...}}, in order         base      "20"
    terms     [{name, group?, cap?, floor?, and one of the four, points as text
                  when: tree, points, missing?
                  of: tree, bins: [{from?, below?, points} or {missing: points}]
                  of: tree, values: [{is: [leaves], points}, {otherwise}, {missing}]
                  event, tally: what `oracle_events` says of the record}]
    groups    {name: {cap?, floor?}}                  total     {cap?, floor?}
    segments  [{name, above? or from?}], best first

A tree is a tuple: (">=", ("field", "budget"), ("number", "1e5")). A record is a dict of typed
values, None if missing or invalid; a fact's key is `email__kind`.
"""

import math
import operator
import unicodedata
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

UNKNOWN = object()  # settled: a division by zero, a CASE without ELSE, a NULL fact
OPEN = object()  # depends on a missing or invalid field
IS = {"is null": UNKNOWN, "is true": True, "is false": False}
ENDS = ("missing", "otherwise")
LEAVES = ("number", "moment", "choice", "text", "yes/no")
TESTS: dict[str, Any] = {
    **{"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt},
    **{">=": operator.ge, "contains": operator.contains, "starts_with": str.startswith},
    **{"ends_with": str.endswith, "not": operator.not_},
}
SUMS: dict[str, Any] = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
    **{"negative": operator.neg, "days_between": lambda a, b: float((b - a) // timedelta(1))},
}


def typed(value: Any) -> Any:
    """Numbers as doubles, dates as their 00:00 UTC, everything else as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return float(value) if type(value) is int else value


def literal(kind: str, text: Any) -> Any:
    """The typed value of a literal: in a tree, a bin's edge, a listed value."""
    if kind in ("number", "yes/no", "moment"):
        make: dict[str, Any] = {"number": float, "yes/no": bool, "moment": datetime.fromisoformat}
        return typed(make[kind](text))
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", text.casefold()) if kind == "choice" else text


def read(tree: Any, record: dict[str, Any], as_of: Any, absent: object) -> Any:
    """A tree's value, UNKNOWN or OPEN; `absent` says which of them a missing field is."""

    def case(branches: list[Any], otherwise: Any) -> Any:
        if not branches:
            return UNKNOWN if otherwise is None else value(otherwise)
        (test, then), *later = branches
        truth = value(test)
        if truth is OPEN:
            taken, passed = value(then), case(later, otherwise)
            return taken if taken == passed else OPEN
        return value(then) if truth is True else case(later, otherwise)

    def value(tree: Any) -> Any:
        head, *rest = tree
        if head in LEAVES or head == "as_of":
            return literal(head, rest[0]) if rest else typed(as_of)
        if head in ("field", "fact"):
            is_open = record.get(rest[0]) is None and absent is OPEN
            found = record.get("__".join(rest))
            return OPEN if is_open else UNKNOWN if found is None else typed(found)
        if head == "in":
            return value(("or", *(("=", rest[0], one) for one in rest[1])))
        if head == "between":
            return value(("and", (">=", rest[0], rest[1]), ("<=", rest[0], rest[2])))
        if head == "case":
            return case(*rest)
        values = [value(part) for part in rest]
        if head in ("and", "or"):
            order = (head == "or", OPEN, UNKNOWN)
            return next((one for one in order if one in values), head == "and")
        if head == "coalesce":
            return next((one for one in values if one is not UNKNOWN), UNKNOWN)
        if OPEN in values or head in IS:
            return OPEN if OPEN in values else values[0] is IS[head]
        return UNKNOWN if UNKNOWN in values else compute(head, *values)

    return value(tree)


def compute(head: str, *values: Any) -> Any:
    """An operator on known values; what is not finite or divided by zero is UNKNOWN."""
    if head in TESTS:
        return TESTS[head](*values)
    number = SUMS[head](*values) if head != "/" or values[1] else math.inf
    return number if math.isfinite(number) else UNKNOWN


def fields_of(tree: Any) -> set[str]:
    """The fields a tree reads, by themselves or by a fact."""
    if isinstance(tree, tuple) and tree[0] in ("field", "fact"):
        return {tree[1]}
    return {f for part in tree if isinstance(part, tuple | list) for f in fields_of(part)}


def lines_of(term: dict[str, Any]) -> list[dict[str, Any]]:
    return term.get("bins") or term.get("values") or [term]


def holds(line: dict[str, Any], value: Any) -> bool:
    """Whether a bin [from, below) or a line of listed values takes a known value."""
    if "is" in line:
        return value in [literal(*leaf) for leaf in line["is"]]
    over = "points" in line and ("from" not in line or value >= literal(*line["from"]))
    return over and ("below" not in line or value < literal(*line["below"]))


def earned(term: dict[str, Any], value: Any) -> tuple[Any, Fraction]:
    """(bin, points): the index of the bin, or true, false, missing, otherwise."""
    if "event" in term or ("when" in term and value is not UNKNOWN):
        given = Fraction(term.get("tally", term["points"]) if value else 0)
        return ("true" if value else "false"), given
    for index, line in enumerate(lines_of(term)):
        if value is not UNKNOWN and holds(line, value):
            return index, Fraction(line["points"])
    end = "missing" if value is UNKNOWN else "otherwise"
    return end, sum((Fraction(line[end]) for line in lines_of(term) if end in line), Fraction(0))


def possible(term: dict[str, Any]) -> list[Fraction]:
    """The points of every bin of a term, 0 for false, a gap and what is not listed."""
    lines = lines_of(term)
    found = [Fraction(line[k]) for line in lines for k in ("points", *ENDS) if k in line]
    bins = [line for line in term.get("bins", []) if "points" in line]
    tops = [literal(*line["below"]) for line in bins if "below" in line]
    whole = any("from" not in line for line in bins) or any("otherwise" in line for line in lines)
    whole = whole and all(any(holds(line, top) for line in bins) for top in tops)
    return found if whole and any("missing" in line for line in lines) else [*found, Fraction(0)]


def clamp(total: Fraction, limits: dict[str, Any]) -> Fraction:
    total = min(total, Fraction(limits["cap"])) if "cap" in limits else total
    return max(total, Fraction(limits["floor"])) if "floor" in limits else total


def add_up(card: dict[str, Any], points: list[Fraction]) -> tuple[Fraction, list[Any]]:
    """(score, adjustments) of the points of each term."""
    total = Fraction(card.get("base", 0))
    lines: list[Any] = [("base", total)]
    for name, limits in {None: {}, **card.get("groups", {})}.items():
        in_it = [p for t, p in zip(card["terms"], points, strict=True) if t.get("group") == name]
        held = clamp(sum(in_it, Fraction(0)), limits)
        lines.append((name, held - sum(in_it)))
        total += held
    lines.append(("total", clamp(total, card.get("total", {})) - total))
    return total + lines[-1][1], [line for line in lines if line[1]]


def segment(card: dict[str, Any], score: Fraction) -> str | None:
    """The first segment, best first, whose threshold the score reaches (from) or passes (above)."""
    for one in card.get("segments", []):
        reached = score >= Fraction(one.get("from", score))
        if reached and ("above" not in one or score > Fraction(one["above"])):
            return str(one["name"])
    return None


def score(card: dict[str, Any], record: dict[str, Any], as_of: Any = None) -> dict[str, Any]:
    """Everything a record scores: the one function the tests call."""
    terms = card["terms"]
    trees = [term.get("when") or term.get("of", ("yes/no", "any")) for term in terms]
    lines = [earned(t, read(x, record, as_of, UNKNOWN)) for t, x in zip(terms, trees, strict=True)]
    now = [clamp(points, term) for term, (_, points) in zip(terms, lines, strict=True)]
    is_open = [read(tree, record, as_of, OPEN) is OPEN for tree in trees]
    ranges = [possible(t) if o else [p] for t, o, p in zip(terms, is_open, now, strict=True)]
    ends = [[clamp(pick(r), t) for t, r in zip(terms, ranges, strict=True)] for pick in (min, max)]
    total, adjustments = add_up(card, now)
    low, high = (add_up(card, end)[0] for end in ends)
    certain = segment(card, low) == segment(card, high)
    widest, ask = (False, Fraction(-1)), None
    for field in [] if certain else [f for f in card["fields"] if record.get(f) is None]:
        reads = [o and field in fields_of(x) for o, x in zip(is_open, trees, strict=True)]
        moved = [[e[i] if r else now[i] for i, r in enumerate(reads)] for e in ends]
        decides = any(segment(card, add_up(card, m)[0]) != segment(card, total) for m in moved)
        width = sum((a - b for a, b in zip(moved[1], moved[0], strict=True)), Fraction(0))
        if any(reads) and (decides, width) > widest:
            widest, ask = (decides, width), field
    strongest = sorted((i for i in range(len(terms)) if now[i]), key=lambda i: -abs(now[i]))
    return {
        **{"score": total, "segment": segment(card, total), "certain": certain, "ask": ask},
        **{"low": low, "high": high, "adjustments": adjustments},
        "reasons": [(terms[i]["name"], lines[i][0], now[i]) for i in strongest],
    }
