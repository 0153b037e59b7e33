"""The oracle of pair tables, written from the rules alone; `oracle` then scores what it says.

    {name, of: [tree, tree], rows: [line], columns: [line], points: [[text]], group?, cap?, floor?}

A line is {from?, below?}, {is: [leaves]}, "otherwise" or "missing". `settled` puts in the place of
each pair table a plain term of the same points, openness, range and fields.
"""

from typing import Any

from tests import oracle

NO = ("yes/no", False)
YES = ("yes/no", True)


def place(lines: list[Any], value: Any) -> Any:
    """The line that holds a value: OPEN if it is, None if there is none."""
    if value is oracle.OPEN:
        return value
    if value is oracle.UNKNOWN:
        return lines.index("missing") if "missing" in lines else None
    for number, line in enumerate(lines):
        if line not in oracle.ENDS and oracle.holds({"points": "0", **line}, value):
            return number
    return lines.index("otherwise") if "otherwise" in lines else None


def cell(term: dict[str, Any], record: dict[str, Any], as_of: Any, absent: object) -> Any:
    """(row, column); None if a value is in none; OPEN as long as a missing field can change it."""
    values = [oracle.read(tree, record, as_of, absent) for tree in term["of"]]
    found = [place(term[key], v) for key, v in zip(("rows", "columns"), values, strict=True)]
    if None in found:
        return None
    return oracle.OPEN if oracle.OPEN in found else tuple(found)


def is_whole(lines: list[Any]) -> bool:
    """Whether every value is in a line, and an unknown one too."""
    if "missing" not in lines or "otherwise" in lines:
        return "missing" in lines
    bins = [{"points": "0", **line} for line in lines if line != "missing" and "is" not in line]
    # Where some values are left over, their 0 is among what is possible.
    return len(oracle.possible({"bins": [*bins, {"missing": "0"}]})) == len(bins) + 1


def settled_term(term: dict[str, Any], record: dict[str, Any], as_of: Any) -> dict[str, Any]:
    """A plain term that scores as the pair table does for this record."""
    if "rows" not in term:
        return term
    kept = {key: term[key] for key in ("name", "group", "cap", "floor") if key in term}
    at = cell(term, record, as_of, oracle.UNKNOWN)
    points = "0" if at is None else term["points"][at[0]][at[1]]
    known = [("is null", tree) for tree in term["of"]]
    if cell(term, record, as_of, oracle.OPEN) is not oracle.OPEN:
        return kept | {"when": ("or", YES, *known), "points": points}
    # False, and open if one of the two is.
    tree = ("is null", ("=", *known))
    cells = [{"is": [YES], "points": one} for row in term["points"] for one in row]
    lines = [{"is": [NO], "points": points}, *cells]
    if is_whole(term["rows"]) and is_whole(term["columns"]):
        lines += [{"otherwise": points}, {"missing": points}]
    return kept | {"of": tree, "values": lines}


def settled(card: dict[str, Any], record: dict[str, Any], as_of: Any) -> dict[str, Any]:
    """The card with plain terms in the place of its pair tables, for this record alone."""
    return card | {"terms": [settled_term(term, record, as_of) for term in card["terms"]]}
