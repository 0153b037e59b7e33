"""One check, two speeds: the verdict on a value, and the verdicts of a column."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from tests.quality.test_two_speeds import FIELDS, traps_of

from scoreline.language.fields import FIELD_TYPES, Field, FieldType
from scoreline.quality.boundary import Boundary
from scoreline.quality.typing.codes import CODES
from scoreline.quality.typing.verdicts import CHECKED, VERDICTS, check_value

CELLS = 3_000


def as_column(field: Field, cells: list[str]) -> list[tuple[str | None, ...]]:
    """Verdict, finding, normal form and suggestion of each cell, from the column."""
    names = [f"x__{fact.name}" for fact in CHECKED]
    frame = pl.LazyFrame({"x": cells}).with_row_index("__row__")
    boundary = Boundary([field], None, ["x"], names)
    typed = boundary.lazy(frame).collect(engine="streaming").sort("__row__")
    return typed.select(pl.col("x__verdict").fill_null("missing"), *names[1:]).rows()


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_a_column_gets_the_verdicts_of_its_values(kind: FieldType) -> None:
    seen = set()
    for seed, field in enumerate(FIELDS[kind]):
        rng = Random(seed)  # noqa: S311 - cells to try, no secrets
        traps = list(traps_of(field).values())
        cells = [rng.choice(traps)(rng) for _ in range(CELLS)]
        for cell, column in zip(cells, as_column(field, cells), strict=True):
            one = check_value(field, cell)
            alone = (one.verdict, one.finding or None, one.normal, one.suggestion)
            assert column == alone, (field, cell)
            assert one.verdict in VERDICTS
            assert not one.finding or one.finding in CODES
            seen.add(one.verdict)
    assert {"ok", "missing"} <= seen


@pytest.mark.parametrize(
    ("field", "cell", "verdict", "finding"),
    [
        (Field("x", "email"), "anna@acme.ru", "ok", ""),
        (Field("x", "email"), "foo@", "bad", "email-invalid"),
        (Field("x", "email"), "", "missing", ""),
        (Field("x", "phone", country="RU"), "9999999999", "suspect", "phone-placeholder"),
        (Field("x", "postcode"), "75001", "unknown", ""),
        (Field("x", "date"), "1900-01-01", "suspect", "date-default"),
        (Field("x", "date"), "2026-02-30", "bad", "date-impossible"),
        (Field("x", "name"), "qwerty", "suspect", "name-placeholder"),
    ],
)
def test_verdicts(field: Field, cell: str, verdict: str, finding: str) -> None:
    found = check_value(field, cell)
    assert (found.verdict, found.finding) == (verdict, finding)
