"""What stays open while answers are missing, worked out by hand, on both engines.

The term gives 1; a settled one has an interval of one point, an open one [0, 1].
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card

AS_OF = datetime(2026, 1, 31, tzinfo=UTC)
TRUE, FALSE, OPEN_TRUE, OPEN = (1, 1, 1), (0, 0, 0), (1, 0, 1), (0, 0, 1)
"""(score, low, high) of the term."""


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("gone > 1", OPEN),
        ("gone is null", OPEN_TRUE),
        ("gone is not null", OPEN),
        ("(gone is not null) = false", OPEN_TRUE),
        ("(gone is null) is true", OPEN_TRUE),
        ("(gone > 1) is not true", OPEN_TRUE),
        ("not (gone > 1)", OPEN),
        ("mail.kind = 'invalid'", OPEN_TRUE),
        ("mail.domain is null", OPEN_TRUE),
        ("five > 1 or gone > 1", TRUE),
        ("five > 9 or gone > 1", OPEN),
        ("five > 9 and gone > 1", FALSE),
        ("five > 9 and gone is null", FALSE),
        ("gone is null or gone is not null", OPEN_TRUE),
        ("coalesce(gone, 5) > 1", OPEN_TRUE),
        ("coalesce(five, gone) > 1", TRUE),
        ("coalesce(five / 0, gone) is null", OPEN_TRUE),
        ("five / 0 > 1", FALSE),
        ("five / 0 is null", TRUE),
        ("five / gone > 1", OPEN),
        ("five / 0 > 1 and gone > 1", OPEN),
        ("gone = gone", OPEN),
        ("case when gone > 1 then true else true end", TRUE),
        ("case when gone > 1 then five else 5 end = 5", TRUE),
        ("case when gone > 1 then five else 6 end = 6", OPEN_TRUE),
        ("case when five > 1 then true when gone > 1 then false end", TRUE),
        ("case when five > 9 then gone when five > 1 then 5 end = 5", TRUE),
        ("case gone when 5 then 1 else 2 end = 2", OPEN_TRUE),
        ("gone in (1, 2)", OPEN),
        ("five between 1 and gone", OPEN),
        ("five between 6 and gone", FALSE),
    ],
)
def test_openness(when: str, expected: tuple[int, int, int]) -> None:
    card = parse_card(
        "scorecard: c\nfields: {gone: number, five: number, mail: email}\n"
        f'terms: [{{name: t, when: "{when}", points: 1}}]'
    )
    record = {"five": 5.0, "mail__kind": "invalid"}
    found = compile_card(card).score(record, AS_OF)
    assert (found.score, found.low, found.high) == expected
    frame = pl.LazyFrame([record])
    [row] = LocalEngine(card, AS_OF).lazy(frame, []).collect().to_dicts()
    assert (row["score"], row["low"], row["high"]) == expected
