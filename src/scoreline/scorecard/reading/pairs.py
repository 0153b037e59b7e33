"""A pair table: two expressions, the bins of each, and a list of points for each row."""

from __future__ import annotations

from collections.abc import Mapping

from scoreline.language.fields import Field
from scoreline.language.parse import parse_value
from scoreline.language.text import normal
from scoreline.language.tree import Node
from scoreline.scorecard import schema
from scoreline.scorecard.model import Axis, Bin, Missing, Otherwise, Pair, Term, Test
from scoreline.scorecard.pair import pair_term
from scoreline.scorecard.reading.bins import known_bin, refuses_ranges
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Items, Text, Tree

MOST_CELLS = 400
NEEDED = ("rows", "columns", "points")
NOT_OF_PAIRS = ("bins", "values", "missing")
ENDS: Mapping[str, Test] = {"missing": Missing(), "otherwise": Otherwise()}
EXAMPLE = "of: [age, job], rows: [{below: 30}, {from: 30}], columns: [{is: student}, otherwise]"


def is_pair(term: Entries) -> bool:
    """Whether a term is meant to be a pair table: by its `of`, or by its rows and columns."""
    keys = term.entries.keys()
    axes, plain = {"rows", "columns"} & keys, {"bins", "values"} & keys
    listed = isinstance(term.entries.get("of"), Items)
    return len(axes) == 2 or (listed and (bool(axes) or not plain))


def read_pair(
    reader: Reader, term: Entries, values: Mapping[str, Field], group: str | None
) -> Term | None:
    """The term of a pair table; None where it can't be read, as a finding says then."""
    clamp = reader.clamp_of(term, reader.term or "term")
    lacking = [key for key in NEEDED if key not in term.entries]
    if lacking:
        names = " and ".join(f"`{key}`" for key in lacking)
        reader.problem(term.line, f"A pair table needs {names}.", EXAMPLE)
        return None
    for key in NOT_OF_PAIRS:
        if key in term.entries:
            hint = "Its points stand in `points`, a list for each row."
            reader.problem(term.lines[key], f"A pair table has no `{key}`.", hint)
    texts = _two(reader, term)
    if texts is None:
        return None
    before = len(reader.findings)
    rows, columns = (
        _axis(reader, term, key, text, values)
        for key, text in zip(("rows", "columns"), texts, strict=True)
    )
    if rows is None or columns is None or len(reader.findings) > before:
        return None
    points = _points(reader, term, rows, columns)
    if points is None:
        return None
    return pair_term(reader.term or "", Pair(rows, columns), points, group, clamp, term.line)


def _two(reader: Reader, term: Entries) -> tuple[str, str] | None:
    """The two expressions that a table looks at."""
    tree = term.entries.get("of")
    items = tree.items if isinstance(tree, Items) else ()
    texts = [normal(item.text) for item in items if isinstance(item, Text)]
    if len(items) != 2 or len(texts) != 2 or not all(texts):
        line = term.lines.get("of", term.line)
        reader.problem(line, "The `of` of a pair table is a list of two.", "of: [age, job]")
        return None
    return texts[0], texts[1]


def _axis(
    reader: Reader, term: Entries, key: str, text: str, values: Mapping[str, Field]
) -> Axis | None:
    """The rows or the columns."""
    of: Node | None = None
    if not reader.is_unread(text):
        of = reader.attempt(term.lines["of"], lambda: parse_value(text, values))
    trees = reader.items(term, key, f"`{key}` is empty.")
    if of is None or refuses_ranges(reader, trees, of):
        return None
    bins = [_entry(reader, tree, key, of) for tree in trees]
    for word, test in ENDS.items():
        if sum(one is not None and one.test == test for one in bins) > 1:
            reader.problem(term.lines[key], f"`{word}` stands twice in `{key}`.")
    found = tuple(one for one in bins if one is not None)
    return Axis(of, text, found) if found and len(found) == len(bins) else None


def _entry(reader: Reader, tree: Tree, key: str, of: Node) -> Bin | None:
    """One row or column: a range, values, `otherwise` or `missing`."""
    if isinstance(tree, Text):
        word = normal(tree.text)
        if word in ENDS:
            return Bin(ENDS[word], 0, tree.line)
        reader.problem(
            tree.line,
            f"`{word}` is no entry of `{key}`.",
            f"Write {{is: {word or 'retired'}}}, {{from: 25, below: 40}}, otherwise or missing.",
        )
        return None
    entries = reader.entries(tree, schema.AXIS, f"an entry of `{key}`")
    return None if entries is None else known_bin(reader, entries, of, f"An entry of `{key}`")


def _points(reader: Reader, term: Entries, rows: Axis, columns: Axis) -> list[list[int]] | None:
    """The points of each row; None if they are not as many as there are cells."""
    tree, line = term.entries["points"], term.lines["points"]
    lists = tree.items if isinstance(tree, Items) else ()
    wanted, width = len(rows.bins), len(columns.bins)
    if wanted * width > MOST_CELLS:
        reader.problem(line, f"{wanted * width:,} cells; {MOST_CELLS} is the most of a pair table.")
        return None
    if not lists or not all(isinstance(one, Items) for one in lists):
        hint = "points: [[3, 1], [5, 2]]"
        reader.problem(line, "The `points` of a pair table are a list for each row.", hint)
        return None
    if len(lists) != wanted:
        message = f"There are {len(lists)} lists of points for {wanted} entries of `rows`."
        reader.problem(line, message, "Write a list for each row, with a number for each column.")
        return None
    read = [
        _row(reader, one, bin_.label, width)
        for one, bin_ in zip(lists, rows.bins, strict=True)
        if isinstance(one, Items)
    ]
    found = [row for row in read if row is not None]
    return found if len(found) == wanted else None


def _row(reader: Reader, row: Items, label: str, width: int) -> list[int] | None:
    if len(row.items) != width:
        message = f"The row `{label}` has {len(row.items)} points for {width} entries of `columns`."
        reader.problem(row.line, message, "Write a number for each column.")
        return None
    found: list[int] = []
    for item in row.items:
        if not isinstance(item, Text) or not normal(item.text):
            reader.problem(item.line, "Each cell of a pair table is one number of points.")
            return None
        worth = reader.points_of(normal(item.text), item.line)
        if worth is None:
            return None
        found.append(worth)
    return found
