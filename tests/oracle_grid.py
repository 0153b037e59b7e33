"""The naive oracle of grids: two cards beside each other, written from the rules alone.

A side is a dict:

    name      what it is called                      card      as `oracle` has it
    classes   [{name, above? or from?}], best first   record    typed values by the card's fields
    names     {field of the card: field of the grid}

Event terms of the cards have `tally` and `counted`, how many events count.
"""

from fractions import Fraction
from typing import Any

from tests import oracle

Side = dict[str, Any]


def class_of(side: Side, total: Fraction) -> str | None:
    return oracle.segment({"segments": side["classes"]}, total)


def total_of(side: Side, points: list[Fraction]) -> Fraction:
    return oracle.add_up(side["card"], points)[0]


def standing(side: Side, as_of: Any) -> dict[str, Any]:
    """Points of the side's terms as they are and at their ends, and whether anything is known."""
    card, record = side["card"], side["record"]
    terms = card["terms"]
    trees = [term.get("when") or term.get("of", ("yes/no", "any")) for term in terms]
    lines = [
        oracle.earned(t, oracle.read(x, record, as_of, oracle.UNKNOWN))
        for t, x in zip(terms, trees, strict=True)
    ]
    now = [oracle.clamp(points, term) for term, (_, points) in zip(terms, lines, strict=True)]
    is_open = [oracle.read(tree, record, as_of, oracle.OPEN) is oracle.OPEN for tree in trees]
    ends = [
        [
            oracle.clamp(pick(oracle.possible(term)), term) if opened else points
            for term, opened, points in zip(terms, is_open, now, strict=True)
        ]
        for pick in (min, max)
    ]
    fields = {field for tree in trees for field in oracle.fields_of(tree)}
    nothing = bool(fields) and all(record.get(field) is None for field in fields)
    unknown = nothing and not any(term.get("counted") for term in terms)
    low, high = (total_of(side, end) for end in ends)
    unsure = unknown or class_of(side, low) != class_of(side, high)
    found = {"now": now, "ends": ends, "open": is_open, "trees": trees, "bins": lines}
    return found | {"low": low, "high": high, "unknown": unknown, "unsure": unsure, "reads": fields}


def moved_by(side: Side, one: dict[str, Any], field: str) -> tuple[bool, bool, Fraction]:
    """(whether an open term reads it, whether an answer may change the class, how far it moves)."""
    own = {
        f for f, name in side["names"].items() if name == field and side["record"].get(f) is None
    }
    reads = [
        opened and bool(own & oracle.fields_of(tree))
        for opened, tree in zip(one["open"], one["trees"], strict=True)
    ]
    if not any(reads) or not one["unsure"]:
        return False, False, Fraction(0)
    moved = [[end[i] if r else one["now"][i] for i, r in enumerate(reads)] for end in one["ends"]]
    here = class_of(side, total_of(side, one["now"]))
    decides = any(class_of(side, total_of(side, points)) != here for points in moved)
    width = sum((a - b for a, b in zip(moved[1], moved[0], strict=True)), Fraction(0))
    return True, decides or one["unknown"], width


def question(sides: list[Side], found: list[dict[str, Any]]) -> str | None:
    """What to ask where a side is not certain."""
    widest, ask = (False, Fraction(-1)), None
    fields = list(dict.fromkeys(name for side in sides for name in side["names"].values()))
    for field in fields:
        moves = [moved_by(side, one, field) for side, one in zip(sides, found, strict=True)]
        decides = any(move[1] for move in moves)
        width = sum((move[2] for move in moves), Fraction(0))
        if any(move[0] for move in moves) and (decides, width) > widest:
            widest, ask = (decides, width), field
    for side, one in zip(sides, found, strict=True):
        if ask is None and one["unknown"]:
            ask = next(f for f in fields if f in {side["names"][own] for own in one["reads"]})
    return ask


def score(sides: list[Side], as_of: Any) -> dict[str, Any]:
    """Everything a record scores on a grid."""
    found = [standing(side, as_of) for side in sides]
    pairs = list(zip(sides, found, strict=True))
    totals = [total_of(side, one["now"]) for side, one in pairs]
    classes = [
        "?" if one["unknown"] else class_of(side, total)
        for (side, one), total in zip(pairs, totals, strict=True)
    ]
    lines = [
        (f"{side['name']}: {term['name']}", bin_, points)
        for side, one in pairs
        for term, (bin_, _), points in zip(
            side["card"]["terms"], one["bins"], one["now"], strict=True
        )
        if points
    ]
    adjustments = [
        (f"{side['name']}: {name}", points)
        for side, one in pairs
        for name, points in oracle.add_up(side["card"], one["now"])[1]
    ]
    certain = not any(one["unsure"] for one in found)
    return {
        "score": sum(totals, Fraction(0)),
        "segment": "".join(str(name) for name in classes),
        "low": sum((one["low"] for one in found), Fraction(0)),
        "high": sum((one["high"] for one in found), Fraction(0)),
        "certain": certain,
        "ask": None if certain else question(sides, found),
        "reasons": sorted(lines, key=lambda line: -abs(line[2])),
        "adjustments": adjustments,
    }
