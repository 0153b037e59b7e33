"""A naive reading of cards, for tests: every combination of values, one after another.

It shares nothing with the checks but the model: values of fields are listed by hand, densely
enough that every test of the cards under test falls between two of them or on one.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from scoreline.language import tree
from scoreline.scorecard.model import (
    Bin,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Scorecard,
    Term,
    Test,
)

Record = Mapping[str, Any]
COMPARE = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda a, b: b in a,
}


def value(node: tree.Node, record: Record) -> Any:
    """What an expression comes to; None is unknown."""
    match node:
        case tree.Const():
            return node.value
        case tree.Ref():
            return record.get(node.column)
        case tree.AsOf():
            return record["as_of"]
        case tree.And() | tree.Or():
            return junction([value(p, record) for p in node.parts], isinstance(node, tree.Or))
        case tree.IsNull():
            return value(node.operand, record) is None
        case tree.Coalesce():
            return next((v for p in node.parts if (v := value(p, record)) is not None), None)
        case tree.Case():
            for test, then in node.branches:
                if value(test, record) is True:
                    return value(then, record)
            return value(node.default, record)
    parts = [value(child, record) for child in tree.children(node)]
    return None if None in parts else computed(node, *parts)


def junction(parts: Sequence[Any], decisive: bool) -> Any:
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def computed(node: tree.Node, *parts: Any) -> Any:
    match node:
        case tree.Compare():
            return COMPARE[node.op](*parts)
        case tree.TextTest():
            return COMPARE[node.op](parts[0], node.text)
        case tree.In():
            return parts[0] in list(node.values)
        case tree.Not():
            return not parts[0]
        case tree.Midnight():
            return datetime.combine(parts[0], time(tzinfo=UTC))
        case tree.Days():
            return float(math.floor((parts[1] - parts[0]).total_seconds() / 86_400))
        case tree.Arith():
            return arithmetic(node.op, *map(float, parts))
    raise AssertionError(node)


def arithmetic(op: str, a: float, b: float) -> float | None:
    if op == "/" and b == 0:
        return None
    result = {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__}[op](b)
    return result if math.isfinite(result) else None


def holds(test: Test, found: Any) -> bool:
    """Whether a bin's test holds for a value."""
    match test:
        case Holds():
            return found is True
        case Missing():
            return found is None
        case Otherwise():
            return found is not None
        case OneOf(values):
            return found is not None and found in values
        case Range(low, high):
            above = found is not None and (low is None or low <= found)
            return above and (high is None or found < high)


def first(term: Term, found: Any) -> int | None:
    return next((i for i, b in enumerate(term.bins) if holds(b.test, found)), None)


def points_in(term: Term, place: int | None) -> int:
    """The scaled points of a term in one of its bins."""
    return 0 if place is None else term.bins[place].points


def points(term: Term, record: Record) -> int:
    """The scaled points of a term."""
    return points_in(term, first(term, value(term.of, record)))


def total(card: Scorecard, given: Sequence[int]) -> int:
    """The scaled score of the points of each term."""
    score = card.base
    for group in (None, *card.groups):
        name = group and group.name
        part = sum(p for p, t in zip(given, card.terms, strict=True) if t.group == name)
        score += group.clamp.apply(part) if group else part
    return card.total.apply(score)


def read_by(term: Term) -> tuple[str, ...]:
    """The fields a term reads, and as_of."""
    return (*tree.fields_read(term.of), *(["as_of"] if tree.reads_time(term.of) else []))


def ways(card: Scorecard, values: Mapping[str, Sequence[Record]]) -> set[tuple[int | None, ...]]:
    """The bins of all terms together, over every combination of the listed values of fields."""
    names = list(values)
    tables = []
    for term in card.terms:
        own = [name for name in names if name in read_by(term)]
        table = {}
        for some in itertools.product(*(enumerate(values[name]) for name in own)):
            record = {k: v for _, r in some for k, v in r.items()}
            table[tuple(i for i, _ in some)] = first(term, value(term.of, record))
        tables.append((table, [names.index(name) for name in own]))
    return {
        tuple([table[tuple([some[i] for i in own])] for table, own in tables])
        for some in itertools.product(*(range(len(values[name])) for name in names))
    }


def answers(card: Scorecard, values: Mapping[str, Sequence[Record]]) -> dict[str, Any]:
    """What proof-reading must find: min, max, and the terms or segments named by each code."""
    found = {}
    for bins in ways(card, values):
        given = [points_in(term, place) for term, place in zip(card.terms, bins, strict=True)]
        found[bins] = total(card, given)
    scores = set(found.values())
    result: dict[str, Any] = {"min": min(scores), "max": max(scores)}
    reached = {segment.name for score in scores if (segment := card.segment_of(score))}
    result["unreachable"] = {s.name for s in card.segments} - reached
    best = card.segments[0]
    inside = [bins for bins, score in found.items() if best.holds(score)]
    if inside and len(inside) < len(found):
        result |= needs(card, list(found), inside)
    return result


def needs(
    card: Scorecard,
    found: Sequence[tuple[int | None, ...]],
    inside: Sequence[tuple[int | None, ...]],
) -> dict[str, Any]:
    places = range(len(card.terms))
    gives = {i: {bins[i]: points_in(card.terms[i], bins[i]) for bins in found} for i in places}
    helpful = [i for i in places if max(gives[i].values()) > 0 >= min(gives[i].values())]
    compulsory = {i for i in helpful if all(gives[i][bins[i]] > 0 for bins in inside)}
    vetoes = []
    for i in places:
        left = {bins[i] for bins in inside}
        enough = {gives[i][b] for b in left}
        for b in gives[i].keys() - left - {None}:
            # What `compulsory` says is not said again: its points, or only some of them, will do.
            if i not in compulsory or gives[i][b] < 0 or gives[i][b] in enough:
                vetoes.append((card.terms[i].name, card.terms[i].bins[b].label))
    rest = [i for i in helpful if i not in compulsory]
    most = max(sum(gives[i][bins[i]] <= 0 for i in rest) for bins in inside)
    return {
        "compulsory": sorted(card.terms[i].name for i in compulsory),
        "veto": sorted(vetoes),
        "at most": most if len(rest) > 1 and most < len(rest) else None,
    }


def pair_answers(term: Term, values: Mapping[str, Sequence[Record]]) -> dict[str, int]:
    """The same of a pair table: of its rows and its columns, and of cells that nobody is in."""
    assert term.pair is not None
    axes = [
        Term(term.name, axis.of, axis.text, tuple(sorted(axis.bins, key=looks_at_nothing)))
        for axis in term.pair.axes
    ]
    answers = [term_answers(axis, values) for axis in axes]
    found = {code: int(answers[0][code]) + int(answers[1][code]) for code in answers[0]}
    own = [values[name] for name in values if name in read_by(term)]
    records = [
        {k: v for record in some for k, v in record.items()} for some in itertools.product(*own)
    ]
    cells = {tuple(first(axis, value(axis.of, record)) for axis in axes) for record in records}
    rows, columns = ({cell[n] for cell in cells} - {None} for n in range(2))
    alive = {cell for cell in itertools.product(rows, columns) if cell in cells}
    return found | {"bin-dead": found["bin-dead"] + len(rows) * len(columns) - len(alive)}


def looks_at_nothing(bin_: Bin) -> bool:
    return isinstance(bin_.test, Otherwise | Missing)


def term_answers(term: Term, values: Mapping[str, Sequence[Record]]) -> dict[str, int]:
    """How many findings of each code one term must get for its bins and its condition."""
    if term.pair is not None:
        return pair_answers(term, values)
    own = [values[name] for name in values if name in read_by(term)]
    seen = {
        value(term.of, {k: v for record in some for k, v in record.items()})
        for some in itertools.product(*own)
    }
    firsts = [first(term, found) for found in seen]
    dead = [i for i, b in enumerate(term.bins) if i not in firsts and not holds_when(b)]
    found = {"bin-dead": len(dead) + half_dead(term, dead, seen)}
    if term.is_condition:
        return found | {"contradiction": True not in seen, "tautology": seen == {True}}
    known = seen - {None}
    holders = [[i for i in exact_bins(term) if holds(term.bins[i].test, v)] for v in known]
    later = {i for some in holders for i in some[1:] if i not in dead}
    gap = any(v is not None and first(term, v) is None for v in seen)
    return found | {"bin-overlap": len(later), "bin-gap": gap}


def holds_when(bin_: Bin) -> bool:
    return isinstance(bin_.test, Holds)


def exact_bins(term: Term) -> list[int]:
    return [i for i, b in enumerate(term.bins) if isinstance(b.test, OneOf | Range)]


def half_dead(term: Term, dead: Sequence[int], seen: set[Any]) -> int:
    """Bins with some values that never occur, and some that do."""
    lists = [b.test.values for b in term.bins if isinstance(b.test, OneOf)]
    return sum(0 < len(set(values) - seen) < len(values) for values in lists)
