"""A table through the boundary: columns matched, rows kept or rejected, findings counted."""

from __future__ import annotations

import polars as pl
import pytest

from scoreline.errors import MissingColumnsError
from scoreline.language.fields import FIELD_TYPES, Field
from scoreline.quality.boundary import FACTS_VERSION, Boundary
from scoreline.quality.typing.values import type_value

BUDGET = Field("budget", "money", currency="RUB")


def table(columns: dict[str, list[object]]) -> pl.LazyFrame:
    return pl.DataFrame(columns).with_row_index("__row__", offset=1).lazy()


def run(
    fields: list[Field],
    columns: dict[str, list[object]],
    key: str | None = None,
    facts: tuple[str, ...] = (),
    *,
    keep: bool = False,
) -> tuple[pl.DataFrame, Boundary]:
    frame = table(columns)
    boundary = Boundary(fields, key, list(columns), facts, dict(frame.collect_schema()))
    return boundary.lazy(frame, keep=keep).collect(engine="streaming"), boundary


def test_rows_with_a_blank_key_are_rejected_and_bring_no_findings() -> None:
    columns = {"id": ["a", " ", None, "NaN", " b\u00a0c "], "budget": ["1", "x", "x", "x", "x"]}
    typed, boundary = run([BUDGET], columns, key="id")
    assert typed["__key__"].to_list() == ["a", "b c"]
    assert typed["__row__"].to_list() == [1, 5]
    assert boundary.rejected == [(row, "the key is blank") for row in (2, 3, 4)]
    assert boundary.findings.counts() == {("number-unreadable", "budget"): 1}


def test_without_a_key_the_row_number_is_the_key() -> None:
    typed, boundary = run([BUDGET], {"budget": ["1", "-1"]})
    assert typed["__key__"].to_list() == ["1", "2"]
    assert boundary.findings.examples("money-below-zero", "budget")[0].record == "2"


def test_the_key_of_numbers_is_their_text() -> None:
    assert run([], {"id": [7, 8]}, key="id")[0]["__key__"].to_list() == ["7", "8"]
    assert run([], {"id": [7.0, None]}, key="id")[0]["__key__"].to_list() == ["7"]


def test_columns_come_as_declared_then_facts() -> None:
    fields = [Field("email", "email"), BUDGET]
    columns = {"other": ["x"], "BUDGET": ["5"], "E-mail": ["a@acme.ru"]}
    fields[0] = Field("email", "email", column=("Mail", "e-MAIL"))
    typed, _ = run(fields, columns, facts=("email__domain", "email__kind"))
    assert typed.columns == [
        "__row__", "__key__", "email", "email__kind", "email__domain", "budget"
    ]  # fmt: skip
    assert typed.row(0)[2:] == ("a@acme.ru", "corporate", "acme.ru", 5.0)


def test_kept_columns_come_first_and_untouched() -> None:
    typed, _ = run([BUDGET], {"budget": [" 5 "], "other": ["x"]}, keep=True)
    assert typed.columns[:2] == ["__input__budget", "__input__other"]
    assert typed.row(0)[:2] == (" 5 ", "x")
    assert typed["budget"].to_list() == [5.0]


def test_an_absent_optional_column_is_missing() -> None:
    typed, boundary = run([Field("age", "integer", optional=True)], {"x": ["1", "2"]})
    assert typed["age"].to_list() == [None, None]
    assert typed["age"].dtype == pl.Int64
    assert boundary.findings.total() == 0


def test_absent_columns_are_named_together_with_the_nearest() -> None:
    fields = [BUDGET, Field("phone", "phone", column=("Telephone", "Tel")), Field("x", "text")]
    with pytest.raises(MissingColumnsError) as refused:
        Boundary(fields, "lead_id", ["buget", "telefone", "x"], ())
    message = str(refused.value)
    assert "`lead_id`" in message
    assert "`budget` (nearest: `buget`)" in message
    assert "`Telephone` or `Tel` or `phone` (nearest: `telefone`)" in message
    assert "`x`" not in message.splitlines()[0]


def test_counts_are_exact_and_examples_the_first_hundred() -> None:
    rows = 50_000
    cells = ["1" if row % 5 else "oops" for row in range(1, rows + 1)]
    _, boundary = run([Field("n", "number")], {"n": cells})
    assert boundary.findings.counts() == {("number-unreadable", "n"): rows // 5}
    examples = boundary.findings.examples("number-unreadable", "n")
    assert [found.record for found in examples] == [str(row) for row in range(5, 505, 5)]
    assert examples[0].raw == "oops"
    assert "missing" in examples[0].hint


def test_the_version_of_the_facts_names_libraries_and_lists() -> None:
    for name in ("email-validator ", "phonenumbers ", "disposable ", "free ", "scoreline lists "):
        assert name in FACTS_VERSION


def test_memory_of_odd_cells_is_bounded() -> None:
    """More distinct odd cells than are remembered, some of them long, come out as one by one."""
    rows = 70_000
    cells = [f"é\u0301 {row}" + " ж" * (150 if row % 100 == 0 else 0) for row in range(rows)]
    typed, boundary = run([Field("note", "text")], {"note": cells})
    assert typed["note"].to_list() == [type_value(Field("note", "text"), c).value for c in cells]
    assert boundary.findings.total() == 0


def test_a_huge_cell_takes_no_time() -> None:
    huge = ["9" * 200_000, "a" * 200_000 + "@b.ru", "1/" * 100_000, "+" + "7" * 100_000]
    for kind in FIELD_TYPES:
        typed, _ = run([Field("x", kind)], {"x": huge})
        assert len(typed) == len(huge)
