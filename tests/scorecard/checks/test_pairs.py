"""Proof-reading pair tables: their rows, their columns, and cells that nobody can be in."""

from scoreline.errors import Finding
from tests.scorecard.checks.checking import check, found

ROWS = "rows: [{below: 30}, {from: 30}, missing]"
COLUMNS = "columns: [{is: clerk}, otherwise, missing]"
POINTS = "points: [[1, 2, 0], [2, 3, 0], [0, 0, 0]]"


def of(code: str, rows: str = ROWS, columns: str = COLUMNS, of: str = "age, job") -> list[Finding]:
    return found(check(f"name: x, of: [{of}], {rows}, {columns}, {POINTS}"), code)


def test_a_sound_table_has_no_finding() -> None:
    for code in ("bin-gap", "bin-overlap", "bin-dead", "contradiction"):
        assert not of(code)


def test_rows_and_columns_that_leave_values_out() -> None:
    (gap,) = of("bin-gap", "rows: [{below: 30}, {from: 31}, missing]")
    assert (gap.level, gap.message) == (
        "warning",
        "No bin of `age` has `30 to below 31`: they get 0 points.",
    )
    (left,) = of("bin-gap", columns="columns: [{is: clerk}, {is: chef}, missing]")
    assert (left.level, left.message) == (
        "info",
        "No bin of `job` has other values: they get 0 points.",
    )
    assert left.hint == "Add `otherwise`, or a row or column for them."


def test_rows_that_share_values() -> None:
    (finding,) = of("bin-overlap", "rows: [{below: 30}, {from: 20}, missing]")
    assert "The bins `below 30` and `20 or more` share values" in finding.message


def test_rows_that_nobody_is_in() -> None:
    (finding,) = of("bin-dead", "rows: [{below: 30}, {from: 30}, otherwise]")
    assert (finding.level, finding.term) == ("info", "x")
    assert "No record can be in the bin `otherwise`" in finding.message
    (finding,) = of("bin-dead", "rows: [otherwise, {below: 30}, {from: 30}]")
    assert finding.level == "warning", "it would give points"


def test_a_value_that_counts_as_missing_is_said_once() -> None:
    columns = "columns: [{is: unemployed}, otherwise, missing]"
    result = check(f"name: x, of: [age, job], {ROWS}, {columns}, {POINTS}")
    told = [f.code for f in result.findings if "unemployed" in f.message]
    assert told == ["bin-dead"]


def test_cells_whose_row_and_column_exclude_each_other() -> None:
    columns = "columns: [{below: 20}, {from: 20}, missing]"
    dead = of("bin-dead", columns=columns, of="age, age")
    assert [(finding.level, finding.message.partition("`")[2]) for finding in dead] == [
        ("info", "below 30, missing`: its row and its column exclude each other."),
        ("warning", "30 or more, below 20`: its row and its column exclude each other."),
        ("info", "30 or more, missing`: its row and its column exclude each other."),
        ("info", "missing, below 20`: its row and its column exclude each other."),
        ("info", "missing, 20 or more`: its row and its column exclude each other."),
    ]


def test_scores_and_vetoes_go_by_the_cells() -> None:
    table = f"name: x, of: [age, job], {ROWS}, {COLUMNS}, {POINTS}"
    result = check(
        table, "name: y, when: ok, points: 2", rest="segments: [{name: s, from: 5}, {name: r}]"
    )
    assert (result.min, result.max, result.exact) == (0, 5, True)
    assert {f.term for f in found(result, "compulsory")} == {"x", "y"}
