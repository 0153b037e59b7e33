"""Frames of pandas: scored as their rows are one by one, whatever their columns hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline
from scoreline.quality.reading.frames import frame_table

AS_OF = "2026-02-01"
CARD = """
scorecard: any value
fields:
  word: text
  number: number
  day: {type: date, optional: yes}
  moment: {type: time, optional: yes}
terms:
  - {name: five, when: "word in ('5', '0.5', '1')", points: 1}
  - {name: spelt, when: "word in ('1.50', 'true', '2026-01-01T05:00:00')", points: 2}
  - {name: size, of: number, bins: [{below: 1, points: 4}, {from: 1, points: 8}]}
  - {name: old, when: "days_between(day, as_of) > 365", points: 16}
  - {name: late, when: "moment > '2026-01-01T01:00:00Z'", points: 32}
"""
ZONE = dt.timezone(dt.timedelta(hours=3))
VALUES = [
    *(None, float("nan"), pd.NA, pd.NaT),
    *(5, 5.0, 0.5, 1, True, 46000, 10**20, np.int8(5), np.float32(0.5)),
    *(Decimal("1.5"), Decimal("1.50"), Decimal("5")),
    *("x", "5", "2020-01-01", "\ud83d"),
    dt.date(2020, 1, 1),
    dt.datetime(2026, 1, 1, 5),
    dt.datetime(2026, 1, 1, 5, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 1, 5, tzinfo=ZONE),
    pd.Timestamp("2026-01-01 05:00"),
]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> scoreline.Card:
    path = tmp_path_factory.mktemp("card") / "any.yaml"
    path.write_text(CARD, encoding="utf-8")
    return scoreline.load(path)


def objects(*values: object) -> pd.Series:
    return pd.Series(values, dtype=object)


def frame(column: Any) -> pd.DataFrame:
    """A frame whose columns all hold the same."""
    return pd.DataFrame(dict.fromkeys(("word", "number", "day", "moment"), column))


def by_table(card: scoreline.Card, table: Any) -> list[object]:
    return card.score_table(table, as_of=AS_OF)["score"].to_list()


def by_row(card: scoreline.Card, table: pd.DataFrame) -> list[object]:
    return [card.score(row, as_of=AS_OF).score for row in table.to_dict("records")]


@pytest.mark.parametrize("one", VALUES, ids=repr)
def test_values_of_two_classes_in_a_column_keep_out_of_each_others_way(
    card: scoreline.Card, one: object
) -> None:
    for other in VALUES:
        table = frame(objects(one, other))
        assert by_table(card, table) == by_row(card, table), other


def test_equal_values_of_two_classes_are_not_mixed_up(card: scoreline.Card) -> None:
    """1 is True, 1.5 is 1.50 to Python; as text they differ."""
    table = frame(objects(1, True, 1.0, Decimal("1.5"), Decimal("1.50"), "1"))
    assert by_table(card, table) == by_row(card, table)
    python = pl.Series(table["word"].to_list(), dtype=pl.Object)
    assert by_table(card, pl.DataFrame(dict.fromkeys(table.columns, python))) == by_row(card, table)


@pytest.mark.parametrize(
    "column",
    [
        objects("a", None, float("nan")),
        objects(1, float("nan"), 2**53 + 1),
        objects(2**63, 1),
        objects(10**5000, 1),
        objects(True, None),
        objects(dt.date(2020, 1, 1), pd.NaT),
        objects(Decimal("1.50"), None, Decimal("2.00")),
        objects(Decimal("-0.00"), Decimal("1.50")),
        objects(Decimal("1E+2"), Decimal("sNaN")),
        objects(None, None),
        pd.Series(pd.Categorical([dt.date(2020, 1, 1), 46000])),
        pd.Series(pd.Categorical(["5", "x", None])),
        pd.Series(pd.Categorical([5.0, 0.5])),
        pd.Series(pd.arrays.SparseArray([0.5, np.nan])),
        pd.Series(pd.period_range("2026-01", periods=2, freq="M")),
        pd.Series(np.array([0.5, np.nan], dtype="longdouble")),
        pd.Series([5 + 0j, 1j]),
        pd.Series([5, None], dtype="Int64"),
        pd.Series(["5", None], dtype="string"),
        pd.Series([True, None], dtype="boolean"),
        pd.Series([dt.datetime(2026, 1, 1, tzinfo=ZONE)]),
        pd.Series(np.array(["2026-01-01T05:00"], dtype="datetime64[s]")),
        pd.Series([], dtype=object),
    ],
)
def test_a_column_is_what_its_values_are(card: scoreline.Card, column: pd.Series) -> None:
    table = frame(column)
    assert by_table(card, table) == by_row(card, table)


@pytest.mark.parametrize(
    "column",
    [
        objects(1, "a"),
        objects([1], {"a": "b"}),
        objects(object(), {1}),
        objects(np.datetime64("2026-01-01"), "x"),
        pd.Series([1j, 2]),
        pd.Series(pd.arrays.SparseArray([1, 0])),
        pd.Series(np.array([0.5, 1], dtype="longdouble")),
    ],
)
def test_a_column_that_no_field_reads_does_no_harm(card: scoreline.Card, column: pd.Series) -> None:
    table = frame(objects(5, 5)).assign(other=column)
    assert by_table(card, table) == [9, 9]
    kept = card.score_table(table, as_of=AS_OF, with_data=True)
    assert kept["score"].to_list() == [9, 9]
    assert "other" in kept.columns


def test_of_columns_with_one_name_the_first_is_read_as_in_a_file(card: scoreline.Card) -> None:
    again = pd.concat([frame(objects(5)), frame(objects(0.5))], axis=1)
    assert by_table(card, again) == [9]
    numbered = frame(objects(5)).join(pd.DataFrame({1: [1], "1": [2]}))
    assert by_table(card, numbered) == [9]
    found = frame_table(numbered)
    assert found.columns[-2:] == ("1", "1 (2)")
    assert [finding.code for finding in found.findings] == ["header-duplicate"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.Series([1, 2]), "A Series can't be read as a table"),
        (pa.table([[1], [2]], names=["word", "word"]), "A Table can't be read as a table"),
        ([["x"]], "A list is no table"),
        ({"word": ["x"]}, "A dict is no table"),
    ],
    ids=["series", "two columns of one name", "list", "dict"],
)
def test_what_is_no_table_is_one_error(card: scoreline.Card, table: Any, words: str) -> None:
    with pytest.raises(scoreline.DataError, match=words):
        card.score_table(table)


def test_columns_of_one_class_are_taken_over_in_bulk() -> None:
    """Only mixed columns keep Python values, which are typed one by one."""
    bulk = {
        "text": objects("a", float("nan")),
        "yes": objects(True, None),
        "whole": objects(1, pd.NA),
        "real": objects(0.5, None),
        "day": objects(dt.date(2026, 1, 1), pd.NaT),
        "price": objects(Decimal("1.50"), None),
        "nothing": objects(None, None),
        "mixed": objects(1, "a"),
    }
    schema = frame_table(pd.DataFrame(bulk)).frame.collect_schema()
    assert [str(schema[name]) for name in bulk] == [
        *("String", "Boolean", "Int64", "Float64", "Date", "Decimal(precision=38, scale=2)"),
        *("Null", "Object"),
    ]


def test_pandas_need_not_find_arrow(card: scoreline.Card, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_arrow(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("pyarrow")

    table = frame(pd.Series(["5", None], dtype="string"))
    expected = by_row(card, table)
    monkeypatch.setattr("polars.series.series.pandas_to_pyseries", no_arrow)
    assert by_table(card, table) == expected
