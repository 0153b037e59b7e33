"""A card as one SELECT, on the databases that are here, against the oracle: every point equal.

The cards are those of `test_engines`; `CONFORMANCE_SEED` and `CONFORMANCE_CARDS` draw others.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import polars as pl
import pytest

from scoreline.engines.record.engine import compile_card
from scoreline.engines.sql.query import CardQuery
from scoreline.errors import UsageError
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.layout import WORD_BITS
from scoreline.scorecard.reasons import reasons_text
from tests.conformance.cards import Drawn, draw_card
from tests.conformance.databases import ROW, Run, as_stored
from tests.conformance.outcomes import by_oracle, by_row
from tests.conformance.records import draw_records

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
CARDS = int(os.environ.get("CONFORMANCE_CARDS", "200"))
RECORDS = 40
AS_OF = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
CHUNK = 20


def differences(
    drawn: Drawn, records: list[dict[str, Any]], database: tuple[str, Run]
) -> Iterator[str]:
    """What a database says otherwise than the oracle, and than the record engine of masks."""
    card = parse_card(drawn.file)
    dialect, run = database
    table = as_stored(drawn, records)
    query = CardQuery(card, dialect, drawn.as_of, reasons=0, masks=True)
    rows = run(query.sql("typed", [ROW]), {"typed": table})
    first = CardQuery(card, dialect, drawn.as_of, reasons=2)
    shown = run(first.sql("typed", [ROW], ["score", "reasons"]), {"typed": table})
    compiled = compile_card(card)
    assert len(rows) == len(shown) == len(records)
    for record, row, short in zip(records, rows, shown, strict=True):
        expected, found = by_oracle(drawn, record), by_row(row)
        if found != expected.without_lines():
            yield f"{found}\noracle: {expected}\nrecord: {record}"
        result = compiled.score(record, drawn.as_of)
        mask = sum(row[name] << WORD_BITS * n for n, name in enumerate(query.masks))
        if mask != result.mask:
            yield f"masks: record {result.mask:b}, {dialect} {mask:b}\nrecord: {record}"
        text = reasons_text(result.reasons, 2)
        if short["reasons"] != text:
            yield f"two reasons: {text}\n{dialect}: {short['reasons']}\nrecord: {record}"


@pytest.mark.parametrize("chunk", range(CARDS // CHUNK))
def test_a_select_equals_the_oracle(chunk: int, database: tuple[str, Run]) -> None:
    for seed in range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK):
        random = Random(seed)  # noqa: S311 - test data, not secrets
        drawn = draw_card(random, Counter())
        records = draw_records(random, drawn, RECORDS, Counter())
        for difference in differences(drawn, records, database):
            pytest.fail(f"seed {seed}\n{drawn.file}\nas of {drawn.as_of}\n{difference}")


@pytest.mark.parametrize("op", "+-*/")
def test_what_is_no_double_is_unknown_in_every_database(op: str, database: tuple[str, Run]) -> None:
    """PostgreSQL raises an error for it, and for a result that is too near to zero."""
    dialect, run = database
    card = parse_card(
        "scorecard: c\nfields: {x: number, y: number}\nterms:\n"
        f"  - {{name: sum, of: x {op} y, bins: [{{below: 0, points: 1}}, "
        "{from: 0, below: 5e-324, points: 2}, {from: 5e-324, points: 3}, {missing: 4}]}\n"
    )
    compiled = compile_card(card)
    largest, least = 1.7976931348623157e308, 5e-324
    values = [0.0, -0.0, 1.0, -2.5, 1e154, 1e155, -1e200, largest, -largest]
    values += [least, -least, 1e-160, 1e-200, 2.2250738585072014e-308, 8.9884656743115795e307]
    records = [{"x": x, "y": y} for x in values for y in [*values, None]]
    table = pl.DataFrame(records, schema={"x": pl.Float64, "y": pl.Float64}).with_row_index(ROW)
    query = CardQuery(card, dialect, AS_OF)
    rows = run(query.sql("typed", [ROW]), {"typed": table})
    for record, row in zip(records, rows, strict=True):
        assert row["score"] == compiled.score(record, AS_OF).score, record


def test_labels_that_look_like_inner_columns_do_no_harm(database: tuple[str, Run]) -> None:
    dialect, run = database
    card = parse_card(
        "scorecard: c\nfields: {x: number}\nterms:\n"
        "  - {name: sl_w0 sl_nobody, when: x > 1, points: 2}\n"
        '  - {name: "it\'s sl_x0", when: x > 1, points: 1}\n'
    )
    table = pl.DataFrame({"x": [2.0]}).with_row_index(ROW)
    found = run(CardQuery(card, dialect, AS_OF).sql("typed", [ROW]), {"typed": table})[0]
    assert found["reasons"] == "sl_w0 sl_nobody +2; it's sl_x0 +1"


def test_an_unknown_dialect_is_refused() -> None:
    card = parse_card(
        "scorecard: c\nfields: {x: number}\nterms: [{name: a, when: x > 1, points: 1}]"
    )
    with pytest.raises(UsageError, match="Did you mean postgres"):
        CardQuery(card, "postgre", AS_OF)
